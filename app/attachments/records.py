"""What the ledger is told of attachments: a digest of all that is on record of one, and those of its bytes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.statements import one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work

from .models import attachment

_STATED = (
    *("declaration_id", "client_id", "file_name", "state", "reason", "received_type", "received_bytes", "received_digest"),
    *("kept_type", "kept_bytes", "kept_digest", "thumbnail_bytes", "thumbnail_digest", "width", "height", "pages"),
    *("created_by", "withdrawal_reason"),
)
"""The columns that the digest is made of. Lines hold it for good: a column that comes later counts where it is not empty."""


def tell(work: Work, action: str, row: Mapping[str, Any]) -> None:
    """A line about an attachment as it now stands."""
    kept = row["kept_digest"]
    told = {"version": row["version"], "digest": attachment_digest(row), "state": row["state"], "received": row["received_digest"].hex()}
    work.record(action, row["id"], {**told, "kept": kept.hex() if kept else None})


def attachment_digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over what is on record of an attachment."""
    return digest({name: _plain(row[name]) for name in _STATED})


def _plain(value: Any) -> str | int | None:
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, int) else str(value)


async def attachment_digests(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The digests of attachments as they stand."""
    rows = await connection.execute(select(attachment).where(one_of(attachment.c.id, list(ids))))
    return {row["id"]: attachment_digest({**row}) for row in rows.mappings()}
