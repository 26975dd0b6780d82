"""The approvals granted to persons, for whoever judges; those that were revoked too, as they cover what went before."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.people.models import person

from .covering import Grant
from .models import approval
from .states import ApprovalState

_WAS_GRANTED = approval.c.state.in_((ApprovalState.GRANTED.value, ApprovalState.REVOKED.value))

HAS_GRANTS = exists().where(approval.c.person_id == person.c.id, _WAS_GRANTED).label("has_grants")
"""Whether a person was ever granted an approval: asked with the person, it costs those who never were no statement."""

_NAMES = (
    "id", "person_id", "kind", "subject", "counterparty_id", "office", "decided_at", "valid_from_on", "expires_on", "max_worth_cents",
    "state", "ended_at",
)  # fmt: skip
_GRANTS: Select[Any] = select(*(approval.c[name] for name in _NAMES)).where(_WAS_GRANTED).order_by(approval.c.id)
_OF_ONE = _GRANTS.where(approval.c.person_id == bindparam("person"))


async def grants_of(connection: AsyncConnection, person_id: UUID) -> tuple[Grant, ...]:
    """Those of one person, oldest first."""
    return tuple(_grant(row) for row in (await connection.execute(_OF_ONE, {"person": person_id})).mappings())


async def grants_of_many(connection: AsyncConnection, who: ColumnElement[bool]) -> Mapping[UUID, tuple[Grant, ...]]:
    """Those of persons who satisfy a condition, by person, in one statement."""
    found: dict[UUID, tuple[Grant, ...]] = {}
    asked = _GRANTS.join(person, person.c.id == approval.c.person_id).where(who)
    for row in (await connection.execute(asked)).mappings():
        found[row["person_id"]] = (*found.get(row["person_id"], ()), _grant(row))
    return found


def _grant(row: RowMapping) -> Grant:
    cents = row["max_worth_cents"]
    return Grant(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject"],
        counterparty_id=row["counterparty_id"],
        office=row["office"],
        granted_at=row["decided_at"],
        valid_from_on=row["valid_from_on"],
        expires_on=row["expires_on"],
        max_worth=None if cents is None else Decimal(cents) / 100,
        revoked_at=row["ended_at"] if row["state"] == ApprovalState.REVOKED else None,
    )
