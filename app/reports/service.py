"""Queries over declarations and their screenings, through the one door of visibility."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration, declaration_revision
from app.declarations.visibility import visible
from app.kit.errors import Words, not_found
from app.kit.pages import OrderedPage, Page
from app.kit.tables import as_text
from app.ledger.unit_of_work import Reading
from app.screening.models import screening
from app.screening.rendering import shown_declarations

from .facets import Counted, Facet, count_declarations
from .filters import Filters
from .sorting import ordered_declarations
from .wanted import wanted

_MOST_REVISIONS = 2**31 - 1
"""What the column of revision numbers can hold."""


class Reports:
    """What one caller may read."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def declarations(self, filters: Filters, page: Page | OrderedPage) -> list[Mapping[str, Any]]:
        """A page of declarations, newest first unless another order is asked for, one more than asked for."""
        conditions = filters.conditions(self.caller)

        async def ask(said: Sequence[ColumnElement[bool]]) -> list[Mapping[str, Any]]:
            if isinstance(page, OrderedPage):
                asked = ordered_declarations(self.caller, page, [*conditions, *said])
            else:
                asked = page.of(shown_declarations(self.caller).where(*conditions, *said), filters.key)
            return list((await self.connection.execute(asked)).mappings())

        return await wanted(self.view, self.caller, filters.q, ask)

    async def count(self, filters: Filters) -> int:
        """How many declarations the filters match."""
        counted = select(func.count()).select_from(declaration).where(visible(self.caller), *filters.conditions(self.caller))

        async def ask(said: Sequence[ColumnElement[bool]]) -> int:
            return await self.connection.scalar(counted.where(*said)) or 0

        return await wanted(self.view, self.caller, filters.q, ask)

    async def facets(self, filters: Filters, facets: Sequence[Facet]) -> dict[str, Any] | None:
        """What the filters match, counted by the facets asked for; the newest of it, where it is a great deal."""
        if not facets:
            return None
        found = select(declaration.c.id).where(visible(self.caller), *filters.conditions(self.caller)).order_by(filters.key.desc())

        async def ask(said: Sequence[ColumnElement[bool]]) -> Counted:
            return await count_declarations(self.connection, facets, found.where(*said), self.caller)

        return (await wanted(self.view, self.caller, filters.q, ask)).shown()

    async def declaration(self, declaration_id: UUID) -> Mapping[str, Any]:
        """One declaration.

        Raises:
            Problem: 404.
        """
        row = (await self.connection.execute(shown_declarations(self.caller, declaration_id))).mappings().first()
        if row is None:
            raise not_found(Words("申报", "declaration"))
        return dict(row)

    async def revisions(self, declaration_id: UUID, page: Page) -> list[dict[str, Any]]:
        """A page of the states of a declaration, newest first, one more than asked for.

        A revision has no id: its number stands in the cursor's place.
        """
        await self.declaration(declaration_id)
        kept = declaration_revision.c
        asked = (
            select(
                kept.revision, kept.status, as_text(kept.details).label("details"), kept.note, kept.declared_on, kept.made_at, kept.made_by
            )
            .where(kept.declaration_id == declaration_id)
            .order_by(kept.revision.desc())
            .limit(page.limit + 1)
        )
        if page.after is not None:
            asked = asked.where(kept.revision < min(page.after.int, _MOST_REVISIONS))
        return [dict(row) for row in (await self.connection.execute(asked)).mappings()]

    async def count_revisions(self, declaration_id: UUID) -> int:
        """How many states a declaration has had."""
        kept = declaration_revision.c
        return await self.connection.scalar(select(func.count()).where(kept.declaration_id == declaration_id)) or 0

    async def screenings(self, declaration_id: UUID, page: Page) -> list[dict[str, Any]]:
        """A page of the judgements that the caller may know of, newest first, one more than asked for."""
        kept = screening.c
        commission, known = await self._screenings(declaration_id)
        asked = select(
            kept.id,
            kept.revision,
            kept.rulebook_version,
            kept.judged_on,
            kept.judged_at,
            as_text(kept.findings).label("findings"),
            as_text(kept.commission_findings).label("commission_findings"),
        ).where(known)
        rows = (await self.connection.execute(page.of(asked, kept.id))).mappings()
        return [{**row, "as_commission": commission} for row in rows]

    async def count_screenings(self, declaration_id: UUID) -> int:
        """How many judgements the caller may know of."""
        _, known = await self._screenings(declaration_id)
        return await self.connection.scalar(select(func.count()).where(known)) or 0

    async def _screenings(self, declaration_id: UUID) -> tuple[bool, ColumnElement[bool]]:
        """(whether the caller sees with the commission's eyes, the screenings to be shown).

        One that differs from the judgement before it in confidential findings alone is none for the declarant.
        """
        commission = bool((await self.declaration(declaration_id))["as_commission"])
        of_it = screening.c.declaration_id == declaration_id
        return commission, of_it if commission else of_it & screening.c.visible
