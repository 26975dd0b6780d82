"""Lists by level, worth and day: every order is whole, page by page, and tells nobody of what they may not know."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, line, meal

_LEVELS = ("clear", "record", "notice", "breach", "serious", "refer")


async def everything(office: Office, by: Headers, path: str = "/v1/declarations", limit: int = 2, **params: Any) -> list[Json]:
    """All items, page by page."""
    seen: list[Json] = []
    after: dict[str, Any] = {}
    while True:
        body = await office.get(path, by, limit=limit, **params, **after)
        assert len(body["items"]) <= limit
        seen += body["items"]
        if body["next"] is None:
            return seen
        after = {"after": body["next"]}


async def several(office: Office) -> list[Json]:
    """Declarations of various levels, worths and days, some alike."""
    return [
        await office.file(gift("2026-10-18", line(worth="150.00"))),
        await office.file(meal("2026-10-02"), "meal"),
        await office.file(gift("2026-10-05", line("cash", "5000.00", "kept"))),
        await office.file(gift("2026-10-05", line(worth=None), giver={"name": "甲公司"})),
        await office.file(gift("2026-10-11", line(worth="150.00"), giver={"name": "乙公司"})),
        await office.file(meal("2026-10-02", host={"name": "赵六"}), "meal"),
    ]


async def facts(office: Office, declared: list[Json], by: Headers) -> dict[str, tuple[int, int, str]]:
    """(level, worth in hundredths, day) as a caller sees them, by id."""
    told = {}
    for one in declared:
        shown = await office.read(one, by)
        lines = shown["details"].get("items", [{"worth": None}])
        worth = -1 if lines[0]["worth"] is None else int(lines[0]["worth"]["amount"].replace(".", ""))
        day = shown["details"].get("received_on") or shown["details"]["occurred_on"]
        told[one["id"]] = (_LEVELS.index(shown["screening"]["outcome"]), worth, day)
    return told


@pytest.mark.parametrize("who", ["root", "commission", "declarant"])
@pytest.mark.parametrize(("sort", "place"), [("level", 0), ("worth", 1), ("day", 2)])
async def test_every_order_is_whole_both_ways(office: Office, sort: str, place: int, who: str) -> None:
    by = getattr(office, who)
    declared = await facts(office, await several(office), by)
    upward = sorted(declared, key=lambda key: (declared[key][place], key))
    assert [item["id"] for item in await everything(office, by, sort=sort)] == upward
    assert [item["id"] for item in await everything(office, by, sort=f"-{sort}")] == upward[::-1]
    assert len({declared[key][place] for key in declared}) > 1


async def test_newest_first_may_be_said(office: Office) -> None:
    await several(office)
    assert await everything(office, office.commission, sort="-filed") == await everything(office, office.commission)


async def test_a_reviewer_sees_own_declarations_by_what_they_may_know_and_others_by_all(
    office: Office, factory: Factory, make_key: Any
) -> None:
    reviewer = await factory.person(office.bureau, name="周建国")
    scopes = ("declarations:read", "declarations:write", "reviews:write")
    by = {"Authorization": f"Bearer {await make_key(*scopes, person=reviewer, unit=office.city)}"}
    declared = await several(office)
    inquiry = {"person": reviewer["id"], "opened_on": "2026-10-01", "reference": "核字第2号"}
    assert (await office.client.post("/v1/inquiries", json=inquiry, headers=office.commission)).status_code == 201
    handed_back = gift("2026-09-25", line(action="returned", on="2026-10-12"))
    declared.append(await office.file(handed_back, by=by))
    declared.append(await office.file(meal("2026-10-03"), "meal", by=by))
    told = await facts(office, declared, by)
    found = [item["id"] for item in await everything(office, by, sort="-level")]
    assert found == sorted(told, key=lambda key: (told[key][0], key), reverse=True)
    known = await facts(office, declared, office.commission)
    assert known != told
    moved = [item["id"] for item in await everything(office, office.commission, sort="-level")]
    assert moved == sorted(known, key=lambda key: (known[key][0], key), reverse=True)


async def test_filters_words_and_orders_go_together(office: Office) -> None:
    await several(office)
    found = await everything(office, office.commission, sort="-worth", kind="gift", q="茶叶", rule="gift.cash-like")
    assert [item["details"]["items"][0]["category"] for item in found] == ["cash"]
    gifts = await everything(office, office.commission, sort="-worth", kind="gift", min_worth="150")
    assert [item["details"]["items"][0]["worth"]["amount"] for item in gifts] == ["5000.00", "150.00", "150.00"]
    assert await everything(office, office.sister_commission, sort="-worth") == []


@pytest.mark.parametrize("sort", ["level", "-level", "day", "-day"])
async def test_findings_come_by_level_and_by_day(office: Office, sort: str) -> None:
    await several(office)
    found = await everything(office, office.commission, "/v1/findings")

    def place(item: Json) -> tuple[Any, str]:
        return (_LEVELS.index(item["level"]) if "level" in sort else item["occurred_from"], item["id"])

    ordered = sorted(found, key=place, reverse=sort.startswith("-"))
    assert await everything(office, office.commission, "/v1/findings", sort=sort) == ordered
    assert len({place(item)[0] for item in found}) > 1


async def test_a_cursor_of_another_order_is_refused(office: Office) -> None:
    await several(office)
    cursors = {
        sort: (await office.get("/v1/declarations", office.commission, limit=1, sort=sort))["next"]
        for sort in ("-worth", "worth", "-filed")
    }
    for sort, other in (("-worth", "worth"), ("-worth", "-filed"), ("-filed", "worth"), ("-day", "-worth")):
        answer = await office.client.get("/v1/declarations", params={"sort": sort, "after": cursors[other]}, headers=office.commission)
        assert faults_of(answer) == [("/query/after", "cursor-invalid")]
    refused = await office.client.get("/v1/declarations", params={"sort": "level", "after": cursors["worth"]}, headers=office.commission)
    assert "同一 sort" in refused.json()["errors"][0]["message"]
    for path in ("/v1/declarations", "/v1/findings"):
        answer = await office.client.get(f"{path}?sort=name", headers=office.commission)
        assert faults_of(answer) == [("/query/sort", "enum")]


@pytest.mark.parametrize("value", ["6", "-1", "x", "1e3", str(2**70)])
async def test_a_cursor_that_was_made_up_is_refused(office: Office, value: str) -> None:
    made_up = urlsafe_b64encode(f"level:{value}:{office.official['id'].replace('-', '')}".encode()).decode().rstrip("=")
    answer = await office.client.get("/v1/declarations", params={"sort": "level", "after": made_up}, headers=office.commission)
    assert faults_of(answer) == [("/query/after", "cursor-invalid")]
