"""What fields are called in words, so that somebody who is asked for `returned_to_unit_on` knows what that is."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

from pydantic import BaseModel

from app.rulebook.finding import Text
from app.rulebook.statement import Details

_NOT_STATED = {
    "exchange_rate": Text("折算汇率（由登记处录入）", "the exchange rate, which the register keeps"),
    "birth_on": Text("出生日期（由人事部门登记）", "the day of birth, which HR keeps"),
}
"""Facts that no declaration states."""


def title_of(details: type[Details], fact: str) -> Text:
    """A fact by its name or, within another, by its dotted name: the words before the first stop of its description in either language."""
    return _NOT_STATED.get(fact) or _found(details, tuple(fact.split("."))) or Text(fact, fact)


@lru_cache(maxsize=500)
def _found(model: type[BaseModel], path: tuple[str, ...]) -> Text | None:
    """The field at the end of a path, which begins in the model or in one of those within it."""
    field = model.model_fields.get(path[0])
    within = list(_models(field.annotation)) if field else [one for each in model.model_fields.values() for one in _models(each.annotation)]
    if field and len(path) == 1:
        return _words(field.description or path[0])
    rest = path[1:] if field else path
    return next((found for one in within if (found := _found(one, rest))), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _words(description: str) -> Text:
    """`中文；补充。English; more.` as what stands before the first comma or stop of each."""
    zh, _, en = description.partition("。")
    return Text(_first(zh, "；，（"), _first(en.strip(), ";,.") or zh)


def _first(words: str, stops: str) -> str:
    for stop in stops:
        words = words.partition(stop)[0]
    return words.strip()
