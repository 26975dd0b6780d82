"""Making exports: whoever has time takes the next one, reads one snapshot of the register, and keeps the file in pieces.

Who makes an export holds it for half a minute and renews that; who is killed lets it lapse, and the next one begins anew. Nothing that a former holder
still writes is taken for the new one's.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.access.disclosure import Disclosure, write_down
from app.access.kept import as_caller
from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.scratch import scratch
from app.ledger.lines import instant
from app.ledger.unit_of_work import WORKER, Work, reading, snapshot, work
from app.policies.local import standing_limits
from app.rulebook.book import Book

from .expiring import erase_expired, is_over
from .formats import XLSX_ROWS, Writer, is_installed, opened
from .models import export, export_piece
from .reading import Contents, Entry
from .schemas import ExportFormat, ExportState, sought
from .service import MAKE, OPEN, erase

OPERATION = "create_export"
"""The door through which the records that a file holds were asked for."""

PIECE_BYTES = 1_000_000
HELD_SECONDS = 30.0
RENEW_SECONDS = 5.0
ATTEMPTS = 3
"""How often an export is tried before it is given up."""

log = logging.getLogger("qinqing.exports")


class _LostError(Exception):
    """Somebody else has taken the export, or it was discarded."""


class _RefusedError(Exception):
    """It cannot be made, however often it is tried; the code says why."""


@dataclass(slots=True)
class Job:
    """An export that is held, and how far it has come."""

    row: Mapping[str, Any]
    rows: int = 0
    content: Any = field(default_factory=hashlib.sha256)

    @property
    def this(self) -> ColumnElement[bool]:
        """The export, as long as it is still held."""
        return and_(export.c.id == self.row["id"], export.c.attempt == self.row["attempt"], export.c.state == ExportState.RUNNING)

    @property
    def format(self) -> ExportFormat:
        """What it is written as."""
        return ExportFormat(self.row["format"])

    def tell(self, entries: Sequence[Entry]) -> None:
        """Count and digest rows that were written."""
        self.rows += len(entries)
        for entry in entries:
            self.content.update(entry.line)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is finished: what stands first, what follows, what it says of itself, and whose records it holds."""

    head: bytes
    file: BinaryIO
    manifest: dict[str, Any]
    persons: Mapping[UUID, bool]

    def pieces(self) -> Iterator[bytes]:
        """The whole file, all but the last piece of one size."""
        self.file.seek(0)
        held = self.head
        while read := self.file.read(PIECE_BYTES):
            held += read
            while len(held) >= PIECE_BYTES:
                yield held[:PIECE_BYTES]
                held = held[PIECE_BYTES:]
        if held:
            yield held


class ExportMaker:
    """Makes exports beside what else a process does, one at a time."""

    def __init__(self, database: Database, book: Book) -> None:
        self.database = database
        self.book = book

    async def work_off(self) -> int:
        """Make all that waits, and erase what has expired; how many were begun."""
        begun = 0
        while await self._is_something_due():
            async with work(self.database, WORKER) as unit:
                await erase_expired(unit)
            job = await self.take()
            if job is None:
                break
            begun += 1
            await self.carry_out(job)
        await self._look_again()
        return begun

    async def _look_again(self) -> None:
        """What somebody else holds is looked at again when the hold would lapse, so that it need not wait long if they were killed."""
        holds = select(func.min(export.c.held_until)).where(export.c.state == ExportState.RUNNING)
        async with reading(self.database) as view:
            lapses = await view.connection.scalar(holds)
        if lapses is not None:
            async with work(self.database, WORKER) as unit:
                defer_once(unit, MAKE, at=lapses)

    async def take(self) -> Job | None:
        """Hold the next export that nobody holds; pieces that a former holder left are erased."""
        async with work(self.database, WORKER) as unit:
            oldest = select(export).where(_open()).order_by(export.c.id).limit(1)
            row = (await unit.connection.execute(claimed(oldest, of=export))).mappings().first()
            if row is None:
                return None
            await erase(unit, [row["id"]])
            held = {"state": ExportState.RUNNING, "attempt": row["attempt"] + 1, "held_until": _later(), "version": row["version"] + 1}
            await unit.connection.execute(update(export).where(export.c.id == row["id"]).values(rows=0, **held))
            return Job({**row, **held})

    async def carry_out(self, job: Job) -> None:
        """Make an export that is held, renewing the hold; what went wrong is tried again a few times and then told to who asked."""
        making = asyncio.create_task(self._make(job))
        try:
            while not (await asyncio.wait({making}, timeout=RENEW_SECONDS))[0]:
                await self._renew(job)
            await making
        except _LostError:
            log.info("export given up", extra={"export": str(job.row["id"])})
        except _RefusedError as refused:
            await self._fail(job, str(refused))
        except Exception:
            log.exception("export failed", extra={"export": str(job.row["id"])})
            await self._again(job)
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)

    async def _make(self, job: Job) -> None:
        with scratch("qinqing-export-") as folder, (folder / "file").open("w+b") as file:
            await self._keep(job, await self._write(job, file))

    async def _write(self, job: Job, file: BinaryIO) -> Made:
        """Write all rows of one snapshot; none but a batch is in memory."""
        if not is_installed(job.format):
            raise _RefusedError("format-not-installed")
        row, caller = job.row, as_caller(job.row)
        async with snapshot(self.database) as reading_it:
            view = Disclosure(reading_it.connection)
            about = {
                "export": str(row["id"]),
                "of": row["of"],
                "filters": row["filters"],
                "as_at": row["as_at"] and instant(row["as_at"]),
                "read_at": instant(clock.now()),
                "rulebook_version": self.book.version_with(await standing_limits(view.connection)),
            }
            contents = Contents(view, caller, sought(row["of"], row["filters"], row["as_at"]))
            writer = opened(job.format, file, contents.columns)
            try:
                await _write_rows(job, contents, writer)
            except BaseException:
                writer.abandon()
                raise
        manifest = {**about, "rows": job.rows, "content_digest": job.content.hexdigest()}
        return Made(await asyncio.to_thread(writer.close, manifest), file, manifest, view.of_others(caller))

    async def _keep(self, job: Job, made: Made) -> None:
        """Keep the file in pieces, each in a unit of work of its own, so that nobody who writes waits long; then it is ready."""
        whole, size = hashlib.sha256(), 0
        for number, piece in enumerate(made.pieces()):
            whole.update(piece)
            size += len(piece)
            async with work(self.database, WORKER) as unit:
                await self._hold(unit, job)
                kept = {"export_id": job.row["id"], "attempt": job.row["attempt"], "number": number, "content": piece}
                await unit.connection.execute(insert(export_piece).values(kept))
        async with work(self.database, WORKER) as unit:
            ready = {"state": ExportState.READY, "bytes": size, "digest": whole.digest(), "manifest": made.manifest}
            await self._hold(unit, job, **ready)
            unit.record("export.completed", job.row["id"], {"rows": job.rows, "digest": whole.hexdigest()})
            if made.persons:
                await write_down(unit, as_caller(job.row), made.persons, OPERATION, str(job.row["id"]))

    async def _renew(self, job: Job) -> None:
        async with work(self.database, WORKER) as unit:
            await self._hold(unit, job)

    async def _fail(self, job: Job, code: str) -> None:
        async with work(self.database, WORKER) as unit:
            with suppress(_LostError):
                await self._hold(unit, job, state=ExportState.FAILED, failure=code)
                await erase(unit, [job.row["id"]])
                unit.record("export.failed", job.row["id"], {"code": code})

    async def _again(self, job: Job) -> None:
        """Back among those that wait, unless it was tried often enough."""
        if job.row["attempt"] >= ATTEMPTS:
            await self._fail(job, "not-made")
            return
        async with work(self.database, WORKER) as unit:
            with suppress(_LostError):
                await self._hold(unit, job, state=ExportState.WAITING)

    async def _hold(self, unit: Work, job: Job, **changes: Any) -> None:
        """Say that one still holds the export, how far it has come, and what has become of it.

        Raises:
            _LostError: one does not.
        """
        said = {"held_until": _later(), "rows": job.rows, "version": export.c.version + 1, **changes}
        if not (await unit.connection.execute(update(export).where(job.this).values(said))).rowcount:
            raise _LostError

    async def _is_something_due(self) -> bool:
        """Asked of a reader, so that nobody who writes waits for a maker with nothing to do."""
        async with reading(self.database) as view:
            return await view.connection.scalar(select(export.c.id).where(or_(_open(), is_over())).limit(1)) is not None


async def _write_rows(job: Job, contents: Contents, writer: Writer) -> None:
    async for batch in contents.batches():
        if job.format is ExportFormat.XLSX and job.rows + len(batch) > XLSX_ROWS:
            raise _RefusedError("too-many-rows")
        entries = await asyncio.to_thread(contents.entries, batch, english=job.row["language"] == "en")
        await asyncio.to_thread(writer.write, entries)
        job.tell(entries)


def _open() -> ColumnElement[bool]:
    """It waits, or its holder has not been heard of."""
    lapsed = or_(export.c.held_until.is_(None), export.c.held_until < clock.now(), export.c.state == ExportState.WAITING)
    return and_(export.c.state.in_(OPEN), lapsed, export.c.expires_at > clock.now())


def _later() -> Any:
    return clock.now() + timedelta(seconds=HELD_SECONDS)
