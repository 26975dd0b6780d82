"""Which declarations are laid side by side: of a kind, on some days, of a unit, with whom the other side belongs to."""

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

from ..filters import within

YEAR = timedelta(days=365)
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
        """The days asked for; up to today unless said otherwise, and the year before."""
        until = last or max(clock.today(), first or date.min)
        return cls(first or until - YEAR, until, unit)

    def of_kind(self, caller: Caller, kind: str, *columns: ColumnElement[Any]) -> Select[Any]:
        """Such declarations, as far as the caller may count them, each with whom its other side belongs to in the end (`head_id`).

        A counterparty with several owners belongs to several groups, and so is looked at in each.
        """
        row, head = declaration.c, heads()
        asked = select(row.id, row.declarant_id, row.unit_id, row.occurred_from, head.c.head_id, *columns)
        asked = asked.join_from(declaration, head, head.c.counterparty_id == row.counterparty_id)
        asked = asked.where(
            row.kind == kind, row.status == Status.SUBMITTED, counted(caller), row.occurred_from.between(self.first, self.last)
        )
        return asked if self.unit is None else asked.where(within(self.unit))
