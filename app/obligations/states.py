"""The states of an obligation and what leads from one to another, as a table."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where an obligation stands (未到期、按期完成、逾期完成、逾期、豁免、失效)."""

    OPEN = "open"
    MET = "met"
    LATE_MET = "late_met"
    OVERDUE = "overdue"
    WAIVED = "waived"
    VOID = "void"


class VoidReason(StrEnum):
    """Why nothing is owed any more."""

    LEFT = "left"
    OUT_OF_SCOPE = "out_of_scope"
    CAMPAIGN_CLOSED = "campaign_closed"


UNMET = (State.OPEN, State.OVERDUE)
DONE = (State.MET, State.LATE_MET)

MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.OPEN: frozenset({State.MET, State.LATE_MET, State.OVERDUE, State.WAIVED, State.VOID}),
        State.OVERDUE: frozenset({State.MET, State.LATE_MET, State.OPEN, State.WAIVED, State.VOID}),
        State.MET: frozenset({State.OPEN, State.MET, State.LATE_MET}),
        State.LATE_MET: frozenset({State.OPEN, State.MET, State.LATE_MET}),
        State.VOID: frozenset({State.OPEN}),
        State.WAIVED: frozenset(),
    }
)
"""Whatever met it can be taken back, and who left a circle can return to it; a waiver is final. Open again, it is overdue once it is looked at."""


def done_as(met_on: date, due_on: date) -> State:
    """In time or late: the last day is still in time."""
    return State.MET if met_on <= due_on else State.LATE_MET


def next_reminder(due_on: date, days: list[int] | tuple[int, ...], after: date) -> date | None:
    """The earliest day of a reminder that is still to come after a day; None when there is none."""
    return min((day for before in days if (day := due_on - timedelta(days=before)) > after), default=None)
