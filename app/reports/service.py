"""Queries over declarations and their screenings, through the one door of visibility."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration, declaration_revision
from app.declarations.visibility import by_either_id, visible
from app.kit.errors import Fault, invalid
from app.kit.pages import OrderedPage, Page
from app.kit.tables import as_text
from app.ledger.unit_of_work import Reading
from app.screening.models import screening
from app.screening.past import as_they_stood, stood, with_receipt
from app.screening.rendering import shown_declarations

from .facets import Counted, Facet, count_declarations
from .filters import NOT_KEPT, Filters
from .sorting import ordered_declarations
from .wanted import wanted

_HOW_MANY: Any = func.count()

_MOST_REVISIONS = 2**31 - 1
"""What the column of revision numbers can hold."""


class Reports:
    """What one caller may read."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def declarations(self, filters: Filters, page: Page | OrderedPage) -> list[Mapping[str, Any]]:
        """A page of declarations, newest first unless another order is asked for, one more than asked for; as they stood, if that is asked for."""
        conditions = filters.conditions(self.caller)
        if filters.as_at is not None and isinstance(page, Page):
            chosen = page.of(stood(self.caller, filters.as_at).where(*conditions), filters.key)
            then = as_they_stood(self.caller, filters.as_at, chosen)
            return [with_receipt(row) for row in (await self.connection.execute(then)).mappings()]

        async def ask(said: Sequence[ColumnElement[bool]]) -> list[Mapping[str, Any]]:
            if isinstance(page, OrderedPage):
                asked = ordered_declarations(self.caller, page, [*conditions, *said])
            else:
                asked = page.of(shown_declarations(self.caller).where(*conditions, *said), filters.key)
            return list((await self.connection.execute(asked)).mappings())

        return await wanted(self.view, self.caller, filters.q, ask)

    async def count(self, filters: Filters) -> int:
        """How many declarations the filters match."""
        there = select(_HOW_MANY).select_from(declaration).where(visible(self.caller))
        if filters.as_at is not None:
            there = stood(self.caller, filters.as_at, _HOW_MANY)
        counted = there.where(*filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> int:
            return await self.connection.scalar(counted.where(*said)) or 0

        return await wanted(self.view, self.caller, filters.q, ask)

    async def declaration_then(self, declaration_id: UUID, as_at: datetime) -> Mapping[str, Any]:
        """One declaration as it stood at an instant.

        Raises:
            Problem: 404, also when it was first kept later.
        """

        async def read(one: UUID) -> RowMapping | None:
            chosen = stood(self.caller, as_at).where(declaration.c.id == one)
            found: RowMapping | None = (await self.connection.execute(as_they_stood(self.caller, as_at, chosen))).mappings().first()
            return found

        return with_receipt(await by_either_id(self.view, declaration_id, read))

    async def facets(self, filters: Filters, facets: Sequence[Facet]) -> dict[str, Any] | None:
        """What the filters match, counted by the facets asked for; the newest of it, where it is a great deal.

        Raises:
            Problem: 422 for the past, of which nothing is kept that could be counted so.
        """
        if not facets:
            return None
        if filters.as_at is not None:
            raise invalid([Fault("/query/facets", *NOT_KEPT)])
        found = select(declaration.c.id).where(visible(self.caller), *filters.conditions(self.caller)).order_by(filters.key.desc())

        async def ask(said: Sequence[ColumnElement[bool]]) -> Counted:
            return await count_declarations(self.connection, facets, found.where(*said), self.caller)

        return (await wanted(self.view, self.caller, filters.q, ask)).shown()

    async def declaration(self, declaration_id: UUID) -> Mapping[str, Any]:
        """One declaration, by its id or the one that its client made.

        Raises:
            Problem: 404.
        """

        async def read(one: UUID) -> RowMapping | None:
            found: RowMapping | None = (await self.connection.execute(shown_declarations(self.caller, one))).mappings().first()
            return found

        return dict(await by_either_id(self.view, declaration_id, read))

    async def revisions(self, declared: Mapping[str, Any], page: Page) -> list[dict[str, Any]]:
        """A page of the states of a declaration that the caller sees, newest first, one more than asked for.

        A revision has no id: its number stands in the cursor's place.
        """
        kept = declaration_revision.c
        asked = (
            select(
                kept.revision, kept.status, as_text(kept.details).label("details"), kept.note, kept.declared_on, kept.made_at, kept.made_by
            )
            .where(kept.declaration_id == declared["id"])
            .order_by(kept.revision.desc())
            .limit(page.limit + 1)
        )
        if page.after is not None:
            asked = asked.where(kept.revision < min(page.after.int, _MOST_REVISIONS))
        return [dict(row) for row in (await self.connection.execute(asked)).mappings()]

    async def count_revisions(self, declared: Mapping[str, Any]) -> int:
        """How many states a declaration has had."""
        kept = declaration_revision.c
        return await self.connection.scalar(select(func.count()).where(kept.declaration_id == declared["id"])) or 0

    async def screenings(self, declared: Mapping[str, Any], page: Page) -> list[dict[str, Any]]:
        """A page of the judgements of a declaration that the caller may know of, newest first, one more than asked for."""
        kept = screening.c
        asked = select(
            kept.id,
            kept.revision,
            kept.rulebook_version,
            kept.judged_on,
            kept.judged_at,
            as_text(kept.findings).label("findings"),
            as_text(kept.commission_findings).label("commission_findings"),
        ).where(_known(declared))
        rows = (await self.connection.execute(page.of(asked, kept.id))).mappings()
        return [{**row, "as_commission": declared["as_commission"]} for row in rows]

    async def count_screenings(self, declared: Mapping[str, Any]) -> int:
        """How many judgements the caller may know of."""
        return await self.connection.scalar(select(func.count()).where(_known(declared))) or 0


def _known(declared: Mapping[str, Any]) -> ColumnElement[bool]:
    """The screenings to be shown of a declaration that the caller sees.

    One that differs from the judgement before it in confidential findings alone is none for the declarant.
    """
    of_it = screening.c.declaration_id == declared["id"]
    return of_it if declared["as_commission"] else and_(of_it, screening.c.visible)
