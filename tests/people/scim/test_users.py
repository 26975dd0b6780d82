"""Persons as SCIM users: put on record, changed, and who has left."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
import time_machine
from sqlalchemy import select

from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from app.people.models import person
from app.people.records import person_digest
from tests.conftest import Make
from tests.people.asking import MEAL

from .asking import BASE, CORE, ENTERPRISE, MEDIA, OFFICIAL, Hr, user


async def test_a_user_that_is_pushed_is_an_official_on_record(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    unit = await make_unit(name="住建局", code="GZ-ZJ")
    made = await hr.post(
        "/Users", user("GZ-ZJ", externalId="hr-4711", title="科长", official={"birthOn": "1978-05-25", "rank": "division_deputy"})
    )
    person = (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()
    assert {name: person[name] for name in ("employee_number", "name", "unit", "position", "rank", "birth_on", "left_on")} == {
        "employee_number": "E1",
        "name": "张明",
        "unit": unit["id"],
        "position": "科长",
        "rank": "division_deputy",
        "birth_on": "1978-05-25",
        "left_on": None,
    }
    assert made["meta"]["resourceType"] == "User"
    assert made["meta"]["location"] == f"http://test{BASE}/Users/{made['id']}"
    assert made["groups"] == [{"value": unit["id"], "$ref": f"http://test{BASE}/Groups/{unit['id']}", "display": "住建局"}]
    assert made["name"] == {"formatted": "张明"}
    assert made[OFFICIAL]["unit"] == f"http://test{BASE}/Groups/{unit['id']}"
    assert (made["externalId"], made["active"]) == ("hr-4711", True)
    assert await hr.get(f"/Users/{made['id']}") == made


async def test_the_answer_to_a_new_user_says_where_it_is_and_in_which_version(hr: Hr, make_unit: Make) -> None:
    body = user(await make_unit())
    answer = await hr.client.post(f"{BASE}/Users", json=body, headers={**hr.headers, "Content-Type": "application/json"})
    assert answer.status_code == 201
    assert answer.headers["content-type"] == MEDIA
    assert answer.headers["location"] == answer.json()["meta"]["location"]
    assert answer.headers["etag"] == answer.json()["meta"]["version"] == 'W/"1"'


@pytest.mark.parametrize("named", ["url", "id", "code", "name", "relative"])
async def test_a_unit_is_named_by_address_id_code_or_name(hr: Hr, make_unit: Make, named: str) -> None:
    unit = await make_unit(name="审计局", code="SJ")
    reference = {
        "url": f"https://elsewhere.example/scim/v2/Groups/{unit['id']}",
        "relative": f"Groups/{unit['id']}",
        "id": unit["id"],
        "code": "SJ",
        "name": "审计局",
    }
    made = await hr.post("/Users", user(reference[named]))
    assert made["groups"][0]["value"] == unit["id"]


async def test_a_name_that_two_units_bear_names_neither(hr: Hr, make_unit: Make) -> None:
    await make_unit(name="办公室", code="A"), await make_unit(name="办公室", code="B")
    refused = await hr.post("/Users", user("办公室"), status=400)
    assert refused["scimType"] == "invalidValue"
    assert refused["detail"].startswith("unit：有多个单位使用此名称")
    assert (await hr.post("/Users", user("没有的局"), status=400))["detail"].startswith("unit：没有这个单位")
    assert (await hr.post("/Users", user("B")))["groups"][0]["display"] == "办公室"


@pytest.mark.parametrize(
    ("over", "named"),
    [
        ({"displayName": " "}, "displayName"),
        ({"userName": "x" * 61}, "userName"),
        ({"title": "长" * 201}, "title"),
        ({"externalId": "x" * 201}, "externalId"),
        ({"externalId": "a\x00b"}, "externalId"),
        ({"official": {"rank": "emperor"}}, "rank"),
        ({"official": {"staffClass": "monk"}}, "staffClass"),
        ({"official": {"birthOn": "25.5.1978"}}, "birthOn"),
        ({"official": {"birthOn": "1978-02-30"}}, "birthOn"),
        ({"official": {"leftReason": "retired"}}, "leftReason"),
        ({"official": {"unit": "a\x00b"}}, "unit"),
    ],
)
async def test_what_does_not_fit_is_refused_by_name_in_both_languages(hr: Hr, make_unit: Make, over: dict[str, Any], named: str) -> None:
    await make_unit(code="X")
    refused = await hr.post("/Users", user("X", **over), status=400)
    assert refused["scimType"] == "invalidValue"
    assert refused["detail"].startswith(f"{named}：")
    assert f" {named}: " in refused["detail"]
    assert (await hr.get("/Users"))["totalResults"] == 0


@pytest.mark.parametrize("missing", ["unit", "staffClass", "rank", "isLeader", "partyMember"])
async def test_what_the_law_turns_on_has_no_default(hr: Hr, make_unit: Make, missing: str) -> None:
    body = user(await make_unit())
    del body[OFFICIAL][missing]
    assert (await hr.post("/Users", body, status=400))["scimType"] == "invalidValue"


async def test_an_employee_number_is_one_person_s(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit()
    await hr.post("/Users", user(unit, "E1"))
    again = await hr.post("/Users", user(unit, "E1"), status=409)
    assert again["scimType"] == "uniqueness"
    assert "工号已被使用" in again["detail"] or "Another person" in again["detail"]


async def test_a_login_name_may_stand_beside_the_employee_number(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    unit = await make_unit()
    made = await hr.post("/Users", user(unit, "zhang.ming@city.example", **{ENTERPRISE: {"employeeNumber": "E7"}}))
    assert (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()["employee_number"] == "E7"
    assert (made["userName"], made[ENTERPRISE]) == ("zhang.ming@city.example", {"employeeNumber": "E7"})
    assert await hr.names('userName eq "zhang.ming@city.example"') == ["张明"]
    assert await hr.names('userName eq "E7"') == []
    assert await hr.names(f'{ENTERPRISE}:employeeNumber eq "E7"') == ["张明"]
    await hr.post("/Users", user(unit, "zhang.ming@city.example"), status=409)
    await hr.post("/Users", user(unit, "other", **{ENTERPRISE: {"employeeNumber": "E7"}}), status=409)
    await hr.post("/Users", user(unit, "E8"))
    await hr.post("/Users", user(unit, "E8", **{ENTERPRISE: {"employeeNumber": "E9"}}), status=409)
    await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "userName", "value": "E8"}, status=409)
    await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "userName", "value": "Z1"})
    await hr.patch(f"/Users/{made['id']}", {"op": "remove", "path": f"{ENTERPRISE}:employeeNumber"})
    assert (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()["employee_number"] == "Z1"


async def test_whoever_is_switched_off_has_left_today_and_is_back_when_switched_on(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    with time_machine.travel("2026-03-01T04:00:00Z", tick=False):
        await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": False})
        left = await hr.get(f"/Users/{made['id']}")
        assert (left["active"], left[OFFICIAL]["leftOn"], left[OFFICIAL]["leftReason"]) == (False, "2026-03-01", "resigned")
        await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": f"{OFFICIAL}:leftReason", "value": "retired"})
        person = (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()
        assert (person["left_on"], person["left_reason"]) == ("2026-03-01", "retired")
        await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": True})
    back = await hr.get(f"/Users/{made['id']}")
    assert back["active"] is True
    assert "leftOn" not in back[OFFICIAL]
    assert "leftReason" not in back[OFFICIAL]


async def test_a_day_of_leaving_can_be_said_beforehand(hr: Hr, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    with time_machine.travel("2026-03-01T04:00:00Z", tick=False):
        day = {"op": "add", "path": f"{OFFICIAL}:leftOn", "value": "2026-06-30"}
        reason = {"op": "add", "path": f"{OFFICIAL}:leftReason", "value": "retired"}
        await hr.patch(f"/Users/{made['id']}", day, reason)
        assert (await hr.get(f"/Users/{made['id']}"))["active"] is True
        assert await hr.names("active eq true") == ["张明"]
    with time_machine.travel("2026-06-30T04:00:00Z", tick=False):
        assert (await hr.get(f"/Users/{made['id']}"))["active"] is False
        assert await hr.names("active eq true") == []


async def test_whoever_is_deleted_is_gone_from_scim_while_the_register_keeps_what_is_on_file(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    declared = {"declarant": made["id"], "kind": "meal", "source": "hr", "details": MEAL}
    declaration = (await client.post("/v1/declarations", json=declared, headers=as_root)).json()
    await hr.ask("DELETE", f"/Users/{made['id']}", status=204)
    for method in ("GET", "DELETE"):
        assert (await hr.ask(method, f"/Users/{made['id']}", status=404))["status"] == "404"
    await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": True}, status=404)
    assert (await hr.get("/Users"))["totalResults"] == 0
    assert (await hr.get(f"/Groups/{made['groups'][0]['value']}")).get("members", []) == []
    person = (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()
    assert person["left_on"] is not None
    assert (await client.get(f"/v1/declarations/{declaration['id']}", headers=as_root)).status_code == 200


async def test_whoever_is_pushed_again_is_the_same_person(hr: Hr, make_unit: Make) -> None:
    unit, other = await make_unit(), await make_unit()
    made = await hr.post("/Users", user(unit, official={"birthOn": "1978-05-25"}))
    await hr.ask("DELETE", f"/Users/{made['id']}", status=204)
    back = await hr.post("/Users", user(other, displayName="张明（返聘）", externalId="new"))
    assert back["id"] == made["id"]
    assert (back["active"], back["displayName"], back["groups"][0]["value"]) == (True, "张明（返聘）", other["id"])
    assert "leftOn" not in back[OFFICIAL]
    await hr.post("/Users", user(other), status=409)


async def test_whoever_returns_by_another_door_is_a_user_again(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    await hr.ask("DELETE", f"/Users/{made['id']}", status=204)
    back = {"left_on": None, "left_reason": None}
    await client.patch(f"/v1/persons/{made['id']}", json=back, headers={**as_root, "If-Match": "*"})
    assert (await hr.get(f"/Users/{made['id']}"))["active"] is True


async def test_a_put_keeps_what_it_does_not_mention_and_empties_what_is_null(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make, make_person: Make
) -> None:
    unit = await make_unit()
    relatives = [{"name": "李华", "relation": "spouse"}]
    person = await make_person(unit, relatives=relatives, birth_on="1978-05-25", prior_graft_sanction=True, post_from_on="2020-01-01")
    body = user(unit, person["employee_number"], displayName="张明明", title=None, official={"postFromOn": None})
    put = await hr.ask("PUT", f"/Users/{person['id']}", body)
    assert "title" not in put
    after = (await client.get(f"/v1/persons/{person['id']}", headers=as_root)).json()
    kept = {name: person[name] for name in ("relatives", "birth_on", "prior_graft_sanction", "created_at", "posts")}
    assert {name: after[name] for name in kept} == kept
    assert (after["name"], after["position"], after["post_from_on"]) == ("张明明", None, None)


async def test_a_put_that_changes_nothing_leaves_no_new_version(hr: Hr, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit(), externalId="a"))
    body = {name: value for name, value in made.items() if name not in ("id", "meta", "groups")}
    again = await hr.ask("PUT", f"/Users/{made['id']}", body)
    assert again["meta"]["version"] == 'W/"1"'
    assert again == made


async def test_each_write_leaves_its_line(hr: Hr, database: Database, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit(), externalId="a"))
    await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "externalId", "value": "b"})
    await hr.ask("DELETE", f"/Users/{made['id']}", status=204)
    lines = select(ledger_line.c.action, ledger_line.c.content).where(ledger_line.c.subject == UUID(made["id"])).order_by(ledger_line.c.id)
    async with reading(database) as view:
        told = [(line.action, line.content.get("fields")) for line in await view.connection.execute(lines)]
        row = (await view.connection.execute(select(person))).mappings().one()
        newest = (await view.connection.execute(lines)).all()[-1].content
    assert told == [
        ("person.created", None),
        ("person.changed", ["external_id"]),
        ("person.changed", ["deprovisioned_at", "left_on", "left_reason"]),
    ]
    assert (newest["version"], newest["digest"]) == (row["version"], person_digest(dict(row)))


async def test_of_two_at_once_both_are_done(hr: Hr, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    one = hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "处长"})
    other = hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": f"{OFFICIAL}:rank", "value": "division_chief"})
    await asyncio.gather(one, other)
    after = await hr.get(f"/Users/{made['id']}")
    assert (after["title"], after[OFFICIAL]["rank"], after["meta"]["version"]) == ("处长", "division_chief", 'W/"3"')


async def test_of_two_of_the_same_number_one_is_refused(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit()
    answers = await asyncio.gather(*(hr.client.post(f"{BASE}/Users", json=user(unit), headers=hr.headers) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_change_may_say_which_version_it_starts_from(hr: Hr, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit()))
    title = {"op": "replace", "path": "title", "value": "处长"}
    await hr.patch(f"/Users/{made['id']}", title, headers={"If-Match": 'W/"9"'}, status=412)
    await hr.ask("DELETE", f"/Users/{made['id']}", headers={"If-Match": '"9"'}, status=412)
    await hr.ask("PUT", f"/Users/{made['id']}", user(made["groups"][0]["value"]), headers={"If-Match": 'W/"9"'}, status=412)
    done = await hr.patch(f"/Users/{made['id']}", title, headers={"If-Match": made["meta"]["version"]})
    assert done.headers["etag"] == 'W/"2"'
    seen = {"If-None-Match": 'W/"2"'}
    unchanged = await hr.client.get(f"{BASE}/Users/{made['id']}", headers={**hr.headers, **seen})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", 'W/"2"')
    assert (await hr.get(f"/Users/{made['id']}", headers={"If-None-Match": 'W/"1"'}))["title"] == "处长"


async def test_only_what_is_asked_for_is_told(hr: Hr, make_unit: Make) -> None:
    made = await hr.post("/Users", user(await make_unit(name="住建局"), title="科长"))
    told = await hr.get(f"/Users/{made['id']}", params={"attributes": f"userName,{ENTERPRISE}:department"})
    assert told == {"schemas": [CORE, ENTERPRISE], "id": made["id"], "userName": "E1", ENTERPRISE: {"department": "住建局"}}
    without = await hr.get(f"/Users/{made['id']}", params={"excludedAttributes": f"title,{OFFICIAL}:rank"})
    assert "title" not in without
    assert "rank" not in without[OFFICIAL]
    assert without[OFFICIAL]["staffClass"] == "civil_servant"
    await hr.get(f"/Users/{made['id']}", params={"attributes": "title", "excludedAttributes": "name"}, status=400)
