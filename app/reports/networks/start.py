"""Who is asked about, and whether the caller may know of them."""

from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import Table, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.counterparties.groups import group_of
from app.counterparties.models import counterparty
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import counted
from app.kit.errors import Fault, Words, invalid, not_found
from app.people.models import person, unit
from app.people.visibility import in_reach

from ..filters import within
from .walk import Found, of_parties

_ONE = Words("counterparty、person、unit 须且只能填写其一。", "Give one of `counterparty`, `person` and `unit`: not none, and not several.")


class Start(NamedTuple):
    """Whose network is asked for: what it is, and its id."""

    sort: str
    id: UUID

    @classmethod
    def of(cls, **asked: UUID | None) -> Self:
        """The only one that was given.

        Raises:
            Problem: 422 that names those given too much, or one that is missing.
        """
        given = [cls(sort, key) for sort, key in asked.items() if key is not None]
        if len(given) != 1:
            raise invalid([Fault(f"/query/{name}", "start-not-one", _ONE) for name in [one.sort for one in given] or list(asked)[:1]])
        return given[0]

    async def take(self, connection: AsyncConnection, caller: Caller, found: Found) -> ColumnElement[bool]:
        """The declarations to begin with; an official or a group is in the graph even if nobody has declared anything.

        Raises:
            Problem: 404 for whom the caller may not know of.
        """
        if self.sort == "person":
            found.start(persons=[await known_person(connection, caller, self.id)])
            return declaration.c.declarant_id == self.id
        if self.sort == "unit":
            await _known(connection, unit, self.id, in_reach(caller, unit.c.id), Words("单位", "unit"))
            return within(self.id)
        group = await known_group(connection, caller, self.id)
        found.start(parties=group)
        return of_parties(group)


async def known_person(connection: AsyncConnection, caller: Caller, person_id: UUID) -> UUID:
    """An official within reach today, or of whom the caller may count a declaration.

    Raises:
        Problem: 404.
    """
    declared = exists().where(declaration.c.declarant_id == person.c.id, *_counted(caller))
    return await _known(connection, person, person_id, or_(in_reach(caller, person.c.unit_id), declared), Words("人员", "person"))


async def known_group(connection: AsyncConnection, caller: Caller, counterparty_id: UUID) -> list[UUID]:
    """A counterparty, first, and all that share an owner with it; one known from declarations alone where the caller may count one of these.

    Raises:
        Problem: 404.
    """
    named = or_(declaration.c.counterparty_id == counterparty.c.id, declaration.c.further_counterparty_id == counterparty.c.id)
    known = or_(counterparty.c.registered.is_(True), exists().where(named, *_counted(caller)))
    itself = await _known(connection, counterparty, counterparty_id, known, Words("往来对象", "counterparty"))
    others = set(await connection.scalars(group_of(itself))) - {itself}
    return [itself, *sorted(others)]


async def _known(connection: AsyncConnection, table: Table, key: UUID, known: ColumnElement[bool], what: Words) -> UUID:
    found: UUID | None = await connection.scalar(select(table.c.id).where(table.c.id == key, known))
    if found is None:
        raise not_found(what)
    return found


def _counted(caller: Caller) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return declaration.c.status == Status.SUBMITTED, counted(caller)
