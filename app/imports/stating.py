"""Rows of a table as what they state: one declaration a row, or of several items in as many rows that share a reference."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from pydantic import ValidationError

from app.declarations.schemas import Filing
from app.kit.errors import Fault, Words
from app.kit.problems import faults_of
from app.rulebook.contents import KINDS
from app.rulebook.facts import Source
from app.rulebook.money import Money

from .cells import Cell, CellError, is_absent, read_text, says_nil, text_of
from .conventions import is_blank
from .days import read_day
from .fields import COMMON, CURRENCY, NAME, NOTE, NUMBER, REFERENCE, Field, fields_of, list_of
from .money import Unit, read_money
from .tables import Conventions, Row, RowFault, together


@dataclass(slots=True)
class Stated:
    """A declaration as its rows state it. It is `filing` once it is sound; `core` is what would make it another one."""

    rows: list[Row]
    said: Mapping[str, Any]
    nil: bool = False
    filing: Filing | None = None
    core: Sequence[tuple[str, str]] = ()
    declarant: UUID | None = None
    faults: dict[int, list[RowFault]] = field(default_factory=dict)

    def fault(self, fault: RowFault, row: Row | None = None) -> None:
        """Note what is wrong with a row, of several with the first."""
        self.faults.setdefault((row or self.rows[0]).number, []).append(fault)

    def reference(self, kind: str) -> str:
        """Its own reference, or one made of what it states, the same in whatever file it stands."""
        own = self.said.get(REFERENCE)
        if own is not None:
            return str(own)
        seal = hashlib.sha256(msgspec.json.encode([kind, str(self.declarant), *sorted(self.core)]))
        return f"import-{seal.hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class _Read:
    """What the cells of one row say."""

    row: Row
    said: dict[str, Any]
    about: list[str]
    faults: list[RowFault]
    settled: set[str]
    """Columns whose value followed from another one."""


class Form:
    """One kind of declaration as a table states it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.shape = KINDS[kind].details
        self.list = list_of(self.shape)
        self.details = fields_of(self.shape)
        self.fields = [*COMMON, *self.details]
        self._names = [one.name for one in self.fields]
        self._sums = {one.name for one in self.details if one.read is read_money}
        self._telling = [one.name for one in self.details if _tells(one, self.shape.first_day)]

    def group_of(self, row: Row) -> str | None:
        """By what neighbouring rows are known as the items of one declaration; None where each stands for itself."""
        reference = row.cells.get(REFERENCE)
        if self.list is None or is_blank(reference):
            return None
        return "\n".join(str(row.cells.get(name)) for name in (NUMBER, NAME, REFERENCE))

    def read(self, rows: Iterable[Row], conventions: Conventions) -> list[Stated]:
        """The declarations that rows state, in their order."""
        return [self._stated(of_one, conventions) for of_one in together(rows, self.group_of)]

    def column_of(self, pointer: str) -> str | None:
        """The column of a JSON pointer into a declaration; None for the declaration as a whole."""
        steps = [step for step in pointer.split("/") if step and not step.isdigit()]
        name = ".".join(steps[1:] if steps[:1] == ["details"] else steps)
        parts = [known for known in self._names if known == name or known.startswith(f"{name}.") or name.startswith(f"{known}.")]
        by_name = f"{name}.name"
        return by_name if by_name in parts and steps[:1] == ["details"] else next(iter(parts), None)

    def _stated(self, rows: list[Row], conventions: Conventions) -> Stated:
        nil = self._nil(rows[0], conventions) if len(rows) == 1 else False
        if nil is True:
            return Stated(rows, {}, nil=True)
        read = [self._cells(row, conventions) for row in rows]
        stated = Stated(rows, read[0].said)
        for one in read:
            for fault in one.faults:
                stated.fault(fault, one.row)
        if isinstance(nil, RowFault):
            stated.fault(nil)
        self._agree(stated, read)
        if not stated.faults:
            self._file(stated, read)
            stated.core = [(name, said) for one in read for name, said in self._core(one.said, conventions)]
        return stated

    def _nil(self, row: Row, conventions: Conventions) -> bool | RowFault:
        """Whether the row says that there was nothing to declare; a fault where it also states something."""
        said = {name: row.cells[name] for name in self._telling if name not in conventions.constant and not is_blank(row.cells.get(name))}
        nothing = [name for name, cell in said.items() if says_nil(cell) and name not in self._sums]
        something = [name for name, cell in said.items() if name != self.shape.first_day and not _is_nothing(cell)]
        if nothing and something:
            return RowFault(nothing[0], "nil-contradicted", _CONTRADICTED)
        return bool(nothing) or (bool(said) and all(is_absent(cell) for cell in said.values()))

    def _cells(self, row: Row, conventions: Conventions) -> _Read:
        read = _Read(row, {}, [], [], set())
        currency: str | None = None
        for one in self.fields:
            cell = row.cells.get(one.name)
            try:
                if one.read is read_money:
                    own = conventions.unit_in(one.name)
                    self._money(read, one, Unit(currency, own.times) if currency else own)
                elif one.name not in read.settled and not is_blank(cell):
                    read.said[one.name] = read_day(cell, conventions.day_order) if one.read is read_day else one.read(cell)
            except CellError as error:
                read.faults.append(RowFault(one.name, error.code, error.message))
            currency = read.said.get(CURRENCY)
        return read

    def _money(self, read: _Read, one: Field, unit: Unit) -> None:
        """A sum; what its worth rests on follows where it is estimated or unknown."""
        cell = read.row.cells.get(one.name)
        amount = read_money(cell, unit)
        read.said[one.name] = amount.money
        if amount.estimated:
            read.about.append(f"{one.title.zh}原文为“{text_of(cell)}”，按估计登记 Taken as an estimate")
        basis = f"{one.name}_basis"
        if basis in self._names and (amount.estimated or amount.money is None):
            read.said[basis] = "estimate" if amount.estimated else "unknown"
            read.settled.add(basis)

    def _agree(self, stated: Stated, read: Sequence[_Read]) -> None:
        """Rows of one declaration say the same of what is no item; what only some of them say holds for all."""
        said = dict(stated.said)
        for one in read[1:]:
            for name, value in one.said.items():
                if value is None or (self.list and name.startswith(f"{self.list}.")) or name == NOTE:
                    continue
                if said.setdefault(name, value) != value:
                    stated.fault(RowFault(name, "rows-disagree", _DISAGREE), one.row)
        stated.said = said

    def _file(self, stated: Stated, read: Sequence[_Read]) -> None:
        notes = dict.fromkeys(note for one in read for note in (one.said.get(NOTE), *one.about) if note)
        values = {"kind": self.kind, NOTE: "\n".join(notes) or None, "source": stated.said.get("source") or Source.HR}
        values |= {name: stated.said.get(name) for name in ("declared_on", REFERENCE)}
        nested = _nested({name: value for name, value in stated.said.items() if not self._is_item(name)}, self.details)
        if self.list:
            nested[self.list] = [
                _nested({n: v for n, v in one.said.items() if self._is_item(n)}, self.details).get(self.list, {}) for one in read
            ]
        try:
            stated.filing = Filing(**values, details=self.shape.model_validate(nested))
        except ValidationError as error:
            at = "/details" if error.title == self.shape.__name__ else ""
            for fault in faults_of(error.errors(include_input=False, include_url=False), at=at):
                self.refuse(stated, fault)

    def refuse(self, stated: Stated, fault: Fault) -> None:
        """Note a fault of the declaration, with the row of the item that it is about."""
        place = next((int(step) for step in fault.pointer.split("/") if step.isdigit()), 0)
        row = stated.rows[place] if place < len(stated.rows) else stated.rows[0]
        stated.fault(RowFault(self.column_of(fault.pointer), fault.code, fault.message), row)

    def _is_item(self, name: str) -> bool:
        return self.list is not None and name.startswith(f"{self.list}.")

    def _core(self, said: Mapping[str, Any], conventions: Conventions) -> list[tuple[str, str]]:
        """What people wrote of the matter itself: days, names, sums and counts; not the terms and flags, which follow from how a table is read."""
        terms = {one.name for one in self.details if one.terms is not None}
        known = {name: value for name, value in said.items() if name not in terms and name not in conventions.constant}
        own = {
            name: value
            for name, value in known.items()
            if name in self._names[len(COMMON) :] and value is not None and not isinstance(value, bool | StrEnum)
        }
        return [(name, f"{value.amount:.2f}" if isinstance(value, Money) else str(value)) for name, value in own.items()]


def _tells(one: Field, first_day: str) -> bool:
    """Whether a nil return would stand in the field, or be contradicted by it: the day, names, what it was, and sums."""
    return (one.required and (one.name == first_day or one.read is read_text)) or one.read is read_money


def _is_nothing(cell: Cell) -> bool:
    return says_nil(cell) or is_absent(cell) or text_of(cell).strip("£$€¥￥元 ") in ("0", "0.00")


def _nested(said: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """Values by column as the object that they are columns of."""
    made: dict[str, Any] = {}
    for one in fields:
        value = said.get(one.name)
        if value is not None:
            inner = made
            for step in one.path[:-1]:
                inner = inner.setdefault(step, {})
            inner[one.path[-1]] = value
    return made


_CONTRADICTED = Words(
    "此处表示无事项，同行其他栏却填写了内容：确无事项的请清空其他栏，否则请更正此栏。",
    "This says that there was nothing, while other cells of the row state something: empty those, or correct this one.",
)
_DISAGREE = Words(
    "与同一来件编号的前一行不一致：同一申报除各项内容外须相同，不同申报请用不同编号。",
    "Not as in the row above with the same reference: but for the items, rows of one declaration agree; give other declarations other references.",
)
