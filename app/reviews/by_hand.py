"""Opening a review by hand: what came to the commission by other ways than a declaration."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.access.caller import Caller
from app.counterparties.models import counterparty
from app.counterparties.visibility import visible as visible_counterparties
from app.declarations.models import declaration
from app.kit.database import locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.statements import one_of
from app.ledger.unit_of_work import Work
from app.people.models import person
from app.people.visibility import in_reach, of_others
from app.screening.models import finding

from .events import ReviewEventType, event, write_events
from .matters import read_matters
from .opening import new_review
from .recusal import Recusal
from .rendering import readable, stands
from .review_schemas import ReviewIn
from .workflow import ReviewState


class ByHand:
    """Reviews opened by a reviewer, within one unit of work, of others within reach."""

    def __init__(self, work: Work, caller: Caller) -> None:
        self.work = work
        self.connection = work.connection
        self.caller = caller

    async def open(self, body: ReviewIn) -> UUID:
        """Open a review of a matter that has none.

        Raises:
            Problem: 404 for a person out of reach or oneself; 403 when the caller must stand back; 409 naming the one that there is; 422.
        """
        unit_id = await self._unit_of(body.person)
        await self._require_matter(body)
        parties = [body.counterparty] if body.counterparty else []
        await Recusal(self.work, body.person, parties).require_impartial(self.caller)
        there = (await read_matters(self.connection, body.person, parties)).find(body.counterparty, body.kind)
        if there is not None:
            raise _exists_already(there["id"])
        await self._require_findings(body)
        row = new_review(body.person, unit_id, body.counterparty, body.kind)
        new = {"state": ReviewState.OPEN, "findings": body.findings}
        await write_events(self.work, [event(row["id"], ReviewEventType.OPENED, self.work.actor, new=new, text=body.text)], [row])
        if body.findings:
            linked = update(finding).where(one_of(finding.c.id, body.findings)).values(review_id=row["id"])
            await self.connection.execute(linked)
        opened: UUID = row["id"]
        return opened

    async def _unit_of(self, person_id: UUID) -> UUID:
        """Where the person is; locked until commit, as who files is, so that one matter has one review."""
        reached = in_reach(self.caller, person.c.unit_id), of_others(self.caller, person.c.id)
        asked = select(person.c.unit_id).where(person.c.id == person_id, *reached)
        found: UUID | None = await self.connection.scalar(locked(asked, of=person))
        if found is None:
            raise not_found(Words("人员", "person"))
        return found

    async def _require_matter(self, body: ReviewIn) -> None:
        if (body.counterparty is None) == (body.kind is None):
            raise invalid([_ONE_OF_BOTH])
        if body.counterparty is not None:
            await require_counterparty(self.work, self.caller, body.counterparty)

    async def _require_findings(self, body: ReviewIn) -> None:
        """Each is a standing finding of the person that no review has taken up."""
        if not body.findings:
            return
        asked = readable(self.caller, finding.c.id).where(
            one_of(finding.c.id, body.findings),
            declaration.c.declarant_id == body.person,
            finding.c.review_id.is_(None),
            stands(self.caller),
        )
        known = set(await self.connection.scalars(asked))
        faults = _unknown([place for place, one in enumerate(body.findings) if one not in known])
        if faults:
            raise invalid(faults)


async def require_counterparty(work: Work, caller: Caller, counterparty_id: UUID) -> None:
    """The counterparty is one that the caller may see.

    Raises:
        Problem: 422.
    """
    asked: Any = select(counterparty.c.id).where(counterparty.c.id == counterparty_id, visible_counterparties(caller))
    if await work.connection.scalar(asked) is None:
        said = Words("没有这个往来对象，请查询后填写其编号。", "No such counterparty; look its id up.")
        raise invalid([Fault("/counterparty", "counterparty-unknown", said)])


_ONE_OF_BOTH = Fault(
    "/counterparty",
    "matter-needs-one",
    Words("counterparty 与 kind 须且只能填写其一。", "Give either `counterparty` or `kind`: not both, not neither."),
)


def _unknown(places: Sequence[int]) -> list[Fault]:
    said = Words(
        "不是该人员的现行疑点，或已纳入其他审查。", "No standing finding of this person, or one that a review has taken up already."
    )
    return [Fault(f"/findings/{place}", "finding-unknown", said) for place in places]


def _exists_already(review_id: UUID) -> Problem:
    said = Words(
        f"该人员的同一事项已有审查 {review_id}；请在其中办理，已办结的请重新办理。",
        f"This matter of the person has the review {review_id}; go on with it, and reopen it if it is closed.",
    )
    return conflict("review-exists", Words("该事项已有审查", "There is a review of this matter"), said)
