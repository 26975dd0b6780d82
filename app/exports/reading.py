"""What an export holds: the list's own rows, all of them, a batch at a time from one snapshot."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Column, select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.counterparties.models import counterparty
from app.declarations.models import declaration
from app.declarations.visibility import whose
from app.kit.pages import Page
from app.kit.statements import one_of
from app.people.models import person, unit
from app.reports.filters import Filters, FindingFilters
from app.reports.findings import Findings
from app.reports.service import Reports
from app.reviews.rendering import of_whom, render_finding
from app.screening.rendering import render

from .columns import OF_DECLARATIONS, OF_FINDINGS, Cell, Item, Record
from .columns import Column as Shown

BATCH = 1_000
"""Rows that are held at once."""

_encode = msgspec.json.Encoder().encode


class Entry(NamedTuple):
    """One row of an export: as the list's JSON, and as cells of a table."""

    line: bytes
    cells: Sequence[Cell]


class Contents:
    """What one caller may read under some filters, through the lists themselves; the view takes note of whose records these are."""

    def __init__(self, view: Disclosure, caller: Caller, filters: Filters | FindingFilters) -> None:
        self.view = view
        self.caller = caller
        self.filters = filters
        self.columns: Sequence[Shown] = OF_DECLARATIONS if isinstance(filters, Filters) else OF_FINDINGS

    async def count(self) -> int:
        """How many rows there are."""
        if isinstance(self.filters, Filters):
            return await Reports(self.view, self.caller).count(self.filters)
        return await Findings(self.view, self.caller).count(self.filters)

    async def batches(self) -> AsyncIterator[list[dict[str, Any]]]:
        """All rows with the names that belong to their ids, newest first."""
        after: UUID | None = None
        while True:
            rows = await self._rows(Page(BATCH, after, count=False))
            batch = rows[:BATCH]
            self.view.disclose(whose(batch) if isinstance(self.filters, Filters) else of_whom(batch))
            if batch:
                yield await self._named(batch)
            if len(rows) <= BATCH:
                return
            after = batch[-1]["id"]

    def entries(self, rows: Sequence[Record], *, english: bool) -> list[Entry]:
        """The rows of a batch as they are written."""
        return [self._entry(row, self._item(row, english=english)) for row in rows]

    def _entry(self, row: Record, item: Item) -> Entry:
        return Entry(_encode(item) + b"\n", [column.cell(row, item) for column in self.columns])

    def _item(self, row: Any, *, english: bool) -> Item:
        shown = render if isinstance(self.filters, Filters) else render_finding
        return shown(row, english=english)

    async def _rows(self, page: Page) -> Sequence[Any]:
        if isinstance(self.filters, Filters):
            return await Reports(self.view, self.caller).declarations(self.filters, page)
        return await Findings(self.view, self.caller).list(self.filters, page)

    async def _named(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The rows with what the lists leave out: the days and worth of each declaration, and names."""
        own = "id" if isinstance(self.filters, Filters) else "declaration_id"
        declared = await self._by_id(declaration, [row[own] for row in rows], _DECLARED)
        full = [{**declared[row[own]], **row} for row in rows]
        persons = await self._by_id(person, [row["declarant_id"] for row in full], (person.c.name, person.c.employee_number))
        units = await self._by_id(unit, [row["unit_id"] for row in full], (unit.c.name,))
        parties = await self._by_id(counterparty, [row["counterparty_id"] for row in full], (counterparty.c.name,))
        for row in full:
            declarant = persons[row["declarant_id"]]
            row |= {"declarant_name": declarant["name"], "declarant_number": declarant["employee_number"]}
            row["unit_name"] = units[row["unit_id"]]["name"]
            row["counterparty_name"] = parties.get(row["counterparty_id"], _NAMELESS)["name"]
        return full

    async def _by_id(self, table: Any, ids: Sequence[UUID | None], columns: Sequence[Column[Any]]) -> dict[UUID, dict[str, Any]]:
        asked = select(table.c.id, *columns).where(one_of(table.c.id, list({one for one in ids if one is not None})))
        found = (await self.view.connection.execute(asked)).mappings()
        return {row["id"]: {column.name: row[column.name] for column in columns} for row in found}


_DECLARED = [declaration.c[name] for name in ("occurred_from", "occurred_until", "worth_cents", "counterparty_id")]
_NAMELESS = {"name": None}
"""No other side, or one that has gone from the register."""
