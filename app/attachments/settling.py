"""What becomes of a file: it is scanned, cleaned and kept, or kept apart. Done while its sender waits where that takes a moment, else by a job."""

import asyncio
import hashlib
import logging
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.kit.database import Database, locked
from app.kit.errors import Fault, invalid
from app.ledger.unit_of_work import WORKER, Work, reading, work

from .cleaning.outcome import Cleaned, NotKept, Reason, Task
from .examining import SECONDS, TakesLongError
from .kinds import MediaType
from .models import attachment
from .policy import Policy
from .receiving import Received, workshop
from .scanning import Scanner, ScannerError
from .schemas import SAID, AttachmentState
from .service import Values, change
from .storage import Store, StoreError, fetched, key_of

AT_ONCE_BYTES = 8_000_000
AT_ONCE_SECONDS = 4.0
"""How large a file may be, and how long it may take, to be done while its sender waits."""

log = logging.getLogger("qinqing.attachments")


async def done_at_once(policy: Policy, attachment_id: UUID, file: Received, media_type: MediaType) -> Values | None:
    """The columns of a file that is done with; None for one that has to wait.

    Raises:
        Problem: 422 when it cannot be kept: its sender hears at once, and nothing is put on record, unless it is infected.
    """
    if file.size > AT_ONCE_BYTES or policy.examiner.busy:
        return None
    try:
        return await _settled(policy, attachment_id, file.path, media_type, AT_ONCE_SECONDS)
    except (TakesLongError, ScannerError):
        return None
    except NotKept as refused:
        if refused.reason is Reason.INFECTED:
            return _quarantined(refused.reason)
        raise invalid([Fault("", f"attachment-{refused.reason}", SAID[refused.reason])]) from refused


async def settle(database: Database, policy: Policy, attachment_id: UUID) -> None:
    """Do what a file still waits for. It goes on waiting while the scanner does not answer; doing it twice does no harm.

    Raises:
        StoreError: its bytes cannot be had, or what came of it not be kept.
    """
    store = policy.store
    async with reading(database) as view:
        row = (await view.connection.execute(select(attachment).where(attachment.c.id == attachment_id))).mappings().first()
    if row is None or row["state"] != AttachmentState.PROCESSING or store is None:
        return
    received = key_of(attachment_id, row["received_digest"])
    with workshop() as folder:
        path = folder / "received"
        await fetched(store, received, row["received_bytes"], path)
        try:
            outcome = await _settled(policy, attachment_id, path, MediaType(row["received_type"]), SECONDS)
        except ScannerError as error:
            log.warning("the scanner does not answer", extra={"reason": str(error)})
            return
        except TakesLongError:
            outcome = _quarantined(Reason.TOO_DEMANDING)
        except NotKept as refused:
            outcome = _quarantined(refused.reason)
    async with work(database, WORKER) as unit:
        settled = await _write_down(unit, attachment_id, outcome)
    if settled and outcome["state"] == AttachmentState.READY:
        with suppress(StoreError):  # what is left over is swept
            await store.delete([received])


async def _write_down(unit: Work, attachment_id: UUID, outcome: Values) -> bool:
    """Whether this was the first to settle it."""
    asked = locked(select(attachment).where(attachment.c.id == attachment_id))
    row: RowMapping | None = (await unit.connection.execute(asked)).mappings().first()
    if row is None or row["state"] != AttachmentState.PROCESSING:
        return False
    if outcome["state"] == AttachmentState.READY:
        await change(unit, row, outcome, "attachment.cleaned")
    else:
        await change(unit, row, outcome, "attachment.quarantined")
    return True


async def _settled(policy: Policy, attachment_id: UUID, path: Path, media_type: MediaType, seconds: float) -> Values:
    """Scan, clean and keep a file.

    Raises:
        NotKept, TakesLongError, ScannerError, StoreError
    """
    store, limits = policy.require_store(), policy.limits
    infection = await _scanned(policy.scanner, path, seconds) if policy.scanner else None
    if infection is not None:
        log.warning("an infected file was kept apart", extra={"infection": infection})
        raise NotKept(Reason.INFECTED)
    task = Task(path, media_type, path.parent, limits.pixels, limits.pages)
    cleaned = await policy.examiner.clean(task, seconds)
    return await _kept(store, attachment_id, task, cleaned)


async def _scanned(scanner: Scanner, path: Path, seconds: float) -> str | None:
    """What the scanner finds, as long as somebody waits.

    Raises:
        ScannerError: it does not say in that time.
    """
    try:
        async with asyncio.timeout(seconds):
            return await scanner.infection_of(path)
    except TimeoutError as error:
        raise ScannerError("too slow") from error


async def _kept(store: Store, attachment_id: UUID, task: Task, cleaned: Cleaned) -> Values:
    """Store what came of a file, before any row says that it is there."""
    values: Values = {
        "state": AttachmentState.READY,
        "kept_type": cleaned.media_type,
        "width": cleaned.width,
        "height": cleaned.height,
        "pages": cleaned.pages,
    }
    for name, path in (("kept", task.kept), ("thumbnail", task.thumbnail)):
        digest = await asyncio.to_thread(_digest_of, path)
        await store.put(key_of(attachment_id, digest), path)
        values |= {f"{name}_bytes": path.stat().st_size, f"{name}_digest": digest}
    return values


def _digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _quarantined(reason: Reason) -> Values:
    return {"state": AttachmentState.QUARANTINED, "reason": reason.value}


def keys_of(row: Any) -> set[str]:
    """Where the bytes lie that a row names."""
    ready = row["state"] == AttachmentState.READY
    digests = (row["kept_digest"], row["thumbnail_digest"]) if ready else (row["received_digest"],)
    return {key_of(row["id"], digest) for digest in digests}
