"""What single personnel events ask for by law: the report of who is newly bound as a leader, and of who leaves the service."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.statements import one_of
from app.ledger.unit_of_work import Work
from app.people.models import person
from app.people.personnel import PersonnelEventType

from .accounting import settle
from .duties import LEAVING, NEW_POST, REMIND_DAYS, Circle, Duty, Version, after_event, duties, fits_a_circle
from .models import obligation
from .moving import OWED, Row, Values, open_all
from .states import next_reminder

_TAKES_UP = {
    PersonnelEventType.JOINED,
    PersonnelEventType.TRANSFERRED,
    PersonnelEventType.PROMOTED,
    PersonnelEventType.POST_CHANGED,
    PersonnelEventType.RETURNED,
}


async def owe_after_events(unit: Work, events: Sequence[Row]) -> None:
    """Open what events ask for, once for each person and day, and have the rest that is owed follow; in the transaction that marks them as followed."""
    if not events:
        return
    defer_once(unit, OWED)
    persons = await _persons(unit, {event["person_id"] for event in events})
    asked = {
        (row["person_id"], row["cause"]): row
        for event in events
        if event["person_id"] in persons
        for row in _asked_for(event, persons[event["person_id"]], clock.today())
    }
    there = await _there(unit, [person_id for person_id, _ in asked])
    await settle(unit, await open_all(unit, [row for key, row in asked.items() if key not in there]))


async def _persons(unit: Work, ids: Iterable[UUID]) -> dict[UUID, RowMapping]:
    asked = select(person).where(one_of(person.c.id, list(ids)))
    return {row["id"]: row for row in (await unit.connection.execute(asked)).mappings()}


async def _there(unit: Work, persons: Sequence[UUID]) -> set[tuple[UUID, str]]:
    asked = select(obligation.c.person_id, obligation.c.cause).where(one_of(obligation.c.person_id, list(persons)))
    return {(row.person_id, row.cause) for row in await unit.connection.execute(asked)}


def _asked_for(event: Row, now: RowMapping, today: date) -> Iterator[Values]:
    """The obligations that one event asks for.

    An event that lies further back than the law gives days asks for nothing: what is entered late, or taken in from a register of long-serving staff, must not find
    anybody overdue on the day when it becomes known here.
    """
    for duty, applies in ((duties()[NEW_POST], newly_bound), (duties()[LEAVING], leaves)):
        version = duty.on(event["on"])
        if version is None or today > after_event(version, event["on"]):
            continue
        if applies(duty, event, now):
            yield _owed(duty, version, now, event["on"])


def newly_bound(duty: Duty, event: Row, now: Mapping[str, Any] | RowMapping) -> bool:
    """Whether somebody comes into the circle by this event who is in service and was not in it before, here or in an earlier post.

    Of who has just been put on record it is asked only where the first day of the post is known: without it nobody knows that the post is new.
    """
    before, after = event["before"], event["after"]
    if event["type"] not in _TAKES_UP or now["left_on"] is not None or not fits_a_circle(duty.circles, after):
        return False
    if before is not None:
        return event["type"] == PersonnelEventType.RETURNED or not fits_a_circle(duty.circles, before)
    return after["post_from_on"] is not None and not _served_before(duty.circles, now["posts"], event["on"])


def _served_before(circles: Sequence[Circle], posts: Iterable[Mapping[str, Any]], on: date) -> bool:
    """Whether the history of posts has one in the circle that began before that day."""
    return any(post["from_on"] < on.isoformat() and fits_a_circle(circles, post) for post in posts)


def leaves(duty: Duty, event: Row, now: Mapping[str, Any] | RowMapping) -> bool:
    """Whether somebody bound by it leaves the service, for a reason that it is about, and has not come back since."""
    left = event["type"] == PersonnelEventType.LEFT and now["left_on"] == event["on"]
    return left and now["left_reason"] in duty.reasons and fits_a_circle(duty.circles, event["after"])


def _owed(duty: Duty, version: Version, now: RowMapping, on: date) -> Values:
    """The row of an obligation that an event asks for; what rests on a text that is not confirmed sets no day by law."""
    due_on = after_event(version, on)
    return {
        "person_id": now["id"],
        "unit_id": now["unit_id"],
        "type": duty.type,
        "cause": f"{duty.type}:{on.isoformat()}",
        "campaign_id": None,
        "event_on": on,
        "kinds": duty.kinds,
        "period_from": on,
        "period_until": None,
        "due_on": due_on,
        "lawful_until": due_on if version.confirmed else None,
        "remind_on": next_reminder(due_on, REMIND_DAYS, clock.today()),
    }
