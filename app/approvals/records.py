"""What the ledger is told of approvals: a digest of all that was asked and decided, which their rows must give again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.statements import one_of
from app.ledger.lines import digest

from .models import approval

ACTS = tuple(f"approval.{done}" for done in ("requested", "granted", "refused", "withdrawn", "revoked"))

_DIGESTED = (
    *("person_id", "unit_id", "asked_of", "kind", "subject", "details", "counterparty_id", "first_on", "last_on", "reason", "assessment"),
    *("state", "office", "as_head", "decision_note", "valid_from_on", "expires_on", "max_worth_cents", "end_reason"),
)


def approval_digest(values: Mapping[str, Any]) -> str:
    """The digest of an approval, of the values that are written or were read."""
    return digest({name: values[name] for name in _DIGESTED})


async def approval_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of approvals as they stand."""
    rows = (await connection.execute(select(approval).where(one_of(approval.c.id, list(ids))))).mappings()
    return {row["id"]: approval_digest(dict(row)) for row in rows}
