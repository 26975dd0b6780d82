"""What directories really send: requests as Microsoft Entra ID and Okta document and make them."""

from typing import Any

import httpx
import pytest

from tests.conftest import Make

from .asking import BASE, CORE, ENTERPRISE, GROUP, OFFICIAL, Hr, patch, user

ENTRA_USER: dict[str, Any] = {
    "schemas": [CORE, ENTERPRISE, OFFICIAL],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
    "userName": "zhang.ming@city.example",
    "active": True,
    "displayName": "张明",
    "emails": [{"primary": True, "type": "work", "value": "zhang.ming@city.example"}],
    "meta": {"resourceType": "User"},
    "name": {"formatted": "张明", "familyName": "张", "givenName": "明"},
    "roles": [],
    "title": "科长",
    ENTERPRISE: {"employeeNumber": "E00017", "department": "住建局"},
    OFFICIAL: {"staffClass": "civil_servant", "rank": "section_chief", "isLeader": "False", "partyMember": "True"},
}
OKTA_USER: dict[str, Any] = {
    "schemas": [CORE],
    "userName": "zhang.ming@city.example",
    "name": {"givenName": "Ming", "familyName": "Zhang"},
    "emails": [{"primary": True, "value": "zhang.ming@city.example", "type": "work"}],
    "displayName": "Zhang Ming",
    "locale": "zh-CN",
    "externalId": "00ujl29u0le5T6Aj10h7",
    "groups": [],
    "password": "1mz050nq",
    "active": True,
    OFFICIAL: {"unit": "ZJ", "staffClass": "civil_servant", "rank": "none", "isLeader": False, "partyMember": True},
}


@pytest.fixture
async def unit(make_unit: Make) -> dict[str, Any]:
    """The unit where they are pushed."""
    return await make_unit(name="住建局", code="ZJ", parent=(await make_unit(name="市"))["id"])


async def test_entra_pushes_a_person_as_it_knows_one(
    hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str], unit: dict[str, Any]
) -> None:
    assert (await hr.get("/Users?aadOptscim062020", params={"filter": 'userName eq "zhang.ming@city.example"'}))["totalResults"] == 0
    made = await hr.post("/Users", ENTRA_USER)
    assert "emails" not in made
    person = (await client.get(f"/v1/persons/{made['id']}", headers=as_root)).json()
    assert (person["employee_number"], person["unit"], person["is_leader"], person["party_member"]) == ("E00017", unit["id"], False, True)
    assert await hr.names(f'externalId eq "{ENTRA_USER["externalId"]}"') == ["张明"]


async def test_entra_changes_a_person_with_its_own_spelling(hr: Hr, make_unit: Make, unit: dict[str, Any]) -> None:
    other = await make_unit(name="审计局")
    made = await hr.post("/Users", ENTRA_USER)
    await hr.patch(
        f"/Users/{made['id']}",
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@city.example"},
        {"op": "Add", "path": "name.familyName", "value": "李"},
        {"op": "Replace", "path": "name.formatted", "value": "李明"},
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "审计局"},
        {"op": "Replace", "path": f"{OFFICIAL}:isLeader", "value": "True"},
        {"op": "Replace", "path": "active", "value": "False"},
    )
    after = await hr.get(f"/Users/{made['id']}")
    assert (after["displayName"], after["groups"][0]["value"], after["active"], after[OFFICIAL]["isLeader"]) == (
        "李明",
        other["id"],
        False,
        True,
    )
    at_once = {
        "displayName": "李明明",
        "active": True,
        "name.givenName": "明明",
        f"{ENTERPRISE}:department": "住建局",
        f"{OFFICIAL}:rank": "none",
    }
    await hr.patch(f"/Users/{made['id']}", {"op": "replace", "value": at_once})
    after = await hr.get(f"/Users/{made['id']}")
    assert (after["displayName"], after["groups"][0]["value"], after["active"], after[OFFICIAL]["rank"]) == (
        "李明明",
        unit["id"],
        True,
        "none",
    )
    await hr.patch(
        f"/Users/{made['id']}", {"op": "Add", "path": "name.givenName", "value": "x"}, {"op": "Add", "path": "nickName", "value": "y"}
    )
    assert (await hr.get(f"/Users/{made['id']}"))["meta"]["version"] == after["meta"]["version"]


async def test_entra_adds_and_removes_members_in_both_of_its_ways(hr: Hr, unit: dict[str, Any]) -> None:
    people = [(await hr.post("/Users", user("市", f"E{number}")))["id"] for number in range(3)]
    path = f"/Groups/{unit['id']}"
    await hr.patch(path, {"op": "Add", "path": "members", "value": [{"$ref": None, "value": one} for one in people]})
    assert len((await hr.get(path))["members"]) == 3
    await hr.patch(path, {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": people[0]}]}, status=204)
    await hr.patch(path, {"op": "Remove", "path": f'members[value eq "{people[1]}"]'})
    found = await hr.get("/Groups", params={"filter": f'id eq "{unit["id"]}" and members eq "{people[2]}"', "attributes": "id"})
    assert found["totalResults"] == 1
    assert [one["value"] for one in (await hr.get(path))["members"]] == [people[2]]
    without = await hr.get("/Groups", params={"excludedAttributes": "members", "filter": 'displayName eq "住建局"'})
    assert "members" not in without["Resources"][0]


async def test_okta_pushes_switches_off_and_on(hr: Hr, unit: dict[str, Any]) -> None:
    found = await hr.get("/Users", params={"filter": 'userName eq "zhang.ming@city.example"', "startIndex": 1, "count": 100})
    assert (found["totalResults"], found["Resources"]) == (0, [])
    made = await hr.post("/Users", OKTA_USER)
    assert "password" not in made
    off = patch({"op": "replace", "value": {"active": False}})
    await hr.ask("PATCH", f"/Users/{made['id']}", off, status=204)
    assert (await hr.get(f"/Users/{made['id']}"))["active"] is False
    whole = {**OKTA_USER, "id": made["id"], "displayName": "Zhang Ming'er", "meta": made["meta"], "active": True}
    put = await hr.ask("PUT", f"/Users/{made['id']}", whole)
    assert (put["displayName"], put["active"], put["groups"][0]["value"]) == ("Zhang Ming'er", True, unit["id"])


async def test_okta_pushes_a_group_and_renames_it(hr: Hr, unit: dict[str, Any]) -> None:
    person = await hr.post("/Users", user(unit))
    made = await hr.post("/Groups", {"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []})
    await hr.patch(f"/Groups/{made['id']}", {"op": "replace", "value": {"id": made["id"], "displayName": "Test SCIMv3"}})
    await hr.patch(f"/Groups/{made['id']}", {"op": "add", "path": "members", "value": [{"value": person["id"], "display": "zhang"}]})
    whole = {"schemas": [GROUP], "id": made["id"], "displayName": "Test SCIMv4", "members": [{"value": person["id"], "display": "zhang"}]}
    put = await hr.ask("PUT", f"/Groups/{made['id']}", whole)
    assert (put["displayName"], [one["value"] for one in put["members"]]) == ("Test SCIMv4", [person["id"]])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"familyName": "张", "givenName": "明"}, "张明"),
        ({"familyName": "Zhang", "givenName": "Ming"}, "Ming Zhang"),
        ({"formatted": "张明", "familyName": "x"}, "张明"),
        ({"givenName": "Ming"}, "Ming"),
    ],
)
async def test_a_name_in_parts_is_one_name(hr: Hr, unit: dict[str, Any], name: dict[str, str], shown: str) -> None:
    body = user(unit, name=name)
    del body["displayName"]
    made = await hr.post("/Users", body)
    assert made["displayName"] == shown
    changed = {"op": "replace", "value": {"name": {"formatted": "王五"}}}
    await hr.patch(f"/Users/{made['id']}", changed, {"op": "replace", "path": "name", "value": {"familyName": "王", "givenName": "五五"}})
    assert (await hr.get(f"/Users/{made['id']}"))["displayName"] == "王五五"


async def test_whoever_says_nothing_of_being_active_is(hr: Hr, unit: dict[str, Any]) -> None:
    body = user(unit)
    del body["active"]
    assert (await hr.post("/Users", body))["active"] is True
    made = (await hr.get("/Users"))["Resources"][0]
    assert (await hr.ask("PUT", f"/Users/{made['id']}", body, status=400))["scimType"] == "invalidValue"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": f"{OFFICIAL}:partyMembr", "value": True},
        {"op": "replace", "value": {f"{OFFICIAL}:partyMembr": True}},
        {"op": "replace", "value": {OFFICIAL: {"partyMembr": True}}},
        {"op": "add", "path": OFFICIAL, "value": {"partyMembr": True}},
    ],
)
async def test_a_misspelt_attribute_of_our_own_is_not_lost_unseen(hr: Hr, unit: dict[str, Any], operation: dict[str, Any]) -> None:
    made = await hr.post("/Users", user(unit))
    assert (await hr.patch(f"/Users/{made['id']}", operation, status=400))["scimType"] == "invalidPath"
    await hr.post("/Users", user(unit, "E2", official={"partyMembr": True}), status=400)
    await hr.ask(
        "POST",
        "/Bulk",
        {"schemas": [], "Operations": [{"method": "POST", "path": "/Users", "data": user(unit, "E3", official={"x": 1})}]},
        status=400,
    )


@pytest.mark.parametrize(
    ("operation", "sort"),
    [
        ({"op": "remove"}, "noTarget"),
        ({"op": "explode", "path": "title"}, "invalidValue"),
        ({"op": "replace", "path": "title["}, "invalidPath"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "groups", "value": []}, "mutability"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "replace", "path": "active", "value": {"a": 1}}, "invalidValue"),
        ({"op": "replace", "path": "title", "value": 5}, "invalidValue"),
        ({"op": "add", "path": f"{OFFICIAL}:unit", "value": "nowhere"}, "invalidValue"),
        ({"op": "remove", "path": f"{OFFICIAL}:rank"}, "mutability"),
        ({"op": "replace", "path": "displayName", "value": ""}, "invalidValue"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused_as_the_standard_has_it(
    hr: Hr, unit: dict[str, Any], operation: Any, sort: str
) -> None:
    made = await hr.post("/Users", user(unit, title="科长"))
    refused = await hr.patch(f"/Users/{made['id']}", {"op": "replace", "path": "title", "value": "处长"}, operation, status=400)
    assert refused["scimType"] == sort
    assert "input_value" not in refused["detail"]
    assert (await hr.get(f"/Users/{made['id']}"))["title"] == "科长"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff", b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"schemas": 5}']
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/Users"), ("POST", "/Bulk"), ("POST", "/.search"), ("POST", "/Groups")])
async def test_a_body_that_is_none_is_refused(hr: Hr, method: str, path: str, body: bytes) -> None:
    answer = await hr.client.request(method, BASE + path, content=body, headers={**hr.headers, "Content-Type": "application/scim+json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
