"""The report of rows that were not taken in: a line for each fault, then the row as the file had it, to be put right and sent again."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from app.access.caller import Caller
from app.kit.database import Database
from app.kit.errors import Words
from app.kit.spreadsheets import MARK, harmless
from app.ledger.unit_of_work import reading

from .files import FileFormat
from .kinds import KINDS
from .schemas import ImportKind
from .service import Imports

_HEADINGS = (Words("行", "Row"), Words("列", "Column"), Words("错误代码", "Code"), Words("说明", "Message"))
_ORIGINAL = Words("原文", "Original")


async def report_of(database: Database, caller: Caller, row: RowMapping, *, english: bool) -> AsyncIterator[bytes]:
    """The report as csv in UTF-8 with a mark, some rows at a time; no connection waits for a slow reader."""
    titles = {column.name: _said(column.title, english=english) for column in KINDS[ImportKind(row["of"])].columns}
    yield MARK.encode() + _lines([_headings(row, english=english)])
    async for faults in _batches(database, caller, row["id"]):
        yield _lines(line for fault in faults for line in _of(fault, titles, english=english))


async def _batches(database: Database, caller: Caller, import_id: UUID) -> AsyncIterator[Sequence[RowMapping]]:
    after = -1
    while True:
        async with reading(database) as view:
            faults = await Imports(view, caller).faults(import_id, after)
        if not faults:
            return
        yield faults
        after = faults[-1]["number"]


def _headings(row: RowMapping, *, english: bool) -> list[str]:
    own = [_said(words, english=english) for words in _HEADINGS]
    if row["format"] == FileFormat.NDJSON:
        return [*own, _said(_ORIGINAL, english=english)]
    return [*own, *(one["heading"] for one in row["columns"] or ())]


def _of(fault: RowMapping, titles: dict[str, str], *, english: bool) -> list[list[Any]]:
    stated = ["" if cell is None else str(cell) for cell in fault["stated"]]
    return [
        [str(fault["number"]), titles.get(column, column) if column else "", code, en if english else zh, *stated]
        for column, code, zh, en in fault["faults"]
    ]


def _lines(rows: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", errors="replace")


def _said(words: Words, *, english: bool) -> str:
    return words.en if english else words.zh
