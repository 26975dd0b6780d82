"""Counterparties through the door: what is registered, by whom, and who sees how much of it."""

import asyncio
from typing import Any

import pytest

from app.kit.ids import new_id
from tests.conftest import Make
from tests.factories import credit_code
from tests.people.asking import Calling, Client, Headers, faults_of, listed, match
from tests.tags import version

PATH = "/v1/counterparties"
CITIZEN = "360426199101010071"


async def found(client: Client, headers: Headers, **query: Any) -> set[str]:
    return await listed(client, headers, PATH, **query)


def plain(**over: Any) -> dict[str, Any]:
    return {"name": "恒远建设有限公司", "type": "enterprise", **over}


async def test_a_counterparty_is_registered_with_every_field_and_read_back(
    client: Client, as_root: Headers, make_unit: Make, make_counterparty: Make
) -> None:
    unit, owner = await make_unit(), await make_counterparty()
    relation = {"unit": unit["id"], "relation": "supervised_current", "from_on": "2020-01-01", "until_on": None}
    body = plain(aliases=["恒远", "HY Construction"], identifier=credit_code(), region="CN", parents=[owner["id"]], relations=[relation])
    made = await client.post(PATH, json=body, headers=as_root)
    assert (made.status_code, version(made)) == (201, 1)
    read = await client.get(made.headers["location"], headers=as_root)
    assert read.json() == made.json()
    assert {name: read.json()[name] for name in body} == body
    assert read.json()["registered"] is True


async def test_what_is_left_out_is_empty(client: Client, as_root: Headers) -> None:
    made = (await client.post(PATH, json=plain(), headers=as_root)).json()
    assert (made["identifier"], made["region"], made["aliases"], made["parents"], made["relations"]) == (None, None, [], [], [])


async def test_a_counterparty_is_changed_field_by_field(client: Client, as_root: Headers, make_unit: Make, make_counterparty: Make) -> None:
    unit = await make_unit()
    relation = {"unit": unit["id"], "relation": "supervised_current", "from_on": None, "until_on": None}
    made = await make_counterparty(aliases=["老名字"], relations=[relation])
    path = f"{PATH}/{made['id']}"
    changed = await client.patch(path, json={"name": "恒远建设集团有限公司"}, headers={**as_root, **match()})
    assert (changed.status_code, version(changed)) == (200, 2)
    assert changed.json() == {**made, "name": "恒远建设集团有限公司"}
    emptied = await client.patch(path, json={"identifier": None, "aliases": None, "relations": []}, headers={**as_root, **match(2)})
    assert emptied.json() == {**changed.json(), "identifier": None, "aliases": [], "relations": []}
    assert await found(client, as_root, q="老名字") == set()
    assert faults_of(await client.patch(path, json={"type": None}, headers={**as_root, **match(3)})) == [("/type", "enum")]
    assert (await client.patch(path, json={}, headers=as_root)).status_code == 428
    assert (await client.patch(path, json={}, headers={**as_root, **match()})).status_code == 412


async def test_of_two_changes_at_once_one_is_stale(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    path = f"{PATH}/{(await make_counterparty())['id']}"
    answers = await asyncio.gather(*(client.patch(path, json={"name": name}, headers={**as_root, **match()}) for name in "甲乙丙"))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"name": "恒远\x00"}, ("/name", "text-unreadable")),
        ({"aliases": ["恒远\u202e"]}, ("/aliases/0", "text-unreadable")),
        ({"type": "company"}, ("/type", "enum")),
        ({"region": "XX"}, ("/region", "region-unknown")),
        ({"region": "cn"}, ("/region", "string-pattern-mismatch")),
        ({"identifier": "91110000600037341M"}, ("/identifier", "identifier-check-digit")),
        ({"identifier": "360426199101010072", "type": "individual"}, ("/identifier", "identifier-check-digit")),
        ({"identifier": CITIZEN}, ("/identifier", "identifier-check-digit")),
        ({"identifier": "x"}, ("/identifier", "string-pattern-mismatch")),
        ({"parents": [str(new_id())]}, ("/parents/0", "counterparty-unknown")),
        ({"relations": [{"unit": str(new_id()), "relation": "kin"}]}, ("/relations/0/unit", "unit-unknown")),
        (
            {"relations": [{"unit": str(new_id()), "relation": "kin", "from_on": "2024-02-01", "until_on": "2024-01-31"}]},
            ("/relations/0/until_on", "until-before-from"),
        ),
        ({"vat": 1}, ("/vat", "extra-forbidden")),
    ],
)
async def test_a_counterparty_that_cannot_be_is_refused_at_the_field(
    client: Client, as_root: Headers, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(await client.post(PATH, json=plain(**over), headers=as_root)) == [fault]


async def test_a_wrong_check_digit_is_named_in_the_caller_s_language(client: Client, as_root: Headers) -> None:
    body = plain(identifier="91110000600037341M")
    chinese = await client.post(PATH, json=body, headers=as_root)
    english = await client.post(PATH, json=body, headers={**as_root, "Accept-Language": "en"})
    assert chinese.json()["errors"][0]["message"] == "统一社会信用代码的校验位不符，请逐位核对。"
    assert "check digit of the unified social credit code is wrong" in english.json()["errors"][0]["message"]
    assert "91110000600037341" not in chinese.text + english.text


async def test_changing_the_type_asks_for_the_number_of_that_type(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    made = await make_counterparty()
    answer = await client.patch(f"{PATH}/{made['id']}", json={"type": "individual"}, headers={**as_root, **match()})
    assert faults_of(answer)[0][0] == "/identifier"


async def test_an_identifier_is_registered_once(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    identifier = credit_code()
    bodies = [plain(name=f"恒远{number}", identifier=identifier) for number in "甲乙丙"]
    answers = await asyncio.gather(*(client.post(PATH, json=body, headers=as_root) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"identifier-taken"}
    other = await make_counterparty()
    clash = await client.patch(f"{PATH}/{other['id']}", json={"identifier": identifier}, headers={**as_root, **match()})
    assert (clash.status_code, clash.json()["code"]) == (409, "identifier-taken")


async def test_counterparties_are_found_by_name_alias_and_identifier(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    one = await make_counterparty(name="恒远建设（北京）有限公司", aliases=["ＨＹ集团"])
    two = await make_counterparty(name="恒通物流有限公司")
    assert await found(client, as_root, q="恒") == {one["id"], two["id"]}
    assert await found(client, as_root, q="(北京)") == {one["id"]}
    assert await found(client, as_root, q="hy集团") == {one["id"]}
    assert await found(client, as_root, q="%") == set()
    assert await found(client, as_root, identifier=two["identifier"]) == {two["id"]}
    assert await found(client, as_root, registered=False) == set()
    counted = await client.get(PATH, params={"limit": 1, "count": True, "q": "恒"}, headers=as_root)
    assert (counted.json()["count"], counted.json()["items"][0]["id"]) == (2, two["id"])
    following = await client.get(PATH, params={"limit": 1, "after": counted.json()["next"], "q": "恒"}, headers=as_root)
    assert [item["id"] for item in following.json()["items"]] == [one["id"]]


async def test_who_declares_finds_counterparties_without_relations_or_citizens_numbers(
    client: Client, calling: Calling, make_unit: Make, make_person: Make, make_counterparty: Make
) -> None:
    unit = await make_unit()
    relation = {"unit": unit["id"], "relation": "supervised_current"}
    enterprise = await make_counterparty(relations=[relation])
    man = await make_counterparty(name="张三", type="individual", identifier=CITIZEN, relations=[relation])
    phone = await calling("declarations:write", person=await make_person(unit))
    assert await found(client, phone) == {enterprise["id"], man["id"]}
    seen = (await client.get(f"{PATH}/{enterprise['id']}", headers=phone)).json()
    assert seen == {**enterprise, "relations": []}
    assert (await client.get(f"{PATH}/{man['id']}", headers=phone)).json() == {**man, "relations": [], "identifier": None}
    for scope in ("people:read", "declarations:read"):
        reader = await calling(scope, unit=unit)
        assert (await client.get(f"{PATH}/{man['id']}", headers=reader)).json() == man
    assert (await client.get(PATH, headers=await calling("audit:read"))).status_code == 403
    written = await client.post(PATH, json=plain(), headers=phone)
    assert written.status_code == 403
    assert "people:write" in written.json()["detail"]


async def test_relations_to_units_out_of_reach_are_neither_seen_nor_touched(
    client: Client, as_root: Headers, calling: Calling, make_unit: Make, make_counterparty: Make
) -> None:
    mine, other = await make_unit(), await make_unit()
    ours = {"unit": mine["id"], "relation": "supervised_current", "from_on": None, "until_on": None}
    theirs = {"unit": other["id"], "relation": "subordinate", "from_on": None, "until_on": None}
    made = await make_counterparty(relations=[ours, theirs])
    path = f"{PATH}/{made['id']}"
    hr = await calling("people:read", "people:write", unit=mine)
    assert (await client.get(path, headers=hr)).json()["relations"] == [ours]
    assert [item["relations"] for item in (await client.get(PATH, headers=hr)).json()["items"]] == [[ours]]
    added = await client.patch(path, json={"relations": [ours, theirs]}, headers={**hr, **match()})
    assert faults_of(added) == [("/relations/1/unit", "unit-unknown")]
    emptied = await client.patch(path, json={"relations": []}, headers={**hr, **match()})
    assert emptied.json()["relations"] == []
    assert (await client.get(path, headers=as_root)).json()["relations"] == [theirs]
    kept = await client.delete(path, headers={**hr, **match(2)})
    assert (kept.status_code, kept.json()["code"]) == (409, "counterparty-in-use")


async def test_an_owner_must_be_known_and_nobody_owns_themselves(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    top = await make_counterparty()
    middle = await make_counterparty(parents=[top["id"]])
    bottom = await make_counterparty(parents=[middle["id"], top["id"]])
    for parent in (top, middle, bottom):
        answer = await client.patch(f"{PATH}/{top['id']}", json={"parents": [parent["id"]]}, headers={**as_root, **match()})
        assert faults_of(answer) == [("/parents/0", "parent-owned")]


async def test_two_owners_at_once_close_no_circle(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    one, two = await make_counterparty(), await make_counterparty()
    answers = await asyncio.gather(
        client.patch(f"{PATH}/{one['id']}", json={"parents": [two["id"]]}, headers={**as_root, **match()}),
        client.patch(f"{PATH}/{two['id']}", json={"parents": [one["id"]]}, headers={**as_root, **match()}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_what_owns_others_stays(client: Client, as_root: Headers, make_counterparty: Make) -> None:
    owner = await make_counterparty()
    owned = await make_counterparty(parents=[owner["id"]])
    refused = await client.delete(f"{PATH}/{owner['id']}", headers={**as_root, **match()})
    assert (refused.status_code, refused.json()["code"]) == (409, "counterparty-in-use")
    for path in (f"{PATH}/{owned['id']}", f"{PATH}/{owner['id']}"):
        assert (await client.delete(path, headers=as_root)).status_code == 428
        assert (await client.delete(path, headers={**as_root, **match()})).status_code == 204
        assert (await client.get(path, headers=as_root)).status_code == 404
