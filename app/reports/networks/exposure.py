"""Everyone who declared something of a counterparty or of its group (关联企业), added up by official, unit and year."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.counterparties.models import counterparty
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import counted
from app.kit.pages import Place, PlacedPage
from app.kit.statements import year_of
from app.people.models import person, unit

from ..filters import Conduct
from ..telling import names_in
from .start import known_group
from .tally import Tally, numbered
from .walk import of_parties

MOST_NAMED = 200
"""So many of a group are named; all of them are counted."""


class Exposure:
    """What one caller may count of a counterparty: never what they declared themselves, nor what was discovered of them."""

    def __init__(self, view: Disclosure, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def page(self, counterparty_id: UUID, conduct: Conduct, page: PlacedPage) -> tuple[dict[str, Any], str | None]:
        """(the answer with a page of officials, those of the greatest known worth first; the cursor of the next page).

        Raises:
            Problem: 404.
        """
        group = await known_group(self.connection, self.caller, counterparty_id)
        rows = (await self.connection.execute(_sums(self.caller, group, conduct))).mappings().all()
        officials, units, years, totals = _added_up(rows)
        shown, following = page.of(officials.items(), lambda one: Place(-one[1].cents, one[0].hex))
        answered = {
            "counterparty": counterparty_id,
            "group": await self._named(group[:MOST_NAMED]),
            "group_size": len(group),
            "totals": {**totals.shown(), "officials": len(officials)},
            "by_unit": await self._by_unit(units),
            "by_year": [{"year": int(year), "officials": len(sums.declarants), **sums.shown()} for year, sums in sorted(years.items())],
            "items": await self._officials(rows, shown),
            "next": following,
            "count": len(officials) if page.count else None,
        }
        return answered, following

    async def _named(self, group: list[UUID]) -> list[dict[str, Any]]:
        """Those of the group by name, the one asked about first."""
        names = await names_in(self.connection, counterparty, group)
        return [{"id": key, "name": names[key]} for key in group]

    async def _by_unit(self, units: dict[UUID, Tally]) -> list[dict[str, Any]]:
        """The most exposed unit first."""
        names = await names_in(self.connection, unit, units)
        ordered = sorted(units.items(), key=lambda one: (-one[1].cents, one[0]))
        return [{"unit": key, "name": names[key], "officials": len(sums.declarants), **sums.shown()} for key, sums in ordered]

    async def _officials(self, rows: Sequence[RowMapping], shown: list[tuple[UUID, Tally]]) -> list[dict[str, Any]]:
        """The officials of a page, each with the units that they were in when they declared."""
        wanted = [key for key, _ in shown]
        self.view.disclose((official, False) for official in wanted)
        names = await names_in(self.connection, person, wanted)
        units = {key: sorted({row["unit_id"] for row in rows if row["declarant_id"] == key}) for key in wanted}
        return [{"person": key, "name": names[key], "units": units[key], **sums.shown()} for key, sums in shown]


def _sums(caller: Caller, group: list[UUID], conduct: Conduct) -> Select[Any]:
    """One row for each official, unit, kind and year."""
    row = declaration.c
    asked = numbered(row.declarant_id, row.unit_id, row.kind, year_of(row.occurred_from).label("year"))
    return asked.where(of_parties(group), row.status == Status.SUBMITTED, counted(caller), *conduct.conditions())


def _added_up(rows: Sequence[RowMapping]) -> tuple[dict[UUID, Tally], dict[UUID, Tally], dict[str, Tally], Tally]:
    """(by official, by unit, by year, all together)."""
    officials, units, years, totals = (
        defaultdict[UUID, Tally](Tally),
        defaultdict[UUID, Tally](Tally),
        defaultdict[str, Tally](Tally),
        Tally(),
    )
    for row in rows:
        for sums in (officials[row["declarant_id"]], units[row["unit_id"]], years[row["year"]], totals):
            sums.add(row)
    return officials, units, years, totals
