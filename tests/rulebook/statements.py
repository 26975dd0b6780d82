"""Hypothesis strategies for whatever can be stated of a matter: any valid details of a kind, and the facts around them.

Read off the models, so that a new kind or field is drawn without a line here.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from app.rulebook.book import Book
from app.rulebook.facts import Declared, EmployerKind, Facts, KnownRelation, LeftReason, Party, Person, Rank, Source, StaffClass
from app.rulebook.money import Money, Rate, Rates
from app.rulebook.statement import CounterpartyReference, Relation

UNIT = "unit"
FIRST, LAST = date(1996, 1, 1), date(2026, 1, 1)
Json = dict[str, Any]

names = st.sampled_from(["某设备公司", "张某", "商会"])
cents = st.integers(0, 5_000_000) | st.sampled_from([0, 9_999, 10_000, 20_000, 1_000_000, 3_000_000])
money = st.fixed_dictionaries(
    {"amount": cents.map(lambda number: f"{number // 100}.{number % 100:02d}"), "currency": st.sampled_from(["CNY", "CNY", "USD", "JPY"])}
)
parties = st.builds(
    Party,
    names=st.frozensets(names, max_size=2),
    region=st.sampled_from([None, "CN", "HK"]),
    relations=st.lists(
        st.builds(
            KnownRelation,
            unit=st.sampled_from([UNIT, "elsewhere"]),
            relation=st.sampled_from(Relation),
            from_on=st.none() | st.dates(FIRST, LAST),
            until_on=st.none() | st.dates(FIRST, LAST),
        ),
        max_size=2,
    ).map(tuple),
)
persons = st.builds(
    Person,
    party_member=st.booleans(),
    staff_class=st.sampled_from(StaffClass),
    rank=st.sampled_from(Rank),
    is_leader=st.booleans(),
    units=st.just(frozenset({UNIT})),
    prior_graft_sanction=st.booleans(),
    left_on=st.none() | st.dates(FIRST, LAST),
    left_reason=st.sampled_from(LeftReason),
    birth_on=st.none() | st.dates(date(1930, 1, 1), date(1980, 1, 1)),
    inside_information=st.lists(st.tuples(names, st.dates(FIRST, LAST), st.none() | st.dates(FIRST, LAST)), max_size=2).map(tuple),
    relatives_employers=st.lists(st.sampled_from(EmployerKind), max_size=2).map(tuple),
)
rates = st.sampled_from([Rates(), Rates(Rate("USD", FIRST + timedelta(days=20 * number), Decimal("7.1")) for number in range(550))])


@cache
def stated(model: type[BaseModel]) -> st.SearchStrategy[Json]:
    """A model as JSON states it, with each day as the time since the first."""
    if model is Money:
        return money
    if model is CounterpartyReference:
        return names.map(lambda name: {"name": name})
    return st.fixed_dictionaries({name: _field(name, field.annotation, field.metadata) for name, field in model.model_fields.items()})


def _field(name: str, annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _field(name, parts[0], [*metadata, *parts[1:]])
    if origin in (Union, UnionType):
        return st.one_of([_field(name, part, metadata) for part in parts])
    if origin is tuple:
        return st.lists(_field(name, parts[0], []), min_size=1, max_size=3)
    if issubclass(annotation, BaseModel):
        return stated(annotation)
    if issubclass(annotation, StrEnum):
        return st.sampled_from([member.value for member in annotation])
    return _simple(name, annotation, metadata)


def _simple(name: str, annotation: type, metadata: list[Any]) -> st.SearchStrategy[Any]:
    lowest = next((bound.ge for one in metadata for bound in getattr(one, "metadata", [one]) if hasattr(bound, "ge")), 0)
    simple: dict[type, st.SearchStrategy[Any]] = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(lowest, lowest + 80),
        float: st.sampled_from([0.5, 3.0]),
        str: st.sampled_from(["0", "12.5"]) if name.endswith("percent") else names,
        date: st.integers(0, 1100).map(timedelta),
    }
    return simple[annotation]


def _dated(value: Any, first: date) -> Any:
    """What was drawn, with its days counted from the first."""
    if isinstance(value, dict):
        return {key: _dated(inner, first) for key, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, first) for inner in value]
    return (first + value).isoformat() if isinstance(value, timedelta) else value


@st.composite
def declared(draw: st.DrawFn, book: Book, kind: str, number: int = 0, over: Json | None = None) -> Declared:
    """Any declaration of a kind; `over` fixes fields."""
    model, first = book.details(kind), draw(st.dates(FIRST, LAST))
    body = _dated(draw(stated(model)), first) | {model.first_day: first.isoformat()} | (over or {})
    details = model.model_validate(body)
    return Declared(
        kind=kind, details=details, source=draw(st.sampled_from(Source)), declared_on=first + timedelta(days=draw(st.integers(0, 90))),
        recorded_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number), id=str(number),
        parties={field: draw(parties) for field, _ in details.parties_named()}, same_group=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def facts(draw: st.DrawFn, book: Book, kind: str, over: Json | None = None) -> Facts:
    """Any facts around a declaration of a kind, with up to three related ones of any kind."""
    kinds = draw(st.lists(st.sampled_from(sorted(book.kinds)), max_size=3))
    one = draw(declared(book, kind, 99, over))
    first, _ = one.details.span()
    return Facts(
        declared=one,
        person=draw(persons),
        judged_on=first + timedelta(days=draw(st.integers(0, 1500))),
        related=[draw(declared(book, other, number)) for number, other in enumerate(kinds)],
        inquiries=tuple(draw(st.lists(st.dates(first, first + timedelta(days=400)), max_size=2))),
        rates=draw(rates),
    )
