"""When a person is told of what concerns them: pure arithmetic over days and over what was told before."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.kit import clock
from app.reports.concerns import Concern, NoticeType

DAYS = (7, 3, 1)
"""How many days before the last one a notice is raised, unless the operator says otherwise."""

LONGEST = 365
ARISEN, OVERDUE = 0, 1_000


class Mark(NamedTuple):
    """How urgent a task was when a person was told of it, and its last day then."""

    stage: int
    due_on: date | None

    def __str__(self) -> str:
        return f"{self.stage}@{self.due_on or ''}"

    @classmethod
    def read(cls, written: str) -> "Mark":
        """From its text."""
        stage, _, due_on = written.partition("@")
        return cls(int(stage), date.fromisoformat(due_on) if due_on else None)


def mark_of(concern: Concern, days: Sequence[int]) -> Mark:
    """How urgent it is today: the nearest of the days before its last one, overdue, or no more than there."""
    if concern.action and (concern.overdue or concern.at_once):
        return Mark(OVERDUE, concern.due_on)
    left = concern.days_left
    near = [before for before in days if left is not None and left <= before]
    return Mark(OVERDUE - 1 - min(near) if near and concern.action else ARISEN, concern.due_on)


def notice_for(concern: Concern, mark: Mark, told: Iterable[Mark], begun_at: datetime) -> NoticeType | None:
    """What a person is told of it now, if anything.

    Whatever has been missed, one notice does for all: that of today. What stood before the register began to raise notices, and has no day to
    come, is not told of: an upgrade reminds nobody of years.
    """
    known = list(told)
    if concern.notice is None or not _is_more(mark, known):
        return None
    arose = concern.since >= begun_at
    to_come = mark.stage != ARISEN and mark.due_on is not None and mark.due_on >= clock.day_of(begun_at)
    if not known and not arose and not to_come:
        return None
    if mark.stage == OVERDUE and (concern.overdue or known):
        return NoticeType.TASK_OVERDUE
    return concern.notice if arose and not known else NoticeType.TASK_DUE


def _is_more(mark: Mark, known: Sequence[Mark]) -> bool:
    """Whether nothing as urgent was told, by the same day: one that was put off is told of anew as the new day comes near."""
    if mark.stage == ARISEN:
        return not known
    if mark.due_on is None:
        return all(one.stage != OVERDUE for one in known)
    return not any(one.due_on == mark.due_on and one.stage >= mark.stage for one in known)


def days_of(written: str) -> tuple[int, ...]:
    """Days as a setting names them: whole numbers with commas between.

    Raises:
        ValueError: one is none, or lies more than a year off.
    """
    days = tuple(int(part) for part in written.split(",") if part.strip())
    if any(not 0 <= day <= LONGEST for day in days):
        raise ValueError(f"days before the last one lie between 0 and {LONGEST}")
    return days
