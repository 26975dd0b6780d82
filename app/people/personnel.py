"""Personnel events (人事变动): what a change of a person's record means, kept with it, for whoever has to follow: judging, and what is due."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import claimed
from app.kit.ids import new_id
from app.kit.statements import insert_many, one_of
from app.ledger.unit_of_work import Work
from app.rulebook.facts import Rank

from .models import personnel_event

FOLLOW = "personnel.follow"
"""The task that follows events; the rooms above have a part in it each."""

Row = Mapping[str, Any]

_POST = ("unit_id", "position", "staff_class", "rank", "is_leader", "party_member", "post_from_on")
"""What an event tells of before and after."""

_JUDGED = (*_POST, "birth_on", "prior_graft_sanction", "left_on", "left_reason", "inside_information", "relatives", "posts")
"""What rules ask of a person."""


class PersonnelEventType(StrEnum):
    """What happened (入职 调动 晋升 降职 岗位变动 离职 返岗 更正)."""

    JOINED = "joined"
    TRANSFERRED = "transferred"
    PROMOTED = "promoted"
    DEMOTED = "demoted"
    POST_CHANGED = "post_changed"
    LEFT = "left"
    RETURNED = "returned"
    CORRECTED = "corrected"


def events_of(before: Row | None, after: Row, today: date) -> list[dict[str, Any]]:
    """The events that lie between two states of a person's row, none where nothing changed that rules or duties ask for.

    Each is effective on the first day of the post where that was stated anew, and today otherwise; leaving on the day of leaving.
    """
    started = after["post_from_on"] if before is None or after["post_from_on"] != before["post_from_on"] else None
    return [
        {
            "id": new_id(),
            "person_id": after["id"],
            "type": kind.value,
            "on": after["left_on"] if kind is PersonnelEventType.LEFT else started or today,
            "before": before and _told(before),
            "after": _told(after),
            "created_at": clock.now(),
        }
        for kind in _types(before, after)
    ]


def _types(before: Row | None, after: Row) -> list[PersonnelEventType]:
    if before is None:
        return [PersonnelEventType.JOINED]
    found = []
    if before["left_on"] is None and after["left_on"] is not None:
        found.append(PersonnelEventType.LEFT)
    if before["left_on"] is not None and after["left_on"] is None:
        found.append(PersonnelEventType.RETURNED)
    if before["unit_id"] != after["unit_id"]:
        found.append(PersonnelEventType.TRANSFERRED)
    standing, now = _standing(before), _standing(after)
    if now != standing:
        found.append(PersonnelEventType.PROMOTED if now > standing else PersonnelEventType.DEMOTED)
    if not found and any(before[name] != after[name] for name in ("position", "staff_class", "post_from_on")):
        found.append(PersonnelEventType.POST_CHANGED)
    if not found and any(before[name] != after[name] for name in _JUDGED):
        found.append(PersonnelEventType.CORRECTED)
    return found


def _standing(row: Row) -> tuple[int, bool]:
    """Rank first, then leadership."""
    return list(Rank).index(Rank(row["rank"])), row["is_leader"]


def _told(row: Row) -> dict[str, Any]:
    return {name: str(row[name]) if isinstance(row[name], (UUID, date)) else row[name] for name in _POST}


async def keep_events(work: Work, events: Sequence[Row]) -> None:
    """Keep events with the change that they tell of, and have them followed."""
    if events:
        await insert_many(work.connection, personnel_event, events)
        defer_once(work, FOLLOW)


async def take_events(work: Work, most: int) -> Sequence[RowMapping]:
    """The oldest events that nobody has followed or is following, marked as followed with this unit of work."""
    waiting = select(personnel_event).where(personnel_event.c.followed_at.is_(None)).order_by(personnel_event.c.id).limit(most)
    events = (await work.connection.execute(claimed(waiting, of=personnel_event))).mappings().all()
    followed = (
        update(personnel_event).where(one_of(personnel_event.c.id, [event["id"] for event in events])).values(followed_at=clock.now())
    )
    if events:
        await work.connection.execute(followed)
    return events
