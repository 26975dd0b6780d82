"""Carrying an import out: a chunk of rows at a time, each one unit of work that also says how far the import has come.

Who is killed leaves it at the last chunk that was committed, and whoever comes next goes on behind it: nothing is done twice and nothing is left out. Two who
carry out the same import at once lock its row in turn, and the one who finds it elsewhere than expected lets go.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from app.access.kept import as_caller
from app.kit import clock
from app.kit.database import Database, locked
from app.kit.errors import Problem, Words
from app.kit.logs import place_of
from app.kit.scratch import scratch
from app.ledger.unit_of_work import WORKER, Reading, Work, reading, work
from app.rulebook.book import Book

from .conventions import MappingIn, Translation
from .files import UnreadableError
from .kinds import KINDS
from .layout import Table, is_about_something, opened
from .models import bulk_import, bulk_import_fault
from .receiving import fetched
from .schemas import ImportKind, ImportState
from .service import OPEN, counts_of, end
from .survey import Survey
from .tables import Conventions, Kind, Outcome, Row, RowFault, Run, Status, failed, row_faults, together

log = logging.getLogger("qinqing.imports")

MOST_TOGETHER = 50
"""Rows that may belong together beyond the end of a batch: a declaration has as many items."""


class _LostError(Exception):
    """The import was cancelled or erased, or somebody else carries it out."""


@dataclass(slots=True)
class _Job:
    """An import under way, and how far it has come."""

    database: Database
    book: Book
    row: RowMapping
    kind: Kind
    phase: int
    position: int
    stood: tuple[int, int]
    """The phase and the position that are committed."""
    counts: Counter[Status] = field(default_factory=Counter)
    conventions: Conventions = field(default_factory=Conventions)

    @property
    def dry(self) -> bool:
        """Whether nothing is to be written."""
        return bool(self.row["dry_run"])


async def carry_out(database: Database, book: Book, import_id: UUID) -> None:
    """Take in what an import still has; harmless where it is done, cancelled or carried out by somebody else."""
    job = await _begun(database, book, import_id)
    if job is None:
        return
    try:
        with scratch("qinqing-import-") as folder:
            await _take_in(job, folder)
    except _LostError:
        log.info("import given up", extra={"import": str(import_id)})
    except UnreadableError as error:
        await _fail(job, error)


async def _begun(database: Database, book: Book, import_id: UUID) -> _Job | None:
    """The import, under way; a dry run begins anew, as what it would have done is not on record."""
    async with work(database, WORKER) as unit:
        row = (await unit.connection.execute(locked(select(bulk_import).where(bulk_import.c.id == import_id)))).mappings().first()
        if row is None or row["state"] not in OPEN:
            return None
        said: dict[str, Any] = {"state": ImportState.RUNNING.value, "started_at": row["started_at"] or clock.now()}
        if row["dry_run"]:
            said |= dict.fromkeys(("phase", "position", *Status), 0)
            await unit.connection.execute(delete(bulk_import_fault).where(bulk_import_fault.c.import_id == import_id))
        await unit.connection.execute(update(bulk_import).where(bulk_import.c.id == import_id).values(**said, version=row["version"] + 1))
        now = {**row, **said}
    counts = Counter({status: now[status.value] for status in Status})
    return _Job(database, book, row, KINDS[ImportKind(row["of"])], now["phase"], now["position"], (now["phase"], now["position"]), counts)


async def _take_in(job: _Job, folder: Path) -> None:
    path = folder / "file"
    await fetched(job.database, job.row["id"], path)
    translation = Translation(MappingIn(**job.row["mapping"]) if job.row["mapping"] else None)
    table = await asyncio.to_thread(opened, path, job.kind, job.row["sheet"], translation)
    survey = Survey(folder / "notes")
    try:
        await asyncio.to_thread(survey.look, table)
        job.conventions = translation.conventions(zip(table.layout.headings, table.layout.columns, strict=True), survey.day_order)
        async with _step(job) as unit:
            await _say(unit, job, format=table.format.value, columns=table.layout.told, expected=survey.rows)
        while True:
            async for rows in _chunks(job, table, survey):
                await _chunk(job, survey, rows)
            if job.phase + 1 >= survey.levels:
                break
            job.phase, job.position = job.phase + 1, 0
        await _complete(job)
    finally:
        survey.close()


async def _chunks(job: _Job, table: Table, survey: Survey) -> AsyncIterator[list[Row]]:
    """The rows of the phase that are still to be taken in, so many at a time."""
    rows = table.rows()
    waiting: list[Row] = []
    while read := await asyncio.to_thread(_some, rows, job.kind.batch):
        levels = survey.level_of(read)
        waiting += [row for row in read if row.number > job.position and (levels.get(row.number, 0) or 0) == job.phase]
        while len(waiting) >= job.kind.batch + MOST_TOGETHER:
            end = _end(job.kind, waiting)
            yield waiting[:end]
            waiting = waiting[end:]
    while waiting:
        end = _end(job.kind, waiting)
        yield waiting[:end]
        waiting = waiting[end:]


def _end(kind: Kind, rows: Sequence[Row]) -> int:
    """How many of the rows are taken in next: a batch, and what belongs to its last row."""
    end = min(kind.batch, len(rows))
    group = kind.ties(rows[end - 1]).group
    while group is not None and end < len(rows) and kind.ties(rows[end]).group == group:
        end += 1
    return end


def _some(rows: Iterator[Row], many: int) -> list[Row]:
    return list(islice(rows, many))


async def _chunk(job: _Job, survey: Survey, rows: Sequence[Row]) -> None:
    """Take some rows in, or tell what would become of them, and say so in the same unit of work."""
    refused = _refused(job.kind, survey, rows)
    sound = [row for row in rows if row.number not in refused]
    if job.dry:
        async with reading(job.database) as view:
            outcomes = await _tried(_run(job, view, survey), job.kind, sound)
        survey.note_made({row.number: job.kind.ties(row) for row in sound}, outcomes)
    async with _step(job) as unit:
        if not job.dry:
            outcomes = await _tried(_run(job, unit, survey), job.kind, sound)
        job.counts.update(outcome.status for outcome in [*outcomes, *refused.values()])
        job.position = rows[-1].number
        await _keep_faults(unit, job, rows, {outcome.number: outcome for outcome in [*outcomes, *refused.values()]})
        counts = {status.value: job.counts[status] for status in Status}
        await _say(unit, job, phase=job.phase, position=job.position, **counts)
    job.stood = (job.phase, job.position)


def _run(job: _Job, view: Reading, survey: Survey) -> Run:
    return Run(view, as_caller(job.row), job.book, survey, job.conventions)


async def _tried(run: Run, kind: Kind, rows: Sequence[Row]) -> list[Outcome]:
    """All rows together; where that fails, each by itself, so that one that is wrong keeps no other from being taken in."""
    if not rows:
        return []
    try:
        async with _attempt(run):
            return list(await kind.take(run, rows))
    except Exception as error:
        if isinstance(error, OSError | MemoryError):
            raise
        parts = together(rows, lambda row: kind.ties(row).group)
        if len(parts) == 1:
            return [failed(row, _faults_of(error)) for row in rows]
    return [outcome for part in parts for outcome in await _tried(run, kind, part)]


@asynccontextmanager
async def _attempt(run: Run) -> AsyncIterator[None]:
    if run.work is None:
        yield
    else:
        async with run.work.attempt():
            yield


def _faults_of(error: Exception) -> list[RowFault]:
    """What is told of a row that failed; the log has no more than kind and place of what nobody foresaw."""
    if isinstance(error, Problem):
        return row_faults(error.faults) or [RowFault(None, error.code, error.detail)]
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error
    log.warning("row not taken in", extra={"error": type(error).__name__, "place": place_of(error)})
    return [RowFault(None, "row-refused", _REFUSED)]


def _refused(kind: Kind, survey: Survey, rows: Sequence[Row]) -> dict[int, Outcome]:
    """The rows that fail before anybody looks at what they say."""
    repeated, levels = survey.repeated(rows), survey.level_of(rows)
    found: dict[int, Outcome] = {}
    for row in rows:
        if row.number in repeated:
            found[row.number] = failed(row, [RowFault(None, "row-repeated", _repeated(repeated[row.number]))])
        elif row.number in levels and levels[row.number] is None:
            found[row.number] = failed(row, [RowFault(None, "rows-in-circle", _CIRCLE)])
        elif not is_about_something(kind, row.cells):
            found[row.number] = failed(row, [RowFault(kind.needed[0], "row-without-key", _NO_KEY)])
    return found


def _repeated(first: int) -> Words:
    return Words(f"与第 {first} 行重复，请保留其一。", f"Row {first} is about the same; keep one of them.")


_CIRCLE = Words(
    "文件中有几行互为上级，形成循环，该行即在其中或在其下；请更正其中一行。",
    "Some rows of the file stand above one another in a circle, and this one in it or below; correct one of them.",
)
_NO_KEY = Words(
    "该行缺少识别所需的内容，或不是 JSON 对象；请对照模板补齐。",
    "The row lacks what says whom it is about, or is no JSON object; complete it as in the template.",
)
_REFUSED = Words(
    "与登记册中的现有记录相抵触，请核对后重新导入该行。", "At odds with what the register holds; check the row and import it again."
)


@asynccontextmanager
async def _step(job: _Job) -> AsyncIterator[Work]:
    """A unit of work in the name of who asked, with the import locked where it was left.

    Raises:
        _LostError: it is elsewhere.
    """
    async with work(job.database, job.row["actor"]) as unit:
        where = and_(bulk_import.c.id == job.row["id"], bulk_import.c.state == ImportState.RUNNING)
        stands = (await unit.connection.execute(locked(select(bulk_import.c.phase, bulk_import.c.position).where(where)))).first()
        if stands is None or (stands.phase, stands.position) != job.stood:
            raise _LostError
        yield unit


async def _say(unit: Work, job: _Job, **changes: Any) -> None:
    said = {**changes, "version": bulk_import.c.version + 1}
    await unit.connection.execute(update(bulk_import).where(bulk_import.c.id == job.row["id"]).values(**said))


async def _keep_faults(unit: Work, job: _Job, rows: Sequence[Row], outcomes: Mapping[int, Outcome]) -> None:
    faults = [
        {
            "import_id": job.row["id"],
            "number": row.number,
            "faults": [[fault.column, fault.code, *fault.message] for fault in outcomes[row.number].faults],
            "stated": [_plain(cell) for cell in row.stated],
        }
        for row in rows
        if outcomes[row.number].status is Status.FAILED
    ]
    if faults:
        await unit.connection.execute(insert(bulk_import_fault), faults)


def _plain(cell: Any) -> Any:
    return cell if isinstance(cell, str | int | float | bool) or cell is None else str(cell)


async def _complete(job: _Job) -> None:
    async with _step(job) as unit:
        await end(unit, job.row["id"], ImportState.COMPLETED)
        unit.record("import.completed", job.row["id"], {status.value: job.counts[status] for status in Status})


async def _fail(job: _Job, error: UnreadableError) -> None:
    async with work(job.database, job.row["actor"]) as unit:
        row = (await unit.connection.execute(locked(select(bulk_import).where(bulk_import.c.id == job.row["id"])))).mappings().first()
        if row is not None and row["state"] == ImportState.RUNNING:
            await end(unit, job.row["id"], ImportState.FAILED, failure=error.code, failure_row=error.row)
            unit.record("import.failed", job.row["id"], {"code": error.code, **counts_of(row)})
