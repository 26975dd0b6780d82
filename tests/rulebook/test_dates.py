"""Months, years and runs are counted as the norms count them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rulebook.dates import Window, add_months, add_years, spread

DAYS = st.dates(min_value=date(1949, 10, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2024, 5, 25), date(2024, 6, 25)),
        (date(2023, 1, 31), date(2023, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 3, 29)),
        (date(2024, 12, 31), date(2025, 1, 31)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_one(day: date, later: date) -> None:
    assert add_months(day, 1) == later


def test_a_leap_day_comes_round_on_the_last_of_february() -> None:
    assert add_years(date(2020, 2, 29), 3) == date(2023, 2, 28)
    assert add_years(date(2020, 2, 29), 4) == date(2024, 2, 29)


def test_the_calendar_ends_on_its_last_day() -> None:
    assert add_months(date(9999, 12, 31), 1) == add_years(date(9998, 1, 1), 3) == date.max


@given(DAYS, st.integers(min_value=0, max_value=600))
def test_months_later_is_that_month_and_never_a_later_day_of_it(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(DAYS, DAYS, st.integers(min_value=0, max_value=60))
def test_the_earlier_day_is_never_due_after_the_later_one(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(DAYS, st.integers(min_value=0, max_value=3000), st.integers(min_value=1, max_value=500))
def test_a_run_is_spread_evenly_from_its_first_day_to_its_last(start: date, length: int, times: int) -> None:
    window = Window(start, start + timedelta(days=length))
    days = list(spread(window, times))
    assert len(days) == times
    assert days == sorted(days)
    assert days[0] == window.start
    if times > 1:
        assert days[-1] == window.end
        gaps = {(later - earlier).days for earlier, later in pairwise(days)}
        assert max(gaps) - min(gaps) <= 1


@given(DAYS, st.integers(min_value=0, max_value=400), DAYS, st.integers(min_value=0, max_value=400))
def test_windows_meet_when_they_share_a_day(start: date, length: int, other: date, other_length: int) -> None:
    window = Window(start, start + timedelta(days=length))
    end = other + timedelta(days=other_length)
    assert window.meets(other, end) == (max(window.start, other) <= min(window.end, end))
    assert window.meets(None, None)
    assert window.meets(None, window.start)
    assert window.meets(window.end, None)
    assert not window.meets(None, window.start - timedelta(days=1))
    assert not window.meets(window.end + timedelta(days=1), None)
