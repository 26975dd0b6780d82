"""Filters, orders and pages: what the database answers is what the standard's own evaluation of each resource comes to."""

import itertools
import random
from typing import Any

import pytest
from scim2_models import Resource, ScimFilter
from scim2_server.service import ScimService

from app.people.scim.protocol import protocol
from tests.conftest import Make

from .asking import ENTERPRISE, OFFICIAL, UNIT, Hr, group, user
from .conftest import Hiring

OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
EQUAL = ("eq", "ne")
ORDER = ("eq", "ne", "gt", "ge", "lt", "le")
PEOPLE: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("E1", "张明", {"title": "科长", "externalId": "hr-1"}, {"birthOn": "1978-05-25"}),
    ("e1", "张小明", {"title": "100%_处\\长"}, {"rank": "division_chief", "isLeader": True}),
    ("E10", 'O"Brien', {"title": "Head", "externalId": "HR-1"}, {"staffClass": "judge", "birthOn": "1960-01-01"}),
    ("E2", "o'brien", {}, {"partyMember": False, "postFromOn": "2020-02-02"}),
    ("F1", "李四", {"title": "head", "active": False}, {"leftOn": "2024-06-30", "leftReason": "retired"}),
]
ASKED: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "userName": (OPERATORS, ('"E1"', '"e"', '"1"', '""')),
    "displayName": (OPERATORS, ('"张明"', '"张"', '"明"', '"O\\"BRIEN"', '"o\'"', '"%"')),
    "name.formatted": (OPERATORS, ('"张明"', '"BRIEN"')),
    "title": (OPERATORS, ('"HEAD"', '"%"', '"_"', '"\\\\"', '"长"', "null")),
    "externalId": (OPERATORS, ('"hr-1"', '"hr"', "null")),
    "active": (EQUAL, ("true", "false")),
    f"{ENTERPRISE}:employeeNumber": (OPERATORS, ('"N-7"', "null")),
    f"{OFFICIAL}:rank": (EQUAL, ('"division_chief"', '"none"')),
    f"{OFFICIAL}:staffClass": (EQUAL, ('"judge"',)),
    f"{OFFICIAL}:isLeader": (EQUAL, ("true",)),
    f"{OFFICIAL}:partyMember": (EQUAL, ("false",)),
    f"{OFFICIAL}:birthOn": (ORDER, ('"1978-05-25"', '"1970-01-01"', "null")),
    f"{OFFICIAL}:postFromOn": (ORDER, ('"2020-02-02"', "null")),
    f"{OFFICIAL}:leftOn": (ORDER, ('"2024-06-30"',)),
    f"{OFFICIAL}:leftReason": (EQUAL, ('"retired"', "null")),
    "meta.created": (("gt", "le"), ('"2020-01-01T00:00:00Z"', '"2120-01-01T00:00:00+08:00"')),
    "meta.lastModified": (("gt", "le"), ('"2020-01-01T00:00:00Z"',)),
}


async def _register(hr: Hr, make_unit: Make) -> None:
    unit = await make_unit(name="住建局", code="ZJ")
    for number, name, over, official in PEOPLE:
        await hr.post("/Users", user(unit, number, **{"displayName": name, **over}, official=official))
    other = await make_unit(name="Audit Office")
    await hr.post("/Users", user(other, "login", displayName="王五", **{ENTERPRISE: {"employeeNumber": "N-7"}}))


def _questions() -> list[str]:
    plain = [
        f"{name} {operator} {value}"
        for name, (operators, values) in ASKED.items()
        for operator, value in itertools.product(operators, values)
    ]
    plain += [f"{name} pr" for name in ASKED]
    dice = random.Random(7)  # noqa: S311  # the same questions each time
    parts = [f"({' or '.join(dice.sample(plain, 2))}) and not ({dice.choice(plain)})" for _ in range(40)]
    return [*plain, *(f"not ({one})" for one in dice.sample(plain, 40)), *parts]


async def test_a_filter_finds_what_the_standard_says(hr: Hr, make_unit: Make) -> None:
    await _register(hr, make_unit)
    service: ScimService = protocol(1_000_000)
    model: Any = service.get_model(service.get_resource_type("User"))
    people: list[Resource[Any]] = [model.model_validate(one) for one in (await hr.get("/Users"))["Resources"]]
    assert len(people) == len(PEOPLE) + 1
    found_some = 0
    for asked in _questions():
        bound = ScimFilter[model](asked)
        expected = {one.id for one in people if bound.match(one)}
        told = await hr.ask("POST", "/Users/.search", {"schemas": [], "filter": asked, "attributes": ["id"]})
        assert {one["id"] for one in told.get("Resources", [])} == expected, asked
        assert told["totalResults"] == len(expected)
        found_some += bool(expected)
    assert found_some > 100


async def test_a_person_is_found_by_the_unit(hr: Hr, make_unit: Make) -> None:
    await _register(hr, make_unit)
    unit = (await hr.get("/Groups", params={"filter": 'displayName eq "住建局"'}))["Resources"][0]
    at_home = {name for _, name, _, _ in PEOPLE}
    for asked in (
        f'groups.value eq "{unit["id"]}"',
        f'groups[value eq "{unit["id"]}"]',
        f'groups.value eq "{unit["id"]}" and active pr',
        f'{OFFICIAL}:unit eq "{unit["meta"]["location"]}"',
        f'{OFFICIAL}:unit eq "ZJ"',
        f'{ENTERPRISE}:department eq "住建局"',
        f'not ({ENTERPRISE}:department co "AUDIT")',
        'groups.display sw "住"',
    ):
        assert set(await hr.names(asked)) == at_home, asked
    somebody = unit["members"][0]["value"]
    for asked in (f'members eq "{somebody}"', f'members[value eq "{somebody}"]', f'id eq "{unit["id"]}" and members.value eq "{somebody}"'):
        assert await hr.names(asked, "/Groups") == ["住建局"], asked
    assert await hr.names(f'members ne "{somebody}"', "/Groups") == ["Audit Office"]
    assert await hr.names('members eq "nobody"', "/Groups") == []
    assert set(await hr.names("members pr", "/Groups")) == {"住建局", "Audit Office"}


@pytest.mark.parametrize(
    "asked",
    [
        "userName",
        "userName eq",
        'userName eq "a',
        "userName eq 1",
        'userName like "a"',
        'nickName eq "a"',
        'active gt "x"',
        "active co true",
        'id co "a"',
        f'{OFFICIAL}:birthOn eq "yesterday"',
        f'{OFFICIAL}:rank co "chief"',
        'meta.created gt "never"',
        'meta.resourceType eq "User"',
        'userName eq "a\\u0000b"',
        'userName eq "\\ud800"',
        "not (" * 60 + 'userName eq "a"' + ")" * 60,
        " or ".join(['userName eq "aaaaaaaaaaaaaaaaaaaa"'] * 400),
        "",
        "' or 1=1 --",
    ],
)
async def test_what_cannot_be_answered_is_refused(hr: Hr, make_unit: Make, asked: str) -> None:
    await _register(hr, make_unit)
    refused = await hr.ask("POST", "/Users/.search", {"schemas": [], "filter": asked}, status=400)
    assert refused["scimType"] == "invalidFilter"


SORTED = {
    "userName": ["E1", "E10", "E2", "F1", "e1", "login"],
    "id": ["E1", "e1", "E10", "E2", "F1", "login"],
    "meta.created": ["E1", "e1", "E10", "E2", "F1", "login"],
    f"{OFFICIAL}:birthOn": ["E10", "E1", "e1", "E2", "F1", "login"],
    "active": ["F1", "E1", "e1", "E10", "E2", "login"],
}


@pytest.mark.parametrize("by", SORTED)
async def test_resources_are_sorted_and_those_without_a_value_come_last(hr: Hr, make_unit: Make, by: str) -> None:
    await _register(hr, make_unit)

    async def told(order: str) -> list[str]:
        found = await hr.get("/Users", params={"sortBy": by, "sortOrder": order})
        return [one["userName"] for one in found["Resources"]]

    collated = sorted(SORTED[by]) if by == "userName" else SORTED[by]
    ascending = await told("ascending")
    assert (sorted(ascending) if by == "userName" else ascending) == collated
    assert await told("descending") == ascending[::-1]


@pytest.mark.parametrize("by", ["displayName", "title", "meta.lastModified", f"{OFFICIAL}:isLeader", f"{ENTERPRISE}:department", None])
@pytest.mark.parametrize("order", ["ascending", "descending"])
async def test_pages_of_either_sort_hold_everybody_once(hr: Hr, make_unit: Make, by: str | None, order: str) -> None:
    await _register(hr, make_unit)
    sort = {"sortBy": by, "sortOrder": order} if by else {}
    every = [one["id"] for one in (await hr.get("/Users", params=sort))["Resources"]]
    numbered = [await hr.get("/Users", params={**sort, "startIndex": start, "count": 2}) for start in (1, 3, 5, 7)]
    assert [one["id"] for page in numbered for one in page.get("Resources", [])] == every
    assert [page["startIndex"] for page in numbered] == [1, 3, 5, 7]
    pages, cursor = [], ""
    while cursor is not None:
        pages.append(await hr.get("/Users", params={**sort, "count": 2, "cursor": cursor}))
        cursor = pages[-1].get("nextCursor")
    assert [one["id"] for page in pages for one in page["Resources"]] == every
    back = [pages[-1]]
    while "previousCursor" in back[-1]:
        back.append(await hr.get("/Users", params={**sort, "count": 2, "cursor": back[-1]["previousCursor"]}))
    assert [[one["id"] for one in page["Resources"]] for page in back[::-1]] == [[one["id"] for one in page["Resources"]] for page in pages]
    assert {page["totalResults"] for page in pages} == {6}


async def test_a_cursor_serves_its_own_query_alone(hr: Hr, make_unit: Make) -> None:
    await _register(hr, make_unit)
    cursor = (await hr.get("/Users", params={"count": 2, "cursor": ""}))["nextCursor"]
    for wrong in ({"count": 3}, {"filter": "title pr"}, {"sortBy": "title"}):
        refused = await hr.get("/Users", params={"count": 2, "cursor": cursor, **wrong}, status=400)
        assert refused["scimType"] in ("invalidCursor", "invalidCount")
    assert (await hr.get("/Users", params={"cursor": "forged"}, status=400))["scimType"] == "invalidCursor"


async def test_pages_are_bounded(hr: Hr, make_unit: Make) -> None:
    await _register(hr, make_unit)
    none = await hr.get("/Users", params={"count": 0})
    assert (none["totalResults"], none.get("Resources", [])) == (6, [])
    assert len((await hr.get("/Users", params={"startIndex": -3, "count": 1_000_000}))["Resources"]) == 6
    beyond = await hr.get("/Users", params={"startIndex": 1_000_000})
    assert (beyond["totalResults"], beyond["itemsPerPage"]) == (6, 0)
    for wrong in ({"count": "many"}, {"startIndex": "first"}, {"sortBy": "nickName"}, {"sortBy": "name"}, {"sortBy": "members"}):
        assert (await hr.get("/Users", params=wrong, status=400))["status"] == "400"
    assert (await hr.get("/Users", params={"startIndex": str(10**30)}))["itemsPerPage"] == 0
    assert (await hr.get("/Users", params={"count": str(10**30)}))["itemsPerPage"] == 6


async def test_persons_and_units_are_searched_as_one(hr: Hr, make_unit: Make) -> None:
    await _register(hr, make_unit)
    every = await hr.get("", params={"sortBy": "displayName"})
    assert every["totalResults"] == 8
    assert {one["meta"]["resourceType"] for one in every["Resources"]} == {"User", "Group"}
    found = await hr.ask("POST", "/.search", {"schemas": [], "filter": 'displayName co "O" and not (title pr)'})
    assert {one["displayName"] for one in found["Resources"]} == {"o'brien", "Audit Office"}
    only = await hr.get("", params={"filter": f"{OFFICIAL}:isLeader eq true", "sortBy": f"{OFFICIAL}:isLeader"})
    assert [one["userName"] for one in only["Resources"]] == ["e1"]
    assert [one["displayName"] for one in (await hr.get("", params={"filter": f'{UNIT}:code eq "ZJ"'}))["Resources"]] == ["住建局"]


async def test_groups_are_filtered_and_sorted(hr: Hr) -> None:
    top = await hr.post("/Groups", group("市", unit={"code": "B"}))
    await hr.post("/Groups", group("局", unit={"code": "A", "kind": "government", "parent": top["id"]}))
    assert await hr.names(f'{UNIT}:parent eq "B"', "/Groups") == ["局"]
    assert await hr.names(f"not ({UNIT}:parent pr)", "/Groups") == ["市"]
    assert await hr.names(f'{UNIT}:kind eq "government"', "/Groups") == ["局"]
    assert await hr.names(f"not ({UNIT}:kind pr)", "/Groups") == ["市"]
    assert await hr.names(None, "/Groups", sortBy=f"{UNIT}:code") == ["局", "市"]
    await hr.get("/Groups", params={"filter": f'{UNIT}:jurisdiction eq "x"'}, status=400)


async def test_whoever_may_read_sees_those_of_the_unit_and_counts_no_others(hr: Hr, hr_of: Hiring, make_unit: Make) -> None:
    await _register(hr, make_unit)
    unit = (await hr.get("/Groups", params={"filter": 'displayName eq "Audit Office"'}))["Resources"][0]
    local = await hr_of("people:read", unit=unit["id"])
    assert await local.names("displayName pr") == ["王五"]
    assert (await local.get(""))["totalResults"] == 2
    assert (await local.get("/Users", params={"count": 1, "cursor": ""})).get("nextCursor") is None


async def test_a_filter_that_is_refused_says_so_in_both_languages(hr: Hr) -> None:
    said = (await hr.get("/Users", status=400, params={"filter": "userName eq"}))["detail"]
    assert said.startswith("筛选条件有误")
    assert "syntax" in said
