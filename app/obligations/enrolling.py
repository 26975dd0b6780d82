"""Entering the persons whom a campaign binds: some at a time, each once, on from where whoever did it before was killed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, select, update

from app.kit import clock
from app.kit.database import Database, lock
from app.ledger.unit_of_work import WORKER, Work, work
from app.people.models import person

from .accounting import settle
from .duties import NEW_POST, YEARLY_REPORT, after_event, duties
from .models import campaign, obligation
from .moving import BATCH, Values, open_all
from .scope import in_scope
from .states import next_reminder

CAMPAIGN_RETURN = "campaign_return"
"""The type of what a campaign asks for that no duty of the law stands behind."""


async def enrol(database: Database, campaign_id: UUID) -> int:
    """Enter everybody whom a campaign binds and who is not entered; how many there were."""
    entered, after, full = 0, UUID(int=0), True
    while full:
        async with work(database, WORKER) as unit:
            ids = await enrol_some(unit, campaign_id, after)
        entered, full = entered + len(ids), len(ids) == BATCH
        after = ids[-1] if ids else after
    return entered


async def enrol_some(unit: Work, campaign_id: UUID, after: UUID = UUID(int=0)) -> Sequence[UUID]:  # noqa: B008  # ids do not change
    """Enter the next batch of persons by id; who they were. One at a time enters those of a campaign, and a closed one takes nobody."""
    await lock(unit.connection, f"campaign {campaign_id}")
    row = (await unit.connection.execute(select(campaign).where(campaign.c.id == campaign_id))).mappings().one()
    if row["closed_at"] is not None:
        return []
    there = exists().where(obligation.c.person_id == person.c.id, obligation.c.cause == cause_of(campaign_id))
    asked = select(person.c.id, person.c.unit_id, person.c.post_from_on).where(in_scope(row), ~there, person.c.id > after)
    persons = (await unit.connection.execute(asked.order_by(person.c.id).limit(BATCH))).mappings().all()
    await settle(unit, await open_all(unit, [_owed(row, each) for each in persons]))
    if len(persons) < BATCH and row["enrolled_at"] is None:
        await unit.connection.execute(update(campaign).where(campaign.c.id == campaign_id).values(enrolled_at=clock.now()))
    return [each["id"] for each in persons]


def cause_of(campaign_id: UUID) -> str:
    """How an obligation names its campaign as its cause."""
    return f"campaign:{campaign_id.hex}"


def _owed(row: RowMapping, each: RowMapping) -> Values:
    due_on, lawful_until = due_of(row, each["post_from_on"])
    return {
        "person_id": each["id"],
        "unit_id": each["unit_id"],
        "type": YEARLY_REPORT if row["template"] == YEARLY_REPORT else CAMPAIGN_RETURN,
        "cause": cause_of(row["id"]),
        "campaign_id": row["id"],
        "event_on": None,
        "kinds": row["kinds"],
        "period_from": row["period_from"],
        "period_until": row["period_until"],
        "due_on": due_on,
        "lawful_until": lawful_until,
        "remind_on": next_reminder(due_on, row["remind_days"], clock.today()),
    }


def due_of(row: Any, post_from_on: date | None) -> tuple[date, date | None]:
    """(the last day, the last day by law): whoever took up the post after the campaign had opened has the days of a new leader, and no day by law then.

    Nor is there one where a text that the campaign rests on awaits confirmation.
    """
    version = duties()[NEW_POST].on(clock.today())
    opened_on = clock.day_of(row["opened_at"])
    by_law = row["lawful_until"] if all(cited["confirmed"] for cited in row["basis"]) else None
    if version is None or post_from_on is None or post_from_on <= opened_on or after_event(version, post_from_on) <= row["due_on"]:
        return row["due_on"], by_law
    return after_event(version, post_from_on), None
