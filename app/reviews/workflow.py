"""The states of a review and what leads from one to the next: one pure table (办理流程)."""

from enum import StrEnum


class ReviewState(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReviewAct(StrEnum):
    """What is done to a review; each is the last part of its address."""

    ASSIGN = "assignment"
    REQUEST = "request"
    ANSWER = "answer"
    DECIDE = "disposition"
    REOPEN = "reopening"


class Disposition(StrEnum):
    """What a review comes to (处置): the lesser forms of 监督执纪四种形态 up to the transfer to an inquiry."""

    NO_ISSUE = "no_issue"
    FACTS_CORRECTED = "facts_corrected"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    REMINDED = "reminded"
    CRITICISED = "criticised"
    ORDERED_TO_CORRECT = "ordered_to_correct"
    ADMONISHED = "admonished"
    TRANSFERRED = "transferred"


_NEXT = {
    (ReviewState.OPEN, ReviewAct.ASSIGN): ReviewState.ASSIGNED,
    (ReviewState.OPEN, ReviewAct.REQUEST): ReviewState.WAITING,
    (ReviewState.OPEN, ReviewAct.DECIDE): ReviewState.CLOSED,
    (ReviewState.ASSIGNED, ReviewAct.ASSIGN): ReviewState.ASSIGNED,
    (ReviewState.ASSIGNED, ReviewAct.REQUEST): ReviewState.WAITING,
    (ReviewState.ASSIGNED, ReviewAct.DECIDE): ReviewState.CLOSED,
    (ReviewState.WAITING, ReviewAct.ASSIGN): ReviewState.WAITING,
    (ReviewState.WAITING, ReviewAct.REQUEST): ReviewState.WAITING,
    (ReviewState.WAITING, ReviewAct.ANSWER): ReviewState.ANSWERED,
    (ReviewState.WAITING, ReviewAct.DECIDE): ReviewState.CLOSED,
    (ReviewState.ANSWERED, ReviewAct.ASSIGN): ReviewState.ANSWERED,
    (ReviewState.ANSWERED, ReviewAct.REQUEST): ReviewState.WAITING,
    (ReviewState.ANSWERED, ReviewAct.ANSWER): ReviewState.ANSWERED,
    (ReviewState.ANSWERED, ReviewAct.DECIDE): ReviewState.CLOSED,
    (ReviewState.CLOSED, ReviewAct.REOPEN): ReviewState.OPEN,
}


def following(state: ReviewState, act: ReviewAct) -> ReviewState | None:
    """The state that an act leads to; None where it cannot be done."""
    return _NEXT.get((state, act))


def acts_in(state: ReviewState) -> list[ReviewAct]:
    """What can be done in a state."""
    return [act for act in ReviewAct if (state, act) in _NEXT]
