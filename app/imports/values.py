"""Cells of a row as the values of a record's fields: each read by its column's reader, all that cannot be read told at once."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from app.kit.errors import Words

from .cells import Cell, CellError, is_absent, read_text
from .days import DayOrder, read_day
from .tables import Row, RowFault
from .words import read_word

Reader: TypeAlias = Callable[[Any], Any]
"""Makes a value of a cell, None of an empty one; raises CellError."""

_ENTRIES = re.compile(r"[;；\n]+")
_PARTS = re.compile(r"\s*[/／|｜]\s*")


def remembered(read: Reader) -> Reader:
    """The same reader, for columns whose words come again and again."""
    kept = lru_cache(maxsize=5_000)(read)
    return lambda cell: kept(cell) if type(cell) is str else read(cell)


def read_values(row: Row, readers: Mapping[str, Reader], order: DayOrder | None = None) -> tuple[dict[str, Any], list[RowFault]]:
    """(the values of the cells that the row has, what is wrong with the others); `order` is that of day and month in the file."""
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for name, cell in row.cells.items():
        try:
            reader = readers[name]
            values[name] = _day(cell, order) if reader is read_day else reader(cell)
        except CellError as error:
            faults.append(RowFault(name, error.code, error.message))
    return values, faults


_day_of_text = lru_cache(maxsize=20_000)(read_day)


def _day(cell: Cell, order: DayOrder | None) -> Any:
    return _day_of_text(cell, order) if isinstance(cell, str) else read_day(cell, order)


def without_empty(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The values without those of these fields that are empty: fields that must not be stay as they are, or are missed where the record is new."""
    return {name: value for name, value in values.items() if value is not None or name not in names}


def word(terms: type[StrEnum]) -> Reader:
    """A reader of words for a list's terms."""
    return remembered(lambda cell: read_word(cell, terms))


def read_code(cell: Cell) -> str | None:
    """A code or a number as text, narrow."""
    said = read_text(cell)
    return None if said is None else unicodedata.normalize("NFKC", said)


def several(cell: Cell) -> list[str] | None:
    """Entries that are set apart by semicolons or lines, or a list; None where there are none."""
    if isinstance(cell, list):
        return [said for one in cell if (said := read_text(one))] or None
    said = read_text("\n".join(_ENTRIES.split(cell)).replace("\n", ";")) if isinstance(cell, str) else read_text(cell)
    return [one.strip() for one in said.split(";") if one.strip()] if said else None


def records(parts: Mapping[str, Reader], form: Words) -> Reader:
    """A reader of several records in one cell: entries set apart by semicolons or lines, their parts by strokes, in this order; or as JSON."""

    def read(cell: Cell) -> list[dict[str, Any]] | None:
        if isinstance(cell, str) and cell.lstrip().startswith("["):
            cell = _json(cell, form)
        if isinstance(cell, list):
            return [_record(one, parts, form) for one in cell] or None
        if is_absent(cell):
            return None
        entries = [entry.strip() for entry in _ENTRIES.split(str(cell)) if entry.strip()]
        return [_record(_split(entry, parts, form), parts, form) for entry in entries] or None

    return read


def _json(text: str, form: Words) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise _malformed(form) from None


def _split(entry: str, parts: Mapping[str, Reader], form: Words) -> dict[str, Any]:
    said = _PARTS.split(entry)
    if len(said) > len(parts):
        raise _malformed(form)
    return dict(zip(parts, said, strict=False))


def _record(given: Any, parts: Mapping[str, Reader], form: Words) -> dict[str, Any]:
    """One record; an empty part is left out, so that the register says whether it may be."""
    if not isinstance(given, dict) or not set(given) <= set(parts):
        raise _malformed(form)
    read = {name: parts[name](cell) for name, cell in given.items()}
    return {name: value for name, value in read.items() if value is not None}


def _malformed(form: Words) -> CellError:
    return CellError(
        "entries-malformed", Words(f"应写作：{form.zh}；多项以分号隔开。", f"Write: {form.en}; several are set apart by semicolons.")
    )
