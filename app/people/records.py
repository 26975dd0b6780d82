"""What the ledger is told of persons and units: a digest of all that is stated, which their rows must give again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.statements import one_of
from app.ledger.lines import digest

from .models import person, unit

_PERSON = (
    "employee_number",
    "name",
    "unit_id",
    "position",
    "party_member",
    "staff_class",
    "rank",
    "is_leader",
    "birth_on",
    "prior_graft_sanction",
    "post_from_on",
    "left_on",
    "left_reason",
    "inside_information",
    "relatives",
    "posts",
)
_UNIT = ("name", "code", "parent_id", "kind", "jurisdiction")
"""The columns that digests are made of. Lines hold them for good: a column that comes later counts where it is not empty."""
_LATER = ("external_id", "user_name", "head_id")
"""Such columns."""


def person_digest(values: Mapping[str, Any]) -> str:
    """The digest of a person, of the values that are written or were read."""
    return digest(_stated(values, _PERSON))


def unit_digest(values: Mapping[str, Any]) -> str:
    """The digest of a unit, likewise."""
    return digest(_stated(values, _UNIT))


def _stated(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names} | {name: values[name] for name in _LATER if values.get(name) is not None}


async def person_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of persons as they stand."""
    return {row["id"]: person_digest(row) for row in await _rows(connection, person, ids)}


async def unit_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of units as they stand."""
    return {row["id"]: unit_digest(row) for row in await _rows(connection, unit, ids)}


async def _rows(connection: AsyncConnection, table: Table, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    rows = (await connection.execute(select(table).where(one_of(table.c.id, list(ids))))).mappings()
    return [dict(row) for row in rows]
