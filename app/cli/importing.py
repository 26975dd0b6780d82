"""What `qinqing import` does: hands a file in as the console, has it taken in, and shows how far it has come."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import RowMapping

from app.access.caller import CONSOLE
from app.imports.carrying import carry_out
from app.imports.receiving import enter, received
from app.imports.rendering import rendered
from app.imports.report import report_of
from app.imports.service import OPEN, Asked, Imports, counts_of
from app.kit.database import Database
from app.kit.memory import keep_loaded
from app.ledger.unit_of_work import reading, work
from app.rulebook.book import Book

from .failures import FAILED, fail
from .progress import watched
from .store import opened

LOOK_SECONDS = 0.2
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Order:
    """A file to be imported, and where the report of rows that fail is written."""

    asked: Asked
    file: Path
    report: Path
    kept_for: timedelta


async def import_file(url: str, book: Book, order: Order) -> int:
    """Take a file in; the exit code: 0 when all its rows were."""
    keep_loaded()
    async with opened(url, 4) as database:
        import_id = await _handed_in(database, order)
        row = await _watched(database, book, import_id)
        return await _told(database, row, order)


async def _handed_in(database: Database, order: Order) -> UUID:
    file = await received(_parts(order.file))
    with file.file:
        import_id = await enter(database, CONSOLE, order.asked, file)
    async with work(database, CONSOLE.actor) as unit:
        await Imports(unit, CONSOLE).ask(unit, import_id, order.kept_for)
    return import_id


async def _parts(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_BLOCK):
            yield part


async def _watched(database: Database, book: Book, import_id: UUID) -> RowMapping:
    """Take it in, with a bar while it lasts; the import as it has ended."""

    async def ask() -> tuple[int, int | None]:
        row = await _row(database, import_id)
        return sum(counts_of(row).values()), row["expected"]

    return await watched("导入 Importing", _ended(database, book, import_id), ask)


async def _ended(database: Database, book: Book, import_id: UUID) -> RowMapping:
    """Carry it out, or wait for whoever was faster."""
    await carry_out(database, book, import_id)
    while (row := await _row(database, import_id))["state"] in OPEN:  # noqa: ASYNC110  # it may end in another process
        await asyncio.sleep(LOOK_SECONDS)
    return row


async def _row(database: Database, import_id: UUID) -> RowMapping:
    async with reading(database) as view:
        return await Imports(view, CONSOLE).get(import_id)


async def _told(database: Database, row: RowMapping, order: Order) -> int:
    zh, en = (rendered(row, english=english) for english in (False, True))
    if zh.failure and en.failure:
        fail(f"{order.file.name}: {zh.failure.detail}", en.failure.detail)
    rows, dry = zh.rows, "试运行，未写入 dry run, nothing written: " if row["dry_run"] else ""
    print(f"{dry}新建 {rows.created} created, 更改 {rows.changed} changed, 一致 {rows.unchanged} unchanged, 未导入 {rows.failed} failed")
    if not rows.failed:
        return 0
    with order.report.open("wb") as file:
        async for part in report_of(database, CONSOLE, row, english=False):
            file.write(part)
    print(f"报告 Report: {order.report}")
    return FAILED
