"""Which days a declaration may name: what is declared has happened, and began before it was declared."""

from collections.abc import Iterable
from datetime import date

from app.kit import clock
from app.kit.errors import Fault, Words, invalid
from app.rulebook.statement import Details


def require_past(details: Details, declared_on: date) -> None:
    """Nothing that is stated as done lies in the future, and the matter began on the day of declaration or before.

    Raises:
        Problem: 422 for each such day.
    """
    faults = _in_the_future([("/declared_on", declared_on), *((f"/details{pointer}", day) for pointer, day in details.settled_days())])
    first = details.span()[0]
    if not faults and not details.in_advance and first > declared_on:
        said = Words(f"不得晚于申报日（{declared_on}）。", f"Not later than the day of declaration, {declared_on}.")
        faults.append(Fault(f"/details/{details.first_day}", "day-after-declaration", said))
    if faults:
        raise invalid(faults)


def declarable_since(details: Details) -> date:
    """The first day on which this could be said: nothing that is stated as done came after it."""
    begun = [] if details.in_advance else [details.span()[0]]
    return max([*begun, *(day for _, day in details.settled_days() if day is not None)], default=date.min)


def require_declared_by_today(declared_on: date) -> None:
    """The day of declaration alone: what is declared may lie ahead, as in a preview.

    Raises:
        Problem: 422.
    """
    faults = _in_the_future([("/declared_on", declared_on)])
    if faults:
        raise invalid(faults)


def _in_the_future(days: Iterable[tuple[str, date | None]]) -> list[Fault]:
    today = clock.today()
    said = Words(f"不得晚于今天（{today}）。", f"Not later than today, {today}.")
    return [Fault(pointer, "day-in-the-future", said) for pointer, day in days if day is not None and day > today]
