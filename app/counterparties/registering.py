"""Registering: what a statement becomes in the tables, and the row that declarations may have entered before."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, insert, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.database import locked

from .models import counterparty, counterparty_name
from .names import name_key, name_row
from .schemas import CounterpartyIn


def keys_of(body: CounterpartyIn) -> list[str]:
    """The folded name and aliases, each once, the name first."""
    return list(dict.fromkeys(name_key(name) for name in (body.name, *(body.aliases or []))))


def columns_of(body: CounterpartyIn) -> dict[str, Any]:
    """The row of a counterparty as far as it is stated."""
    return {
        "name": body.name,
        "name_key": name_key(body.name),
        "aliases": body.aliases or [],
        "type": body.type.value,
        "identifier": body.identifier,
        "region": body.region,
        "parents": [str(parent) for parent in body.parents or []],
    }


def standing(row: RowMapping) -> dict[str, Any]:
    """The statement that a row stands for; its relations are kept apart."""
    return {name: row[name] for name in CounterpartyIn.model_fields if name != "relations"}


async def enter_names(connection: AsyncConnection, counterparty_id: UUID, body: CounterpartyIn) -> None:
    """Let the name and the aliases find the counterparty, and no others."""
    await connection.execute(delete(counterparty_name).where(counterparty_name.c.counterparty_id == counterparty_id))
    await connection.execute(insert(counterparty_name), [name_row(counterparty_id, key) for key in keys_of(body)])


async def entered_before(connection: AsyncConnection, body: CounterpartyIn) -> RowMapping | None:
    """The unregistered row to take over: the one with the identifier, else with the name, else with an alias."""
    keys = keys_of(body)
    bears = counterparty.c.name_key.in_(keys)
    ways = or_(bears, counterparty.c.identifier == body.identifier) if body.identifier else bears
    rows = (await connection.execute(locked(select(counterparty).where(not_(counterparty.c.registered), ways)))).mappings().all()
    identified = next((row for row in rows if body.identifier and row["identifier"] == body.identifier), None)
    return identified or min(rows, key=lambda row: keys.index(row["name_key"]), default=None)


def with_former_name(body: CounterpartyIn, entered: RowMapping) -> CounterpartyIn:
    """The statement, with the name under which declarations knew the counterparty among its aliases, so that it goes on to find it."""
    if entered["name_key"] in keys_of(body):
        return body
    return body.model_copy(update={"aliases": [*(body.aliases or []), entered["name"]]})
