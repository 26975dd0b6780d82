"""The formats of exports: each writes entries to a file as they come, and says of itself in the file what it holds.

A format keeps no more than a batch in memory. What a text file says of itself stands in its first line and counts its rows, so that it is known
last: `close` answers it, to stand before the rest.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias

import msgspec

from app.kit.spreadsheets import MARK, harmless

from .columns import Cell, Column, Sort
from .reading import Entry
from .schemas import ExportFormat

Manifest: TypeAlias = Mapping[str, Any]

XLSX_ROWS = 1_048_575
"""Rows that a sheet takes besides its headings."""

_XLSX_TEXT = 32_767
"""Characters that a cell takes."""


class Writer(Protocol):
    """One file being written."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Some more rows."""

    def close(self, manifest: Manifest) -> bytes:
        """No more rows; what is to stand before what was written."""

    def abandon(self) -> None:
        """Let go of what is held open, when nothing is to come of it."""


def is_installed(wanted: ExportFormat) -> bool:
    """Whether this process can write the format; parquet takes a library that is installed by who wants it."""
    return wanted is not ExportFormat.PARQUET or find_spec("pyarrow") is not None


def opened(wanted: ExportFormat, file: BinaryIO, columns: Sequence[Column]) -> Writer:
    """A writer of the format to the file, which lies in a folder where it may put others of its own."""
    return _WRITERS[wanted](file, columns)


def _said(manifest: Manifest) -> str:
    return msgspec.json.encode(manifest).decode()


class _Ndjson:
    """The items of the list, a line each, after a line with the manifest."""

    def __init__(self, file: BinaryIO, _: Sequence[Column]) -> None:
        self._file = file

    def write(self, entries: Sequence[Entry]) -> None:
        self._file.writelines(entry.line for entry in entries)

    def close(self, manifest: Manifest) -> bytes:
        return _said({"manifest": manifest}).encode() + b"\n"

    def abandon(self) -> None:
        """Nothing is held open."""


class _Csv:
    """RFC 4180 in UTF-8 with a mark. The manifest is the heading of a last column that stays empty, so that every line is a row like any other."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._columns = columns

    def write(self, entries: Sequence[Entry]) -> None:
        self._writer.writerows([*map(_as_text, entry.cells), ""] for entry in entries)

    def close(self, manifest: Manifest) -> bytes:
        self._text.flush()
        self._text.detach()
        head = io.StringIO(newline="")
        head.write(MARK)
        csv.writer(head, lineterminator="\r\n").writerow([*(column.heading for column in self._columns), f"说明 About {_said(manifest)}"])
        return head.getvalue().encode()

    def abandon(self) -> None:
        self._text.detach()


def _as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else _written(cell)


def _written(cell: Any) -> str:
    return _instant(cell) if isinstance(cell, datetime) else str(cell)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class _Xlsx:
    """A workbook whose first sheet has the rows and whose second one the manifest. Text is written as text: nothing in it becomes a formula or a link."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415  # loaded by who writes one

        kept_in = str(Path(file.name).parent)
        unasked = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(file, {"constant_memory": True, "tmpdir": kept_in, "default_date_format": "yyyy-mm-dd", **unasked})
        self._money = self._book.add_format({"num_format": "0.00"})
        self._sheet = self._book.add_worksheet("数据 Data")
        self._sheet.freeze_panes(1, 0)
        self._rows = 1
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.heading)

    def write(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            for place, cell in enumerate(entry.cells):
                self._put(self._rows, place, cell)
            self._rows += 1

    def _put(self, row: int, place: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            self._sheet.write_boolean(row, place, cell)
        elif isinstance(cell, Decimal):
            self._sheet.write_number(row, place, float(cell), self._money)
        elif isinstance(cell, int):
            self._sheet.write_number(row, place, cell)
        elif isinstance(cell, str | datetime):
            self._sheet.write_string(row, place, (cell if isinstance(cell, str) else _instant(cell))[:_XLSX_TEXT])
        else:
            self._sheet.write_datetime(row, place, cell)

    def close(self, manifest: Manifest) -> bytes:
        about = self._book.add_worksheet("说明 About")
        for row, (name, value) in enumerate(manifest.items()):
            about.write_string(row, 0, name)
            about.write_string(row, 1, (value if isinstance(value, str) else _said(value))[:_XLSX_TEXT])
        self._book.close()
        return b""

    def abandon(self) -> None:
        """The library has no word for it: its file of rows is closed as it would do itself, and lies in a folder that goes with the job."""
        for sheet in self._book.worksheets():
            sheet._opt_close()  # noqa: SLF001  # as said above


class _Parquet:
    """A row group a batch; keys as names, headings as the columns' metadata, the manifest as the file's."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column]) -> None:
        import pyarrow as pa  # noqa: PLC0415  # not everybody has it
        from pyarrow import parquet  # noqa: PLC0415

        sorts = {
            Sort.TEXT: pa.string(),
            Sort.NUMBER: pa.int64(),
            Sort.FLAG: pa.bool_(),
            Sort.MONEY: pa.decimal128(18, 2),
            Sort.DAY: pa.date32(),
            Sort.INSTANT: pa.timestamp("us", tz="UTC"),
        }
        fields = [pa.field(one.key, sorts[one.sort], metadata={"title": one.heading}) for one in columns]
        self._schema = pa.schema(fields)
        self._table = pa.Table
        self._array = pa.array
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, entries: Sequence[Entry]) -> None:
        columns = zip(*(entry.cells for entry in entries), strict=True)
        arrays = [self._array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(self._table.from_arrays(arrays, schema=self._schema))

    def close(self, manifest: Manifest) -> bytes:
        self._writer.add_key_value_metadata({"manifest": _said(manifest)})
        self._writer.close()
        return b""

    def abandon(self) -> None:
        self._writer.close()


_WRITERS: Mapping[ExportFormat, Callable[[BinaryIO, Sequence[Column]], Writer]] = {
    ExportFormat.CSV: _Csv,
    ExportFormat.XLSX: _Xlsx,
    ExportFormat.NDJSON: _Ndjson,
    ExportFormat.PARQUET: _Parquet,
}

MEDIA = {
    ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.NDJSON: "application/x-ndjson",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}
