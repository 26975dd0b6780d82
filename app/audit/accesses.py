"""The access log as an auditor reads it: ids alone, no names and nothing of what was read.

An auditor who is an official is not to learn here that the commission has looked at them, nor when something was read of which somebody may not
know: accesses to their own records, and accesses that name nobody, are not there for them, inquiry or not.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, exists, func, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.access.models import access, access_person
from app.kit.clock import SHANGHAI
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading

Ids: TypeAlias = list[UUID]
Named: TypeAlias = list[tuple[RowMapping, Ids]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFilter:
    """Which accesses a list shows; both days are included."""

    person: UUID | None = None
    actor: str | None = None
    from_on: date | None = None
    until_on: date | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these accesses alone."""
        if self.person is not None:
            of_it = access_person.c.access_id == access.c.id
            statement = statement.join(access_person, of_it).where(access_person.c.person_id == self.person)
        if self.actor is not None:
            statement = statement.where(access.c.actor == self.actor)
        if self.from_on is not None:
            statement = statement.where(access.c.at >= _begin(self.from_on))
        if self.until_on is not None:
            statement = statement.where(access.c.at < _begin(self.until_on) + timedelta(days=1))
        return statement

    @property
    def key(self) -> ColumnElement[UUID]:
        """What the list is ordered by, as the index has it that is looked into."""
        return access.c.id if self.person is None else access_person.c.access_id


class Accesses:
    """The accesses that one auditor may know of."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def list(self, page: Page, asked: AccessFilter) -> list[RowMapping]:
        """A page of accesses, one more than asked for."""
        return list((await self.connection.execute(page.of(self._seen(asked), asked.key))).mappings())

    async def count(self, asked: AccessFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._seen(asked).subquery())) or 0

    async def with_persons(self, rows: Sequence[RowMapping]) -> Named:
        """Each access with those whose records were shown."""
        persons = defaultdict[UUID, Ids](list)
        named = select(access_person).where(one_of(access_person.c.access_id, [row["id"] for row in rows]))
        for access_id, person_id in await self.connection.execute(named.order_by(access_person.c.person_id)):
            persons[access_id].append(person_id)
        return [(row, persons[row["id"]]) for row in rows]

    def _seen(self, asked: AccessFilter) -> Select[Any]:
        chosen = asked.narrow(select(access))
        if self.caller.person is None:
            return chosen
        named = access_person.alias("named")
        whoever = exists().where(named.c.access_id == access.c.id)
        return chosen.where(whoever, ~whoever.where(named.c.person_id == self.caller.person))


def _begin(day: date) -> datetime:
    """The first instant of a day in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)
