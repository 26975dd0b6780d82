"""Disposing of a review (处置), and taking it up again."""

from datetime import date
from typing import Any
from uuid import UUID

from app.kit import clock
from app.kit.errors import Fault, Words, invalid

from .acting import Acting
from .events import ReviewEventType, Values, event
from .opening import REOPENED, standing_of
from .review_schemas import DispositionIn, ReopeningIn
from .workflow import ReviewAct, ReviewState


class Deciding(Acting):
    """Dispositions. The findings stay as they are: what a person thinks of them stands here."""

    async def decide(self, review_id: UUID, body: DispositionIn, if_match: str) -> None:
        """Close a review with a disposition; the official is told only if the reviewer says so.

        Raises:
            Problem: 403, 404, 409, 412; 422 for a day before the review was opened.
        """
        row, state = await self._taken(review_id, if_match, ReviewAct.DECIDE)
        effective_on = body.effective_on or clock.today()
        _require_after_opening(effective_on, clock.day_of(row["opened_at"]))
        decision = {"disposition": body.disposition, "text": body.text, "effective_on": effective_on}
        told = event(
            review_id,
            ReviewEventType.DECIDED,
            self.work.actor,
            old={"state": row["state"], "assignee": row["assignee_id"]},
            new={"state": state, "disposition": body.disposition, "effective_on": effective_on},
            text=body.text,
            shown=body.tell,
        )
        kept = {"state": state.value, "due_on": None, "closed_at": clock.now(), "disposition": body.disposition.value, "decision": decision}
        await self._move(row, {**kept, **_shown_by(row, decision if body.tell else None)}, told)

    async def reopen(self, review_id: UUID, body: ReopeningIn, if_match: str) -> None:
        """Take a closed review up again, for whoever is assigned next; the official learns of it when asked.

        Raises:
            Problem: 403, 404, 409, 412.
        """
        row, state = await self._taken(review_id, if_match, ReviewAct.REOPEN)
        told = event(review_id, ReviewEventType.REOPENED, self.work.actor, old=standing_of(row), new={"state": state}, text=body.text)
        await self._move(row, REOPENED, told)


def _shown_by(row: Any, decision: Values | None) -> Values:
    """What the official sees move: what they are told, and that nothing is asked of them any more."""
    if decision is None and row["shown_state"] in (None, ReviewState.CLOSED):
        return {}
    shown = {} if decision is None else {"shown_decision": decision}
    return {"shown_state": ReviewState.CLOSED.value, "shown_version": row["shown_version"] + 1, **shown}


def _require_after_opening(effective_on: date, opened_on: date) -> None:
    if effective_on < opened_on:
        said = Words(f"不得早于立项之日 {opened_on}。", f"Must not lie before the review was opened, {opened_on}.")
        raise invalid([Fault("/effective_on", "effective-before-opening", said)])
