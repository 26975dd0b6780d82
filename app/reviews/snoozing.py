"""Snoozing (暂缓): one rule opens no review of one person's dealings with one counterparty until a day; then the finding is taken up by itself."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select, update

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.kit.etags import require_match
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.people.visibility import in_reach, of_others

from .by_hand import require_counterparty
from .events import ReviewEventType, event, write_events
from .matters import read_matters
from .models import review, snooze
from .recusal import Recusal
from .review_schemas import SnoozeIn


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeFilter:
    """Which snoozes a list shows; what is None does not narrow."""

    person: UUID | None = None
    rule: str | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these alone."""
        same = {snooze.c.person_id: self.person, snooze.c.rule: self.rule}
        return statement.where(*(column == value for column, value in same.items() if value is not None))


class Snoozes:
    """What is snoozed of others within reach; never of oneself, and not by who must stand back."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, snooze_id: UUID) -> RowMapping:
        """One snooze.

        Raises:
            Problem: 404.
        """
        return await self._one(self._seen().where(snooze.c.id == snooze_id))

    async def list(self, page: Page, asked: SnoozeFilter) -> list[RowMapping]:
        """A page of snoozes, one more than asked for."""
        return list((await self.connection.execute(page.of(asked.narrow(self._seen()), snooze.c.id))).mappings())

    async def count(self, asked: SnoozeFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(asked.narrow(self._seen()).subquery())) or 0

    async def add(self, work: Work, body: SnoozeIn) -> RowMapping:
        """Leave a rule alone; the review of the matter, if there is one, tells of it.

        Raises:
            Problem: 403 when the caller must stand back; 404 for a person out of reach; 422.
        """
        await self._require_person(body.person)
        if body.counterparty is not None:
            await require_counterparty(work, self.caller, body.counterparty)
        parties = [body.counterparty] if body.counterparty else []
        await Recusal(work, body.person, parties).require_impartial(self.caller)
        row: dict[str, Any] = {
            "id": new_id(),
            "person_id": body.person,
            "rule": body.rule,
            "counterparty_id": body.counterparty,
            "until_on": body.until_on,
            "comment": body.comment,
            "created_at": clock.now(),
            "created_by": work.actor,
            "version": 1,
        }
        await self.connection.execute(insert(snooze).values(row))
        work.record("snooze.set", row["id"], {"digest": digest(body.model_dump(mode="json"))})
        await self._tell_review(work, body)
        return await self.get(row["id"])

    async def end(self, work: Work, snooze_id: UUID, if_match: str) -> None:
        """End it before its day; ending it twice is no error.

        Raises:
            Problem: 404, 412.
        """
        row = await self._one(locked(self._seen().where(snooze.c.id == snooze_id), of=snooze))
        require_match(if_match, row["version"])
        if row["ended_at"] is None:
            ended = update(snooze).where(snooze.c.id == snooze_id).values(ended_at=clock.now(), version=row["version"] + 1)
            await self.connection.execute(ended)
            work.record("snooze.ended", snooze_id, {})

    async def _one(self, asked: Select[Any]) -> RowMapping:
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(Words("暂缓事项", "snooze"))
        return row

    async def _tell_review(self, work: Work, body: SnoozeIn) -> None:
        """A counterparty is named, or the kinds of matters without one are too many to say which is meant."""
        if body.counterparty is None:
            return
        there = (await read_matters(self.connection, body.person, [body.counterparty])).find(body.counterparty, None)
        if there is not None:
            new = {"rule": body.rule, "until_on": body.until_on}
            await self.connection.execute(update(review).where(review.c.id == there["id"]).values(version=there["version"] + 1))
            await write_events(work, [event(there["id"], ReviewEventType.SNOOZED, work.actor, new=new, text=body.comment)])

    def _seen(self) -> Select[Any]:
        return select(snooze).join(person, person.c.id == snooze.c.person_id).where(*self._of_others())

    def _of_others(self) -> tuple[Any, ...]:
        """Persons within reach, never oneself."""
        return in_reach(self.caller, person.c.unit_id), of_others(self.caller, person.c.id)

    async def _require_person(self, person_id: UUID) -> None:
        asked = select(person.c.id).where(person.c.id == person_id, *self._of_others())
        if await self.connection.scalar(locked(asked, of=person)) is None:
            raise not_found(Words("人员", "person"))
