"""Which declarations are laid side by side: of a kind, on some days, of a unit, with whom the other side belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.counterparties.groups import heads
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import counted
from app.kit import clock
from app.kit.errors import Fault, Words, invalid

from ..filters import within

YEAR = timedelta(days=365)
LONGEST = timedelta(days=3 * 366)
_TOO_LONG = Words(
    "所比对的期间至多三年，请分段查询。", "No more than three years are looked at in one request; ask for the years one after another."
)
MOST_ROWS = 20_000
"""So many declarations are laid side by side at most, the newest ones; an answer says when there were more."""


@dataclass(frozen=True, slots=True)
class Window:
    """Conduct that began on one of these days, in a unit or below where one is asked for."""

    first: date
    last: date
    unit: UUID | None

    @classmethod
    def of(cls, first: date | None, last: date | None, unit: UUID | None) -> Self:
        """The days asked for; up to today unless said otherwise, and the year before.

        Raises:
            Problem: 422 for more than can be laid side by side while somebody waits.
        """
        until = last or max(clock.today(), first or date.min)
        since = first or until - YEAR
        if until - since > LONGEST:
            raise invalid([Fault("/query/occurred_from", "days-too-many", _TOO_LONG)])
        return cls(since, until, unit)

    def declared(self, caller: Caller, kind: str, *columns: ColumnElement[Any], only: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
        """Declarations of a kind, as far as the caller may count them, each with whom its other side belongs to in the end (`head_id`).

        A counterparty with several owners belongs to several groups, and so is looked at in each. The declarations are found first: the planner
        takes those whose statement says something for few, and would otherwise look for them company by company.
        """
        row, head = declaration.c, heads()
        stated = select(row.id, row.declarant_id, row.unit_id, row.occurred_from, row.counterparty_id, *columns)
        stated = stated.where(
            row.kind == kind, row.status == Status.SUBMITTED, counted(caller), row.occurred_from.between(self.first, self.last), *only
        )
        in_unit = stated if self.unit is None else stated.where(within(self.unit))
        found = in_unit.cte("declared").prefix_with("MATERIALIZED")
        return select(found, head.c.head_id).join(head, head.c.counterparty_id == found.c.counterparty_id)
