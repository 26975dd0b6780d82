"""What every act on a review has in common: it is seen, the caller is impartial, the version is the one that was read, the table allows it."""

from uuid import UUID

from sqlalchemy import select, update

from app.access.caller import COMMISSION, Caller, Scope
from app.kit.database import locked
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match
from app.ledger.unit_of_work import Work
from app.people.visibility import in_reach, own

from .events import Values, write_events
from .models import review
from .recusal import Recusal
from .reviews import REVIEW
from .workflow import ReviewAct, ReviewState, acts_in, following

_STATES = {
    ReviewState.OPEN: Words("待分派", "open"),
    ReviewState.ASSIGNED: Words("已分派", "assigned"),
    ReviewState.WAITING: Words("待答复", "waiting for an answer"),
    ReviewState.ANSWERED: Words("已答复", "answered"),
    ReviewState.CLOSED: Words("已办结", "closed"),
}


class Acting:
    """Acts on reviews within one unit of work; a review is locked when it is read, so that of two at once the second sees the first."""

    def __init__(self, work: Work, caller: Caller) -> None:
        self.work = work
        self.connection = work.connection
        self.caller = caller

    async def _taken(self, review_id: UUID, if_match: str, act: ReviewAct) -> tuple[Values, ReviewState]:
        """(a review in the commission's view, the state that the act leads to).

        Raises:
            Problem: 404; 403 for one's own, or when the caller must stand back; 412; 409 in a state that does not allow it.
        """
        row = await self._read(review_id)
        if not self._as_commission(row):
            if not self._as_official(row):
                raise not_found(REVIEW)
            raise _of_oneself()
        await (await Recusal.of_review(self.work, row)).require_impartial(self.caller)
        require_match(if_match, row["version"])
        return row, require_following(ReviewState(row["state"]), act)

    async def _taken_by_official(self, review_id: UUID, if_match: str, act: ReviewAct) -> tuple[Values, ReviewState]:
        """The same in the official's view, by the official or who acts for them.

        Raises:
            Problem: 404; 403 for the commission; 412; 409.
        """
        row = await self._read(review_id)
        if not self._as_official(row):
            raise _for_the_official() if self._as_commission(row) else not_found(REVIEW)
        require_match(if_match, row["shown_version"])
        return row, require_following(ReviewState(row["shown_state"]), act)

    async def _move(self, row: Values, values: Values, told: Values) -> None:
        """Change a review and keep the event."""
        await self.connection.execute(update(review).where(review.c.id == row["id"]).values({**values, "version": row["version"] + 1}))
        await write_events(self.work, [told])

    async def _read(self, review_id: UUID) -> Values:
        reached, mine = in_reach(self.caller, review.c.unit_id), own(self.caller, review.c.person_id)
        asked = select(review, reached.label("reached"), mine.label("mine")).where(review.c.id == review_id)
        row = (await self.connection.execute(locked(asked, of=review))).mappings().first()
        if row is None:
            raise not_found(REVIEW)
        return dict(row)

    def _as_commission(self, row: Values) -> bool:
        return bool(row["reached"]) and self.caller.may(*COMMISSION) and row["person_id"] != self.caller.person

    def _as_official(self, row: Values) -> bool:
        return bool(row["mine"]) and self.caller.may(Scope.DECLARATIONS_WRITE) and row["shown_state"] is not None


def require_following(state: ReviewState, act: ReviewAct) -> ReviewState:
    """The state that an act leads to.

    Raises:
        Problem: 409 that names what can be done instead.
    """
    after = following(state, act)
    if after is None:
        possible = acts_in(state)
        said = Words(
            f"当前状态为“{_STATES[state].zh}”，可办理：{'、'.join(possible)}。",
            f"It is {_STATES[state].en}; what can be done now: {', '.join(possible)}.",
        )
        raise conflict("review-state", Words("当前状态不能办理此事项", "The review is in another state"), said)
    return after


def _of_oneself() -> Problem:
    said = Words("本人的事项须由其他审查人员办理。", "What concerns yourself, or whom you act for, is for a colleague to review.")
    return Problem(403, "recused", Words("应当回避", "A reviewer must stand back"), said)


def _for_the_official() -> Problem:
    said = Words("答复由被审查人本人或其代办人提交。", "The answer is the official's own to give, or that of their delegate.")
    return Problem(403, "answer-of-another", Words("不能代为答复", "Not yours to answer"), said)
