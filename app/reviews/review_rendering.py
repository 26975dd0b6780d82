"""Reviews as answers show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from app.kit import clock
from app.ledger.lines import instant
from app.rulebook.finding import OUTCOMES

from .rendering import render_finding
from .workflow import ReviewAct, ReviewState, acts_in


def render_review(row: Mapping[str, Any]) -> dict[str, Any]:
    """A review in the view that its row was read in."""
    state, due_on = ReviewState(row["state"]), row["due_on"]
    return {
        "id": row["id"],
        "person": row["person_id"],
        "unit": row["unit_id"],
        "counterparty": row["counterparty_id"],
        "kind": row["kind"],
        "state": state,
        "acts": [act for act in acts_in(state) if (act is ReviewAct.ANSWER) != row["as_commission"]],
        "assignee": row["assignee_id"],
        "due_on": due_on,
        "overdue": due_on is not None and due_on < clock.today(),
        "decision": row["decision"],
        "level": row["level"] and OUTCOMES[row["level"]],
        "standing": row["standing"],
        "own_accord": row["own_accord"],
        "opened_at": row["opened_at"] and instant(row["opened_at"]),
        "closed_at": row["closed_at"] and instant(row["closed_at"]),
    }


def render_event(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event of a review."""
    shown = ("id", "actor", "type", "old", "new", "text")
    return {**{name: row[name] for name in shown}, "at": instant(row["at"])}


def render_record(
    row: Mapping[str, Any], findings: Sequence[RowMapping], events: Sequence[Mapping[str, Any]], *, english: bool
) -> dict[str, Any]:
    """A review with its findings and events."""
    return {
        **render_review(row),
        "findings": [render_finding(found, english=english) for found in findings],
        "events": [render_event(one) for one in events],
    }
