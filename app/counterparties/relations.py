"""How counterparties stand to units: everybody sees and replaces what concerns the units within their reach."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, delete, exists, insert, not_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.people.visibility import in_reach, units_in_reach, unknown_unit

from .models import counterparty_relation as relation
from .schemas import RelationIn
from .visibility import READERS


async def relations_of(connection: AsyncConnection, caller: Caller, ids: Iterable[UUID]) -> dict[UUID, list[RowMapping]]:
    """The relations that the caller sees of each counterparty, in the order in which they were stated."""
    found: dict[UUID, list[RowMapping]] = {}
    if caller.may(*READERS):
        seen = and_(relation.c.counterparty_id.in_(set(ids)), in_reach(caller, relation.c.unit_id))
        for row in (await connection.execute(select(relation).where(seen).order_by(relation.c.id))).mappings():
            found.setdefault(row["counterparty_id"], []).append(row)
    return found


async def unknown_units(connection: AsyncConnection, caller: Caller, stated: Sequence[RelationIn]) -> list[Fault]:
    """A fault for each relation to a unit out of reach."""
    return unreached(stated, await units_in_reach(connection, caller, [one.unit for one in stated]) if stated else set())


def unreached(stated: Sequence[RelationIn], reached: AbstractSet[UUID]) -> list[Fault]:
    """The same, given the units that are within reach."""
    return [unknown_unit(f"/relations/{number}/unit") for number, one in enumerate(stated) if one.unit not in reached]


async def replace_relations(connection: AsyncConnection, caller: Caller, counterparty_id: UUID, stated: Sequence[RelationIn]) -> None:
    """Put what is stated in place of the relations to units within reach; those to others stay."""
    await connection.execute(delete(relation).where(_of(counterparty_id), in_reach(caller, relation.c.unit_id)))
    rows = relation_rows(counterparty_id, stated)
    if rows:
        await connection.execute(insert(relation), rows)


def relation_rows(counterparty_id: UUID, stated: Sequence[RelationIn]) -> list[dict[str, Any]]:
    """The rows of relations."""
    return [
        {
            "id": new_id(),
            "counterparty_id": counterparty_id,
            "unit_id": one.unit,
            "relation": one.relation.value,
            "from_on": one.from_on,
            "until_on": one.until_on,
        }
        for one in stated
    ]


async def related_elsewhere(connection: AsyncConnection, caller: Caller, counterparty_id: UUID) -> bool:
    """Whether the register knows relations to units out of the caller's reach."""
    other = exists().where(_of(counterparty_id), not_(in_reach(caller, relation.c.unit_id)))
    return bool(await connection.scalar(select(other)))


def _of(counterparty_id: UUID) -> ColumnElement[bool]:
    return relation.c.counterparty_id == counterparty_id
