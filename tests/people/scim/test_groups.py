"""Units as SCIM groups, and who belongs to them."""

from typing import Any

import httpx
import pytest

from tests.conftest import Make

from .asking import BASE, Hr, group, patch, user
from .asking import UNIT as EXTENSION
from .conftest import Hiring


async def _members(hr: Hr, unit: dict[str, Any]) -> set[str]:
    return {member["value"] for member in (await hr.get(f"/Groups/{unit['id']}")).get("members", [])}


async def test_a_group_that_is_pushed_is_a_unit_on_record(hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    above = await hr.post("/Groups", group("某市"))
    stated = {"code": "GZ-ZJ", "kind": "government", "parent": above["id"], "jurisdiction": ["建筑业", "天河区"]}
    made = await hr.post("/Groups", group("住建局", unit=stated, externalId="dept-1"))
    unit = (await client.get(f"/v1/units/{made['id']}", headers=as_root)).json()
    assert {name: unit[name] for name in ("name", "code", "parent", "kind", "jurisdiction")} == {"name": "住建局", **stated}
    assert made[EXTENSION] == {**stated, "parent": f"http://test{BASE}/Groups/{above['id']}"}
    assert made["externalId"] == "dept-1"
    assert await hr.names('externalId eq "dept-1"', "/Groups") == ["住建局"]
    child = {"value": made["id"], "$ref": f"http://test{BASE}/Groups/{made['id']}", "type": "Group"}
    assert (await hr.get(f"/Groups/{above['id']}"))["members"] == [child]
    assert (await hr.post("/Groups", group("又一局", unit={"code": "GZ-ZJ"}), status=409))["scimType"] == "uniqueness"
    assert (await hr.post("/Groups", group("某局", unit={"kind": "club"}), status=400))["detail"].startswith("kind：")


async def test_a_group_by_its_name_alone_is_some_other_body(hr: Hr, client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    made = await hr.post("/Groups", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "专班"})
    assert (await client.get(f"/v1/units/{made['id']}", headers=as_root)).json()["kind"] == "other"
    assert EXTENSION not in made


async def test_to_add_a_member_is_to_move_it_there(hr: Hr, make_unit: Make) -> None:
    one, other = await make_unit(name="甲"), await make_unit(name="乙")
    person = await hr.post("/Users", user(one))
    await hr.patch(f"/Groups/{other['id']}", {"op": "add", "path": "members", "value": [{"value": person["id"]}]})
    assert (await hr.get(f"/Users/{person['id']}"))["groups"][0]["display"] == "乙"
    assert (await _members(hr, one), await _members(hr, other)) == (set(), {person["id"]})
    await hr.patch(f"/Groups/{other['id']}", {"op": "add", "path": "members", "value": [{"value": person["id"]}]})
    assert (await hr.get(f"/Users/{person['id']}"))["meta"]["version"] == 'W/"2"'
    await hr.patch(f"/Groups/{one['id']}", {"op": "add", "path": "members", "value": [{"value": other["id"], "type": "Group"}]})
    assert await _members(hr, one) == {other["id"]}


async def test_to_remove_a_member_is_to_move_it_to_the_unit_above(hr: Hr, make_unit: Make) -> None:
    top = await make_unit(name="市")
    unit = await make_unit(name="局", parent=top["id"])
    people = [await hr.post("/Users", user(unit, f"E{number}")) for number in range(3)]
    await hr.patch(f"/Groups/{unit['id']}", {"op": "remove", "path": f'members[value eq "{people[0]["id"]}"]'})
    assert await _members(hr, unit) == {people[1]["id"], people[2]["id"]}
    assert await _members(hr, top) == {unit["id"], people[0]["id"]}
    await hr.patch(f"/Groups/{unit['id']}", {"op": "replace", "path": "members", "value": [{"value": people[0]["id"]}]})
    assert await _members(hr, unit) == {people[0]["id"]}
    refused = await hr.patch(f"/Groups/{top['id']}", {"op": "remove", "path": f'members[value eq "{people[1]["id"]}"]'}, status=400)
    assert refused["detail"].startswith("members：顶层单位的人员不能直接移出")


async def test_a_put_without_members_leaves_them_where_they_are(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit(parent=(await make_unit())["id"], code="A1")
    person = await hr.post("/Users", user(unit))
    renamed = await hr.ask("PUT", f"/Groups/{unit['id']}", {"schemas": group()["schemas"][:1], "displayName": "新名"})
    assert (renamed["displayName"], renamed[EXTENSION]["code"]) == ("新名", "A1")
    assert {member["value"] for member in renamed["members"]} == {person["id"]}
    emptied = await hr.ask("PUT", f"/Groups/{unit['id']}", group("新名", members=[]))
    assert "members" not in emptied


async def test_a_group_s_tag_tells_who_belongs_to_it(hr: Hr, make_unit: Make) -> None:
    one, other = await make_unit(), await make_unit()
    person = await hr.post("/Users", user(one))
    before = (await hr.get(f"/Groups/{one['id']}"))["meta"]["version"]
    without = await hr.get(f"/Groups/{one['id']}", params={"excludedAttributes": "members"})
    assert "members" not in without
    assert without["meta"]["version"] == before
    await hr.patch(f"/Groups/{other['id']}", {"op": "add", "path": "members", "value": [{"value": person["id"]}]})
    assert (await hr.get(f"/Groups/{one['id']}"))["meta"]["version"] != before
    name = {"op": "replace", "path": "displayName", "value": "新名"}
    await hr.patch(f"/Groups/{one['id']}", name, headers={"If-Match": before}, status=412)


async def test_only_an_empty_unit_goes(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit()
    await hr.post("/Users", user(unit))
    refused = await hr.ask("DELETE", f"/Groups/{unit['id']}", status=409)
    assert refused["detail"].startswith("该单位仍有下级单位、人员或记录")
    empty = await make_unit()
    await hr.ask("DELETE", f"/Groups/{empty['id']}", status=204)
    await hr.get(f"/Groups/{empty['id']}", status=404)


@pytest.mark.parametrize("member", ["01998b7c-0000-7000-8000-000000000000", "nobody", ""])
async def test_who_is_nobody_belongs_nowhere(hr: Hr, make_unit: Make, member: str) -> None:
    unit = await make_unit()
    refused = await hr.patch(f"/Groups/{unit['id']}", {"op": "add", "path": "members", "value": [{"value": member}]}, status=400)
    assert refused["scimType"] == "invalidValue"
    await hr.post("/Groups", group("新局", members=[{"value": member}]), status=400)
    assert await hr.names('displayName eq "新局"', "/Groups") == []


async def test_a_unit_does_not_stand_below_itself(hr: Hr, make_unit: Make) -> None:
    top = await make_unit()
    below = await make_unit(parent=top["id"])
    refused = await hr.patch(f"/Groups/{below['id']}", {"op": "add", "path": "members", "value": [{"value": top["id"]}]}, status=400)
    assert refused["detail"].startswith("parent：")


async def test_an_hr_system_of_one_unit_works_within_it(hr: Hr, hr_of: Hiring, make_unit: Make) -> None:
    mine, theirs = await make_unit(name="甲"), await make_unit(name="乙")
    stranger = await hr.post("/Users", user(theirs, "E1"))
    local = await hr_of("people:write", unit=mine)
    made = await local.post("/Groups", group("科室"))
    assert (await hr.get(f"/Groups/{made['id']}"))[EXTENSION]["parent"].endswith(mine["id"])
    person = await local.post("/Users", user(made, "E2"))
    assert set(await local.names(path="/Groups")) == {"甲", "科室"}
    assert (await local.get("/Users"))["totalResults"] == 1
    await local.get(f"/Users/{stranger['id']}", status=404)
    await local.get(f"/Groups/{theirs['id']}", status=404)
    await local.ask("DELETE", f"/Users/{stranger['id']}", status=404)
    await local.patch(f"/Users/{stranger['id']}", {"op": "replace", "path": "title", "value": "x"}, status=404)
    await local.ask(
        "PATCH", f"/Groups/{made['id']}", patch({"op": "add", "path": "members", "value": [{"value": stranger["id"]}]}), status=400
    )
    await local.post("/Users", user(theirs, "E3"), status=400)
    await local.patch(
        f"/Users/{person['id']}",
        {"op": "replace", "path": "urn:ietf:params:scim:schemas:extension:qinqing:2.0:User:unit", "value": theirs["id"]},
        status=400,
    )
    await local.patch(f"/Groups/{mine['id']}", {"op": "add", "path": "members", "value": [{"value": person["id"]}]})
    await local.patch(f"/Groups/{mine['id']}", {"op": "remove", "path": f'members[value eq "{person["id"]}"]'}, status=400)
    assert (await hr.get(f"/Users/{stranger['id']}"))["meta"]["version"] == 'W/"1"'
