"""When a message is tried again (Standard Webhooks, "Deliverability and reliability"), as pure arithmetic."""

from datetime import datetime, timedelta

DELAYS_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""After the first attempt and each that follows: 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours; 75 hours in all."""

JITTER = 0.1
"""By which part a delay may be longer, so that what failed together is not tried together."""

LIFE = timedelta(hours=84)
"""How long a message is tried: three days and a half, in which all attempts fit with their jitter."""

RETRY_AFTER_AT_MOST_SECONDS = 3_600

MISSES_UNTIL_PAUSE = 5
"""Attempts that fail one after the other until an endpoint is taken to be down."""

PAUSE_AT_MOST_SECONDS = 300.0

DISABLED_AFTER = timedelta(days=5)
"""How long an endpoint may take nothing at all before it is disabled."""


def next_attempt(attempts: int, since: datetime, now: datetime, chance: float, asked_seconds: int = 0) -> datetime | None:
    """When to try again after so many attempts, or None when the message is dead.

    `chance` lies between 0 and 1; `asked_seconds` is the endpoint's Retry-After, heeded up to an hour.
    """
    delay = DELAYS_SECONDS[min(attempts, len(DELAYS_SECONDS)) - 1]
    if now + timedelta(seconds=delay) > since + LIFE:
        return None
    jittered = delay * (1 + JITTER * chance)
    return now + timedelta(seconds=max(jittered, min(asked_seconds, RETRY_AFTER_AT_MOST_SECONDS)))


def pause_seconds(misses: int) -> float:
    """How long an endpoint that failed so often in a row is left alone before the next message is tried on it."""
    if misses < MISSES_UNTIL_PAUSE:
        return 0.0
    return min(DELAYS_SECONDS[0] * 2.0 ** min(misses - MISSES_UNTIL_PAUSE, 10), PAUSE_AT_MOST_SECONDS)
