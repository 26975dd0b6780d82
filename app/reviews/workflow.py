"""The states of a review and what leads from one to the next: one pure table (办理流程)."""

from enum import StrEnum


class State(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
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
    (State.OPEN, Act.ASSIGN): State.ASSIGNED,
    (State.OPEN, Act.REQUEST): State.WAITING,
    (State.OPEN, Act.DECIDE): State.CLOSED,
    (State.ASSIGNED, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.REQUEST): State.WAITING,
    (State.ASSIGNED, Act.DECIDE): State.CLOSED,
    (State.WAITING, Act.ASSIGN): State.WAITING,
    (State.WAITING, Act.REQUEST): State.WAITING,
    (State.WAITING, Act.ANSWER): State.ANSWERED,
    (State.WAITING, Act.DECIDE): State.CLOSED,
    (State.ANSWERED, Act.ASSIGN): State.ANSWERED,
    (State.ANSWERED, Act.REQUEST): State.WAITING,
    (State.ANSWERED, Act.ANSWER): State.ANSWERED,
    (State.ANSWERED, Act.DECIDE): State.CLOSED,
    (State.CLOSED, Act.REOPEN): State.OPEN,
}


def following(state: State, act: Act) -> State | None:
    """The state that an act leads to; None where it cannot be done."""
    return _NEXT.get((state, act))


def acts_in(state: State) -> list[Act]:
    """What can be done in a state."""
    return [act for act in Act if (state, act) in _NEXT]
