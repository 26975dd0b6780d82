"""Delegations: who may give them, who sees them, and that they end at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.kit import clock
from app.kit.ids import new_id
from tests.conftest import Make
from tests.tags import version

from .asking import Calling, Client, faults_of, listed, match

TODAY = clock.today()


@pytest.fixture
async def leader(make_unit: Make, make_person: Make) -> dict[str, Any]:
    return await make_person(await make_unit(), name="王局")


@pytest.fixture
async def secretary(leader: dict[str, Any], make_person: Make) -> dict[str, Any]:
    return await make_person({"id": leader["unit"]}, name="李秘")


def given(delegate: dict[str, Any], **over: Any) -> dict[str, Any]:
    return {"delegate": delegate["id"], "from_on": str(TODAY), **over}


async def test_an_official_delegates_and_the_delegate_reaches_the_record_until_it_is_ended(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any]
) -> None:
    official, acting = await calling("declarations:write", person=leader), await calling("declarations:write", person=secretary)
    record = f"/v1/persons/{leader['id']}"
    assert (await client.get(record, headers=acting)).status_code == 404
    made = await client.post("/v1/delegations", json=given(secretary), headers=official)
    assert (made.status_code, version(made)) == (201, 1)
    assert (
        made.json() | {"person": leader["id"], "delegate": secretary["id"], "from_on": str(TODAY), "until_on": None, "ended_at": None}
        == made.json()
    )
    assert (await client.get(record, headers=acting)).status_code == 200
    assert await listed(client, acting, "/v1/persons") == {leader["id"], secretary["id"]}
    ended = await client.delete(made.headers["location"], headers={**official, **match()})
    assert ended.status_code == 204
    assert (await client.get(record, headers=acting)).status_code == 404
    kept = await client.get(made.headers["location"], headers=official)
    assert (version(kept), kept.json()["ended_at"] is not None) == (2, True)
    assert (await client.delete(made.headers["location"], headers={**official, **match(2)})).status_code == 204


@pytest.mark.parametrize(
    ("first", "last", "reaches"), [(0, 0, 200), (-9, 0, 200), (-9, None, 200), (1, None, 404), (-9, -1, 404), (1, 9, 404)]
)
async def test_a_delegate_acts_on_the_days_given_alone(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any], first: int, last: int | None, reaches: int
) -> None:
    days = {
        "from_on": str(TODAY + timedelta(days=first)),
        "until_on": None if last is None else str(TODAY + timedelta(days=last)),
    }
    official, acting = await calling("declarations:write", person=leader), await calling("declarations:write", person=secretary)
    assert (await client.post("/v1/delegations", json={"delegate": secretary["id"], **days}, headers=official)).status_code == 201
    assert (await client.get(f"/v1/persons/{leader['id']}", headers=acting)).status_code == reaches


async def test_hr_delegates_for_the_persons_of_its_units_and_not_to_itself(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any], make_unit: Make, make_person: Make
) -> None:
    stranger = await make_person(await make_unit())
    hr = await calling("people:write", unit=leader["unit"])
    made = await client.post("/v1/delegations", json=given(secretary, person=leader["id"]), headers=hr)
    assert made.status_code == 201
    assert (await client.delete(made.headers["location"], headers={**hr, **match()})).status_code == 204
    away = await client.post("/v1/delegations", json=given(stranger, person=stranger["id"]), headers=hr)
    assert away.status_code == 422
    outside = await client.post("/v1/delegations", json=given(secretary, person=stranger["id"]), headers=hr)
    assert faults_of(outside) == [("/person", "person-unknown")]
    assert faults_of(await client.post("/v1/delegations", json=given(stranger, person=leader["id"]), headers=hr)) == [
        ("/delegate", "person-unknown")
    ]
    assert faults_of(await client.post("/v1/delegations", json=given(secretary), headers=hr)) == [("/person", "missing")]
    official_of_hr = await calling("people:write", "declarations:write", person=secretary, unit=leader["unit"])
    appointed = await client.post("/v1/delegations", json=given(secretary, person=leader["id"]), headers=official_of_hr)
    assert faults_of(appointed) == [("/delegate", "delegate-is-caller")]


async def test_nobody_delegates_for_somebody_else_without_the_scope(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any], make_person: Make
) -> None:
    third = await make_person({"id": leader["unit"]})
    official, acting = await calling("declarations:write", person=leader), await calling("declarations:write", person=secretary)
    made = await client.post("/v1/delegations", json=given(secretary), headers=official)
    passed_on = await client.post("/v1/delegations", json=given(third, person=leader["id"]), headers=acting)
    assert passed_on.status_code == 403
    assert "people:write" in passed_on.json()["detail"]
    assert (await client.delete(made.headers["location"], headers={**acting, **match()})).status_code == 403
    reader = await calling("people:read", person=leader)
    assert (await client.post("/v1/delegations", json=given(secretary), headers=reader)).status_code == 403


async def test_delegations_are_seen_by_both_sides_and_hr_and_by_nobody_else(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any], make_unit: Make, make_person: Make
) -> None:
    official = await calling("declarations:write", person=leader)
    made = await client.post("/v1/delegations", json=given(secretary), headers=official)
    path, own = made.headers["location"], made.json()["id"]
    colleague = await make_person({"id": leader["unit"]})
    for seeing in (official, await calling("declarations:write", person=secretary), await calling("people:read", unit=leader["unit"])):
        assert await listed(client, seeing, "/v1/delegations") == {own}
        assert (await client.get(path, headers=seeing)).status_code == 200
    for blind in (
        await calling("declarations:write", person=colleague),
        await calling("people:read", "people:write", unit=await make_unit()),
    ):
        assert await listed(client, blind, "/v1/delegations") == set()
        assert (await client.get(path, headers=blind)).status_code == 404
        assert (await client.delete(path, headers={**blind, **match()})).status_code == 404
    assert await listed(client, official, "/v1/delegations", person=leader["id"], delegate=secretary["id"]) == {own}
    assert await listed(client, official, "/v1/delegations", delegate=leader["id"]) == set()
    assert (await client.get("/v1/delegations", headers=await calling("declarations:read"))).status_code == 403


async def test_a_delegation_makes_sense(client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any]) -> None:
    official = await calling("declarations:write", person=leader)
    backwards = given(secretary, from_on="2026-02-02", until_on="2026-02-01")
    assert faults_of(await client.post("/v1/delegations", json=backwards, headers=official)) == [("/until_on", "until-before-from")]
    assert faults_of(await client.post("/v1/delegations", json=given(leader), headers=official)) == [("/delegate", "delegate-is-person")]
    unknown = given({"id": str(new_id())})
    assert faults_of(await client.post("/v1/delegations", json=unknown, headers=official)) == [("/delegate", "person-unknown")]


async def test_the_same_two_have_one_delegation_a_day(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any]
) -> None:
    official = await calling("declarations:write", person=leader)
    answers = await asyncio.gather(*(client.post("/v1/delegations", json=given(secretary), headers=official) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"delegation-exists"}
    earlier = given(secretary, from_on="2020-01-01", until_on="2020-12-31")
    assert (await client.post("/v1/delegations", json=earlier, headers=official)).status_code == 201
    made = next(answer for answer in answers if answer.status_code == 201)
    assert (await client.delete(made.headers["location"], headers={**official, **match()})).status_code == 204
    assert (await client.post("/v1/delegations", json=given(secretary), headers=official)).status_code == 201


async def test_an_end_needs_the_version_that_was_read(
    client: Client, calling: Calling, leader: dict[str, Any], secretary: dict[str, Any]
) -> None:
    official = await calling("declarations:write", person=leader)
    made = await client.post("/v1/delegations", json=given(secretary), headers=official)
    assert (await client.delete(made.headers["location"], headers=official)).status_code == 428
    assert (await client.delete(made.headers["location"], headers={**official, **match(7)})).status_code == 412
