"""Files as they come: what they are is told by their content, and they are read a row at a time, however large they are."""

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

import msgspec

from .cells import Cell

LONGEST_LINE = 1_000_000
"""Characters that a row may have, all its lines together."""

MOST_COLUMNS = 1_000

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";", "|", "，", "；")
_BLOCK = 1 << 20
_SNIFFED = 64 << 10


class FileFormat(StrEnum):
    """What a file is."""

    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"


class UnreadableError(Exception):
    """The file cannot be read, whatever its rows say; the code says why, the row where."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.row = row


class Record(NamedTuple):
    """A row as a file has it: its number, and its cells in order, or by name in ndjson."""

    number: int
    cells: Sequence[Cell]
    named: dict[str, Cell] | None = None


Records: TypeAlias = Iterator[Record]


def format_of(path: Path) -> FileFormat:
    """What a file is, by its first bytes.

    Raises:
        UnreadableError: it is empty, an older or locked workbook, or no table at all.
    """
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableError("file-empty")
    if head.startswith(b"PK\x03\x04"):
        _require_workbook(path)
        return FileFormat.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("workbook-old-or-locked")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF")):
        raise UnreadableError("file-not-a-table")
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if first.startswith(b"["):
        raise UnreadableError("json-not-lines")
    return FileFormat.NDJSON if first.startswith(b"{") else FileFormat.CSV


def _require_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableError("workbook-broken") from error
    if "xl/workbook.xml" not in names:
        raise UnreadableError("workbook-binary" if "xl/workbook.bin" in names else "file-not-a-table")


def csv_records(path: Path) -> Records:
    """The rows of a text file; its encoding and its delimiter are found out.

    Raises:
        UnreadableError: the encoding is none of those known, or a row has no end.
    """
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter_of(file.read(_SNIFFED))
        file.seek(0)
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            lines.next_row()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeDecodeError) as error:
                raise UnreadableError("row-unreadable", lines.row) from error
            if len(cells) > MOST_COLUMNS:
                raise UnreadableError("too-many-columns", lines.row)
            yield Record(lines.row, cells)


class _Lines:
    """The lines of a file; of one row no more than its length allows, so that a quote that is never closed ends there."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._taken = 0
        self.row = 0

    def next_row(self) -> None:
        """Another row begins."""
        self._taken = 0
        self.row += 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self._taken += len(line)
        if self._taken > LONGEST_LINE:
            raise UnreadableError("row-too-long", self.row)
        return line


def _encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = head.count(0)
    if zeros > len(head) // 5:
        return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    for encoding in _ENCODINGS:
        if _decodes(path, encoding):
            return encoding
    raise UnreadableError("encoding-unknown")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter_of(text: str) -> str:
    """The sign that splits the first lines most often; what stands in quotes does not count."""
    plain = "".join(text.split('"')[::2])
    lines = plain.splitlines()[:20]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in lines), default=0))


def ndjson_records(path: Path) -> Records:
    """The objects of a file, one a line; a line that is none is a record without cells, so that it fails by itself.

    Raises:
        UnreadableError: a line has no end.
    """
    decode: Any = msgspec.json.Decoder().decode
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise UnreadableError("row-too-long", number)
            plain = line.removeprefix(codecs.BOM_UTF8).strip()
            if not plain:
                continue
            said = plain.decode("utf-8", errors="replace")
            try:
                read = decode(plain)
            except (msgspec.DecodeError, RecursionError):
                read = None
            named = {key: read[key] for key in read} if isinstance(read, dict) and len(read) <= MOST_COLUMNS else None
            yield Record(number, [said], named)
