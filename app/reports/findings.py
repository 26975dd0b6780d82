"""Queries over findings, through the same door of visibility as the declarations that they are about."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import RowMapping, func
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading
from app.reviews.rendering import readable, told, with_documents
from app.screening.models import finding

from .filters import FindingFilters
from .wanted import wanted

Rows: TypeAlias = list[RowMapping]


class Findings:
    """The findings that one caller may read."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def list(self, filters: FindingFilters, page: Page) -> list[RowMapping]:
        """A page of findings, newest first, one more than asked for."""
        statement = told(self.caller).where(*filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> Rows:
            return list((await self.connection.execute(with_documents(page.of(statement.where(*said), finding.c.id)))).mappings())

        return await wanted(self.view, self.caller, filters.q, ask)

    async def count(self, filters: FindingFilters) -> int:
        """How many findings the filters match."""
        how_many: Any = func.count()
        counted = readable(self.caller, how_many).where(*filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> int:
            return await self.connection.scalar(counted.where(*said)) or 0

        return await wanted(self.view, self.caller, filters.q, ask)
