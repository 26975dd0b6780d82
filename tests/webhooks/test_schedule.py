"""When messages are tried again, as arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.webhooks.schedule import DELAYS_SECONDS, LIFE, PAUSE_AT_MOST_SECONDS, next_attempt, pause_seconds


@pytest.fixture(autouse=True)
def _impatient() -> None:
    """The delays of the service, not those of the other tests."""


SINCE = datetime(2026, 11, 29, tzinfo=UTC)


def test_a_message_is_tried_ten_times_in_three_days_and_is_dead_then() -> None:
    for chance in (0.0, 0.999):
        at, attempts = SINCE, 1
        while (following := next_attempt(attempts, SINCE, at, chance)) is not None:
            at, attempts = following, attempts + 1
        assert attempts == len(DELAYS_SECONDS) + 1
        assert at - SINCE < LIFE


@given(some.integers(1, 100), some.timedeltas(timedelta(0), LIFE), some.floats(0, 1), some.integers(0, 10**9))
def test_the_next_attempt_lies_ahead_and_heeds_the_endpoint_for_an_hour_at_most(
    attempts: int, age: timedelta, chance: float, asked: int
) -> None:
    now = SINCE + age
    following = next_attempt(attempts, SINCE, now, chance, asked)
    plain = next_attempt(attempts, SINCE, now, chance)
    assert (following is None) == (plain is None)
    if following is not None and plain is not None:
        assert now < plain <= following <= max(plain, now + timedelta(hours=1))


def test_an_endpoint_that_is_down_is_left_alone_for_minutes_at_most() -> None:
    pauses = [pause_seconds(misses) for misses in range(100)]
    assert pauses[:5] == [0] * 5
    assert pauses[5] > 0
    assert pauses == sorted(pauses)
    assert max(pauses) == PAUSE_AT_MOST_SECONDS
