"""A caller as work that is done later keeps them: what they may do is what they might when they asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, RowMapping, String, Uuid

from app.kit.tables import Json

from .caller import Caller, Scope


def caller_columns() -> list[Column[Any]]:
    """The columns of a table that keeps callers."""
    return [
        Column("actor", String(300), nullable=False),
        Column("scopes", Json, nullable=False),
        Column("person_id", Uuid),
        Column("roots", Json),
    ]


def as_columns(caller: Caller) -> dict[str, Any]:
    """A caller as a row keeps them."""
    return {
        "actor": caller.actor,
        "scopes": sorted(caller.scopes),
        "person_id": caller.person,
        "roots": None if caller.roots is None else sorted(str(root) for root in caller.roots),
    }


def as_caller(row: Mapping[str, Any] | RowMapping) -> Caller:
    """The caller that a row keeps."""
    roots = None if row["roots"] is None else frozenset(UUID(root) for root in row["roots"])
    return Caller(row["actor"], frozenset(Scope(scope) for scope in row["scopes"]), row["person_id"], roots)
