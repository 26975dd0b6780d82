"""A file on its way in: put down on disk first, so that no slow line keeps a transaction open, then in pieces in the database, where every worker finds it."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select

from app.access.caller import Caller
from app.kit.database import Database
from app.kit.errors import Fault, Problem, Words, invalid
from app.ledger.unit_of_work import reading, work

from .models import bulk_import_piece
from .service import Asked, Imports, erase

PIECE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Received:
    """A file on disk, as it came."""

    file: BinaryIO
    size: int
    digest: bytes


async def received(body: AsyncIterator[bytes]) -> Received:
    """A body put down as it comes; the file is gone when it is closed.

    Raises:
        Problem: 422 without a body.
    """
    file, size, digest = tempfile.TemporaryFile(prefix="qinqing-import-"), 0, hashlib.sha256()  # noqa: SIM115  # closed by who keeps it
    try:
        async for part in body:
            file.write(part)
            digest.update(part)
            size += len(part)
    except BaseException:
        file.close()
        raise
    if not size:
        file.close()
        raise _empty()
    return Received(file, size, digest.digest())


async def enter(database: Database, caller: Caller, asked: Asked, file: Received) -> UUID:
    """Keep a file in pieces, each in a unit of work of its own; the import waits to be asked for."""
    async with work(database, caller.actor) as unit:
        import_id = await Imports(unit, caller).enter(asked, file.size, file.digest)
    file.file.seek(0)
    number = 0
    while piece := file.file.read(PIECE_BYTES):
        async with work(database, caller.actor) as unit:
            await Imports(unit, caller).keep(import_id, number, piece)
        number += 1
    return import_id


async def give_up(database: Database, caller: Caller, import_id: UUID) -> None:
    """Nothing comes of an import that was entered."""
    async with work(database, caller.actor) as unit:
        await erase(unit, [import_id])


async def fetched(database: Database, import_id: UUID, path: Path) -> None:
    """Write a kept file to a path."""
    piece, number = bulk_import_piece.c, 0
    with path.open("wb") as file:
        while True:
            async with reading(database) as view:
                content = await view.connection.scalar(select(piece.content).where(piece.import_id == import_id, piece.number == number))
            if content is None:
                return
            file.write(bytes(content))
            number += 1


def _empty() -> Problem:
    said = Words("请求体为空，请以文件内容作为请求体。", "The body is empty; send the file itself as the body.")
    return invalid([Fault("", "file-empty", said)])
