"""What an import is made of: columns, rows, what became of a row, and what a kind of import has to know."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from app.access.caller import Caller, Scope
from app.kit.errors import Fault, Words
from app.ledger.unit_of_work import Reading, Work
from app.rulebook.book import Book

from .cells import Cell
from .days import DayOrder
from .money import CNY, Unit


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of import knows; `name` is also its key in ndjson."""

    name: str
    title: Words
    description: Words
    example: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title in both languages, as templates bear it."""
        return f"{self.title.zh} {self.title.en}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells by the names of columns, and all cells as the file has them."""

    number: int
    cells: Mapping[str, Cell]
    stated: Sequence[Cell] = ()


class RowFault(NamedTuple):
    """What is wrong with a row, in which column; None where it is the row as a whole."""

    column: str | None
    code: str
    message: Words


class Status(StrEnum):
    """What became of a row, or would."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NIL = "nil"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, of which record."""

    number: int
    status: Status
    id: UUID | None = None
    faults: Sequence[RowFault] = ()


class Ties(NamedTuple):
    """How rows of one file hang together: `key` is what no two rows may share, `names` what others refer to this one by, `needs` whom it refers to itself.

    A row is taken in after those whose names it needs, and together with those beside it that are of one `group` with it.
    """

    key: str | None = None
    names: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    group: str | None = None


class Earlier(Protocol):
    """What rows that were taken in before would have made; of a dry run alone, as what was done stands in the register."""

    def made(self, names: Iterable[str]) -> dict[str, list[UUID]]:
        """The records that rows of the file would have made or found under these names."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a file writes what it says; `units` are those that the headings of columns state, `constant` the columns for which something holds where they are empty."""

    unit: Unit = CNY
    units: Mapping[str, Unit] = field(default_factory=dict)
    day_order: DayOrder | None = None
    constant: frozenset[str] = frozenset()

    def unit_in(self, column: str) -> Unit:
        """In what a column counts."""
        return self.units.get(column, self.unit)


@dataclass(frozen=True, slots=True)
class Run:
    """What rows are taken in with. A dry run has a `view` that cannot write; otherwise it is the unit of work of the chunk."""

    view: Reading
    caller: Caller
    book: Book
    earlier: Earlier
    conventions: Conventions = Conventions()

    @property
    def work(self) -> Work | None:
        """The unit of work; None in a dry run."""
        return self.view if isinstance(self.view, Work) else None


class Kind(Protocol):
    """One kind of import.

    `take` may raise for the chunk as a whole: then its rows are tried one by one, each in a savepoint, so that a row stands for itself.
    """

    name: str
    title: Words
    columns: Sequence[Column]
    needed: tuple[str, ...]
    """Names of columns of which a file must have one, as without them nobody knows whom a row is about."""
    scopes: tuple[Scope, ...]
    batch: int
    """Rows that are taken in together, in one unit of work."""

    def ties(self, row: Row) -> Ties:
        """How the row hangs together with others of its file."""

    async def take(self, run: Run, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Take rows in, or tell what would become of them: an outcome for each, in their order."""


def together(rows: Iterable[Row], group_of: Callable[[Row], str | None]) -> list[list[Row]]:
    """The rows in their order, each by itself or with those right beside it that are of one group with it."""
    parts: list[list[Row]] = []
    last: str | None = None
    for row in rows:
        group = group_of(row)
        if parts and group is not None and group == last:
            parts[-1].append(row)
        else:
            parts.append([row])
        last = group
    return parts


def failed(row: Row, faults: Iterable[RowFault]) -> Outcome:
    """A row that is not taken in."""
    return Outcome(row.number, Status.FAILED, None, tuple(faults))


def row_faults(faults: Iterable[Fault]) -> list[RowFault]:
    """Faults of the register, whose pointers begin with the name of the field, as faults of the column of that name."""
    return [RowFault(fault.pointer.strip("/").partition("/")[0] or None, fault.code, fault.message) for fault in faults]
