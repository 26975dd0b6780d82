"""Limits: the value of a day, with its source, and as it applies to a unit."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import httpx
import pytest

from app.kit.ids import new_id
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from tests.conftest import Make
from tests.people.asking import faults_of

from .conftest import Ask

BOOK = Book(CHAPTERS)


async def test_every_limit_is_listed_with_all_its_values_and_their_sources(ask: Ask) -> None:
    listed = await ask("/v1/limits", limit=200, count=True)
    assert {limit["id"] for limit in listed["items"]} == set(BOOK.limits)
    assert listed["count"] == len(BOOK.limits)
    for limit in listed["items"]:
        assert limit["title"]["zh"]
        assert limit["values"]
        for value in limit["values"]:
            assert value["instrument"]
            assert value["article"]
        assert limit == await ask(f"/v1/limits/{limit['id']}")


@pytest.mark.parametrize("limit", BOOK.limits)
async def test_a_limit_has_each_value_from_its_day_on(ask: Ask, limit: str) -> None:
    values = (await ask(f"/v1/limits/{limit}"))["values"]
    before: str | None = None
    for value in values:
        since = date.fromisoformat(value["since"])
        if since > date(1949, 10, 1):
            assert (await ask(f"/v1/limits/{limit}", as_of=since - timedelta(days=1)))["value"] == before
        of_day = await ask(f"/v1/limits/{limit}", as_of=since)
        assert (of_day["value"], of_day["as_of"]) == (value["value"], value["since"])
        before = value["value"]
    assert (await ask(f"/v1/limits/{limit}", as_of="2099-01-01"))["value"] == before


async def test_a_unit_without_a_limit_of_its_own_has_the_national_one(
    ask: Ask, client: httpx.AsyncClient, caller: dict[str, str], make_unit: Make
) -> None:
    unit = await make_unit()
    of_unit = await ask("/v1/limits/gift.annual-cap", unit=unit["id"])
    national = await ask("/v1/limits/gift.annual-cap")
    assert (of_unit["for_unit"], national["for_unit"]) == (unit["id"], None)
    assert {**of_unit, "for_unit": None} == national
    assert (await client.get(f"/v1/limits/gift.annual-cap?unit={new_id()}", headers=caller)).status_code == 404
    assert faults_of(await client.get("/v1/limits/gift.annual-cap?unit=1", headers=caller)) == [("/query/unit", "uuid-parsing")]


async def test_a_unit_out_of_reach_is_404(client: httpx.AsyncClient, make_key: Callable[..., Awaitable[str]], make_unit: Make) -> None:
    mine, other = await make_unit(), await make_unit()
    by = {"Authorization": f"Bearer {await make_key('people:read', unit=mine)}"}
    assert (await client.get(f"/v1/limits/gift.annual-cap?unit={mine['id']}", headers=by)).status_code == 200
    assert (await client.get(f"/v1/limits/gift.annual-cap?unit={other['id']}", headers=by)).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "20260101", "tomorrow", "1949-09-30", ""])
async def test_a_day_that_is_none_is_refused(client: httpx.AsyncClient, caller: dict[str, str], day: str) -> None:
    for path in ("/v1/rules", "/v1/rules/gift.cash-like", "/v1/limits", "/v1/limits/gift.annual-cap"):
        answer = await client.get(f"{path}?as_of={day}", headers=caller)
        assert [pointer for pointer, _ in faults_of(answer)] == ["/query/as_of"]
