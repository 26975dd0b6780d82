"""Who reviews what (承办人员): the reviewers of each unit, and when they are away."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.access.caller import Caller
from app.kit import clock
from app.kit.errors import Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.people.visibility import in_reach, units_in_reach, unknown_person, unknown_unit

from .assigning import under_way
from .models import reviewer
from .review_schemas import ReviewerChange, ReviewerIn


class Reviewers:
    """The reviewers of the units that a caller reaches."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, reviewer_id: UUID) -> RowMapping:
        """One reviewer.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(reviewer.c.id == reviewer_id))).mappings().first()
        if row is None:
            raise not_found(Words("审查人员", "reviewer"))
        return row

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of reviewers, one more than asked for."""
        return list((await self.connection.execute(page.of(self._seen(), reviewer.c.id))).mappings())

    async def count(self) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._seen().subquery())) or 0

    async def add(self, work: Work, body: ReviewerIn) -> RowMapping:
        """Register who reviews a unit's affairs.

        Raises:
            Problem: 409 for somebody who is registered; 422 for a person or unit out of reach.
        """
        await self._require_both(body)
        row: dict[str, Any] = {"id": new_id(), **_columns(body), "created_at": clock.now(), "version": 1}
        try:
            await self.connection.execute(insert(reviewer).values(row))
        except IntegrityError as error:
            raise _registered_already() from error
        work.record("reviewer.registered", row["id"], _columns(body))
        return await self.get(row["id"])

    async def change(self, work: Work, reviewer_id: UUID, if_match: str, change: ReviewerChange) -> RowMapping:
        """Change the unit or the days of absence.

        Raises:
            Problem: 404, 409, 412, 422.
        """
        row = await self.get(reviewer_id)
        require_match(if_match, row["version"])
        standing = {"person": row["person_id"], "unit": row["unit_id"], **{name: row[name] for name in ("absent_from", "absent_until")}}
        body = merged(ReviewerIn, standing, change)
        await self._require_both(body)
        same = (reviewer.c.id == reviewer_id) & (reviewer.c.version == row["version"])
        try:
            changed = await self.connection.execute(update(reviewer).where(same).values(**_columns(body), version=row["version"] + 1))
        except IntegrityError as error:
            raise _registered_already() from error
        if not changed.rowcount:
            raise stale()
        work.record("reviewer.changed", reviewer_id, _columns(body))
        return await self.get(reviewer_id)

    async def remove(self, work: Work, reviewer_id: UUID, if_match: str) -> None:
        """Take somebody off the list; what was assigned to them stays so until somebody else is.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get(reviewer_id)
        require_match(if_match, row["version"])
        same = (reviewer.c.id == reviewer_id) & (reviewer.c.version == row["version"])
        if not (await self.connection.execute(delete(reviewer).where(same))).rowcount:
            raise stale()
        work.record("reviewer.removed", reviewer_id, {"person_id": row["person_id"]})

    def _seen(self) -> Select[Any]:
        return select(reviewer, under_way(self.caller).label("open_reviews")).where(in_reach(self.caller, reviewer.c.unit_id))

    async def _require_both(self, body: ReviewerIn) -> None:
        faults = [] if await units_in_reach(self.connection, self.caller, [body.unit]) else [unknown_unit("/unit")]
        known = exists().where(person.c.id == body.person, in_reach(self.caller, person.c.unit_id))
        if not await self.connection.scalar(select(known)):
            faults.append(unknown_person("/person"))
        if faults:
            raise invalid(faults)


def _columns(body: ReviewerIn) -> dict[str, Any]:
    return {"person_id": body.person, "unit_id": body.unit, "absent_from": body.absent_from, "absent_until": body.absent_until}


def _registered_already() -> Problem:
    said = Words("该人员已登记，请更改其现有登记。", "Change the entry that there is of this person.")
    return conflict("reviewer-registered", Words("审查人员已登记", "The reviewer is registered"), said)
