"""What lists of declarations and findings may be ordered by, besides by age: each order has an index, or the parts of one."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, false, not_, select, true, union_all
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import WORTH, declaration
from app.declarations.visibility import as_commission, visible
from app.kit.pages import OrderedPage
from app.people.visibility import own
from app.rulebook.finding import OUTCOMES
from app.screening.judging import MOST_CENTS
from app.screening.models import finding
from app.screening.rendering import shown_declarations


class DeclarationSort(StrEnum):
    """Orders of declarations; `-` is from the highest, or newest, down."""

    FILED_DOWN = "-filed"
    LEVEL = "level"
    LEVEL_DOWN = "-level"
    WORTH = "worth"
    WORTH_DOWN = "-worth"
    DAY = "day"
    DAY_DOWN = "-day"


class FindingSort(StrEnum):
    """Orders of findings."""

    RAISED_DOWN = "-raised"
    LEVEL = "level"
    LEVEL_DOWN = "-level"
    DAY = "day"
    DAY_DOWN = "-day"


def _up_to(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return read


_READ: dict[str, Callable[[str], Any]] = {
    "level": _up_to(0, len(OUTCOMES) - 1),
    "worth": _up_to(-1, MOST_CENTS),
    "day": date.fromisoformat,
}


def value_reader(sort: StrEnum) -> Callable[[str], Any]:
    """How the values of an order are read from a cursor."""
    return _READ[sort.removeprefix("-")]


def ordered_declarations(caller: Caller, page: OrderedPage, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The page of declarations; where the caller sees some with the commission's eyes and some with the declarant's, the two are merged."""
    tops = [
        page.of(select(declaration.c.id, value.label("placed")).where(visible(caller), view, *conditions), value, declaration.c.id)
        for view, value in _values(caller, page)
    ]
    chosen = union_all(*(select(top.subquery()) for top in tops)).subquery("chosen")
    shown = shown_declarations(caller).add_columns(chosen.c.placed).join(chosen, chosen.c.id == declaration.c.id)
    return page.ordered(shown, chosen.c.placed, chosen.c.id).limit(page.limit + 1)


def _values(caller: Caller, page: OrderedPage) -> list[tuple[ColumnElement[bool], ColumnElement[Any]]]:
    """What is ordered by, each with the declarations whose value it is: a level is the outcome in the view that the caller has of it.

    What a member of the commission sees in the declarant's view is their own or of somebody who made them a delegate, and so is found as such.
    """
    row, commission, by = declaration.c, as_commission(caller), page.sort.removeprefix("-")
    if by == "worth":
        return [(page.not_before(WORTH), WORTH)]
    if by == "day":
        return [(true(), row.occurred_from)]
    if commission is true():
        return [(true(), row.outcome)]
    if commission is false():
        return [(true(), row.shown_outcome)]
    mine = and_(own(caller, row.declarant_id), not_(commission))
    return [(commission, row.outcome), (mine, row.shown_outcome)]


def of_finding(page: OrderedPage) -> ColumnElement[Any]:
    """What findings are ordered by."""
    return finding.c.level if page.sort.removeprefix("-") == "level" else declaration.c.occurred_from
