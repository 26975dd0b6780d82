"""How the attributes of SCIM resources are asked of columns: one object an attribute, which compares and sorts.

A comparison is true or false and never unknown, so that `not` means what RFC 7644 says: an attribute without a value equals nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from scim2_models import InvalidFilterException
from scim2_models.path import CompareOperator
from sqlalchemy import and_, case, exists, false, func, not_, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.kit import clock
from app.kit.searching import holds, sought
from app.people.models import person, unit
from app.people.schemas import UnitKind

Condition: TypeAlias = ColumnElement[bool]
Op = CompareOperator

_ORDERS: Mapping[CompareOperator, Callable[[Any, Any], Any]] = {Op.eq: eq, Op.gt: gt, Op.ge: ge, Op.lt: lt, Op.le: le}
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_HOLDING = {Op.eq, Op.co, Op.sw, Op.ew}


class Attribute(Protocol):
    """What a filter may ask of one attribute, and what resources are sorted by."""

    @property
    def key(self) -> ColumnElement[Any] | None:
        """What resources are sorted by; None where there is no order."""

    def present(self) -> Condition:
        """The attribute has a value."""

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """The attribute compared with a value other than null.

        Raises:
            InvalidFilterException: not with this operator, or not with such a value.
        """


def unsupported(said: str) -> InvalidFilterException:
    """The filter is well-formed and cannot be answered."""
    return InvalidFilterException(detail=said)


def there() -> Condition:
    """The person has not been taken off by an HR system."""
    return person.c.deprovisioned_at.is_(None)


@dataclass(frozen=True, slots=True)
class Value:
    """A column whose values have an order: instants, flags, enumerations. `read` makes of the filter's value one of the column."""

    column: ColumnElement[Any]
    read: Callable[[Any], Any] = lambda value: value

    @property
    def key(self) -> ColumnElement[Any]:
        """The column itself."""
        return self.column

    def present(self) -> Condition:
        """Not null."""
        return self.column.is_not(None)

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """Equal or in order; no part of it is looked for."""
        if operator is Op.ne:
            return not_(self.compare(Op.eq, value))
        if operator not in _ORDERS:
            raise unsupported(f"该属性不支持 {operator.value}。The operator {operator.value} does not apply to this attribute.")
        return and_(self.present(), _ORDERS[operator](self.column, self.read(value)))


@dataclass(frozen=True, slots=True)
class Words:
    """A column of text. Unless it is `exact`, capitals count as small letters; `kept` is the same text as it is kept for searching, which has an index."""

    column: ColumnElement[str]
    exact: bool = False
    kept: ColumnElement[str] | None = None

    @property
    def key(self) -> ColumnElement[str]:
        """The text as it is compared."""
        return self.column if self.exact else func.lower(self.column)

    def present(self) -> Condition:
        """Neither null nor empty."""
        return and_(self.column.is_not(None), self.column != "")

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """Equal, in order, or a part."""
        if operator is Op.ne:
            return not_(self.compare(Op.eq, value))
        needle = text_of(value)
        found = and_(self.column.is_not(None), self._holds(operator, needle))
        indexed = self.kept is not None and operator in _HOLDING and sought(needle)
        return and_(holds(self.kept, sought(needle)), found) if indexed and self.kept is not None else found

    def _holds(self, operator: CompareOperator, needle: str) -> Any:
        given: Any = needle if self.exact else func.lower(needle)
        if operator in _ORDERS:
            return _ORDERS[operator](self.key, given)
        length = len(needle)
        if operator is Op.co:
            return func.replace(self.key, given, "") != self.key if needle else true()
        if operator is Op.sw:
            return func.substr(self.key, 1, length) == given
        return and_(func.length(self.key) >= length, func.substr(self.key, func.length(self.key) - length + 1) == given)


@dataclass(frozen=True, slots=True)
class Id:
    """A column of ids; one that is no UUID equals none of them."""

    column: ColumnElement[UUID]

    @property
    def key(self) -> ColumnElement[Any]:
        """By age: ids are UUIDv7."""
        return self.column

    def present(self) -> Condition:
        """Not null."""
        return self.column.is_not(None)

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """Equal or not."""
        wanted = id_in(text_of(value))
        return _equal(operator, and_(self.present(), self.column == wanted) if wanted else false())


@dataclass(frozen=True, slots=True)
class UnitReference:
    """A column that refers to a unit: by its URL, its id or its code."""

    column: ColumnElement[UUID]

    @property
    def key(self) -> None:
        """URLs have no order that means anything."""

    def present(self) -> Condition:
        """Not null."""
        return self.column.is_not(None)

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """Equal or not."""
        asked = text_of(value)
        wanted = id_in(asked)
        same = self.column == wanted if wanted else self.column.in_(select(unit.c.id).where(unit.c.code == asked))
        return _equal(operator, and_(self.present(), same))


@dataclass(frozen=True, slots=True)
class OfUnit:
    """An attribute of a person that is one of the unit."""

    attribute: Words

    @property
    def key(self) -> ColumnElement[Any]:
        """That of the unit."""
        return select(self.attribute.key).where(unit.c.id == person.c.unit_id).scalar_subquery()

    def present(self) -> Condition:
        """Each person has a unit, each unit a name."""
        return true()

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """As the unit's."""
        return person.c.unit_id.in_(select(unit.c.id).where(self.attribute.compare(operator, value)))


class Members:
    """The ids of the persons of a unit and of the units right below it."""

    key = None
    _below = unit.alias("below")

    def present(self) -> Condition:
        """There is one."""
        return or_(exists().where(person.c.unit_id == unit.c.id, there()), exists().where(self._below.c.parent_id == unit.c.id))

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """One of them is it, or none."""
        wanted = id_in(text_of(value))
        if wanted is None:
            return _equal(operator, false())
        persons = select(person.c.unit_id).where(person.c.id == wanted, there())
        units = select(self._below.c.parent_id).where(self._below.c.id == wanted, self._below.c.parent_id.is_not(None))
        return _equal(operator, or_(unit.c.id.in_(persons), unit.c.id.in_(units)))


class UserName:
    """The login name or, where there is none, the employee number. Each has an index, which what they come to has not."""

    _words = Words(func.coalesce(person.c.user_name, person.c.employee_number), exact=True)

    @property
    def key(self) -> ColumnElement[str]:
        """Either."""
        return self._words.key

    def present(self) -> Condition:
        """Always."""
        return true()

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """As text."""
        if operator in (Op.eq, Op.ne):
            return _equal(operator, called(text_of(value)))
        return self._words.compare(operator, value)


def called(name: str) -> Condition:
    """The person has this user name."""
    return or_(
        and_(person.c.user_name.is_not(None), person.c.user_name == name),
        and_(person.c.user_name.is_(None), person.c.employee_number == name),
    )


class Active:
    """In service today."""

    @property
    def key(self) -> ColumnElement[bool]:
        """Those who have left first."""
        return or_(person.c.left_on.is_(None), and_(person.c.left_on.is_not(None), person.c.left_on > clock.today()))

    def present(self) -> Condition:
        """Always known."""
        return true()

    def compare(self, operator: CompareOperator, value: Any) -> Condition:
        """Equal or not."""
        return _equal(operator, self.key if value else not_(self.key))


def _equal(operator: CompareOperator, same: Condition) -> Condition:
    if operator not in (Op.eq, Op.ne):
        raise unsupported(f"该属性仅支持 eq、ne，不支持 {operator.value}。Only eq and ne apply to this attribute, not {operator.value}.")
    return same if operator is Op.eq else not_(same)


def id_in(value: str) -> UUID | None:
    """The id that a reference ends with, whatever stands before it."""
    try:
        return UUID(value.rpartition("/")[2])
    except ValueError:
        return None


def text_of(value: Any) -> str:
    """Text that a database takes.

    Raises:
        InvalidFilterException: it is none, or holds what no column can.
    """
    if not isinstance(value, str) or _UNKEPT.search(value):
        raise unsupported("筛选值须为可读文本。The value compared must be readable text.")
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(text_of(value))
    except ValueError as error:
        raise unsupported("日期写作 YYYY-MM-DD。A day is written YYYY-MM-DD.") from error


Names: TypeAlias = Mapping[tuple[str, str | None], Attribute]
"""Attributes by the names of their fields: the attribute, and the part of it, if one is asked for."""

USER: Names = {
    ("id", None): Id(person.c.id),
    ("external_id", None): Words(person.c.external_id, exact=True),
    ("meta", "created"): Value(person.c.created_at),
    ("meta", "last_modified"): Value(func.coalesce(person.c.changed_at, person.c.created_at)),
    ("user_name", None): UserName(),
    ("display_name", None): Words(person.c.name, kept=person.c.search_text),
    ("name", "formatted"): Words(person.c.name, kept=person.c.search_text),
    ("title", None): Words(person.c.position),
    ("active", None): Active(),
    ("groups", "value"): Id(person.c.unit_id),
    ("groups", "display"): OfUnit(Words(unit.c.name)),
    ("employee_number", None): Words(case((person.c.user_name.is_not(None), person.c.employee_number)), exact=True),
    ("department", None): OfUnit(Words(unit.c.name)),
    ("unit", None): UnitReference(person.c.unit_id),
    ("staff_class", None): Value(person.c.staff_class, text_of),
    ("rank", None): Value(person.c.rank, text_of),
    ("is_leader", None): Value(person.c.is_leader),
    ("party_member", None): Value(person.c.party_member),
    ("post_from_on", None): Value(person.c.post_from_on, _day),
    ("birth_on", None): Value(person.c.birth_on, _day),
    ("left_on", None): Value(person.c.left_on, _day),
    ("left_reason", None): Value(person.c.left_reason, text_of),
}
GROUP: Names = {
    ("id", None): Id(unit.c.id),
    ("external_id", None): Words(unit.c.external_id, exact=True),
    ("meta", "created"): Value(unit.c.created_at),
    ("meta", "last_modified"): Value(func.coalesce(unit.c.changed_at, unit.c.created_at)),
    ("display_name", None): Words(unit.c.name),
    ("members", "value"): Members(),
    ("members", None): Members(),
    ("code", None): Words(unit.c.code, exact=True),
    ("kind", None): Value(func.nullif(unit.c.kind, UnitKind.OTHER.value), text_of),
    ("parent", None): UnitReference(unit.c.parent_id),
}
