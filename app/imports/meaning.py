"""What the kinds of import share: what a row means, and units that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.kit.errors import Words
from app.people.plans import Act, Plan
from app.people.visibility import unknown_unit

from .tables import Column, Outcome, Row, RowFault, Status, failed, row_faults
from .words import first_word

MUST = "must"


@dataclass(slots=True)
class Meant:
    """A row, the values that its cells mean, and what is wrong with it so far."""

    row: Row
    values: dict[str, Any]
    faults: list[RowFault]


def column(name: str, zh: str, en: str, said: str, example: str, must: str = "", aliases: str = "") -> Column:
    """A column, told of in one line: what is said of it is Chinese up to the first `。`, then English; other headings stand with blanks between."""
    chinese, _, english = said.partition("。")
    return Column(name, Words(zh, en), Words(f"{chinese}。", english), example, required=bool(must), aliases=tuple(aliases.split()))


def listed(terms: type[StrEnum]) -> Words:
    """What a column of such terms takes."""
    return Words(f"{'、'.join(first_word(term) for term in terms)}之一。", f"One of: {', '.join(term.value for term in terms)}.")


def outcomes_of(meant: Sequence[Meant], plans: Sequence[Plan]) -> list[Outcome]:
    """What became of rows; the plans are those of the rows without faults, in their order."""
    planned = iter(plans)
    return [failed(one.row, one.faults) if one.faults else _outcome(one.row, next(planned)) for one in meant]


def _outcome(row: Row, plan: Plan) -> Outcome:
    if plan.act is Act.REFUSE:
        return failed(row, row_faults(plan.faults))
    return Outcome(row.number, Status(plan.act.value), plan.id)


def resolved(meant: Meant, name: str, found: Sequence[UUID]) -> UUID | None:
    """The one unit that is meant; none or several is a fault of the column."""
    if len(found) == 1:
        return found[0]
    meant.faults += [RowFault(name, "unit-ambiguous", _SEVERAL)] if found else row_faults([unknown_unit(f"/{name}")])
    return None


_SEVERAL = Words(
    "有几个单位用此名称，请改填单位代码，或自上而下的路径（某局/办公室）。",
    "Several units bear this name; give the code, or a path of names from above.",
)
