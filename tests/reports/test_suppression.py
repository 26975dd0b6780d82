"""Small numbers at the door: who may count but not read each declaration is told of nobody in particular."""

from collections.abc import Awaitable, Callable

import pytest

from tests.factories import Factory
from tests.screening.declaring import Headers, Json, Office, gift, line, meal

from .counting import BY, NOTHING, groups, statistics

MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture
async def reviewer(office: Office, make_key: MakeKey) -> Headers:
    """Who may write reviews, and not read each declaration."""
    return {"Authorization": f"Bearer {await make_key('reviews:write', unit=office.city)}"}


@pytest.fixture
async def large(office: Office, factory: Factory) -> dict[str, Json]:
    """Three units of which 7, 6 and 2 officials have declared a meal; one of the two has kept a gift besides."""
    units = {size: await factory.unit(name=f"第{size}局", parent=office.city["id"]) for size in (7, 2, 6)}
    for size, unit in units.items():
        people = [await factory.person(unit) for _ in range(size)]
        for person in people:
            await office.file(meal("2026-10-10", host={"name": "王五"}), "meal", declarant=person["id"])
        if size == 2:
            await office.file(gift("2026-10-10", line(action="kept")), declarant=people[0]["id"])
    return {str(size): unit for size, unit in units.items()}


async def test_groups_of_few_are_hidden_and_the_smallest_other_with_them(office: Office, reviewer: Headers, large: dict[str, Json]) -> None:
    told = await statistics(office, reviewer, by="unit")
    first = told["items"][0]
    assert [first[name] for name in ("label", "declarations", "declarants", "suppressed")] == ["第7局", 7, 7, False]
    hidden = told["items"][1:]
    assert {item["key"] for item in hidden} == {large["6"]["id"], large["2"]["id"]}
    for item in hidden:
        assert [item[name] for name in ("declarations", "declarants", "own_accord", "worth", "declared_per_head")] == [None] * 5
        assert set(item["findings"].values()) == {None}
        assert item["suppressed"] is True
    assert (told["totals"]["declarations"], told["totals"]["declarants"]) == (16, 15)
    assert told["totals"]["declarations"] - told["items"][0]["declarations"] == 9, "of two units, and nobody can tell how much of either"
    assert set(told["totals"]["findings"].values()) == {None}, "there are two or three findings, all on one official"


async def test_hidden_groups_are_not_told_apart_by_their_order(office: Office, reviewer: Headers, large: dict[str, Json]) -> None:
    hidden = [item["key"] for item in (await statistics(office, reviewer, by="unit"))["items"] if item["declarations"] is None]
    assert hidden == [large["2"]["id"], large["6"]["id"]], "in the order of their ids, not of their numbers"
    page = await statistics(office, reviewer, by="unit", limit=2)
    last = await statistics(office, reviewer, by="unit", limit=2, after=page["next"])
    assert [item["key"] for item in page["items"][1:] + last["items"]] == hidden


@pytest.mark.parametrize("by", BY)
async def test_no_answer_tells_a_number_from_1_to_4(office: Office, reviewer: Headers, large: dict[str, Json], by: str) -> None:
    for filters in ({}, {"unit": large["2"]["id"]}, {"kind": "gift"}, {"min_level": "breach"}):
        told = await statistics(office, reviewer, by=by, **filters)
        for group in [*told["items"], told["totals"]]:
            numbers = [group["declarations"], group["declarants"], group["own_accord"], *group["findings"].values()]
            assert not [number for number in numbers if number in (1, 2, 3, 4)]
            assert group["suppressed"] == (None in numbers)


async def test_who_may_read_each_declaration_is_told_every_number(office: Office, large: dict[str, Json]) -> None:
    found = await groups(office, office.commission, by="unit")
    assert [found[large[size]["id"]]["declarations"] for size in ("7", "6", "2")] == [7, 6, 3]
    assert not [item for item in found.values() if item["suppressed"]]


async def test_who_asks_beyond_their_reach_is_not(office: Office, make_key: MakeKey, large: dict[str, Json]) -> None:
    by = {"Authorization": f"Bearer {await make_key('declarations:read', unit=large['2'])}"}
    assert (await statistics(office, by, by="unit"))["totals"]["declarations"] == 3
    assert (await statistics(office, by, by="unit", unit=large["2"]["id"]))["totals"]["declarations"] == 3
    assert (await statistics(office, by, by="unit", unit=office.city["id"]))["totals"] == {
        "declarations": None, "declarants": None, "findings": dict.fromkeys(NOTHING), "own_accord": None, "worth": None, "suppressed": True,
    }  # fmt: skip


async def test_a_nought_is_about_nobody_and_shown(office: Office, reviewer: Headers, large: dict[str, Json]) -> None:
    del large
    told = await statistics(office, reviewer, kind="loan")
    assert (told["totals"]["declarations"], told["totals"]["worth"], told["totals"]["suppressed"]) == (0, "0.00", False)
