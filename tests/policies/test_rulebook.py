"""The rulebook as it is published: its version, rules with their basis by date, lists and instruments."""

import re
from itertools import pairwise
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.settings import Settings

from .conftest import Ask

BOOK = Book(CHAPTERS)


async def everything(ask: Ask, path: str, **query: Any) -> list[dict[str, Any]]:
    """A whole list, page by page."""
    found: list[dict[str, Any]] = []
    body: dict[str, Any] = {"next": None}
    while not found or body["next"]:
        body = await ask(path, **query, **({"after": body["next"]} if body["next"] else {}))
        found += body["items"]
    return found


async def test_the_version_is_the_beginning_of_the_digest_and_both_are_stable(ask: Ask) -> None:
    told = await ask("/v1/rulebook")
    assert re.fullmatch("[0-9a-f]{64}", told["digest"])
    assert told["version"] == told["digest"][:12]
    assert told == await ask("/v1/rulebook")
    other = create_app(Settings(database_url="sqlite:///unused.sqlite3"))
    assert other.state.book.digest == told["digest"]
    assert (told["rules"], told["limits"], told["instruments"]) == (len(BOOK.rules), len(BOOK.limits), len(BOOK.instruments))
    assert told["kinds"] == ["gift", "meal", "activity", "loan", "family_event", "shareholding", "outside_post"]


async def test_nobody_reads_the_law_without_a_key(client: httpx.AsyncClient) -> None:
    for path in ("rulebook", "rules", "rules/gift.cash-like", "limits", "limits/gift.annual-cap", "lists", "instruments"):
        assert (await client.get(f"/v1/{path}")).status_code == 401


async def test_rules_are_listed_by_number_in_pages(ask: Ask) -> None:
    rules = await everything(ask, "/v1/rules", limit=7)
    assert rules == (await ask("/v1/rules", limit=200))["items"]
    assert {rule["id"] for rule in rules} == set(BOOK.rules)
    assert all(one["number"] < two["number"] for one, two in pairwise(rules))
    assert (await ask("/v1/rules", limit=1, count=True))["count"] == len(BOOK.rules)
    assert all(rule["title"]["zh"] and rule["title"]["en"] for rule in rules)


@pytest.mark.parametrize("rule", BOOK.rules)
async def test_every_rule_tells_its_text_basis_limits_and_cases(ask: Ask, rule: str) -> None:
    told = await ask(f"/v1/rules/{rule}")
    assert told["text"]["zh"]
    assert told["text"]["en"]
    assert told["cases"]
    assert {limit["id"] for limit in told["limits"]} == set(BOOK.rules[rule].limits)
    for row in told["basis"]:
        assert row["since"] <= told["as_of"]
        assert row["until"] is None or told["as_of"] < row["until"]
    short = next(one for one in (await ask("/v1/rules", limit=200))["items"] if one["id"] == rule)
    assert {name: told[name] for name in short} == short


async def test_a_rule_cites_what_stood_on_the_day(ask: Ask) -> None:
    def articles(told: dict[str, Any]) -> set[tuple[str, str]]:
        return {(row["instrument"], row["article"]) for row in told["basis"]}

    discipline = "中国共产党纪律处分条例"
    assert (discipline, "83") in articles(await ask("/v1/rules/gift.duty-related-kept", as_of="2018-09-30"))
    assert (discipline, "88") in articles(await ask("/v1/rules/gift.duty-related-kept", as_of="2018-10-01"))
    assert (discipline, "88") in articles(await ask("/v1/rules/gift.duty-related-kept", as_of="2023-12-31"))
    now = await ask("/v1/rules/gift.duty-related-kept", as_of="2024-01-01")
    assert (discipline, "97") in articles(now)
    assert (discipline, "88") not in articles(now)
    assert now["as_of"] == "2024-01-01"


async def test_of_a_day_only_the_rules_that_a_norm_carries_are_listed(ask: Ask) -> None:
    early = {rule["id"] for rule in await everything(ask, "/v1/rules", as_of="1990-01-01")}
    today = {rule["id"] for rule in await everything(ask, "/v1/rules", as_of="2026-10-20")}
    assert early < today <= set(BOOK.rules)
    assert (await ask("/v1/rules", as_of="1949-10-01"))["items"] == [
        rule for rule in (await ask("/v1/rules", limit=200))["items"] if any(row.always for row in BOOK.rules[rule["id"]].basis)
    ]


async def test_a_permitting_rule_and_what_it_switches_off_name_each_other(ask: Ask) -> None:
    for rule in await everything(ask, "/v1/rules"):
        for switched_off in rule["permits"]:
            assert rule["id"] in (await ask(f"/v1/rules/{switched_off}"))["suppressed_by"]


async def test_only_the_rule_that_reads_inquiries_is_confidential(ask: Ask) -> None:
    assert [rule["id"] for rule in await everything(ask, "/v1/rules") if rule["confidential"]] == ["gift.returned-after-inquiry"]


@pytest.mark.parametrize("path", ["/v1/rules/no.such", "/v1/limits/no.such", "/v1/rules/gift", "/v1/limits/%20"])
async def test_what_the_book_does_not_hold_is_404(client: httpx.AsyncClient, caller: dict[str, str], path: str) -> None:
    answer = await client.get(path, headers=caller)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_the_three_lists_hold_eleven_bans_with_the_rules_that_serve_them(ask: Ask) -> None:
    lists = await ask("/v1/lists")
    assert [ban["number"] for ban in lists["banned"]] == list(range(1, 12))
    serving = {rule: ban["number"] for ban in lists["banned"] for rule in ban["rules"]}
    assert serving == {rule.id: rule.ban for rule in BOOK.rules.values() if rule.ban is not None}
    assert {serving["gift.cash-like"], serving["meal.alcohol"], serving["shareholding.unlisted"]} == {7, 6, 9}
    for entry in [*lists["regulated"], *lists["encouraged"], *lists["banned"]]:
        assert entry["title"]["zh"]
        assert entry["title"]["en"]
    permitting = {rule for entry in lists["regulated"] for rule in entry["rules"]}
    assert permitting <= set(BOOK.rules)


async def test_every_instrument_names_the_rules_that_cite_it(ask: Ask) -> None:
    instruments = {one["title"]["zh"]: one for one in await everything(ask, "/v1/instruments", limit=10)}
    assert len(instruments) == len(BOOK.instruments)
    for rule in await everything(ask, "/v1/rules"):
        for row in (await ask(f"/v1/rules/{rule['id']}"))["basis"]:
            assert rule["id"] in instruments[row["instrument"]]["rules"]
