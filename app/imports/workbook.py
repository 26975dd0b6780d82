"""Workbooks: read by a library of machine code that holds a whole sheet, so in a process of its own whose memory and time are limited.

`python -m app.imports.workbook FILE ROWS [SHEET]` writes the rows of a sheet to a file, a JSON array a line: the number of the row, then its cells. Days and
instants stand as `{"d": "2024-05-25"}` and `{"t": "2024-05-25T08:00:00"}`. Cells that are merged all hold what the first of them does.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.kit.confining import confine

MEMORY_BYTES = 2 << 30
"""Address space that a sheet may take."""

SECONDS = 300
"""Time that a sheet may take."""

LARGEST = 2_000_000_000
"""Bytes that a workbook may have when it is unpacked."""

MOST_COLUMNS = 1_000

_REFUSALS = {3: "workbook-locked", 4: "workbook-broken", 5: "sheet-unknown", 6: "too-many-columns"}
"""What the exit code of the process means; any other is a workbook that takes too much."""


def rows_of(path: Path, into: Path, sheet: str | None) -> str | None:
    """Write the rows of a sheet, of the first one unless another is named; why not, where it cannot be read."""
    if _unpacked(path) > LARGEST:
        return "workbook-too-large"
    command = [sys.executable, "-m", "app.imports.workbook", str(path), str(into), *([sheet] if sheet else [])]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "workbook-too-large"
    return _REFUSALS.get(done.returncode, "workbook-too-large") if done.returncode else None


def cells_of(line: list[Any]) -> tuple[int, list[Any]]:
    """(number, cells) of a line that was written."""
    number, *cells = line
    return number, [_read(cell) if isinstance(cell, dict) else cell for cell in cells]


def _read(said: dict[str, str]) -> date | datetime:
    return date.fromisoformat(said["d"]) if "d" in said else datetime.fromisoformat(said["t"])


def _unpacked(path: Path) -> int:
    """Bytes as the archive states them; what it does not state, the limit on memory finds."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _main(path: str, into: str, sheet: str | None = None) -> int:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound  # noqa: PLC0415  # once its memory is limited

    try:
        book = CalamineWorkbook.from_path(path)
        table = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    except PasswordError:
        return 3
    except (WorksheetNotFound, IndexError):
        return 5
    except (CalamineError, ValueError):
        return 4
    if table.width > MOST_COLUMNS:
        return 6
    encode = msgspec.json.Encoder().encode
    with Path(into).open("wb") as file:
        for number, cells in enumerate(_filled(table), 1):
            if any(cell != "" for cell in cells):
                file.write(encode([number, *map(_said, cells)]) + b"\n")
    return 0


def _filled(table: Any) -> Iterator[list[Any]]:
    """The rows, counted from the top of the sheet, with what merged cells hold in each of them."""
    left = table.start[1] if table.start else 0
    begins: dict[int, list[Any]] = {}
    for (top, first), (bottom, last) in table.merged_cell_ranges or ():
        begins.setdefault(top, []).append((bottom, first - left, last - left))
    under_way: list[list[Any]] = []
    for number, cells in enumerate(table.iter_rows()):
        under_way = [merged for merged in under_way if merged[0] >= number]
        under_way += [[bottom, first, last, _at(cells, first)] for bottom, first, last in begins.get(number, ())]
        for _, first, last, value in under_way:
            for place in range(max(first, 0), min(last + 1, len(cells))):
                cells[place] = value
        yield cells


def _at(cells: list[Any], place: int) -> Any:
    return cells[place] if 0 <= place < len(cells) else ""


def _said(cell: Any) -> Any:
    """A cell as JSON; whole numbers without a fraction, others as they are written in decimals."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else str(Decimal(repr(cell)))
    if isinstance(cell, datetime):
        return {"d": cell.date().isoformat()} if cell.time() == time() else {"t": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return None if cell == "" else cell


if __name__ == "__main__":
    confine(MEMORY_BYTES, SECONDS)
    raise SystemExit(_main(*sys.argv[1:]))
