"""The states of an obligation and what leads from one to another, as a table."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType


class ObligationState(StrEnum):
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


UNMET = (ObligationState.OPEN, ObligationState.OVERDUE)
DONE = (ObligationState.MET, ObligationState.LATE_MET)

MOVES: Mapping[ObligationState, frozenset[ObligationState]] = MappingProxyType(
    {
        ObligationState.OPEN: frozenset(
            {ObligationState.MET, ObligationState.LATE_MET, ObligationState.OVERDUE, ObligationState.WAIVED, ObligationState.VOID}
        ),
        ObligationState.OVERDUE: frozenset(
            {ObligationState.MET, ObligationState.LATE_MET, ObligationState.OPEN, ObligationState.WAIVED, ObligationState.VOID}
        ),
        ObligationState.MET: frozenset({ObligationState.OPEN, ObligationState.MET, ObligationState.LATE_MET}),
        ObligationState.LATE_MET: frozenset({ObligationState.OPEN, ObligationState.MET, ObligationState.LATE_MET}),
        ObligationState.VOID: frozenset({ObligationState.OPEN}),
        ObligationState.WAIVED: frozenset(),
    }
)
"""Whatever met it can be taken back, and who left a circle can return to it; a waiver is final. Open again, it is overdue once it is looked at."""


def done_as(met_on: date, due_on: date) -> ObligationState:
    """In time or late: the last day is still in time."""
    return ObligationState.MET if met_on <= due_on else ObligationState.LATE_MET


def next_reminder(due_on: date, days: list[int] | tuple[int, ...], after: date) -> date | None:
    """The earliest day of a reminder that is still to come after a day; None when there is none."""
    return min((day for before in days if (day := due_on - timedelta(days=before)) > after), default=None)
