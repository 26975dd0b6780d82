"""Asking an official for facts (函询), and the official's answer."""

from uuid import UUID

from sqlalchemy import or_, select

from app.declarations.capture import Device
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.visibility import visible
from app.kit.errors import Fault, Words, invalid
from app.people.visibility import own
from app.rulebook.facts import Source
from app.screening.models import finding

from .acting import Acting
from .events import ReviewEventType, event
from .review_schemas import AnswerIn, RequestIn
from .workflow import ReviewAct


class Asking(Acting):
    """Requests and answers. With the first request the official learns of the review, and from then on of what is asked and told alone."""

    async def request(self, review_id: UUID, body: RequestIn, if_match: str) -> None:
        """Ask the official for facts until a day; asking again puts another question or another day in its place.

        Raises:
            Problem: 403, 404, 409, 412.
        """
        row, state = await self._taken(review_id, if_match, ReviewAct.REQUEST)
        new = {"state": state, "due_on": body.due_on, "findings": await self._askable(review_id)}
        told = event(
            review_id,
            ReviewEventType.REQUESTED,
            self.work.actor,
            old={"state": row["state"], "due_on": row["due_on"]},
            new=new,
            text=body.text,
            shown=True,
        )
        shown = {"shown_state": state.value, "shown_version": row["shown_version"] + 1}
        await self._move(row, {"state": state.value, "due_on": body.due_on, **shown}, told)

    async def answer(self, review_id: UUID, body: AnswerIn, if_match: str, device: Device) -> None:
        """Keep the official's answer, and when it was written, if that was without a network; the declaration that it names must be theirs.

        Raises:
            Problem: 403, 404, 409, 412, 422.
        """
        row, state = await self._taken_by_official(review_id, if_match, ReviewAct.ANSWER)
        named = None if body.declaration is None else await self._own(body.declaration, row["person_id"])
        told = event(
            review_id,
            ReviewEventType.ANSWERED,
            self.work.actor,
            old={"state": row["shown_state"]},
            new={"state": state, "declaration": named, **device.told(body.captured_at)},
            text=body.text,
            shown=True,
        )
        shown = {"shown_state": state.value, "shown_version": row["shown_version"] + 1}
        await self._move(row, {"state": state.value, "due_on": None, **shown}, told)

    async def _askable(self, review_id: UUID) -> list[UUID]:
        """The review's standing findings that the official may know of: a confidential one is not asked about by name."""
        asked = (
            select(finding.c.id)
            .join(declaration, declaration.c.id == finding.c.declaration_id)
            .where(finding.c.review_id == review_id, finding.c.current, finding.c.for_declarant)
            .where(declaration.c.status == Status.SUBMITTED, declaration.c.source != Source.COMMISSION)
            .order_by(finding.c.id)
        )
        return list((await self.connection.scalars(asked)).all())

    async def _own(self, named: UUID, person_id: UUID) -> UUID:
        theirs = declaration.c.declarant_id == person_id, own(self.caller, declaration.c.declarant_id), visible(self.caller)
        by_either = select(declaration.c.id).where(or_(declaration.c.id == named, declaration.c.client_id == named), *theirs)
        found: UUID | None = await self.connection.scalar(by_either.order_by((declaration.c.id == named).desc()))
        if found is None:
            said = Words("没有这份本人的申报，请核对编号。", "No such declaration of the official's own; check the id.")
            raise invalid([Fault("/declaration", "declaration-unknown", said)])
        return found
