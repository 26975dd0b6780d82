"""Who takes a review on: named by a colleague, or chosen by unit, absence, interests and load."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.errors import Fault, Problem, Words, conflict, invalid
from app.people.models import person, unit_ancestor
from app.people.visibility import of_others

from .acting import Acting
from .events import ReviewEventType, Values, event
from .models import review, reviewer
from .recusal import Recusal
from .review_schemas import AssignmentIn
from .workflow import ReviewAct, ReviewState


class Assigning(Acting):
    """Assignments to registered reviewers whose unit is that of the review or above it."""

    async def assign(self, review_id: UUID, body: AssignmentIn, if_match: str) -> None:
        """Give a review to somebody, or to whom the register chooses.

        Raises:
            Problem: 403 when the caller or the one named must stand back; 404, 412; 409 for one who is away, or when nobody is left; 422.
        """
        row, state = await self._taken(review_id, if_match, ReviewAct.ASSIGN)
        assignee = await self._choose(row) if body.reviewer is None else await self._named(row, body.reviewer)
        told = event(
            review_id,
            ReviewEventType.ASSIGNED,
            self.work.actor,
            old={"state": row["state"], "assignee": row["assignee_id"]},
            new={"state": state, "assignee": assignee, "chosen": body.reviewer is None},
            text=body.text,
        )
        await self._move(row, {"state": state.value, "assignee_id": assignee}, told)

    async def _choose(self, row: Values) -> UUID:
        """The nearest reviewer who is there, has no interest in it, and has the fewest reviews under way; another than who has it now."""
        asked = _covering(row["unit_id"]).where(not_(_away())).order_by(unit_ancestor.c.distance, under_way(self.caller), reviewer.c.id)
        ids: Sequence[UUID] = (await self.connection.scalars(asked)).all()
        recused = await (await Recusal.of_review(self.work, row)).interests(ids, openly=False)
        free = [one for one in ids if one not in recused and one != row["assignee_id"]]
        if not free:
            raise _nobody()
        return free[0]

    async def _named(self, row: Values, reviewer_id: UUID) -> UUID:
        asked = _covering(row["unit_id"]).add_columns(_away().label("away")).where(reviewer.c.person_id == reviewer_id)
        found = (await self.connection.execute(asked)).mappings().first()
        if found is None:
            raise invalid([_UNKNOWN])
        await (await Recusal.of_review(self.work, row)).require_impartial_reviewer(self.caller, reviewer_id)
        if found["away"]:
            raise _absent()
        return reviewer_id


def _covering(unit_id: UUID) -> Select[Any]:
    """The reviewers in office of a unit, by person."""
    covers = and_(unit_ancestor.c.unit_id == unit_id, unit_ancestor.c.ancestor_id == reviewer.c.unit_id)
    in_office = or_(person.c.left_on.is_(None), person.c.left_on > clock.today())
    return (
        select(reviewer.c.person_id)
        .join_from(reviewer, unit_ancestor, covers)
        .join(person, person.c.id == reviewer.c.person_id)
        .where(in_office)
    )


def _away() -> ColumnElement[bool]:
    row, today = reviewer.c, clock.today()
    begun = and_(row.absent_from.is_not(None), row.absent_from <= today)
    return and_(begun, or_(row.absent_until.is_(None), row.absent_until >= today))


def under_way(caller: Caller) -> ColumnElement[int]:
    """How many reviews a reviewer has that are not closed; none into the caller counts, who would learn of it by the number."""
    theirs = [review.c.assignee_id == reviewer.c.person_id, review.c.state != ReviewState.CLOSED, of_others(caller, review.c.person_id)]
    return select(func.count()).select_from(review).where(*theirs).correlate(reviewer).scalar_subquery()


_UNKNOWN = Fault(
    "/reviewer",
    "reviewer-unknown",
    Words("该人员不是负责此单位的在岗审查人员，请查询 /v1/reviewers。", "No reviewer in office of this unit; see /v1/reviewers."),
)


def _absent() -> Problem:
    said = Words("请改派他人，或先更改其离岗日期。", "Assign somebody else, or change the days of absence first.")
    return conflict("reviewer-absent", Words("该审查人员不在岗", "The reviewer is away"), said)


def _nobody() -> Problem:
    said = Words(
        "负责该单位的（其他）审查人员均不在岗、应当回避或尚未登记；请登记或由上级单位的审查人员承办。",
        "All other reviewers of the unit are away, must stand back, or none is registered; register one, or one of a unit above.",
    )
    return conflict("no-reviewer", Words("没有可选派的审查人员", "Nobody can take it on"), said)
