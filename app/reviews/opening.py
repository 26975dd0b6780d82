"""Reviews open by themselves: what is found of a breach or graver is taken up by the review of its matter, once and for ever."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, RowMapping, Select, Uuid, and_, bindparam, case, exists, func, literal, not_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.counterparties.groups import in_one_group
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.database import Database, locked
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import WORKER, Work, reading, work
from app.people.models import person
from app.rulebook.finding import Level
from app.screening.models import finding

from .events import ReviewEventType, Values, event, write_events
from .matters import read_matters
from .models import review, snooze
from .workflow import ReviewState

log = logging.getLogger("qinqing.reviews")

_BATCH = 200
_PENDING = and_(finding.c.current, finding.c.level >= literal(Level.BREACH.weight, literal_execute=True), finding.c.review_id.is_(None))
_LINK = update(finding).where(one_of(finding.c.id, "ids")).values(review_id=bindparam("taking", type_=Uuid))


def new_review(person_id: UUID, unit_id: UUID, counterparty_id: UUID | None, kind: str | None) -> Values:
    """The row of a review that is just opened; the kind counts where nobody is on the other side."""
    return {
        "id": new_id(),
        "person_id": person_id,
        "unit_id": unit_id,
        "counterparty_id": counterparty_id,
        "kind": kind if counterparty_id is None else None,
        "state": ReviewState.OPEN.value,
        "opened_at": clock.now(),
        "version": 1,
        "shown_version": 0,
    }


REOPENED: Values = {
    "state": ReviewState.OPEN.value,
    "assignee_id": None,
    "due_on": None,
    "disposition": None,
    "decision": None,
    "closed_at": None,
}
"""The columns of a review that is taken up again: for whoever is assigned next."""


class Opening:
    """Takes up findings within one unit of work, under the lock on their person, so that of two at once the second sees the first."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.connection = work.connection

    async def take_up(self, person_id: UUID) -> None:
        """Put every finding that no review has into the review of its matter, opened or reopened where it must be.

        The same suspicion judged again joins in silence: what is known does not reopen a review.
        """
        found = (await self.connection.execute(_untaken_of_one(), {"person": person_id, "today": clock.today()})).mappings().all()
        if not found:
            return
        matters = await read_matters(self.connection, person_id, (row["counterparty_id"] for row in found))
        joining = dict[UUID, _Joining]()
        for row in found:
            matter = row["counterparty_id"], row["kind"]
            taking = matters.find(*matter)
            is_new = taking is None
            if taking is None:
                taking = matters.add(new_review(person_id, row["unit_id"], *matter))
            joining.setdefault(taking["id"], _Joining(taking, is_new=is_new)).rows.append(row)
        known = await self._known([one for one in joining.values() if not one.is_new])
        for one in joining.values():
            one.fresh = [
                row["id"] for row in one.rows if row["level"] > known.get((one.taking["id"], row["declaration_id"], row["rule"]), 0)
            ]
        await self._keep([*joining.values()])

    async def take_up_locked(self, person_id: UUID) -> None:
        """The same for a person who is not locked yet."""
        await self.connection.execute(locked(select(person.c.id).where(person.c.id == person_id)))
        await self.take_up(person_id)

    async def declaration_changed(self, declared: Values) -> None:
        """Tell the reviews that have findings of a declaration that it was amended or withdrawn, which supersedes them."""
        of_it = select(finding.c.review_id).where(finding.c.declaration_id == declared["id"], finding.c.review_id.is_not(None))
        asked = locked(select(review.c.id).where(review.c.id.in_(of_it)).order_by(review.c.id))
        ids = list((await self.connection.scalars(asked)).all())
        if not ids:
            return
        told = {"declaration": declared["id"], "revision": declared["revision"], "status": declared["status"]}
        seen = case((review.c.shown_state.is_not(None), review.c.shown_version + 1), else_=review.c.shown_version)
        moved = update(review).where(one_of(review.c.id, ids)).values(version=review.c.version + 1, shown_version=seen)
        await self.connection.execute(moved)
        await write_events(self.work, [event(one, ReviewEventType.DECLARATION_CHANGED, None, new=told) for one in ids])

    async def _known(self, joining: Sequence["_Joining"]) -> dict[tuple[UUID, UUID, str], int]:
        """By review, declaration and rule the highest level that was seen before; what a person raised is new each time."""
        if not joining:
            return {}
        row, declarations = finding.c, [found["declaration_id"] for one in joining for found in one.rows]
        asked = (
            select(row.review_id, row.declaration_id, row.rule, func.max(row.level))
            .where(one_of(row.declaration_id, declarations), row.review_id.is_not(None), row.rule.is_not(None))
            .group_by(row.review_id, row.declaration_id, row.rule)
        )
        return {(review_id, declared, rule): level for review_id, declared, rule, level in await self.connection.execute(asked)}

    async def _keep(self, joining: Sequence["_Joining"]) -> None:
        events = [told for one in joining if (told := one.event())]
        await write_events(self.work, events, [one.taking for one in joining if one.is_new])
        for one in joining:
            await self.connection.execute(_LINK, {"ids": [row["id"] for row in one.rows], "taking": one.taking["id"]})
            if not one.is_new:
                await self.connection.execute(update(review).where(review.c.id == one.taking["id"]).values(one.moved()))


@dataclass(slots=True, kw_only=True)
class _Joining:
    """A review and the findings that come to it; `fresh` are new to it: by their rule, or graver than before."""

    taking: Values = field(kw_only=False)
    is_new: bool
    rows: list[RowMapping] = field(default_factory=list)
    fresh: list[UUID] = field(default_factory=list)

    @property
    def reopens(self) -> bool:
        return self.taking["state"] == ReviewState.CLOSED and bool(self.fresh)

    def event(self) -> Values | None:
        """What there is to tell; nothing where all is known."""
        review_id, told = self.taking["id"], {"findings": self.fresh}
        if self.is_new:
            return event(review_id, ReviewEventType.OPENED, None, new={"state": ReviewState.OPEN, **told})
        if self.reopens:
            return event(review_id, ReviewEventType.REOPENED, None, old=standing_of(self.taking), new={"state": ReviewState.OPEN, **told})
        return event(review_id, ReviewEventType.FINDINGS_JOINED, None, new=told) if self.fresh else None

    def moved(self) -> Values:
        """The columns of a review that was there: it has a new version, and is open again where something new has come to it."""
        return {**(REOPENED if self.reopens else {}), "version": self.taking["version"] + 1}


def standing_of(row: Mapping[str, Any]) -> Values:
    """What a reopening takes back, for its event."""
    before = {"state": row["state"], "assignee": row["assignee_id"], "disposition": row["disposition"]}
    return {name: value for name, value in before.items() if value is not None}


@cache
def _untaken_of_one() -> Select[Any]:
    """Those of one person, as parameters say; built once, because building it takes longer than asking it."""
    return _untaken().where(declaration.c.declarant_id == bindparam("person", type_=Uuid))


def _untaken() -> Select[Any]:
    """Findings of a breach or graver that stand in no review, oldest first; those that are snoozed wait, unless a review knows them as grave."""
    row, taken = finding.c, finding.alias("taken").c
    same = taken.declaration_id == row.declaration_id, taken.rule == row.rule, taken.level >= row.level
    known = exists().where(*same, taken.review_id.is_not(None))
    return (
        select(row.id, row.declaration_id, row.rule, row.level, *declaration.c["declarant_id", "unit_id", "counterparty_id", "kind"])
        .join_from(finding, declaration, declaration.c.id == row.declaration_id)
        .where(_in_no_review(), or_(not_(_snoozed()), known))
        .order_by(row.id)
    )


def _in_no_review() -> ColumnElement[bool]:
    """What the index of these holds, as the commission knows it and while its declaration is filed."""
    return and_(_PENDING, finding.c.for_commission, declaration.c.status == Status.SUBMITTED)


def _snoozed() -> ColumnElement[bool]:
    """Somebody has said to leave this rule alone for this person and this counterparty's group, and the time has not come."""
    row, declared = snooze.c, declaration.c
    alike = or_(
        and_(row.counterparty_id.is_(None), declared.counterparty_id.is_(None)),
        in_one_group(row.counterparty_id, declared.counterparty_id),
    )
    in_force = row.ended_at.is_(None), row.until_on >= bindparam("today", type_=Date)
    return exists().where(row.person_id == declared.declarant_id, row.rule == finding.c.rule, *in_force, alike)


async def take_up_waiting(database: Database) -> int:
    """Take up what was found beside filing, by time, new law or an inquiry: a person a unit of work; for how many.

    A kill loses nothing: who was not reached is found again. Who cannot be done keeps nobody waiting.
    """
    done, after = 0, UUID(int=0)
    while batch := await _pending(database, after):
        for person_id in await _waiting(database, batch):
            try:
                async with work(database, WORKER) as unit:
                    await Opening(unit).take_up_locked(person_id)
                done += 1
            except Exception:
                log.exception("not taken up", extra={"person": str(person_id)})
        after = batch[-1]
    return done


async def _pending(database: Database, after: UUID) -> list[UUID]:
    """Declarations with findings in no review, a batch at a time by id: one walk along their index, which is empty as a rule."""
    row = finding.c.declaration_id
    asked = select(row).distinct().where(_PENDING, row > after).order_by(row).limit(_BATCH)
    async with reading(database) as view:
        return list((await view.connection.scalars(asked)).all())


async def _waiting(database: Database, declarations: list[UUID]) -> list[UUID]:
    """Their declarants of whom something is to be taken up now."""
    untaken = _untaken().where(one_of(declaration.c.id, declarations)).order_by(None).subquery()
    async with reading(database) as view:
        found = await view.connection.scalars(select(untaken.c.declarant_id).distinct(), {"today": clock.today()})
        return list(found.all())
