"""Where the table of a file begins, and which of its columns is which: headings in Chinese or English, in any order, below whatever titles."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path

import msgspec

from . import workbook
from .cells import Cell
from .conventions import Translation, is_blank
from .files import FileFormat, Record, Records, UnreadableError, csv_records, format_of, ndjson_records
from .tables import Column, Kind, Row

FIRST_ROWS = 30
"""Among so many rows the headings are looked for."""

_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """The headings of a file in their order, and the column that each was recognised as."""

    headings: tuple[str, ...]
    columns: tuple[Column | None, ...]
    row: int = 0
    """The row of the headings; 0 in ndjson, whose rows name their cells."""

    @property
    def told(self) -> list[dict[str, str | None]]:
        """As answers show it."""
        pairs = zip(self.headings, self.columns, strict=True)
        return [{"heading": heading, "column": column.name if column else None} for heading, column in pairs if heading or column]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read as rows of a kind, as often as need be."""

    path: Path
    format: FileFormat
    layout: Layout
    kind: Kind
    translation: Translation

    def rows(self) -> Iterator[Row]:
        """Its rows below the headings; blank ones, and the example of a template, are passed over."""
        known = _Headings(self.kind, self.translation)
        example = _example(self.kind)
        for record in _records(self.path, self.format):
            if record.named is not None or self.format is FileFormat.NDJSON:
                yield Row(record.number, self.translation.of(_named(record.named or {}, known)), record.cells)
            elif record.number > self.layout.row and not all(map(is_blank, record.cells)):
                cells = {column.name: cell for column, cell in zip(self.layout.columns, record.cells, strict=False) if column}
                if example and {name: str(cell) for name, cell in cells.items() if not is_blank(cell)} == example:
                    continue
                yield Row(record.number, self.translation.of(cells), record.cells)


def opened(path: Path, kind: Kind, sheet: str | None, translation: Translation | None = None) -> Table:
    """A file as a table of the kind.

    Raises:
        UnreadableError: it cannot be read, or its headings are not those of the kind.
    """
    format_ = format_of(path)
    if format_ is FileFormat.XLSX:
        unpacked = path.with_suffix(".rows")
        refusal = workbook.rows_of(path, unpacked, sheet)
        if refusal is not None:
            raise UnreadableError(refusal)
        path = unpacked
    records = _records(path, format_)
    translation = translation or Translation()
    known = _Headings(kind, translation)
    layout = _keys(records, known) if format_ is FileFormat.NDJSON else _headed(records, known)
    return Table(path, format_, layout, kind, translation)


def _records(path: Path, format_: FileFormat) -> Records:
    if format_ is FileFormat.CSV:
        return csv_records(path)
    return ndjson_records(path) if format_ is FileFormat.NDJSON else _unpacked_records(path)


def _unpacked_records(path: Path) -> Records:
    decode = msgspec.json.Decoder(list).decode
    with path.open("rb") as file:
        for line in file:
            yield Record(*workbook.cells_of(decode(line)))


def _headed(records: Records, known: "_Headings") -> Layout:
    """The first rows' best candidate for headings."""
    best = max((_layout(record, known) for record in islice(records, FIRST_ROWS)), key=_recognised, default=None)
    if best is None or not _recognised(best):
        raise UnreadableError("headings-not-found")
    return _complete(best, known)


def _layout(record: Record, known: "_Headings") -> Layout:
    headings = tuple("" if cell is None else str(cell).strip()[:200] for cell in record.cells)
    return Layout(headings, tuple(map(known.column, headings)), record.number)


def _recognised(layout: Layout) -> int:
    return len({column.name for column in layout.columns if column})


def _complete(layout: Layout, known: "_Headings") -> Layout:
    found = [column.name for column in layout.columns if column]
    if len(found) > len(set(found)):
        raise UnreadableError("column-twice", layout.row)
    if not is_about_something(known.kind, {*found, *known.translation.constant}):
        raise UnreadableError("columns-missing", layout.row)
    return layout


def is_about_something(kind: Kind, found: Iterable[str]) -> bool:
    """Whether there is one of the columns without which nobody knows whom a row is about."""
    return not set(kind.needed).isdisjoint(found)


def _keys(records: Records, known: "_Headings") -> Layout:
    """What the first objects of ndjson call their cells; each row is held against its own keys."""
    keys = dict.fromkeys(chain.from_iterable(record.named or () for record in islice(records, FIRST_ROWS)))
    return Layout(tuple(key[:200] for key in keys), tuple(map(known.column, keys)))


def _named(cells: Mapping[str, Cell], known: "_Headings") -> dict[str, Cell]:
    return {column.name: cell for key, cell in cells.items() if (column := known.column(key))}


@cache
def heading_key(heading: str) -> str:
    """A heading as it is compared: narrow, small, without signs, blanks and what stands in brackets."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return _SIGNS.sub("", _ASIDE.sub("", plain))


class _Headings:
    """What the columns of a kind are called: what the caller said goes before what is known of them."""

    def __init__(self, kind: Kind, translation: Translation) -> None:
        self.kind = kind
        self.translation = translation
        self._by_name = {column.name: column for column in kind.columns}
        self._said = translation.said
        free = [column for column in kind.columns if column.name not in self._said.values()]
        self._known = {heading_key(called): column for column in free for called in _called(column)}

    def column(self, heading: str) -> Column | None:
        """The column that a heading means; None where nothing is known of it, or where it is said to be none."""
        heading = heading.strip()
        if heading in self._said:
            return self._by_name.get(self._said[heading] or "")
        return self._known.get(heading_key(heading))


def _called(column: Column) -> tuple[str, ...]:
    return (column.name, column.title.zh, column.title.en, column.heading, *column.aliases)


def _example(kind: Kind) -> dict[str, str]:
    return {column.name: column.example for column in kind.columns if column.example}
