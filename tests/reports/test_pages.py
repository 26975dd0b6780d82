"""Paging through declarations: nothing twice, nothing left out, whatever arrives meanwhile."""

import re
from typing import Any
from uuid import UUID

import pytest

from app.kit.pages import cursor
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, line


async def filed(office: Office, number: int) -> list[str]:
    """So many declarations, newest first."""
    ids = [(await office.file(gift("2026-10-18", giver={"name": f"第{n}公司"})))["id"] for n in range(number)]
    return ids[::-1]


async def page(office: Office, by: Headers, **params: Any) -> Json:
    return await office.get("/v1/declarations", by, **params)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_pages_together_are_the_list(office: Office, limit: int) -> None:
    ids = await filed(office, 7)
    seen: list[str] = []
    following: str | None = None
    while True:
        body = await page(office, office.commission, limit=limit, **({"after": following} if following else {}))
        assert 0 < len(body["items"]) <= limit
        seen += [item["id"] for item in body["items"]]
        following = body["next"]
        if following is None:
            break
    assert seen == ids


async def test_what_arrives_meanwhile_moves_no_page(office: Office) -> None:
    ids = await filed(office, 5)
    first = await page(office, office.commission, limit=2)
    newer = await filed(office, 3)
    second = await page(office, office.commission, limit=2, after=first["next"])
    newest = await filed(office, 1)
    third = await page(office, office.commission, limit=2, after=second["next"])
    assert [item["id"] for body in (first, second, third) for item in body["items"]] == ids
    assert third["next"] is None
    assert await office.found(office.commission) == newest + newer + ids


async def test_the_link_header_leads_through_the_same_filters(office: Office) -> None:
    ids = await filed(office, 3)
    answer = await office.client.get("/v1/declarations", params={"kind": "gift", "q": "茶叶", "limit": 2}, headers=office.commission)
    link = re.fullmatch(r'<(/v1/declarations\?[^>]+)>; rel="next"', answer.headers["link"])
    assert link
    following = await office.client.get(link[1], headers=office.commission)
    assert [item["id"] for item in answer.json()["items"] + following.json()["items"]] == ids
    assert "link" not in following.headers
    assert following.json()["next"] is None


async def test_a_total_is_told_only_when_asked_for_and_counts_the_whole_list(office: Office) -> None:
    await filed(office, 3)
    await office.file(gift("2026-10-18", line("cash")))
    assert (await page(office, office.commission, limit=1))["count"] is None
    assert (await page(office, office.commission, limit=1, count=False))["count"] is None
    assert (await page(office, office.commission, limit=1, count=True))["count"] == 4
    first = await page(office, office.commission, limit=2, count=True)
    assert (await page(office, office.commission, limit=2, count=True, after=first["next"]))["count"] == 4
    assert (await page(office, office.commission, count=True, rule="gift.duty-related-kept"))["count"] == 0


async def test_fifty_come_unless_said_otherwise(office: Office) -> None:
    await filed(office, 52)
    assert len((await page(office, office.commission))["items"]) == 50
    assert len((await page(office, office.commission, limit=200))["items"]) == 52


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/query/limit"), ("limit=201", "/query/limit"), ("limit=-1", "/query/limit"), ("limit=ten", "/query/limit"), ("limit=1.5", "/query/limit"),
        ("after=", "/query/after"), ("after=zzz", "/query/after"), ("after=%2e%2e", "/query/after"), (f"after={'A' * 65}", "/query/after"),
        ("after=01a20b8c-34c0-7748-8eb7-5e7eab33df1a", "/query/after"), ("count=2", "/query/count"), ("after=%E5%BC%A0", "/query/after"),
    ],
)  # fmt: skip
async def test_a_page_that_cannot_be_is_refused(office: Office, query: str, pointer: str) -> None:
    for path in ("/v1/declarations", "/v1/inquiries", "/v1/exchange-rates", "/v1/rules", "/v1/limits", "/v1/instruments"):
        answer = await office.client.get(f"{path}?{query}", headers=office.root)
        assert [found for found, _ in faults_of(answer)] == [pointer], path


async def test_a_cursor_of_another_list_shows_nothing_that_is_not_one_s_own(office: Office) -> None:
    """A cursor is a point in time; taken elsewhere it still is one, and opens nothing."""
    ids = await filed(office, 3)
    foreign = (await page(office, office.commission, limit=1))["next"]
    assert (await page(office, office.stranger, after=foreign))["items"] == []
    own = await office.file(gift("2026-10-18"), by=office.stranger)
    assert (await page(office, office.stranger, after=foreign))["items"] == []
    rates = await office.client.get("/v1/exchange-rates", params={"after": foreign}, headers=office.stranger)
    assert (rates.status_code, rates.json()["items"]) == (200, [])
    assert own["id"] not in ids
    refused = await office.client.get("/v1/rules", params={"after": foreign}, headers=office.stranger)
    assert faults_of(refused) == [("/query/after", "cursor-invalid")]


async def test_a_cursor_outlives_the_row_that_it_was_made_of(office: Office) -> None:
    ids = await filed(office, 3)
    newer = UUID(int=UUID(ids[0]).int + 1)
    assert [item["id"] for item in (await page(office, office.commission, after=cursor(newer)))["items"]] == ids


async def test_screenings_and_revisions_come_in_pages_too(office: Office) -> None:
    one = await office.file(gift("2026-10-18", line(description="第0版")), by=office.declarant)
    for number in (1, 2):
        headers = {**office.declarant, "If-Match": await office.etag(one, office.declarant)}
        change = {"details": {"items": [line(description=f"第{number}版")]}}
        assert (await office.client.patch(f"/v1/declarations/{one['id']}", json=change, headers=headers)).status_code == 200
    for part in ("revisions", "screenings"):
        path = f"/v1/declarations/{one['id']}/{part}"
        whole = await office.get(path, office.declarant, count=True)
        assert ([item["revision"] for item in whole["items"]], whole["next"], whole["count"]) == ([3, 2, 1], None, 3)
        first = await office.client.get(path, params={"limit": 2}, headers=office.declarant)
        assert (first.json()["items"], first.json()["count"]) == (whole["items"][:2], None)
        link = first.headers["link"].partition(">")[0].strip("<")
        rest = (await office.client.get(link, headers=office.declarant)).json()
        assert (rest["items"], rest["next"]) == (whole["items"][2:], None)
        assert (await office.get(path, office.declarant, limit=1))["items"] == whole["items"][:1]
    descriptions = [
        item["details"]["items"][0]["description"]
        for item in (await office.get(f"/v1/declarations/{one['id']}/revisions", office.declarant))["items"]
    ]
    assert descriptions == ["第2版", "第1版", "第0版"]
