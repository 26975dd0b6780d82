"""Attachments against the ledger: each row gives the digest that its newest line holds, and its bytes are there and give theirs."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.audit.records import Records, batches, each
from app.audit.verification import Difference
from app.kit.errors import Words
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading

from .models import attachment
from .records import attachment_digests
from .schemas import AttachmentState
from .storage import MissingError, Store, StoreError, key_of

_WRITTEN = tuple(f"attachment.{done}" for done in ("added", "cleaned", "quarantined", "withdrawn"))

ATTACHMENTS = Records(Words("附件", "Attachment"), attachment, _WRITTEN, "attachment.removed", attachment_digests)
"""The rows."""


async def byte_differences(view: Reading, store: Store | None) -> AsyncIterator[Difference]:
    """The bytes: those that are gone, and those that are others than what is on record."""

    async def compare(ids: Sequence[UUID]) -> Iterable[Difference]:
        rows = (await view.connection.execute(select(attachment).where(one_of(attachment.c.id, list(ids))))).mappings().all()
        return [found for row in rows for what in _named(row) async for found in _compared(store, row, what)]

    async for ids in batches(view, attachment):
        async for found in each(ids, compare, lambda one: _said(one, "的文件无法核对。", "has bytes that cannot be compared.")):
            yield found


def _named(row: RowMapping) -> tuple[str, ...]:
    return ("kept", "thumbnail") if row["state"] == AttachmentState.READY else ("received",)


async def _compared(store: Store | None, row: RowMapping, what: str) -> AsyncIterator[Difference]:
    size, digest, hashed = row[f"{what}_bytes"], row[f"{what}_digest"], hashlib.sha256()
    if store is None:
        yield _said(row["id"], "的存放处未设置。", "has no store: QINQING_ATTACHMENTS_URL is not set.")
        return
    try:
        async for part in await store.open(key_of(row["id"], digest), 0, size + 1):
            hashed.update(part)
    except MissingError:
        yield _said(row["id"], "的文件缺失。", f"has lost its bytes ({what}).")
        return
    except StoreError:
        yield _said(row["id"], "的存放处无法读取。", f"has bytes that cannot be read ({what}).")
        return
    if hashed.digest() != digest:
        yield _said(row["id"], "的文件与登记时不同。", f"has other bytes than were kept ({what}).")


def _said(attachment_id: UUID, zh: str, en: str) -> Difference:
    return Difference(Words(f"附件 {attachment_id} {zh}", f"Attachment {attachment_id} {en}"))
