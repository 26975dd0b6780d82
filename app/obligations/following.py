"""Who owes what follows the personnel record: who comes into a circle, who leaves it, who moves, who leaves the service.

What is owed is compared with what the record says, over all persons at once, a batch a transaction. So a hundred thousand changed persons take
a hundred batches, nothing hangs on having seen each event, doing it twice changes nothing, and whoever is killed leaves the rest to the next.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, or_, select, update

from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.statements import one_of
from app.ledger.unit_of_work import Work, reading
from app.people.models import person

from .accounting import COLUMNS
from .duties import LEAVING
from .enrolling import enrol
from .models import campaign, obligation
from .moving import BATCH, in_batches, move, told
from .scope import in_scope
from .states import UNMET, ObligationState, VoidReason

SETTLED_DAYS = 366
"""For how long after its last day a campaign is still looked at, for what is entered into the personnel record late."""


async def follow(database: Database) -> int:
    """Bring what is owed into line with the personnel record; how many obligations were opened or moved."""
    moved = await in_batches(database, _voided_of_leavers)
    for one in await _campaigns(database):
        moved += await in_batches(database, _out_of(one))
        if one["due_on"] >= clock.today():
            moved += await enrol(database, one["id"])
    for act in (_closed, _moved_units):
        moved += await in_batches(database, act)
    return moved


async def _campaigns(database: Database) -> list[RowMapping]:
    """Campaigns that are not closed, except those long past."""
    recent = campaign.c.due_on >= clock.today() - timedelta(days=SETTLED_DAYS)
    asked = select(campaign).where(campaign.c.closed_at.is_(None), recent).order_by(campaign.c.id)
    async with reading(database) as view:
        return list((await view.connection.execute(asked)).mappings())


def _unmet(*which: ColumnElement[bool]) -> Select[Any]:
    return _taken(obligation.c.state.in_(UNMET), *which)


def _taken(*which: ColumnElement[bool]) -> Select[Any]:
    """Obligations with their persons, a batch that nobody else is moving."""
    columns = (*COLUMNS, person.c.unit_id.label("to_unit"))
    asked = select(*columns).join_from(obligation, person, person.c.id == obligation.c.person_id).where(*which)
    return claimed(asked.order_by(obligation.c.id).limit(BATCH), of=obligation)  # type: ignore[no-any-return]


def _out_of(one: RowMapping) -> Callable[[Work], Awaitable[int]]:
    """Void what somebody owes who is no longer bound; open again for who has come back in time.

    What is overdue stays so, unless the post that takes the person out began by the last day and was merely entered late.
    """
    ours, running = obligation.c.campaign_id == one["id"], one["due_on"] >= clock.today()
    out = ours, ~in_scope(one), or_(obligation.c.state == ObligationState.OPEN, person.c.post_from_on <= obligation.c.due_on)
    back = obligation.c.state == ObligationState.VOID, obligation.c.void_reason != VoidReason.CAMPAIGN_CLOSED.value, in_scope(one)

    async def act(unit: Work) -> int:
        rows = (await unit.connection.execute(_unmet(*out))).mappings().all()
        await move(unit, rows, ObligationState.VOID, {"void_reason": VoidReason.OUT_OF_SCOPE.value})
        returned = (await unit.connection.execute(_taken(ours, *back))).mappings().all() if running else []
        await move(unit, returned, ObligationState.OPEN, {"void_reason": None})
        return max(len(rows), len(returned))

    return act


async def _voided_of_leavers(unit: Work) -> int:
    """Who left by the last day owes no report any more, even where the record says so late; what leaving itself asks for stays."""
    left = _unmet(person.c.left_on <= obligation.c.due_on, obligation.c.type != LEAVING)
    rows = (await unit.connection.execute(left)).mappings().all()
    await move(unit, rows, ObligationState.VOID, {"void_reason": VoidReason.LEFT.value})
    return len(rows)


async def _closed(unit: Work) -> int:
    """A campaign that was closed asks for nothing more of who was still in time; what was overdue by then stays."""
    ended = select(campaign.c.id).where(campaign.c.closed_at.is_not(None))
    rows = (
        (await unit.connection.execute(_taken(obligation.c.state == ObligationState.OPEN, obligation.c.campaign_id.in_(ended))))
        .mappings()
        .all()
    )
    await move(unit, rows, ObligationState.VOID, {"void_reason": VoidReason.CAMPAIGN_CLOSED.value})
    return len(rows)


async def _moved_units(unit: Work) -> int:
    """What is still owed goes along to the unit where the person is now."""
    rows = (await unit.connection.execute(_unmet(person.c.unit_id != obligation.c.unit_id))).mappings().all()
    if rows:
        now = select(person.c.unit_id).where(person.c.id == obligation.c.person_id).scalar_subquery()
        ours = one_of(obligation.c.id, [row["id"] for row in rows])
        await unit.connection.execute(update(obligation).where(ours).values(unit_id=now, version=obligation.c.version + 1))
    for row in rows:
        unit.record("obligation.moved", row["id"], told(row) | {"unit": row["to_unit"]})
    return len(rows)
