"""Asking for an approval (事前报批): the same body as a declaration, judged as a preview judges it, and kept with what that said."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, literal, select

from app.access.caller import Caller
from app.approvals.models import approval
from app.approvals.records import approval_digest
from app.approvals.schemas import Request
from app.approvals.service import Approvals
from app.approvals.states import ApprovalState
from app.approvals.visibility import AskedOf, head_of
from app.kit import clock
from app.kit.errors import Fault, Problem, Words, conflict, invalid
from app.kit.ids import new_id
from app.ledger.unit_of_work import Work
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.screening.declarant import Declarant, read_declarant
from app.screening.facts import Matter, parties_by_field
from app.screening.findings import outcome_of
from app.screening.judging import Judging, Screened

from .advice import advise
from .parties import parties_entered
from .rights import may_ask


class Asking:
    """The desk where approvals are asked for, within one unit of work and in the name of one caller."""

    def __init__(self, work: Work, book: Book, caller: Caller) -> None:
        self.work = work
        self.book = book
        self.caller = caller

    async def ask(self, body: Request) -> RowMapping:
        """Put a request on record; one whose `client_id` was sent before is answered as it stands.

        The person's row is held, so that of two sent at once the second finds the first.

        Raises:
            Problem: 403, 404 as for filing; 409 for a `client_id` that stands for another request; 422.
        """
        person = await may_ask(self.work, self.caller, body.person)
        declarant = await read_declarant(self.work.connection, person, lock=True)
        if known := await self._known(body, person):
            return await self._read(known)
        subject = _subject(body)
        (counterparty,) = await parties_entered(self.work, body.details)
        await self._require_decider(body.asked_of, declarant)
        screened = await self._judged(body, declarant, counterparty)
        row = self._row(body, declarant, subject, counterparty, self._assessed(screened))
        self.work.record("approval.requested", row["id"], {"version": 1, "digest": approval_digest(row)})
        await self.work.insert((approval, [row]))
        return await self._read(row["id"])

    async def _known(self, body: Request, person: UUID) -> UUID | None:
        """The request that was made under the same id of the client.

        Raises:
            Problem: 409 when it says something else.
        """
        if body.client_id is None:
            return None
        asked = select(approval).where(approval.c.person_id == person, approval.c.client_id == body.client_id)
        row = (await self.work.connection.execute(asked)).mappings().first()
        if row is None:
            return None
        same = (row["kind"], row["details"], row["asked_of"], row["reason"])
        if same != (body.kind, body.details.model_dump(mode="json"), body.asked_of.value, body.reason):
            raise _id_taken()
        known: UUID = row["id"]
        return known

    async def _read(self, approval_id: UUID) -> RowMapping:
        return await Approvals(self.work, self.caller).get(approval_id)

    async def _require_decider(self, asked_of: AskedOf, declarant: Declarant) -> None:
        """Somebody must be there to be asked.

        Raises:
            Problem: 422 where no unit upward has a head.
        """
        if asked_of is AskedOf.HR:
            return
        today = clock.today()
        head = head_of(literal(declarant.unit_id), literal(declarant.id), today)
        if await self.work.connection.scalar(select(head)) is None:
            said = Words(
                "本单位及上级单位均未登记负责人；请改向人事部门（hr）报批，或者请人事部门登记单位负责人。",
                "Neither your unit nor one above has a head on record; ask `hr` instead, or have HR set the head of the unit.",
            )
            raise invalid([Fault("/asked_of", "no-head", said)])

    async def _judged(self, body: Request, declarant: Declarant, counterparty: UUID | None) -> Screened:
        today = clock.today()
        matter = Matter(
            id=None,
            kind=body.kind,
            details=body.details,
            source=Source.SELF,
            declared_on=today,
            recorded_at=clock.now(),
            parties=parties_by_field(body.details, [counterparty]),
        )
        return await Judging(self.work, self.book).judge(matter, declarant)

    def _assessed(self, screened: Screened) -> dict[str, Any]:
        """What the person would be shown, for whoever decides: nothing that the commission keeps to itself."""
        advice = advise(self.book, screened.shown, screened.shown_matter)
        return {
            "outcome": outcome_of(screened.shown),
            "answer": advice.answer.value,
            "approval_helps": advice.approval_helps,
            "rules": [{"rule": found["rule"], "level": found["level"]} for found in screened.shown],
            "rulebook_version": screened.rulebook_version,
            "judged_on": screened.judged_on.isoformat(),
        }

    def _row(
        self, body: Request, declarant: Declarant, subject: str, counterparty: UUID | None, assessment: dict[str, Any]
    ) -> dict[str, Any]:
        first, last = body.details.approval_days()
        undecided = (
            *("decided_at", "decided_by", "decider_id", "as_head", "office", "decision_note", "valid_from_on", "expires_on"),
            *("max_worth_cents", "ended_at", "ended_by", "ender_id", "end_reason"),
        )
        return {
            "id": new_id(),
            "client_id": body.client_id,
            "person_id": declarant.id,
            "unit_id": declarant.unit_id,
            "asked_of": body.asked_of.value,
            "kind": body.kind,
            "subject": subject,
            "details": body.details.model_dump(mode="json"),
            "counterparty_id": counterparty,
            "first_on": first,
            "last_on": last,
            "reason": body.reason,
            "assessment": assessment,
            "state": ApprovalState.REQUESTED.value,
            "requested_at": clock.now(),
            "requested_by": self.work.actor,
            "requester_id": self.caller.person,
            **dict.fromkeys(undecided),
            "version": 1,
        }


def _subject(body: Request) -> str:
    """What an approval is asked for, which must lie ahead.

    Raises:
        Problem: 422 where no approval means anything, or it has begun.
    """
    subject, first = body.details.approvable(), body.details.approval_days()[0]
    if subject is None:
        said = Words(
            "此类情形无须也不能报批：收受礼品、他人任职等不因批准而改变；可先用 /v1/previews 查询应如何办理。",
            "No approval is asked for in such a case, and none would change it: gifts received, posts of others. Ask /v1/previews what to do.",
        )
        raise invalid([Fault("/details", "approval-means-nothing", said)])
    if first < clock.today():
        said = Words("报批须在事前；已发生的请直接申报。", "An approval comes before the fact; what has happened is declared.")
        raise invalid([Fault(f"/details/{body.details.first_day}", "approval-too-late", said)])
    return subject


def _id_taken() -> Problem:
    return conflict(
        "client-id-taken",
        Words("该 client_id 已用于另一申请", "The client_id stands for another request"),
        Words("同一编号只代表同一申请；请为新申请生成新的编号。", "One id stands for one request; make a new id for a new one."),
    )
