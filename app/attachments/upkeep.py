"""What is looked after by the clock: files that still wait, uploads that nobody went on with, bytes that no row names."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.errors import Problem
from app.kit.ids import as_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import WORKER, reading, work

from .models import attachment, upload
from .policy import Policy
from .settling import keys_of, settle
from .storage import Store, Stored, StoreError
from .uploading.service import attach_upload, forget

LEFT_OVER_AFTER = timedelta(hours=24)
"""How old bytes are that no row names before they are taken for left over: those of a request under way are seconds old."""

_MOST = 100
_TRIED_BY_ITS_JOB = timedelta(seconds=30)

log = logging.getLogger("qinqing.attachments")


async def look_after(database: Database, policy: Policy) -> None:
    """Try again what waits, as when the scanner did not answer, and let go of uploads whose time is over."""
    waiting = select(attachment.c.id).where(attachment.c.state == "processing", attachment.c.created_at < clock.now() - _TRIED_BY_ITS_JOB)
    async with reading(database) as view:
        ids = (await view.connection.scalars(waiting.order_by(attachment.c.id).limit(_MOST))).all()
    for attachment_id in ids:
        try:
            await settle(database, policy, attachment_id)
        except StoreError:
            log.exception("an attachment cannot be processed")
    over = select(upload.c.id).where(upload.c.expires_at <= clock.now()).limit(_MOST)
    async with work(database, WORKER) as unit:
        await forget(unit, list(await unit.connection.scalars(claimed(over, of=upload))))


async def attach_whole(database: Database, policy: Policy, upload_id: UUID) -> None:
    """Make an attachment of an upload that is all there; one that cannot become any is gone, and its sender hears so when asking for it."""
    try:
        await attach_upload(database, policy, upload_id)
    except Problem as refused:
        if refused.status >= 500:
            raise
        log.info("an upload was refused", extra={"code": refused.code})


async def discard(database: Database, policy: Policy, attachment_id: UUID) -> None:
    """Erase the bytes of an attachment that was removed."""
    async with reading(database) as view:
        if (await view.connection.execute(select(attachment.c.id).where(attachment.c.id == attachment_id))).first() is not None:
            return
    if policy.store is not None:
        await policy.store.delete([stored.key async for stored in policy.store.all(f"{attachment_id}/")])


async def sweep(database: Database, policy: Policy) -> int:
    """Erase bytes that no row names, as of a process that died between storing them and its commit; how many there were."""
    store, swept = policy.store, 0
    if store is None:
        return 0
    some: list[Stored] = []
    async for stored in store.all():
        if stored.since < clock.now() - LEFT_OVER_AFTER:
            some.append(stored)
        if len(some) >= 1000:
            swept += await _swept(database, store, some)
            some = []
    return swept + await _swept(database, store, some)


async def _swept(database: Database, store: Store, some: list[Stored]) -> int:
    named = await _named(database, {stored.key: as_id(stored.key.partition("/")[0]) for stored in some})
    left_over = [stored.key for stored in some if stored.key not in named]
    await store.delete(left_over)
    return len(left_over)


async def _named(database: Database, keys: Mapping[str, UUID | None]) -> set[str]:
    """The keys that rows name, besides those that are none of ours. Of a file that is being processed all stay."""
    ids = {one for one in keys.values() if one is not None}
    async with reading(database) as view:
        rows = (await view.connection.execute(select(attachment).where(one_of(attachment.c.id, sorted(ids))))).mappings().all()
    processing = {row["id"] for row in rows if row["state"] == "processing"}
    return {key for row in rows for key in keys_of(row)} | {key for key, one in keys.items() if one is None or one in processing}
