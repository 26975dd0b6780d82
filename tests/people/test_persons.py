"""Persons: their records, who sees them, and that none is lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.kit import clock
from app.kit.ids import new_id
from tests.conftest import Make
from tests.tags import version

from .asking import MEAL, Calling, Client, Headers, faults_of, listed, match


async def persons(client: Client, headers: Headers, **query: Any) -> set[str]:
    return await listed(client, headers, "/v1/persons", **query)


def plain(unit: dict[str, Any], **over: Any) -> dict[str, Any]:
    return {
        "employee_number": "E1",
        "name": "张明",
        "unit": unit["id"],
        "party_member": True,
        "staff_class": "civil_servant",
        "rank": "section_chief",
        "is_leader": False,
        **over,
    }


async def test_a_person_is_put_on_record_with_every_field_and_read_back(client: Client, as_root: Headers, make_unit: Make) -> None:
    unit, former = await make_unit(), await make_unit()
    body = plain(
        unit,
        position="科长",
        birth_on="1945-03-01",
        prior_graft_sanction=True,
        post_from_on="2020-01-01",
        left_on="2025-01-31",
        left_reason="retired",
        inside_information=[{"issuer": "恒远建设股份有限公司", "from_on": "2024-01-01", "until_on": None}],
        relatives=[{"name": "李华", "relation": "spouse", "employer": "某证券公司", "employer_kind": "securities_firm"}],
        posts=[
            {
                "unit": former["id"],
                "position": "科员",
                "rank": "none",
                "is_leader": False,
                "staff_class": "grassroots",
                "from_on": "2010-01-01",
                "until_on": "2019-12-31",
            }
        ],
    )
    made = await client.post("/v1/persons", json=body, headers=as_root)
    assert (made.status_code, version(made)) == (201, 1)
    read = await client.get(made.headers["location"], headers=as_root)
    assert read.json() == made.json()
    assert {name: read.json()[name] for name in body} == body


async def test_what_is_left_out_is_empty(client: Client, as_root: Headers, make_unit: Make) -> None:
    made = (await client.post("/v1/persons", json=plain(await make_unit()), headers=as_root)).json()
    empty = {name: made[name] for name in ("position", "birth_on", "post_from_on", "left_on", "left_reason")}
    assert set(empty.values()) == {None}
    assert (made["prior_graft_sanction"], made["inside_information"], made["relatives"], made["posts"]) == (False, [], [], [])


async def test_a_person_is_changed_field_by_field(client: Client, as_root: Headers, make_unit: Make, make_person: Make) -> None:
    person = await make_person(await make_unit(), birth_on="1980-05-01")
    path = f"/v1/persons/{person['id']}"
    promoted = await client.patch(
        path, json={"rank": "division_deputy", "is_leader": True, "birth_on": None}, headers={**as_root, **match()}
    )
    assert (promoted.status_code, version(promoted)) == (200, 2)
    assert promoted.json() == {**person, "rank": "division_deputy", "is_leader": True, "birth_on": None}
    assert faults_of(await client.patch(path, json={"rank": None}, headers={**as_root, **match(2)})) == [("/rank", "enum")]
    assert (await client.patch(path, json={"rank": "none"}, headers=as_root)).status_code == 428
    assert (await client.patch(path, json={"rank": "none"}, headers={**as_root, **match()})).status_code == 412


async def test_who_leaves_is_given_a_day_and_a_reason_together(
    client: Client, as_root: Headers, make_unit: Make, make_person: Make
) -> None:
    unit = await make_unit()
    for half in ({"left_on": "2025-01-31"}, {"left_reason": "retired"}):
        assert faults_of(await client.post("/v1/persons", json=plain(unit, **half), headers=as_root)) == [("/left_reason", "left-in-part")]
    person = await make_person(unit)
    path = f"/v1/persons/{person['id']}"
    assert faults_of(await client.patch(path, json={"left_on": "2025-01-31"}, headers={**as_root, **match()})) == [
        ("/left_reason", "left-in-part")
    ]
    left = await client.patch(path, json={"left_on": "2025-01-31", "left_reason": "resigned"}, headers={**as_root, **match()})
    assert (left.status_code, left.json()["left_reason"]) == (200, "resigned")


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"birth_on": str(clock.today() + timedelta(days=1))}, ("/birth_on", "birth-unlikely")),
        ({"birth_on": "1899-12-31"}, ("/birth_on", "birth-unlikely")),
        ({"birth_on": "１９８０-01-01"}, ("/birth_on", "day-malformed")),
        ({"post_from_on": "2023-02-29"}, ("/post_from_on", "date-from-datetime-parsing")),
        ({"name": "张\x00明"}, ("/name", "text-unreadable")),
        ({"name": "张\u202e明"}, ("/name", "text-unreadable")),
        ({"employee_number": "E" * 61}, ("/employee_number", "string-too-long")),
        ({"party_member": "yes"}, ("/party_member", "bool-type")),
        ({"rank": "emperor"}, ("/rank", "enum")),
        (
            {"inside_information": [{"issuer": "甲", "from_on": "2024-02-01", "until_on": "2024-01-31"}]},
            ("/inside_information/0/until_on", "until-before-from"),
        ),
        ({"relatives": [{"name": "李华", "relation": "spouse", "employer_kind": "bank"}]}, ("/relatives/0/employer_kind", "enum")),
        ({"salary": 1}, ("/salary", "extra-forbidden")),
    ],
)
async def test_a_person_who_cannot_be_is_refused_at_the_field(
    client: Client, as_root: Headers, make_unit: Make, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(await client.post("/v1/persons", json=plain(await make_unit(), **over), headers=as_root)) == [fault]


async def test_a_past_post_lies_in_a_unit_of_the_register(client: Client, as_root: Headers, make_unit: Make) -> None:
    unit = await make_unit()
    post = {"unit": str(new_id()), "rank": "none", "is_leader": False, "staff_class": "grassroots", "from_on": "2010-01-01"}
    assert faults_of(await client.post("/v1/persons", json=plain(unit, posts=[post]), headers=as_root)) == [
        ("/posts/0/unit", "unit-unknown")
    ]


async def test_an_employee_number_belongs_to_one_person(client: Client, as_root: Headers, make_unit: Make, make_person: Make) -> None:
    unit = await make_unit()
    answers = await asyncio.gather(*(client.post("/v1/persons", json=plain(unit, name=name), headers=as_root) for name in "甲乙丙丁"))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"employee-number-taken"}
    other = await make_person(unit)
    clash = await client.patch(f"/v1/persons/{other['id']}", json={"employee_number": "E1"}, headers={**as_root, **match()})
    assert (clash.status_code, clash.json()["code"]) == (409, "employee-number-taken")


async def test_of_two_changes_at_once_one_is_stale(client: Client, as_root: Headers, make_unit: Make, make_person: Make) -> None:
    path = f"/v1/persons/{(await make_person(await make_unit()))['id']}"
    answers = await asyncio.gather(*(client.patch(path, json={"name": name}, headers={**as_root, **match()}) for name in "甲乙丙"))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_a_list_is_narrowed_by_subtree_number_and_name(client: Client, as_root: Headers, make_unit: Make, make_person: Make) -> None:
    top = await make_unit()
    below = await make_unit(parent=top["id"])
    other = await make_unit()
    one = await make_person(top, name="欧阳修", employee_number="N-1")
    two = await make_person(below, name="欧阳询")
    three = await make_person(other, name="张旭_Zhang")
    assert await persons(client, as_root, unit=top["id"]) == {one["id"], two["id"]}
    assert await persons(client, as_root, unit=below["id"]) == {two["id"]}
    assert await persons(client, as_root, employee_number="N-1") == {one["id"]}
    assert await persons(client, as_root, q="欧阳") == {one["id"], two["id"]}
    assert await persons(client, as_root, q="_zhang") == {three["id"]}
    assert await persons(client, as_root, q="欧阳", unit=below["id"]) == {two["id"]}
    counted = await client.get("/v1/persons", params={"limit": 1, "count": True}, headers=as_root)
    assert (counted.json()["count"], counted.json()["items"][0]["id"]) == (3, three["id"])
    following = await client.get("/v1/persons", params={"limit": 2, "after": counted.json()["next"]}, headers=as_root)
    assert [person["id"] for person in following.json()["items"]] == [two["id"], one["id"]]


async def test_hr_reaches_the_persons_of_its_units_and_nobody_else(
    client: Client, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    mine, other = await make_unit(), await make_unit()
    own, strange = await make_person(mine), await make_person(other)
    hr = await calling("people:read", "people:write", unit=mine)
    assert await persons(client, hr) == {own["id"]}
    assert await persons(client, hr, unit=other["id"]) == set()
    path = f"/v1/persons/{strange['id']}"
    assert (await client.get(path, headers=hr)).status_code == 404
    assert (await client.patch(path, json={"name": "某人"}, headers={**hr, **match()})).status_code == 404
    assert (await client.delete(path, headers={**hr, **match()})).status_code == 404
    outside = await client.post("/v1/persons", json=plain(other), headers=hr)
    assert faults_of(outside) == [("/unit", "unit-unknown")]
    away = await client.patch(f"/v1/persons/{own['id']}", json={"unit": other["id"]}, headers={**hr, **match()})
    assert faults_of(away) == [("/unit", "unit-unknown")]


async def test_an_official_reads_the_own_record_alone_and_cannot_change_it(
    client: Client, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    unit = await make_unit()
    me, colleague = await make_person(unit), await make_person(unit)
    official = await calling("declarations:write", person=me)
    assert await persons(client, official) == {me["id"]}
    assert (await client.get(f"/v1/persons/{me['id']}", headers=official)).json() == me
    assert (await client.get(f"/v1/persons/{colleague['id']}", headers=official)).status_code == 404
    refused = await client.patch(f"/v1/persons/{me['id']}", json={"rank": "ministry"}, headers={**official, **match()})
    assert refused.status_code == 403
    assert "people:write" in refused.json()["detail"]


async def test_a_key_for_nobody_without_the_scope_is_told_which_scope_is_missing(client: Client, calling: Calling) -> None:
    refused = await client.get("/v1/persons", headers=await calling("declarations:read"))
    assert refused.status_code == 403
    assert "people:read" in refused.json()["detail"]


async def test_a_person_entered_by_mistake_can_go(client: Client, as_root: Headers, make_unit: Make, make_person: Make) -> None:
    path = f"/v1/persons/{(await make_person(await make_unit()))['id']}"
    assert (await client.delete(path, headers=as_root)).status_code == 428
    assert (await client.delete(path, headers={**as_root, **match()})).status_code == 204
    assert (await client.get(path, headers=as_root)).status_code == 404


async def test_a_person_of_whom_anything_is_on_file_stays(
    client: Client, as_root: Headers, calling: Calling, make_unit: Make, make_person: Make
) -> None:
    unit = await make_unit()
    declarant, keyed, delegate = await make_person(unit), await make_person(unit), await make_person(unit)
    await calling("declarations:write", person=keyed)
    filed = await client.post("/v1/declarations", json={"declarant": declarant["id"], "kind": "meal", "details": MEAL}, headers=as_root)
    assert filed.status_code == 201, filed.text
    given = {"person": keyed["id"], "delegate": delegate["id"], "from_on": "2026-01-01"}
    assert (await client.post("/v1/delegations", json=given, headers=as_root)).status_code == 201
    for person in (declarant, keyed, delegate):
        answer = await client.delete(f"/v1/persons/{person['id']}", headers={**as_root, **match()})
        assert (answer.status_code, answer.json()["code"]) == (409, "person-on-file")
        assert (await client.get(f"/v1/persons/{person['id']}", headers=as_root)).status_code == 200


async def test_nothing_that_was_sent_comes_back_in_an_error(client: Client, as_root: Headers, make_unit: Make) -> None:
    answer = await client.post("/v1/persons", json=plain(await make_unit(), birth_on="19800101", name="欧阳\x00修"), headers=as_root)
    assert "欧阳" not in answer.text
    assert "19800101" not in answer.text
