"""The closure of the unit tree: kept with every unit that is added or moved, so that a subtree is one join."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from app.kit.database import lock
from app.kit.statements import one_of

from .models import unit, unit_ancestor


async def lock_tree(connection: AsyncConnection) -> None:
    """One change of the tree at a time: two moves at once could close a circle that neither sees."""
    await lock(connection, "unit tree")


async def plant(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Enter new units, whose rows are there: each below itself, and below whatever its parent, which is not among them, is below."""
    await connection.execute(insert(unit_ancestor), [{"unit_id": one, "ancestor_id": one, "distance": 0} for one in ids])
    above = (
        select(unit.c.id, unit_ancestor.c.ancestor_id, unit_ancestor.c.distance + 1)
        .join(unit_ancestor, unit_ancestor.c.unit_id == unit.c.parent_id)
        .where(one_of(unit.c.id, list(ids)))
    )
    await connection.execute(insert(unit_ancestor).from_select(["unit_id", "ancestor_id", "distance"], above))


async def is_below(connection: AsyncConnection, unit_id: UUID, ancestor: UUID) -> bool:
    """Whether the unit is the ancestor or below it."""
    found = exists().where(unit_ancestor.c.unit_id == unit_id, unit_ancestor.c.ancestor_id == ancestor)
    return bool(await connection.scalar(select(found)))


async def move(connection: AsyncConnection, unit_id: UUID, parent: UUID | None) -> None:
    """Cut the unit with all below it from what it was below, and set it below its new parent."""
    subtree = select(unit_ancestor.c.unit_id).where(unit_ancestor.c.ancestor_id == unit_id)
    above = select(unit_ancestor.c.ancestor_id).where(unit_ancestor.c.unit_id == unit_id, unit_ancestor.c.ancestor_id != unit_id)
    await connection.execute(delete(unit_ancestor).where(unit_ancestor.c.unit_id.in_(subtree), unit_ancestor.c.ancestor_id.in_(above)))
    if parent is not None:
        moved, over = aliased(unit_ancestor), aliased(unit_ancestor)
        distance = moved.c.distance + 1 + over.c.distance
        each_with_each = select(moved.c.unit_id, over.c.ancestor_id, distance).join_from(moved, over, true())
        pairs = each_with_each.where(moved.c.ancestor_id == unit_id, over.c.unit_id == parent)
        await connection.execute(insert(unit_ancestor).from_select(["unit_id", "ancestor_id", "distance"], pairs))


async def fell(connection: AsyncConnection, unit_id: UUID) -> None:
    """Take a unit that has none below it out of the tree."""
    await connection.execute(delete(unit_ancestor).where(unit_ancestor.c.unit_id == unit_id))
