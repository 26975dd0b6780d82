"""Gifts as patterns lay them side by side."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration

from ..telling import in_yuan
from .leads import Names
from .window import MOST_ROWS, Window

DIRECTION = declaration.c.details["direction"].as_string()


def gifts(caller: Caller, window: Window, *columns: Any, only: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    """The gifts of the window, each with its known worth."""
    return window.declared(caller, "gift", declaration.c.worth_cents, *columns, only=only)


async def newest(connection: AsyncConnection, asked: Select[Any]) -> tuple[Sequence[RowMapping], bool]:
    """(the rows of gifts, newest first; whether there were more than are laid side by side)."""
    found = asked.subquery("found")
    rows = (await connection.execute(select(found).order_by(found.c.id.desc()).limit(MOST_ROWS + 1))).mappings().all()
    return rows[:MOST_ROWS], len(rows) > MOST_ROWS


def told(row: RowMapping, names: Names) -> dict[str, Any]:
    """A gift as answers show it."""
    official = names.official(row["declarant_id"])
    return {
        "declaration": row["id"],
        **official,
        "unit": row["unit_id"],
        "occurred_on": row["occurred_from"],
        "worth": None if row["worth_cents"] is None else in_yuan(row["worth_cents"]),
    }
