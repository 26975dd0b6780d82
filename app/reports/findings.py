"""Queries over findings, through the same door of visibility as the declarations that they are about."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import RowMapping, Select, func
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit.pages import OrderedPage, Page
from app.ledger.unit_of_work import Reading
from app.reviews.rendering import readable, told, with_documents
from app.screening.models import finding

from .facets import Counted, Facet, count_findings
from .filters import FindingFilters
from .sorting import of_finding
from .wanted import wanted

Rows: TypeAlias = list[RowMapping]


class Findings:
    """The findings that one caller may read."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def list(self, filters: FindingFilters, page: Page | OrderedPage) -> list[RowMapping]:
        """A page of findings, newest first unless another order is asked for, one more than asked for."""
        statement = told(self.caller).where(*filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> Rows:
            return list((await self.connection.execute(_page_of(statement.where(*said), page))).mappings())

        return await wanted(self.view, self.caller, filters.q, ask)

    async def count(self, filters: FindingFilters) -> int:
        """How many findings the filters match."""
        how_many: Any = func.count()
        counted = readable(self.caller, how_many).where(*filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> int:
            return await self.connection.scalar(counted.where(*said)) or 0

        return await wanted(self.view, self.caller, filters.q, ask)

    async def facets(self, filters: FindingFilters, facets: Sequence[Facet]) -> dict[str, Any] | None:
        """What the filters match, counted by the facets asked for; the newest of it, where it is a great deal."""
        if not facets:
            return None
        found = readable(self.caller, finding.c.id).where(*filters.conditions(self.caller)).order_by(finding.c.id.desc())

        async def ask(said: Sequence[ColumnElement[bool]]) -> Counted:
            return await count_findings(self.connection, facets, found.where(*said))

        return (await wanted(self.view, self.caller, filters.q, ask)).shown()


def _page_of(statement: Select[Any], page: Page | OrderedPage) -> Select[Any]:
    """The findings of the page with their documents."""
    if isinstance(page, Page):
        return with_documents(page.of(statement, finding.c.id))
    value = of_finding(page)
    placed = statement.add_columns(value.label("placed")).where(page.not_before(value))
    documents = with_documents(page.of(placed, value, finding.c.id))
    told = documents.selected_columns
    return page.ordered(documents.order_by(None), told.placed, told.id)
