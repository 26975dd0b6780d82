"""The closure of ownership: every counterparty with itself and all that own it, kept for it and for all that it owns."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.database import lock

from .models import counterparty, counterparty_owner


async def lock_owners(connection: AsyncConnection) -> None:
    """One change of ownership at a time: two at once could close a circle that neither sees. Taken before any other lock."""
    await lock(connection, "counterparty owners")


async def owned_by(connection: AsyncConnection, counterparty_id: UUID) -> set[UUID]:
    """The counterparty with all that it owns, directly or through others."""
    owned = select(counterparty_owner.c.counterparty_id).where(counterparty_owner.c.owner_id == counterparty_id)
    return {counterparty_id, *await connection.scalars(owned)}


async def set_owners(connection: AsyncConnection, counterparty_id: UUID, parents: Sequence[UUID]) -> None:
    """Enter what a counterparty is directly owned by, for itself and for all that it owns."""
    owned = await owned_by(connection, counterparty_id)
    rows = await connection.execute(select(counterparty.c.id, counterparty.c.parents).where(counterparty.c.id.in_(owned)))
    edges = {row.id: {UUID(parent) for parent in row.parents} for row in rows} | {counterparty_id: set(parents)}
    outside = set().union(*edges.values()) - owned
    above: dict[UUID, set[UUID]] = {}
    pairs = await connection.execute(select(counterparty_owner).where(counterparty_owner.c.counterparty_id.in_(outside)))
    for lower, upper in pairs:
        above.setdefault(lower, set()).add(upper)
    await connection.execute(delete(counterparty_owner).where(counterparty_owner.c.counterparty_id.in_(owned)))
    found = closure(edges, above)
    entries = [{"counterparty_id": lower, "owner_id": upper} for lower, uppers in found.items() for upper in uppers]
    await connection.execute(insert(counterparty_owner), entries)


def closure(edges: Mapping[UUID, set[UUID]], above: Mapping[UUID, set[UUID]]) -> dict[UUID, set[UUID]]:
    """Everybody in `edges` with themselves and all above them; `above` is known of the parents that are not in `edges`."""
    found = dict(above)
    for each in TopologicalSorter(edges).static_order():
        if each in edges:
            found[each] = {each}.union(*(found[parent] for parent in edges[each]))
    return {each: found[each] for each in edges}
