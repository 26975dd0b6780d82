"""What happens in a review, kept for ever: typed, with old and new values, and told to the ledger by digests alone."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from app.kit import clock
from app.kit.ids import new_id
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work

from .models import review, review_event

Values: TypeAlias = dict[str, Any]


class ReviewEventType(StrEnum):
    """What can happen in a review."""

    OPENED = "opened"
    FINDINGS_JOINED = "findings_joined"
    DECLARATION_CHANGED = "declaration_changed"
    ASSIGNED = "assigned"
    REQUESTED = "requested"
    ANSWERED = "answered"
    DECIDED = "decided"
    REOPENED = "reopened"
    SNOOZED = "snoozed"


def event(
    review_id: UUID,
    kind: ReviewEventType,
    actor: str | None,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    text: str | None = None,
    shown: bool = False,
) -> Values:
    """The row of an event; `actor` is None where the register acts by itself, `shown` where the official may know of it."""
    return {
        "id": new_id(),
        "review_id": review_id,
        "at": clock.now(),
        "actor": actor,
        "type": kind.value,
        "old": dict(old) if old is not None else None,
        "new": dict(new) if new is not None else None,
        "text": text,
        "shown": shown,
    }


async def write_events(work: Work, events: Sequence[Values], opened: Sequence[Values] = ()) -> None:
    """Insert events, and the reviews that some of them opened, together with their lines.

    A line names the review, a digest, and whether the official was shown it: it is read by auditors who may know less.
    """
    for row in events:
        told = {name: row[name] for name in ("type", "old", "new", "text")}
        work.record(f"review.{row['type'].replace('_', '-')}", row["review_id"], {"digest": digest(told), "shown": row["shown"]})
    await work.insert((review, opened), (review_event, events))
