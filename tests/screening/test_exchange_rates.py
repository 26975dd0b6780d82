"""Exchange rates: put on record once, and what sums in other currencies come to by them."""

import asyncio
from typing import Any

import pytest

from app.kit.ids import new_id
from tests.people.asking import faults_of
from tests.tags import version

from .declaring import Headers, Json, Office, finding, gift, line, rules

EUR = {"currency": "EUR", "on": "2026-10-01", "rate": "7.8124", "source": "中国外汇交易中心"}


async def add(office: Office, by: Headers | None = None, **over: Any) -> Any:
    return await office.client.post("/v1/exchange-rates", json={**EUR, **over}, headers=by or office.root)


async def kept(office: Office, received_on: str = "2026-10-02", amount: str = "1500.00") -> Json:
    """A gift of so many euro, of a duty-related giver, that was kept."""
    return await office.file(gift(received_on, line(worth={"amount": amount, "currency": "EUR"}, action="kept")))


async def test_a_rate_is_recorded_and_read_back(office: Office) -> None:
    made = await add(office)
    assert (made.status_code, version(made)) == (201, 1)
    assert {name: made.json()[name] for name in EUR} == EUR
    read = await office.client.get(made.headers["location"], headers=office.declarant)
    assert (read.status_code, read.json()) == (200, made.json())
    assert (await office.get(f"/v1/exchange-rates/{new_id()}", office.root, 404))["code"] == "not-found"


@pytest.mark.parametrize("rate", ["7", "0.00000001", "12345678.12345678", "7.80"])
async def test_a_rate_keeps_every_digit(office: Office, rate: str) -> None:
    made = (await add(office, rate=rate)).json()
    assert made["rate"] == rate.rstrip("0") if "." in rate else rate
    assert await office.get(f"/v1/exchange-rates/{made['id']}", office.root) == made


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"currency": "CNY"}, ("/currency", "currency-is-base")),
        ({"currency": "EURO"}, ("/currency", "string-pattern-mismatch")),
        ({"currency": "XAU"}, ("/currency", "currency-unknown")),
        ({"rate": "0.0"}, ("/rate", "rate-is-zero")),
        ({"rate": "-1"}, ("/rate", "string-pattern-mismatch")),
        ({"rate": 7.8}, ("/rate", "string-type")),
        ({"on": "2026-10-21"}, ("/on", "day-in-the-future")),
        ({"source": ""}, ("/source", "string-too-short")),
        ({"note": "."}, ("/note", "extra-forbidden")),
    ],
)
async def test_a_rate_that_cannot_be_is_refused_at_the_field(office: Office, over: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults_of(await add(office, **over)) == [fault]


async def test_a_day_has_one_rate_of_a_currency(office: Office) -> None:
    answers = await asyncio.gather(*(add(office, rate=rate) for rate in ("7.1", "7.2", "7.3")))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"exchange-rate-exists"}
    assert (await add(office, currency="USD")).status_code == 201
    assert (await add(office, on="2026-10-02")).status_code == 201


EACH: tuple[Json, ...] = ({}, {"on": "2026-09-01"}, {"currency": "USD"})


async def test_rates_are_listed_newest_entries_first_and_by_currency_and_day(office: Office) -> None:
    made = [(await add(office, **over)).json()["id"] for over in EACH]
    listed = await office.get("/v1/exchange-rates", office.declarant, count=True)
    assert ([item["id"] for item in listed["items"]], listed["count"]) == (made[::-1], 3)
    of_euro = await office.get("/v1/exchange-rates", office.declarant, currency="EUR", count=True, limit=1)
    assert ([item["id"] for item in of_euro["items"]], of_euro["count"]) == ([made[1]], 2)
    rest = await office.client.get("/v1/exchange-rates", params={"currency": "EUR", "after": of_euro["next"]}, headers=office.declarant)
    assert [item["id"] for item in rest.json()["items"]] == [made[0]]
    of_day = await office.get("/v1/exchange-rates", office.declarant, on="2026-10-01")
    assert [item["id"] for item in of_day["items"]] == [made[2], made[0]]


async def test_only_rule_owners_add_rates(office: Office) -> None:
    refused = await add(office, office.commission)
    assert refused.status_code == 403
    assert "rulebook:write" in refused.json()["detail"]


async def test_without_a_rate_a_foreign_sum_is_of_unknown_worth(office: Office) -> None:
    filed = await kept(office)
    held = finding(filed, "gift.duty-related-kept")
    assert held["level"] == "breach"
    assert held["evidence"]["lines"][0]["worth_cny"] is None
    assert await office.found(office.root, min_worth="0") == []
    assert "combined.criminal-threshold" not in rules(filed)


async def test_with_a_rate_a_foreign_sum_counts(office: Office) -> None:
    await add(office)
    filed = await kept(office)
    held = finding(filed, "gift.duty-related-kept")
    assert (held["level"], held["evidence"]["lines"][0]["worth_cny"]) == ("serious", "11718.60")
    assert finding(filed, "combined.criminal-threshold")["evidence"]["group_total"] == "11718.60"
    assert await office.found(office.root, min_worth="11718.60") == [filed["id"]]
    assert await office.found(office.root, min_worth="11718.61") == []
    again = await kept(office, "2026-10-03", "1000.00")
    assert finding(again, "combined.criminal-threshold")["evidence"]["group_total"] == "19531.00"


@pytest.mark.parametrize(
    ("received_on", "worth"), [("2026-08-31", None), ("2026-09-01", "11718.60"), ("2026-10-02", "11718.60"), ("2026-10-03", None)]
)
async def test_a_rate_stands_for_31_days_and_not_before_its_own(office: Office, received_on: str, worth: str | None) -> None:
    await add(office, on="2026-09-01")
    filed = await kept(office, received_on)
    assert finding(filed, "gift.duty-related-kept")["evidence"]["lines"][0]["worth_cny"] == worth


async def test_the_newest_rate_by_the_day_of_receipt_counts(office: Office) -> None:
    for on, rate in (("2026-09-20", "7"), ("2026-10-01", "8"), ("2026-10-10", "9")):
        await add(office, on=on, rate=rate)
    filed = await kept(office, "2026-10-09", "100.00")
    assert finding(filed, "gift.duty-related-kept")["evidence"]["lines"][0]["worth_cny"] == "800.00"
