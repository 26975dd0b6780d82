"""How what was read is told: ids by their names, sums in yuan."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.statements import one_of
from app.rulebook.money import yuan


async def names_in(connection: AsyncConnection, table: Table, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of rows of a table that has some."""
    asked = select(table.c.id, table.c.name).where(one_of(table.c.id, sorted(set(ids))))
    return {row.id: row.name for row in await connection.execute(asked)}


def in_yuan(cents: int) -> str:
    """A worth that is kept in hundredths of a yuan."""
    return yuan(Decimal(cents) / 100)
