"""An approval's row as answers show it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit import clock
from app.people.actors import Actor, names_of
from app.rulebook.money import yuan

from .covering import number_of
from .schemas import ApprovalDecision
from .states import ApprovalState, state_on

Row: TypeAlias = Mapping[str, Any]
Shown: TypeAlias = dict[str, Any]

_SAME = ("id", "client_id", "asked_of", "kind", "details", "first_on", "last_on", "reason", "assessment", "requested_at")
_ACTORS = (("requester_id", "requested_by"), ("decider_id", "decided_by"), ("ender_id", "ended_by"))


async def render(connection: AsyncConnection, rows: Sequence[Row]) -> list[Shown]:
    """Approvals with who acted, by name."""
    acted = [Actor(row[person], row[credential]) for row in rows for person, credential in _ACTORS if row[credential]]
    names = await names_of(connection, acted)
    return [_shown(row, names) for row in rows]


def _shown(row: Row, names: Mapping[Actor, Mapping[str, str | None]]) -> Shown:
    by = {credential: names.get(Actor(row[person], row[credential])) for person, credential in _ACTORS if row[credential]}
    granted = row["decided_at"] is not None and row["valid_from_on"] is not None
    return {
        **{name: row[name] for name in _SAME},
        "number": number_of(row["id"], row["decided_at"]) if granted else None,
        "person": row["person_id"],
        "unit": row["unit_id"],
        "counterparty": row["counterparty_id"],
        "state": state_on(row["state"], row["first_on"], row["expires_on"], clock.today()),
        "decision": _decision(row, by["decided_by"], granted=granted) if row["decided_at"] else None,
        "end": {"reason": row["end_reason"], "ended_at": row["ended_at"], "ended_by": by["ended_by"]} if row["ended_at"] else None,
        "may_decide": bool(row["may_decide"]) and row["state"] in (ApprovalState.REQUESTED, ApprovalState.GRANTED),
        "requested_by": by["requested_by"],
    }


def _decision(row: Row, by: Any, *, granted: bool) -> Shown:
    cents = row["max_worth_cents"]
    return {
        "decision": ApprovalDecision.GRANTED if granted else ApprovalDecision.REFUSED,
        "note": row["decision_note"],
        "max_worth": None if cents is None else {"amount": yuan(Decimal(cents) / 100), "currency": "CNY"},
        **{name: row[name] for name in ("valid_from_on", "expires_on", "office", "as_head", "decided_at")},
        "decided_by": by,
    }
