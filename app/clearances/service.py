"""Giving clearances, and reading those that were given.

They rest on what the official may know and on nothing else: an answer that moved with an inquiry would tell of it. The commission sees who
was cleared while one is open, and speaks up by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, case, exists, func, insert, null, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Boolean

from app.access.caller import Caller, Scope
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.database import held
from app.kit.errors import Words, invalid, not_found
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.obligations.models import absence, obligation
from app.people.actors import Actor, names_of
from app.people.models import person
from app.people.visibility import in_reach, of_others, own, unknown_person
from app.reviews.events import ReviewEventType
from app.reviews.models import review, review_event
from app.reviews.workflow import Disposition
from app.rulebook.facts import Source
from app.rulebook.finding import OUTCOMES, Level
from app.screening.models import finding, inquiry

from .answering import Suspicion, Told, answer_to
from .models import clearance
from .schemas import ClearanceIn

ASKERS = (Scope.PEOPLE_READ, Scope.REVIEWS_WRITE)
"""Who may ask: HR, procurement, and the commission itself."""


Suspicions: TypeAlias = list[Suspicion]
Given: TypeAlias = dict[str, Any]
Listed: TypeAlias = list[Given]
"""A clearance with who asked for it, by name."""


class Clearances:
    """The clearances that a caller sees: those of persons within reach, and one's own."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def give(self, work: Work, body: ClearanceIn) -> Given:
        """Answer for one person as things stand, and keep the answer.

        Raises:
            Problem: 422 for a person who does not exist or lies out of reach.
        """
        known = select(person.c.id).where(person.c.id == body.person, in_reach(self.caller, person.c.unit_id))
        if await self.connection.scalar(held(known)) is None:
            raise invalid([unknown_person("/person")])
        answer, conditions = answer_to(await self._suspicions(body.person), await self._told(body.person), clock.today())
        row: dict[str, Any] = {
            "id": new_id(),
            "person_id": body.person,
            "purpose": body.purpose,
            "answer": answer.value,
            "conditions": [condition.value for condition in conditions],
            "given_at": clock.now(),
            "asked_by": work.actor,
            "asker_id": self.caller.person,
        }
        await self.connection.execute(insert(clearance).values(row))
        work.record("clearance.given", row["id"], {"digest": digest({name: str(value) for name, value in row.items()})})
        return await self.get(row["id"])

    async def get(self, clearance_id: UUID) -> Given:
        """One clearance.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(clearance.c.id == clearance_id))).mappings().first()
        if row is None:
            raise not_found(Words("核实答复", "clearance"))
        return (await self._named([row]))[0]

    async def list(self, page: Page, person_id: UUID | None) -> Listed:
        """A page of clearances, one more than asked for."""
        return await self._named((await self.connection.execute(page.of(self._seen(person_id), clearance.c.id))).mappings().all())

    async def _named(self, rows: Sequence[RowMapping]) -> Listed:
        """With who asked for each, by name."""
        askers = [Actor(row["asker_id"], row["asked_by"]) for row in rows]
        names = await names_of(self.connection, askers)
        return [{**row, "asked_by": names[asker]} for row, asker in zip(rows, askers, strict=True)]

    async def count(self, person_id: UUID | None) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._seen(person_id).subquery())) or 0

    def _seen(self, person_id: UUID | None = None) -> Select[Any]:
        ways: list[ColumnElement[bool]] = [own(self.caller, clearance.c.person_id)]
        if self.caller.may(*ASKERS):
            ways.append(in_reach(self.caller, person.c.unit_id))
        seen = select(clearance, self._inquiry_open().label("inquiry_open")).join(person, person.c.id == clearance.c.person_id)
        seen = seen.where(or_(*ways))
        return seen if person_id is None else seen.where(clearance.c.person_id == person_id)

    def _inquiry_open(self) -> ColumnElement[Any]:
        """Whether an inquiry is open today, for the commission alone, and never into oneself."""
        if not self.caller.may(Scope.REVIEWS_WRITE):
            return null().cast(Boolean)
        running = or_(inquiry.c.closed_on.is_(None), inquiry.c.closed_on > clock.today())
        found = exists().where(inquiry.c.person_id == clearance.c.person_id, running)
        return case(
            (in_reach(self.caller, person.c.unit_id) & of_others(self.caller, clearance.c.person_id), found), else_=null().cast(Boolean)
        )

    async def _suspicions(self, person_id: UUID) -> Suspicions:
        """Findings of a breach or graver that stand in the official's own view, each with the decision that it was part of."""
        asked = (
            select(finding.c.level, case((_decided_with(), review.c.shown_decision)).label("told"))
            .join_from(finding, declaration, declaration.c.id == finding.c.declaration_id)
            .join(review, review.c.id == finding.c.review_id, isouter=True)
            .where(
                declaration.c.declarant_id == person_id,
                declaration.c.status == Status.SUBMITTED,
                declaration.c.source != Source.COMMISSION,
                finding.c.current,
                finding.c.for_declarant,
                finding.c.level >= Level.BREACH.weight,
            )
        )
        rows = (await self.connection.execute(asked)).all()
        return [Suspicion(Level(OUTCOMES[row.level]), _told(row.told)) for row in rows] + await self._absences(person_id)

    async def _absences(self, person_id: UUID) -> Suspicions:
        """Reports that the law set a day for and that are wanting: the official's own to settle, by making them."""
        asked = select(absence.c.level).join(obligation, obligation.c.id == absence.c.obligation_id)
        asked = asked.where(obligation.c.person_id == person_id, absence.c.current, absence.c.level >= Level.BREACH.weight)
        return [Suspicion(Level(OUTCOMES[level]), None) for level in await self.connection.scalars(asked)]

    async def _told(self, person_id: UUID) -> Sequence[Told]:
        asked = select(review.c.shown_decision).where(review.c.person_id == person_id, review.c.shown_state.is_not(None))
        return [told for kept in (await self.connection.scalars(asked)).all() if (told := _told(kept))]


def _decided_with() -> ColumnElement[bool]:
    """The same suspicion, as grave, was there when the official was last told a decision: what came later is not settled by it."""
    decided = select(review_event.c.id).where(review_event.c.review_id == review.c.id, review_event.c.type == ReviewEventType.DECIDED)
    last_told = decided.where(review_event.c.shown).order_by(review_event.c.id.desc()).limit(1).correlate(review).scalar_subquery()
    same = and_(
        _BEFORE.c.review_id == finding.c.review_id,
        _BEFORE.c.declaration_id == finding.c.declaration_id,
        func.coalesce(_BEFORE.c.rule, "") == func.coalesce(finding.c.rule, ""),
    )
    return exists().where(same, _BEFORE.c.level >= finding.c.level, _BEFORE.c.id <= last_told)


_BEFORE = finding.alias("before")


def _told(kept: Mapping[str, Any] | None) -> Told | None:
    return kept and Told(Disposition(kept["disposition"]), date.fromisoformat(kept["effective_on"]))  # type: ignore[return-value]
