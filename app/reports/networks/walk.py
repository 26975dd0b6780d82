"""Who declared something of whom, step by step from somebody, the weightiest first and never more than can be drawn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import counted
from app.kit.statements import one_of

from ..filters import Conduct
from .tally import Tally, numbered

Ends: TypeAlias = tuple[UUID, UUID, str]
"""An official, a counterparty, and the kind of what was declared."""

MOST_NODES = 500
MOST_TIES = 5_000
"""Beyond so many, nobody sees anything in a drawing; a reader narrows the question instead."""


@dataclass(slots=True)
class Found:
    """The persons and counterparties reached, and what joins them."""

    persons: set[UUID] = field(default_factory=set)
    parties: set[UUID] = field(default_factory=set)
    ties: dict[Ends, Tally] = field(default_factory=dict)
    truncated: bool = False

    @property
    def room(self) -> int:
        """How many more can be drawn."""
        return MOST_NODES - len(self.persons) - len(self.parties)

    def start(self, *, persons: Iterable[UUID] = (), parties: Iterable[UUID] = ()) -> None:
        """Take those asked about, as far as there is room."""
        for known, asked in ((self.persons, persons), (self.parties, parties)):
            wanted = list(asked)
            self.truncated |= len(wanted) > self.room
            known.update(wanted[: self.room])

    def add(self, ends: Ends, sums: Tally) -> None:
        """Take a tie, if there is room for whom it leads to."""
        official, party, _ = ends
        if (official not in self.persons) + (party not in self.parties) > self.room:
            self.truncated = True
            return
        self.persons.add(official)
        self.parties.add(party)
        self.ties[ends] = sums


class Walk:
    """Steps over what one caller may count, within some days."""

    def __init__(self, connection: AsyncConnection, caller: Caller, days: Conduct) -> None:
        self.connection = connection
        self.within = and_(declaration.c.status == Status.SUBMITTED, counted(caller), *days.conditions())

    async def go(self, found: Found, start: ColumnElement[bool], depth: int) -> None:
        """From the declarations that the start meets, then from all that each step has reached."""
        await self._step(found, start)
        for _ in range(depth - 1):
            persons, parties = sorted(found.persons), sorted(found.parties)
            await self._step(found, one_of(declaration.c.declarant_id, persons))
            await self._step(found, of_parties(parties))

    async def units(self, persons: set[UUID]) -> list[tuple[UUID, UUID]]:
        """(official, unit that they were in when they declared)."""
        row = declaration.c
        asked = select(row.declarant_id, row.unit_id).where(one_of(row.declarant_id, sorted(persons)), self.within).distinct()
        return [(one.declarant_id, one.unit_id) for one in await self.connection.execute(asked.order_by(row.declarant_id, row.unit_id))]

    async def _step(self, found: Found, start: ColumnElement[bool]) -> None:
        """Those declared of most often first; a second party counts as the main one does."""
        ties = defaultdict[Ends, Tally](Tally)
        for side in (declaration.c.counterparty_id, declaration.c.further_counterparty_id):
            rows = (await self.connection.execute(self._ties(side, start))).mappings().all()
            found.truncated |= len(rows) > MOST_TIES
            for row in rows[:MOST_TIES]:
                ties[row["declarant_id"], row["party"], row["kind"]].add(row)
        for ends, sums in sorted(ties.items(), key=lambda tie: (-tie[1].kinds.total(), tie[0])):
            found.add(ends, sums)

    def _ties(self, side: ColumnElement[UUID], start: ColumnElement[bool]) -> Select[Any]:
        """A row for each official, counterparty on that side and kind."""
        row = declaration.c
        asked = numbered(row.declarant_id, side.label("party"), row.kind).where(start, self.within, side.is_not(None))
        if side is row.further_counterparty_id:
            asked = asked.where(side.is_distinct_from(row.counterparty_id))
        return asked.order_by(func.count().desc(), row.declarant_id, side, row.kind).limit(MOST_TIES + 1)


def of_parties(parties: list[UUID]) -> ColumnElement[bool]:
    """Declarations in which one of these stands on the other side."""
    return or_(one_of(declaration.c.counterparty_id, parties), one_of(declaration.c.further_counterparty_id, parties))
