"""Uploads: begun, gone on with from where they broke off, ended, and made attachments when all is there."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select, update

from app.access.caller import Caller
from app.attachments.adding import Named, columns_of
from app.attachments.kinds import HEAD_BYTES, media_type_of, not_taken, require_taken
from app.attachments.models import attachment, upload, upload_piece
from app.attachments.policy import Policy
from app.attachments.receiving import Received, too_long, workshop
from app.attachments.service import Values, client_id_used, enter, lock_for, repeated, require_open, require_room
from app.attachments.storage import StoreError, key_of, unavailable
from app.declarations.visibility import is_named
from app.jobs.deferring import defer
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.ids import new_id
from app.ledger.unit_of_work import Reading, Work, reading, work

from .protocol import Checksum, checksum_mismatch

ATTACH = "attachments.attach"
"""The task that makes an attachment of an upload whose process died when all was there."""

MOST_AT_ONCE = 20
"""Uploads that one credential may have under way."""

PIECE_BYTES = 1_000_000
_PATIENCE = timedelta(minutes=2)
_UPLOAD = Words("上传", "upload")
_TELLING = 64
"""Bytes by which a file can be told, so that one that is not taken is refused with its first part."""


async def begin(unit: Work, caller: Caller, named: Named, size: int, policy: Policy) -> Values:
    """An upload that waits for its first part; the one that was begun under the same id of the client's, where there is one.

    Raises:
        Problem: 404, 403, 409, 413.
    """
    if size > policy.limits.file_bytes:
        raise too_long(policy.limits.file_bytes)
    named = replace(named, declaration_id=await require_open(unit, caller, named.declaration_id))
    await lock_for(unit, named.declaration_id, named.client_id)
    before = await _begun(unit, named, size)
    if before is not None:
        return dict(before)
    await require_room(unit, named.declaration_id, policy.limits.number)
    await _require_patience(unit)
    now = clock.now()
    row: Values = {
        "id": new_id(),
        "declaration_id": named.declaration_id,
        "client_id": named.client_id,
        "file_name": named.file_name,
        "bytes": size,
        "received": 0,
        "created_at": now,
        "created_by": unit.actor,
        "expires_at": now + policy.limits.upload_lasts,
        "attached_at": None,
    }
    await unit.connection.execute(insert(upload).values(row))
    return row


async def _begun(unit: Work, named: Named, size: int) -> RowMapping | None:
    """What was begun under the client's id before.

    Raises:
        Problem: 409 when that was another file.
    """
    if named.client_id is None:
        return None
    asked = select(upload).where(upload.c.created_by == unit.actor, upload.c.client_id == named.client_id)
    row = (await unit.connection.execute(asked)).mappings().first()
    if row is not None and row["expires_at"] <= clock.now():
        await forget(unit, [row["id"]])
        row = None
    if row is not None and (row["declaration_id"], row["bytes"]) != (named.declaration_id, size):
        raise client_id_used()
    if row is None:
        await _require_not_attached(unit, named)
    return row


async def _require_not_attached(unit: Work, named: Named) -> None:
    """Nothing was attached under the client's id by another way.

    Raises:
        Problem: 409.
    """
    asked = select(attachment.c.id, attachment.c.declaration_id)
    asked = asked.where(attachment.c.created_by == unit.actor, attachment.c.client_id == named.client_id)
    found = (await unit.connection.execute(asked)).first()
    if found is not None:
        raise _attached_already(found.id, found.declaration_id) if found.declaration_id == named.declaration_id else client_id_used()


async def _require_patience(unit: Work) -> None:
    """Nobody begins ever more and ends nothing: what comes in parts takes room in the database.

    Raises:
        Problem: 409.
    """
    coming = (upload.c.created_by == unit.actor) & upload.c.attached_at.is_(None) & (upload.c.expires_at > clock.now())
    if (await unit.connection.execute(select(func.count()).select_from(upload).where(coming))).scalar_one() >= MOST_AT_ONCE:
        said = Words(
            f"至多同时进行 {MOST_AT_ONCE} 个上传，请先完成或放弃其中之一。",
            f"At most {MOST_AT_ONCE} at a time; end one or give it up first.",
        )
        raise conflict("too-many-uploads", Words("正在进行的上传过多", "Too many uploads are under way"), said)


async def standing(view: Reading, caller: Caller, declaration_id: UUID, upload_id: UUID) -> RowMapping:
    """An upload of the caller's.

    Raises:
        Problem: 404 for anybody else's; 410 when its time is over.
    """
    asked = select(upload).where(
        upload.c.id == upload_id, is_named(upload.c.declaration_id, declaration_id), upload.c.created_by == caller.actor
    )
    row = (await view.connection.execute(asked)).mappings().first()
    if row is None:
        raise not_found(_UPLOAD)
    if row["expires_at"] <= clock.now():
        said = Words("上传已过期，请重新开始。", "Its time is over; begin anew.")
        raise Problem(410, "upload-expired", Words("上传已过期", "The upload has expired"), said)
    return row


async def forget(unit: Work, ids: list[UUID]) -> None:
    """Erase uploads with all that came of them so far; what became an attachment stays one."""
    await unit.connection.execute(delete(upload_piece).where(upload_piece.c.upload_id.in_(ids)))
    await unit.connection.execute(delete(upload).where(upload.c.id.in_(ids)))


@dataclass(frozen=True, slots=True)
class Uploading:
    """Takes parts of an upload, in pieces that are each committed with how far it has come: whoever is cut off goes on behind the last."""

    database: Database
    policy: Policy
    caller: Caller

    async def go_on(self, row: RowMapping | Values, offset: int, parts: AsyncIterator[bytes], checksum: Checksum | None) -> int:
        """How far the upload has come with these bytes. When all is there it is an attachment.

        Raises:
            Problem: 409 when it has come to another place; 413, 415, 460.
            Exception: whatever ended the parts early, once what had come is kept.
        """
        if offset != row["received"]:
            raise _elsewhere(row["received"])
        if checksum is not None:
            with tempfile.TemporaryFile(prefix="qinqing-part-") as file:
                await _checked(parts, checksum, file, row["bytes"] - offset)
                return await self._take(row, offset, _read(file))
        return await self._take(row, offset, parts)

    async def _take(self, row: RowMapping | Values, at: int, parts: AsyncIterator[bytes]) -> int:
        async for piece in _pieces(parts):
            if at + len(piece) > row["bytes"]:
                raise _beyond()
            if at == 0 and len(piece) >= _TELLING and media_type_of(piece[:HEAD_BYTES]) is None:
                raise not_taken()
            await self._keep(row, at, piece)
            at += len(piece)
        if at == row["bytes"] and row["attached_at"] is None:
            await attach_upload(self.database, self.policy, row["id"])
        return at

    async def _keep(self, row: RowMapping | Values, at: int, piece: bytes) -> None:
        """Keep a piece, if the upload is where it was: of two that send the same, one does."""
        end = at + len(piece)
        async with work(self.database, self.caller.actor) as unit:
            here = (upload.c.id == row["id"]) & (upload.c.received == at)
            moved = update(upload).where(here).values(received=end, expires_at=clock.now() + self.policy.limits.upload_lasts)
            if (await unit.connection.execute(moved)).rowcount != 1:
                raise _elsewhere(None)
            await unit.connection.execute(insert(upload_piece).values(upload_id=row["id"], start=at, content=piece))
            if end == row["bytes"]:
                await defer(unit, ATTACH, {"upload": str(row["id"])}, at=clock.now() + _PATIENCE)


async def attach_upload(database: Database, policy: Policy, upload_id: UUID) -> None:
    """Make an attachment of an upload that is all there; doing it twice does no harm.

    Raises:
        Problem: 409 when the declaration takes none any more, 415 for a file that is not taken: then the upload is gone; 503.
    """
    async with reading(database) as view:
        row = (await view.connection.execute(select(upload).where(upload.c.id == upload_id))).mappings().first()
    if row is None or row["attached_at"] is not None or row["received"] != row["bytes"]:
        return
    with workshop() as folder:
        file = await _assembled(database, row, Received(folder / "received", row["bytes"], b"", b""))
        try:
            media_type = require_taken(file.head, None)
            values = columns_of(row["id"], Named(row["declaration_id"], row["client_id"], row["file_name"]), file, media_type)
            await policy.require_store().put(key_of(row["id"], file.digest), file.path)
            await _enter(database, row, values)
        except StoreError as error:
            raise unavailable() from error
        except Problem:
            async with work(database, row["created_by"]) as unit:
                await forget(unit, [upload_id])
            raise


async def _enter(database: Database, row: RowMapping, values: Values) -> None:
    async with work(database, row["created_by"]) as unit:
        await lock_for(unit, row["declaration_id"], row["client_id"])
        before = await repeated(unit, unit.actor, values)
        if before is not None and before["id"] != row["id"]:
            raise _attached_already(before["id"], before["declaration_id"])
        done = update(upload).where(upload.c.id == row["id"], upload.c.attached_at.is_(None)).values(attached_at=clock.now())
        if (await unit.connection.execute(done)).rowcount == 1:
            await unit.connection.execute(delete(upload_piece).where(upload_piece.c.upload_id == row["id"]))
            await enter(unit, values)


async def _assembled(database: Database, row: RowMapping, into: Received) -> Received:
    """The pieces put together on disk, one after the other."""
    digest, head, piece, start = hashlib.sha256(), b"", upload_piece.c, 0
    with into.path.open("wb") as file:
        while start < row["bytes"]:
            async with reading(database) as view:
                asked = select(piece.content).where(piece.upload_id == row["id"], piece.start == start)
                content = bytes((await view.connection.execute(asked)).scalar_one())
            head = head if len(head) >= HEAD_BYTES else (head + content)[:HEAD_BYTES]
            file.write(content)
            digest.update(content)
            start += len(content)
    return Received(into.path, into.size, digest.digest(), head)


async def _pieces(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size; what had come when the parts broke off comes before the error."""
    gathered, broken = bytearray(), None
    try:
        async for part in parts:
            gathered += part
            while len(gathered) >= PIECE_BYTES:
                yield bytes(gathered[:PIECE_BYTES])
                del gathered[:PIECE_BYTES]
    except Exception as error:  # noqa: BLE001  # whoever hung up, it is told on below
        broken = error
    if gathered:
        yield bytes(gathered)
    if broken is not None:
        raise broken


async def _checked(parts: AsyncIterator[bytes], checksum: Checksum, file: Any, most: int) -> None:
    """Put a part down and see whether it is what was sent: until then nothing of it is kept.

    Raises:
        Problem: 460, 413.
    """
    hashed, size = checksum.start(), 0
    async for part in parts:
        size += len(part)
        if size > most:
            raise _beyond()
        file.write(part)
        hashed.update(part)
    if not checksum.fits(hashed):
        raise checksum_mismatch()
    file.seek(0)


async def _read(file: Any) -> AsyncIterator[bytes]:
    while part := file.read(PIECE_BYTES):
        yield part


def _attached_already(attachment_id: UUID, declaration_id: UUID) -> Problem:
    said = Words("该 client_id 的文件已是附件，见 Location。", "The file of that `client_id` is attached already; see `Location`.")
    problem = conflict("already-attached", Words("文件已添加", "The file is attached already"), said)
    problem.headers["Location"] = f"/v1/declarations/{declaration_id}/attachments/{attachment_id}"
    return problem


def _elsewhere(received: int | None) -> Problem:
    headers = {} if received is None else {"Upload-Offset": str(received)}
    said = Words("请以 HEAD 查询 Upload-Offset，自该处续传。", "Ask by HEAD for Upload-Offset and go on from there.")
    return Problem(409, "upload-offset-mismatch", Words("续传位置不符", "The upload has come to another place"), said, headers=headers)


def _beyond() -> Problem:
    said = Words("所发内容超出 Upload-Length。", "There is more of it than Upload-Length said.")
    return Problem(413, "upload-too-long", Words("内容过长", "The upload is too long"), said)
