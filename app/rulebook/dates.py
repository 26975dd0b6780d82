"""Days, months and windows as the norms count them."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

Day = date


def add_months(day: date, months: int) -> date:
    """The day `months` later: the same day of the month, or the month's last day when it has none.

    05-25 gives 06-25, 01-31 gives 02-28 or 02-29. That day is still in time, the next is late.
    Source: 民法典 201 to 203, by analogy; no norm of the register says how to count "within one month".
    What would lie beyond the calendar ends on its last day: a record may stand "until 9999-12-31".
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    last = 28 if day.day <= 28 else calendar.monthrange(year, month + 1)[1]  # every month has as many
    return date(year, month + 1, min(day.day, last))


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 02-29 gives 02-28 in a common year."""
    return add_months(day, 12 * years)


def iso(day: date | None) -> str | None:
    """A day as evidence shows it; None stays None."""
    return day.isoformat() if day else None


def written(day: date) -> str:
    """A day as Chinese prose writes it: 2024年3月4日."""
    return f"{day.year}年{day.month}月{day.day}日"


class Window(NamedTuple):
    """The days from `start` to `end`, both included."""

    start: date
    end: date

    def meets(self, start: date | None, end: date | None) -> bool:
        """Whether this window shares a day with another whose open ends are None."""
        return (end is None or self.start <= end) and (start is None or start <= self.end)


def spread(window: Window, times: int) -> Iterator[date]:
    """`times` days spread evenly over a window, its first and last day included.

    Occasion k falls on start + floor(k * days / (times - 1)); a single one falls on the first day.
    """
    span = (window.end - window.start).days
    for k in range(times):
        yield window.start + timedelta(days=k * span // (times - 1) if times > 1 else 0)
