"""What a change of a person's record means."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.unit_of_work import reading
from app.people.models import personnel_event
from app.people.personnel import events_of
from tests.conftest import Make

from .asking import Client, Headers

TODAY = date(2026, 3, 2)
UNIT, OTHER = new_id(), new_id()
PERSON: dict[str, Any] = {
    "id": new_id(),
    "employee_number": "E1",
    "name": "张明",
    "unit_id": UNIT,
    "position": "科员",
    "party_member": True,
    "staff_class": "civil_servant",
    "rank": "section_chief",
    "is_leader": False,
    "birth_on": None,
    "prior_graft_sanction": False,
    "post_from_on": date(2020, 1, 1),
    "left_on": None,
    "left_reason": None,
    "inside_information": [],
    "relatives": [],
    "posts": [],
}


@pytest.mark.parametrize(
    ("change", "types"),
    [
        ({}, []),
        ({"name": "张铭", "employee_number": "E2"}, []),
        ({"unit_id": OTHER}, ["transferred"]),
        ({"unit_id": OTHER, "rank": "division_deputy", "position": "副处长"}, ["transferred", "promoted"]),
        ({"is_leader": True}, ["promoted"]),
        ({"rank": "section_deputy"}, ["demoted"]),
        ({"rank": "division_deputy", "is_leader": True}, ["promoted"]),
        ({"position": "主任科员"}, ["post_changed"]),
        ({"staff_class": "reference_managed"}, ["post_changed"]),
        ({"left_on": date(2026, 2, 28), "left_reason": "retired"}, ["left"]),
        ({"relatives": [{"name": "李华", "relation": "spouse"}]}, ["corrected"]),
        ({"birth_on": date(1970, 1, 1)}, ["corrected"]),
        ({"party_member": False}, ["corrected"]),
    ],
)
def test_a_change_is_what_it_means_for_the_post(change: dict[str, Any], types: list[str]) -> None:
    assert [event["type"] for event in events_of(PERSON, {**PERSON, **change}, TODAY)] == types


def test_who_comes_back_has_returned() -> None:
    gone = {**PERSON, "left_on": date(2025, 1, 1), "left_reason": "resigned"}
    assert [event["type"] for event in events_of(gone, PERSON, TODAY)] == ["returned"]


def test_an_event_counts_from_the_first_day_of_the_post_and_leaving_from_the_day_of_leaving() -> None:
    moved = {**PERSON, "unit_id": OTHER, "post_from_on": date(2026, 2, 1)}
    assert [event["on"] for event in events_of(PERSON, moved, TODAY)] == [date(2026, 2, 1)]
    assert [event["on"] for event in events_of(PERSON, {**PERSON, "unit_id": OTHER}, TODAY)] == [TODAY]
    assert [event["on"] for event in events_of(PERSON, {**PERSON, "left_on": date(2026, 2, 28)}, TODAY)] == [date(2026, 2, 28)]
    assert [event["on"] for event in events_of(None, PERSON, TODAY)] == [date(2020, 1, 1)]


async def test_events_are_kept_with_what_the_door_changes(
    client: Client, as_root: Headers, make_unit: Make, make_person: Make, app: Any
) -> None:
    made = await make_person(await make_unit())
    path = f"/v1/persons/{made['id']}"
    for number, change in enumerate(
        ({"name": "张铭"}, {"rank": "bureau_chief", "is_leader": True}, {"left_on": "2026-02-28", "left_reason": "retired"})
    ):
        answer = await client.patch(path, json=change, headers={**as_root, "If-Match": f'"{number + 1}"'})
        assert answer.status_code == 200, answer.text
    assert await types_of(app.state.database) == ["joined", "promoted", "left"]


async def test_a_person_entered_by_mistake_goes_with_all_that_was_kept(
    client: Client, as_root: Headers, make_unit: Make, make_person: Make, app: Any
) -> None:
    made = await make_person(await make_unit())
    answer = await client.delete(f"/v1/persons/{made['id']}", headers={**as_root, "If-Match": '"1"'})
    assert answer.status_code == 204
    assert await types_of(app.state.database) == []


async def types_of(database: Database) -> list[str]:
    async with reading(database) as view:
        return list((await view.connection.scalars(select(personnel_event.c.type).order_by(personnel_event.c.id))).all())
