"""The states of an approval and what leads from one to another, as a table."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class ApprovalState(StrEnum):
    """Where an approval stands (待批、已批准、未批准、已撤回、已撤销、已过期)."""

    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"


MOVES: Mapping[ApprovalState, frozenset[ApprovalState]] = MappingProxyType(
    {
        ApprovalState.REQUESTED: frozenset({ApprovalState.GRANTED, ApprovalState.REFUSED, ApprovalState.WITHDRAWN, ApprovalState.EXPIRED}),
        ApprovalState.GRANTED: frozenset({ApprovalState.REVOKED, ApprovalState.EXPIRED}),
        ApprovalState.REFUSED: frozenset(),
        ApprovalState.WITHDRAWN: frozenset(),
        ApprovalState.REVOKED: frozenset(),
        ApprovalState.EXPIRED: frozenset(),
    }
)
"""A decision is made once; whoever wants another asks anew."""

DECIDED = (ApprovalState.GRANTED, ApprovalState.REFUSED, ApprovalState.REVOKED)
"""The states that somebody else than the asker has brought about."""

RUN_OUT = (ApprovalState.REQUESTED, ApprovalState.GRANTED)
"""The states that days end: what nobody decided before its first day, and what was granted up to its last."""


def state_on(kept: str, first_on: date, expires_on: date | None, today: date) -> ApprovalState:
    """The state as of a day, of the one that is kept: no clock has to write it down when days pass."""
    state = ApprovalState(kept)
    last = first_on if state is ApprovalState.REQUESTED else expires_on
    return ApprovalState.EXPIRED if state in RUN_OUT and last is not None and last < today else state
