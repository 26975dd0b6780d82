"""Units and their tree."""

import asyncio
from typing import Any

import pytest

from app.kit.ids import new_id
from tests.conftest import Make
from tests.tags import version

from .asking import Calling, Client, Headers, faults_of, listed, match


async def units(client: Client, headers: Headers, **query: Any) -> set[str]:
    return await listed(client, headers, "/v1/units", **query)


async def persons(client: Client, headers: Headers, **query: Any) -> set[str]:
    return await listed(client, headers, "/v1/persons", **query)


async def test_a_unit_is_put_on_record_and_read_back(client: Client, as_root: Headers) -> None:
    body = {"name": "某市住房和城乡建设局", "code": "ZJ-01", "kind": "government", "jurisdiction": ["建筑业", "天河区"]}
    made = await client.post("/v1/units", json=body, headers=as_root)
    assert (made.status_code, version(made)) == (201, 1)
    read = await client.get(made.headers["location"], headers=as_root)
    assert read.json() == made.json()
    assert version(read) == 1
    assert {name: read.json()[name] for name in body} == body
    assert read.json()["parent"] is None


async def test_a_unit_is_changed_field_by_field_and_null_empties_what_may_be_empty(
    client: Client, as_root: Headers, make_unit: Make
) -> None:
    unit = await make_unit(name="甲局", code="A", jurisdiction=["建筑业"])
    changed = await client.patch(f"/v1/units/{unit['id']}", json={"code": None}, headers={**as_root, **match()})
    assert (changed.status_code, version(changed)) == (200, 2)
    assert changed.json() == {**unit, "code": None}
    assert (await client.patch(f"/v1/units/{unit['id']}", json={"jurisdiction": None}, headers={**as_root, **match(2)})).json()[
        "jurisdiction"
    ] == []
    refused = await client.patch(f"/v1/units/{unit['id']}", json={"name": None}, headers={**as_root, **match(3)})
    assert faults_of(refused) == [("/name", "string-type")]


async def test_a_change_needs_the_version_that_was_read(client: Client, as_root: Headers, make_unit: Make) -> None:
    unit = await make_unit()
    path = f"/v1/units/{unit['id']}"
    assert (await client.patch(path, json={"name": "乙局"}, headers=as_root)).status_code == 428
    assert (await client.patch(path, json={"name": "乙局"}, headers={**as_root, **match()})).status_code == 200
    assert (await client.patch(path, json={"name": "丙局"}, headers={**as_root, **match()})).status_code == 412
    assert (await client.delete(path, headers={**as_root, **match()})).status_code == 412


async def test_of_two_changes_at_once_one_is_stale(client: Client, as_root: Headers, make_unit: Make) -> None:
    path = f"/v1/units/{(await make_unit())['id']}"
    answers = await asyncio.gather(
        *(client.patch(path, json={"name": f"第{number}局"}, headers={**as_root, **match()}) for number in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_a_code_belongs_to_one_unit(client: Client, as_root: Headers, make_unit: Make) -> None:
    bodies = [{"name": f"第{number}局", "kind": "government", "code": "SAME"} for number in range(4)]
    answers = await asyncio.gather(*(client.post("/v1/units", json=body, headers=as_root) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"unit-code-taken"}
    other = await make_unit(code="OTHER")
    clash = await client.patch(f"/v1/units/{other['id']}", json={"code": "SAME"}, headers={**as_root, **match()})
    assert (clash.status_code, clash.json()["code"]) == (409, "unit-code-taken")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "甲\x00局", "text-unreadable"),
        ("name", "甲\u202e局", "text-unreadable"),
        ("name", "  ", "text-blank"),
        ("code", "x" * 61, "string-too-long"),
        ("kind", "ministry", "enum"),
        ("parent", "not-an-id", "uuid-parsing"),
        ("colour", "red", "extra-forbidden"),
    ],
)
async def test_a_unit_that_cannot_be_is_refused_at_the_field(client: Client, as_root: Headers, field: str, value: str, code: str) -> None:
    answer = await client.post("/v1/units", json={"name": "甲局", "kind": "government", field: value}, headers=as_root)
    assert faults_of(answer) == [(f"/{field}", code)]


async def test_a_list_can_be_narrowed_and_paged(client: Client, as_root: Headers, make_unit: Make) -> None:
    top = await make_unit(name="某市", code="TOP")
    below = [await make_unit(name=f"某区{number}%分局", parent=top["id"]) for number in range(3)]
    assert await units(client, as_root, parent=top["id"]) == {unit["id"] for unit in below}
    assert await units(client, as_root, code="TOP") == {top["id"]}
    assert await units(client, as_root, q="区1%") == {below[1]["id"]}
    assert await units(client, as_root, q="%市") == set()
    first = await client.get("/v1/units", params={"limit": 3, "count": True}, headers=as_root)
    assert (len(first.json()["items"]), first.json()["count"]) == (3, 4)
    second = await client.get("/v1/units", params={"limit": 3, "after": first.json()["next"]}, headers=as_root)
    assert [unit["id"] for unit in second.json()["items"]] == [top["id"]]
    assert second.json()["next"] is None
    assert 'rel="next"' in first.headers["link"]


async def test_text_to_look_for_may_not_hold_what_no_text_holds(client: Client, as_root: Headers) -> None:
    answer = await client.get("/v1/units", params={"q": "a\x00b"}, headers=as_root)
    assert faults_of(answer) == [("/query/q", "text-unreadable")]


async def test_a_caller_reaches_its_unit_and_all_below_and_nothing_else(client: Client, calling: Calling, make_unit: Make) -> None:
    top = await make_unit()
    mine = await make_unit(parent=top["id"])
    below = await make_unit(parent=mine["id"])
    sister = await make_unit(parent=top["id"])
    caller = await calling("people:read", "people:write", unit=mine)
    assert await units(client, caller) == {mine["id"], below["id"]}
    for stranger in (top, sister):
        path = f"/v1/units/{stranger['id']}"
        assert (await client.get(path, headers=caller)).status_code == 404
        assert (await client.patch(path, json={"name": "我局"}, headers={**caller, **match()})).status_code == 404
        assert (await client.delete(path, headers={**caller, **match()})).status_code == 404


async def test_without_a_scope_units_are_closed_and_the_scope_is_named(client: Client, calling: Calling, make_unit: Make) -> None:
    unit = await make_unit()
    nobody, reader = await calling("declarations:write"), await calling("people:read")
    refused = await client.get("/v1/units", headers=nobody)
    assert refused.status_code == 403
    assert "people:read" in refused.json()["detail"]
    written = await client.post("/v1/units", json={"name": "甲局", "kind": "government"}, headers=reader)
    assert written.status_code == 403
    assert "people:write" in written.json()["detail"]
    assert (await client.get(f"/v1/units/{unit['id']}", headers=reader)).status_code == 200
    assert (await client.get("/v1/units")).status_code == 401


async def test_a_limited_caller_adds_units_below_its_own_alone(client: Client, calling: Calling, make_unit: Make) -> None:
    mine, other = await make_unit(), await make_unit()
    caller = await calling("people:write", unit=mine)
    body = {"name": "新科", "kind": "government"}
    top = await client.post("/v1/units", json=body, headers=caller)
    assert faults_of(top) == [("/parent", "parent-required")]
    for parent in (other["id"], str(new_id())):
        outside = await client.post("/v1/units", json={**body, "parent": parent}, headers={**caller, "Accept-Language": "en"})
        assert faults_of(outside) == [("/parent", "unit-unknown")]
        assert outside.json()["errors"][0]["message"].startswith("Unknown unit")
    made = await client.post("/v1/units", json={**body, "parent": mine["id"]}, headers=caller)
    assert made.status_code == 201
    freed = await client.patch(made.headers["location"], json={"parent": None}, headers={**caller, **match()})
    assert faults_of(freed) == [("/parent", "parent-required")]


async def test_a_moved_unit_takes_all_below_it_along(
    client: Client, as_root: Headers, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    old, new = await make_unit(), await make_unit()
    moved = await make_unit(parent=old["id"])
    below = await make_unit(parent=moved["id"])
    person = await make_person(below)
    of_old, of_new = await calling("people:read", unit=old), await calling("people:read", unit=new)
    assert await persons(client, of_old) == {person["id"]}
    changed = await client.patch(f"/v1/units/{moved['id']}", json={"parent": new["id"]}, headers={**as_root, **match()})
    assert changed.json()["parent"] == new["id"]
    assert await units(client, of_old) == {old["id"]}
    assert await units(client, of_new) == {new["id"], moved["id"], below["id"]}
    assert await persons(client, of_old) == set()
    assert await persons(client, as_root, unit=new["id"]) == {person["id"]}
    freed = await client.patch(f"/v1/units/{moved['id']}", json={"parent": None}, headers={**as_root, **match(2)})
    assert freed.json()["parent"] is None
    assert await units(client, of_new) == {new["id"]}
    assert await units(client, await calling("people:read", unit=moved)) == {moved["id"], below["id"]}


async def test_a_unit_cannot_stand_below_itself(client: Client, as_root: Headers, make_unit: Make) -> None:
    top = await make_unit()
    middle = await make_unit(parent=top["id"])
    bottom = await make_unit(parent=middle["id"])
    for parent in (top, middle, bottom):
        answer = await client.patch(f"/v1/units/{top['id']}", json={"parent": parent["id"]}, headers={**as_root, **match()})
        assert faults_of(answer) == [("/parent", "parent-below-unit")]


async def test_two_moves_at_once_close_no_circle(client: Client, as_root: Headers, make_unit: Make) -> None:
    one, two = await make_unit(), await make_unit()
    answers = await asyncio.gather(
        client.patch(f"/v1/units/{one['id']}", json={"parent": two["id"]}, headers={**as_root, **match()}),
        client.patch(f"/v1/units/{two['id']}", json={"parent": one["id"]}, headers={**as_root, **match()}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_unit_added_while_its_parent_moves_moves_along(client: Client, as_root: Headers, calling: Calling, make_unit: Make) -> None:
    old, new = await make_unit(), await make_unit()
    moved = await make_unit(parent=old["id"])
    body = {"name": "新科", "kind": "government", "parent": moved["id"]}
    added, changed = await asyncio.gather(
        client.post("/v1/units", json=body, headers=as_root),
        client.patch(f"/v1/units/{moved['id']}", json={"parent": new["id"]}, headers={**as_root, **match()}),
    )
    assert (added.status_code, changed.status_code) == (201, 200)
    assert await units(client, await calling("people:read", unit=new)) == {new["id"], moved["id"], added.json()["id"]}


async def test_only_an_empty_unit_can_be_removed(
    client: Client, as_root: Headers, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    top, former = await make_unit(), await make_unit()
    below = await make_unit(parent=top["id"])
    post = {
        "unit": former["id"],
        "position": "科员",
        "rank": "none",
        "is_leader": False,
        "staff_class": "civil_servant",
        "from_on": "2010-01-01",
    }
    person = await make_person(below, posts=[post])
    keyed = await make_unit()
    await calling("people:read", unit=keyed)
    for unit in (top, below, former, keyed):
        answer = await client.delete(f"/v1/units/{unit['id']}", headers={**as_root, **match()})
        assert (answer.status_code, answer.json()["code"]) == (409, "unit-not-empty")
    for path in (f"/v1/persons/{person['id']}", *(f"/v1/units/{unit['id']}" for unit in (former, below, top))):
        assert (await client.delete(path, headers={**as_root, **match()})).status_code == 204
        assert (await client.get(path, headers=as_root)).status_code == 404


async def test_a_unit_removed_while_somebody_joins_it_leaves_nobody_without_one(
    client: Client, as_root: Headers, make_unit: Make, make_person: Make
) -> None:
    unit, elsewhere = await make_unit(), await make_unit()
    person = await make_person(elsewhere)
    removed, joined, added = await asyncio.gather(
        client.delete(f"/v1/units/{unit['id']}", headers={**as_root, **match()}),
        client.patch(f"/v1/persons/{person['id']}", json={"unit": unit["id"]}, headers={**as_root, **match()}),
        client.post("/v1/units", json={"name": "新科", "kind": "other", "parent": unit["id"]}, headers=as_root),
    )
    assert removed.status_code in (204, 409)
    assert {joined.status_code, added.status_code} <= ({422} if removed.status_code == 204 else {200, 201, 422})
