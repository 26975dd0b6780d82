"""The columns of a kind of declaration: the fields of its `Details`, laid flat.

Nothing is listed here: a field that a kind gains is a column at once. A column is named by the path of its field, as a JSON pointer without numbers, and its
headings are the first words of the field's description; what else tables call it stands in `headings.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.kit.errors import Words
from app.rulebook.facts import Source
from app.rulebook.money import Money
from app.rulebook.statement import CounterpartyReference, Percent

from .cells import read_count, read_flag, read_hours, read_id, read_identifier, read_note, read_percent, read_region, read_text
from .days import read_day
from .money import read_currency, read_money
from .tables import Column
from .values import read_code
from .words import first_word, read_word

_FILE = Path(__file__).with_name("headings.toml")

Read = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that one cell holds. `read` makes its value; for a day, a sum and a term it asks what the file's conventions are."""

    path: tuple[str, ...]
    title: Words
    description: Words
    required: bool
    read: Read
    terms: type[StrEnum] | None = None

    @property
    def name(self) -> str:
        """The name of its column."""
        return ".".join(self.path)


def fields_of(shape: type[BaseModel]) -> list[Field]:
    """Every field of a shape that one cell can hold, those of its parts and of an entry of its list included."""
    return list(_fields(shape, (), required=True, above=Words("", "")))


def list_of(shape: type[BaseModel]) -> str | None:
    """The field that is a list of parts, each of which is a row; None where there is none."""
    return next((name for name, field in shape.model_fields.items() if get_origin(_bare(field.annotation)) is tuple), None)


def _fields(shape: type[BaseModel], path: tuple[str, ...], *, required: bool, above: Words) -> Iterator[Field]:
    for name, field in shape.model_fields.items():
        inner = _bare(field.annotation)
        part = get_args(inner)[0] if get_origin(inner) is tuple else inner
        told = _told(field, above)
        needed = required and field.is_required()
        if isinstance(part, type) and issubclass(part, BaseModel) and part is not Money:
            under = told[0] if part is CounterpartyReference else Words("", "")
            yield from _fields(part, (*path, name), required=needed, above=under)
        else:
            is_name = shape is CounterpartyReference and name == "name"
            title = above if is_name else told[0]
            yield Field((*path, name), title, told[1], needed or (is_name and required), *_reader(part, name))


def _bare(annotation: Any) -> Any:
    """What a field holds when it is not empty."""
    if get_origin(annotation) in (Union, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


_READERS: Mapping[Any, Read] = {
    bool: read_flag,
    int: read_count,
    float: read_hours,
    date: read_day,
    UUID: read_id,
    Money: read_money,
    Percent: read_percent,
}
_BY_NAME: Mapping[str, Read] = {"identifier": read_identifier, "region": read_region, "note": read_note}


def _reader(part: Any, name: str) -> tuple[Read, type[StrEnum] | None]:
    if name in _BY_NAME:
        return _BY_NAME[name], None
    plain = part if part in _READERS else _unwrapped(part)
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return _term_reader(plain)
    return _READERS.get(plain, read_text), None


def _term_reader(terms: type[StrEnum]) -> tuple[Read, type[StrEnum]]:
    return partial(read_word, terms=terms), terms


def _unwrapped(part: Any) -> Any:
    return part.__origin__ if hasattr(part, "__metadata__") else part


def _told(field: FieldInfo, above: Words) -> tuple[Words, Words]:
    """(the title, the description) of a field, in both languages; a part of somebody is titled with whom it is of."""
    zh, _, en = (field.description or "").partition("。")
    title = Words(re.split("[；，,。]", zh)[0], re.split("[.;]", en.strip())[0])
    if above.zh:
        title = Words(f"{above.zh}：{title.zh}", f"{above.en}: {title.en[:1].lower()}{title.en[1:]}")
    return title, Words(f"{zh}。", en.strip())


def column_of(field: Field, kind: str) -> Column:
    """The column of a field, with what else tables of the kind call it."""
    return Column(field.name, field.title, _takes(field), required=field.required, aliases=_aliases(kind, field.name))


@cache
def headings() -> Mapping[str, Mapping[str, list[str]]]:
    """What else tables call columns, by kind and column."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def _aliases(kind: str, column: str) -> tuple[str, ...]:
    known = headings()
    return (*known.get(kind, {}).get(column, ()), *known["every"].get(column, ()))


def _takes(field: Field) -> Words:
    """What a cell of the field may hold: its description, and the words of its terms."""
    if field.terms is None:
        return field.description
    zh = "、".join(first_word(term) for term in field.terms)
    return Words(f"{field.description.zh}{zh}。", f"{field.description.en} {', '.join(term.value for term in field.terms)}.")


NUMBER, NAME, UNIT = "declarant.employee_number", "declarant.name", "declarant.unit"
REFERENCE, CURRENCY, NOTE = "client_reference", "currency", "note"

COMMON = (
    Field(
        ("declarant", "employee_number"),
        Words("申报人工号", "Employee number"),
        Words("申报人的工号；没有的填写姓名与单位。", "Number of the declarant; without one, give name and unit."),
        False,
        read_code,
    ),
    Field(
        ("declarant", "name"),
        Words("申报人", "Declarant"),
        Words(
            "申报人姓名；未填工号时据此在单位内查找，须无重名。",
            "Name of the declarant, who is found by it where it is the only one in the unit.",
        ),
        False,
        read_text,
    ),
    Field(
        ("declarant", "unit"),
        Words("申报人所在单位", "Declarant's unit"),
        Words("单位代码、名称或路径，含其下属单位。", "Code, name or path of a unit; those below it count."),
        False,
        read_text,
    ),
    Field(
        ("declared_on",),
        Words("申报日", "Declared on"),
        Words("申报（登记）日期；空则为导入当日。", "Day of declaration; the day of import by default."),
        False,
        read_day,
    ),
    Field(
        ("source",),
        Words("来源", "Source"),
        Words("本人、人事或纪检；空则为人事。", "Self, HR or commission; HR by default."),
        False,
        *_term_reader(Source),
    ),
    Field(
        (REFERENCE,),
        Words("来件编号", "Client's reference"),
        Words(
            "同一申报人名下不重复；相邻各行编号相同的，为一份申报的多项。空则据内容生成。",
            "Unique for a declarant; neighbouring rows that share it are the items of one declaration. Made of the content by default.",
        ),
        False,
        read_text,
    ),
    Field(
        (CURRENCY,),
        Words("币种", "Currency"),
        Words("本行金额的币种，ISO 4217。", "Currency of the row's sums, ISO 4217."),
        False,
        read_currency,
    ),
    Field((NOTE,), Words("说明", "Note"), Words("说明，至多 4000 字。", "A note of up to 4,000 characters."), False, read_note),
)
"""What every declaration carries, whatever its kind."""
