"""Now and today: instants in UTC, days in Asia/Shanghai, where every deadline of the register runs."""

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one zone without summer time since 1992; a fixed offset needs no zone database."""


def now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai on which an instant falls."""
    return instant.astimezone(SHANGHAI).date()


def today() -> date:
    """The calendar day in Asia/Shanghai: after 16:00 UTC it is already tomorrow there."""
    return day_of(now())
