"""How the tables of one source write: which of their columns is which, what holds for every row, in which currency they count, which stands first in a day.

A register that was not made for this one has headings, words and silences of its own. Who hands it in says once what they stand for; nothing else about
the file changes.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.kit.errors import Fault, Words, invalid
from app.rulebook.money import Currency
from app.rulebook.statement import Name

from .cells import Cell
from .days import DayOrder
from .money import Unit, unit_of
from .tables import Column, Conventions, Kind
from .words import key_of

ColumnName = Annotated[str, Field(max_length=100)]
StandIn = TypeAliasType(
    "StandIn", Annotated[bool | int | Name, Field(description="文件留空时所取的值。What holds where a file is silent.")]
)
"""What holds where a file is silent."""


class MappingIn(BaseModel):
    """What the headings, the words and the silences of a file stand for."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[Name, ColumnName | None] = Field(
        default_factory=dict,
        max_length=200,
        description="表头 → 列；空则不读该列。By the heading, the column that it is; null: it is not read.",
        examples=[{"Given by": "giver.name", "Minister": "declarant.name"}],
    )
    defaults: dict[ColumnName, StandIn] = Field(
        default_factory=dict,
        max_length=200,
        description="列 → 该列缺失或留空时的值。By the column, what holds where the file leaves it empty.",
        examples=[{"relation": "foreign_counterpart", "direction": "received"}],
    )
    words: dict[ColumnName, dict[Name, Name]] = Field(
        default_factory=dict,
        max_length=50,
        description="列 → 文件用词 → 所指。By the column, the file's own words and what they stand for.",
        examples=[{"items.disposition.action": {"Purchased": "kept"}}],
    )
    currency: Currency = Field(default="CNY", description="未写币种的金额所用币种。The currency of sums that name none.")
    day_order: DayOrder | None = Field(
        default=None,
        description="03/02/2023 一类日期的次序；空则据文件中其他日期判断，无从判断的不予导入。"
        "Which stands first in days such as 03/02/2023; by default as other days of the file tell, and refused where none does.",
    )


def require_known(mapping: MappingIn, kind: Kind) -> None:
    """A mapping speaks of columns that there are.

    Raises:
        Problem: 422 for each that is none.
    """
    known = {column.name for column in kind.columns}
    asked = [("columns", name, column) for name, column in mapping.columns.items() if column is not None]
    asked += [(part, name, name) for part in ("defaults", "words") for name in getattr(mapping, part)]
    faults = [
        Fault(f"/query/mapping/{part}/{_escaped(name)}", "column-unknown", _UNKNOWN) for part, name, column in asked if column not in known
    ]
    if faults:
        raise invalid(faults)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


_UNKNOWN = Words("没有这一列，列名见模板。", "No such column; the template names them.")


class Translation:
    """What a mapping makes of headings and cells."""

    def __init__(self, mapping: MappingIn | None = None) -> None:
        self._mapping = mapping or MappingIn()
        self.said = {name.strip(): column for name, column in self._mapping.columns.items()}
        self._words = {name: {key_of(word): meant for word, meant in words.items()} for name, words in self._mapping.words.items()}

    @property
    def constant(self) -> frozenset[str]:
        """The columns for which something holds where they are empty."""
        return frozenset(self._mapping.defaults)

    def of(self, cells: Mapping[str, Cell]) -> dict[str, Cell]:
        """The cells with the file's own words translated, and what holds for every row where they are empty."""
        said = dict(cells)
        for name, words in self._words.items():
            cell = said.get(name)
            if isinstance(cell, str):
                said[name] = words.get(key_of(cell), cell)
        return said | {name: value for name, value in self._mapping.defaults.items() if is_blank(said.get(name))}

    def conventions(self, headings: Iterable[tuple[str, Column | None]], day_order: DayOrder | None) -> Conventions:
        """What readers of cells must know; the order of days is the stated one, else that which the file gives away."""
        unit = Unit(self._mapping.currency)
        units = {column.name: unit_of(heading, unit) for heading, column in headings if column}
        return Conventions(unit, units, self._mapping.day_order or day_order, self.constant)


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in a cell; one that says that there is nothing says something."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
