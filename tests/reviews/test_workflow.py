"""The states of a review: what can be done in each, and what cannot."""

from typing import Any

import pytest

from app.reviews.workflow import ReviewAct, ReviewState, acts_in, following
from tests.screening.declaring import Json, gift, line

from .cases import Commission
from .raising import refusal

BODIES: dict[str, Json] = {
    "assignment": {},
    "request": {"text": "请说明", "due_on": "2026-11-01"},
    "answer": {"text": "已上交"},
    "disposition": {"disposition": "no_issue", "text": "经核实"},
    "reopening": {"text": "新线索"},
}
WAY: dict[str, list[str]] = {
    "open": [],
    "assigned": ["assignment"],
    "waiting": ["request"],
    "answered": ["request", "answer"],
    "closed": ["request", "disposition"],
}
ALLOWED = {
    "open": {"assignment": "assigned", "request": "waiting", "disposition": "closed"},
    "assigned": {"assignment": "assigned", "request": "waiting", "disposition": "closed"},
    "waiting": {"assignment": "waiting", "request": "waiting", "answer": "answered", "disposition": "closed"},
    "answered": {"assignment": "answered", "request": "waiting", "answer": "answered", "disposition": "closed"},
    "closed": {"reopening": "open"},
}


def test_the_table_is_the_whole_of_it() -> None:
    table = {(state, act): following(state, act) for state in ReviewState for act in ReviewAct}
    assert {pair: after for pair, after in table.items() if after} == {
        (state, act): after for state, acts in ALLOWED.items() for act, after in acts.items()
    }
    assert {state.value: set(acts_in(state)) for state in ReviewState} == {state: set(acts) for state, acts in ALLOWED.items()}


def test_every_state_can_be_reached_and_left() -> None:
    reached = {after for acts in ALLOWED.values() for after in acts.values()}
    assert reached == set(ALLOWED)
    assert all(set(acts.values()) - {state} for state, acts in ALLOWED.items())


@pytest.mark.parametrize("state", ALLOWED)
async def test_the_doors_keep_to_the_table(commission: Commission, state: str) -> None:
    office = commission.office
    await office.file(gift("2026-10-05", line(action="kept")), by=office.declarant)
    review = await commission.only()

    def by(act: str) -> Any:
        return office.declarant if act == "answer" else commission.lead

    for act in WAY[state]:
        await commission.act(review, act, by(act), **BODIES[act])
    before = await commission.read(review)
    assert before["state"] == state
    assert set(before["acts"]) == set(ALLOWED[state]) - {"answer"}
    for act in BODIES.keys() - ALLOWED[state].keys():
        refused = await commission.attempt(review, act, BODIES[act], by(act))
        unknown = act == "answer" and "request" not in WAY[state]
        assert refusal(refused) == ((404, "not-found") if unknown else (409, "review-state"))
        if not unknown:
            assert all(possible in refused.json()["detail"] for possible in ALLOWED[state])
    assert await commission.read(review) == before, "what was refused has left nothing behind"
    for act, after in ALLOWED[state].items():
        answer = await commission.attempt(review, act, BODIES[act], by(act))
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == after
        break
