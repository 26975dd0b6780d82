"""Who sees an approval, and who decides it: the head of the nearest unit upward, or HR; nobody on oneself, nor on what one asked for."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, false, or_, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import ScalarSelect

from app.access.caller import COMMISSION, Caller, Scope
from app.people.models import person, unit, unit_ancestor
from app.people.visibility import in_reach, of_others, own

from .models import approval
from .states import RUN_OUT, ApprovalState


class AskedOf(StrEnum):
    """Whose decision is asked for."""

    UNIT_HEAD = "unit_head"
    HR = "hr"


_above, _led, _leader = unit_ancestor.alias("above"), unit.alias("led"), person.alias("leader")


def head_of(unit_id: ColumnElement[UUID], person_id: ColumnElement[UUID], today: date) -> ScalarSelect[Any]:
    """The head of the nearest unit upward that has one in service who is somebody else."""
    return (
        select(_led.c.head_id)
        .join_from(_above, _led, _led.c.id == _above.c.ancestor_id)
        .join(_leader, _leader.c.id == _led.c.head_id)
        .where(
            _above.c.unit_id == unit_id, _led.c.head_id != person_id, or_(_leader.c.left_on.is_(None), _leader.c.left_on > today)
        )
        .order_by(_above.c.distance)
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip


def as_head(caller: Caller, today: date) -> ColumnElement[bool]:
    """Asked of the head, who is the caller."""
    if caller.person is None or not caller.may(Scope.DECLARATIONS_WRITE):
        return false()
    return and_(approval.c.asked_of == AskedOf.UNIT_HEAD, head_of(approval.c.unit_id, approval.c.person_id, today) == caller.person)


def as_hr(caller: Caller) -> ColumnElement[bool]:
    """Of a unit that the caller's HR office reaches, and of somebody else."""
    if not caller.may(Scope.PEOPLE_WRITE):
        return false()
    return and_(in_reach(caller, approval.c.unit_id), of_others(caller, approval.c.person_id))


def decidable(caller: Caller, today: date) -> ColumnElement[bool]:
    """The caller may decide it, or revoke it: as head or HR, unless it was the caller who asked."""
    others_request = approval.c.requested_by != caller.actor
    if caller.person is not None:
        others_request &= or_(approval.c.requester_id.is_(None), approval.c.requester_id != caller.person)
    return and_(or_(as_head(caller, today), as_hr(caller)), others_request)


def waiting_of(asked_of: AskedOf, today: date) -> ColumnElement[bool]:
    """It was asked of them and can still be decided in time."""
    return and_(approval.c.state == ApprovalState.REQUESTED, approval.c.first_on >= today, approval.c.asked_of == asked_of)


def waits_for(caller: Caller, today: date) -> ColumnElement[bool]:
    """It waits for the caller to decide: the head what is asked of the head, HR what is asked of HR."""
    asked = or_(waiting_of(AskedOf.HR, today), and_(waiting_of(AskedOf.UNIT_HEAD, today), as_head(caller, today)))
    return and_(asked, decidable(caller, today))


def visible(caller: Caller, today: date) -> ColumnElement[bool]:
    """One's own and those of whom one acts for; those that one may decide; those within reach of HR and the commission."""
    ways = [as_head(caller, today)]
    if caller.may(Scope.DECLARATIONS_WRITE):
        ways.append(own(caller, approval.c.person_id))
    if caller.may(*COMMISSION, Scope.PEOPLE_WRITE):
        ways.append(in_reach(caller, approval.c.unit_id))
    return or_(*ways)


def in_state(state: ApprovalState, today: date) -> ColumnElement[bool]:
    """What `state_on` says, as a condition."""
    kept, passed = approval.c.state, approval.c.expires_on < today
    over = or_(and_(kept == ApprovalState.REQUESTED, approval.c.first_on < today), and_(kept == ApprovalState.GRANTED, passed))
    return over if state is ApprovalState.EXPIRED else and_(kept == state, ~over if state in RUN_OUT else true())
