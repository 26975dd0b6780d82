"""Lists are walked page by page, newest first, and nothing is skipped or shown twice while others write."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

Make = Callable[..., Awaitable[dict[str, Any]]]


async def test_following_next_shows_each_record_once_newest_first(
    client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make
) -> None:
    made = [(await make_unit())["id"] for _ in range(5)]
    seen: list[str] = []
    address = "/v1/units?limit=2"
    while address:
        answer = await client.get(address, headers=as_root)
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert bool(link) == (page["next"] is not None)
        address = link[1] if link else ""
        if len(seen) == 2:
            await make_unit()
    assert seen == made[::-1]


async def test_a_total_is_counted_only_when_asked_for(client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make) -> None:
    for _ in range(3):
        await make_unit()
    assert (await client.get("/v1/units?limit=1", headers=as_root)).json()["count"] is None
    assert (await client.get("/v1/units?limit=1&count=true", headers=as_root)).json()["count"] == 3


async def test_the_next_address_keeps_the_question(client: httpx.AsyncClient, as_root: dict[str, str], make_unit: Make) -> None:
    for _ in range(2):
        await make_unit()
    link = (await client.get("/v1/units?limit=1&count=true", headers=as_root)).headers["link"]
    assert "limit=1" in link
    assert "count=true" in link


@pytest.mark.parametrize("after", ["nonsense", "AAAA", "张", "%00", "A" * 23, "A" * 65])
async def test_a_cursor_that_no_page_gave_is_422(client: httpx.AsyncClient, as_root: dict[str, str], after: str) -> None:
    answer = await client.get("/v1/units", params={"after": after}, headers=as_root)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/after"


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", ""])
async def test_a_page_holds_1_to_200(client: httpx.AsyncClient, as_root: dict[str, str], limit: str) -> None:
    answer = await client.get("/v1/units", params={"limit": limit}, headers=as_root)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/limit"
