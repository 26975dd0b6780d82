"""What was recorded without a network: the day of capture counts where it can be believed, and late by network is told from late by person."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI

from app.declarations.verification import differences
from app.kit import clock
from app.kit.database import Database
from app.ledger.unit_of_work import reading
from tests.bodies import filed, gift, item, meal

from .desk import PATH, Desk, faults, finding, found, made

NOW = datetime(2026, 6, 10, 4, 0, tzinfo=UTC)
"""Noon of the 10th of June in Shanghai."""
YEARS = timedelta(days=3652)


@pytest.fixture(autouse=True)
def _noon(time: None) -> None:
    """All of it happens then."""


@pytest.fixture
def time() -> Any:
    """A clock that stands."""
    with time_machine.travel(NOW, tick=False):
        yield


def text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def received(days_ago: int, **over: Any) -> dict[str, Any]:
    """A gift handed in the day after it was received."""
    on = (NOW - timedelta(days=days_ago)).date()
    return gift(received_on=str(on), **over)


async def send(desk: Desk, body: dict[str, Any], days_ago: float, wrong_by: timedelta = timedelta(0)) -> dict[str, Any]:
    """File what was captured some days ago on a device whose clock is wrong."""
    captured = NOW - timedelta(days=days_ago) + wrong_by
    sent = {**desk.official, "Sent-At": text(NOW + wrong_by)}
    return await desk.filed(filed(body, captured_at=text(captured)), sent)


@pytest.mark.parametrize("wrong_by", [timedelta(0), YEARS, -YEARS, timedelta(seconds=90)])
async def test_the_day_of_capture_is_the_day_of_declaration_whatever_the_clock_says(desk: Desk, wrong_by: timedelta) -> None:
    declared = await send(desk, received(10), 3, wrong_by)
    assert declared["declared_on"] == "2026-06-07"
    assert declared["capture"] == {
        "captured_at": text(NOW - timedelta(days=3) + wrong_by),
        "corrected_at": "2026-06-07T04:00:00Z",
        "received_at": text(NOW),
        "clock_offset_seconds": -int(wrong_by.total_seconds()),
        "counts": "capture",
    }
    assert await desk.read(declared) == declared


@pytest.mark.parametrize(
    ("days_ago", "gift_ago", "why"),
    [(7.01, 20, "it lay too long"), (-0.01, 20, "it lies ahead"), (3, 2, "the gift came later"), (40, 90, "it lay far too long")],
)
async def test_the_day_of_receipt_counts_where_that_of_capture_cannot(desk: Desk, days_ago: float, gift_ago: int, why: str) -> None:
    declared = await send(desk, received(gift_ago), days_ago)
    assert (declared["declared_on"], declared["capture"]["counts"]) == ("2026-06-10", "receipt"), why


async def test_seven_days_to_the_second_are_in_time(desk: Desk) -> None:
    assert (await send(desk, received(20), 7))["declared_on"] == "2026-06-03"


async def test_an_operator_may_say_how_long_or_never(desk: Desk, app: FastAPI) -> None:
    app.state.settings.offline_days = 0
    assert (await send(desk, received(10), 0.001))["capture"]["counts"] == "receipt"
    app.state.settings.offline_days = 30
    assert (await send(desk, received(60), 29))["declared_on"] == "2026-05-12"


async def test_without_the_moment_of_sending_the_clock_is_taken_at_its_word_and_said_to_be_unknown(desk: Desk) -> None:
    declared = await desk.filed(filed(received(10), captured_at=text(NOW - timedelta(days=2))))
    assert (declared["declared_on"], declared["capture"]["clock_offset_seconds"]) == ("2026-06-08", None)
    ahead = await desk.filed(filed(meal(occurred_on="2026-06-01"), captured_at=text(NOW + YEARS)))
    assert (ahead["declared_on"], ahead["capture"]["counts"]) == ("2026-06-10", "receipt")


async def test_late_by_network_is_noted_and_no_breach(desk: Desk) -> None:
    """Received on 8 May, due by 8 June, recorded on 7 June, arrived on 10 June."""
    declared = await send(desk, gift(received_on="2026-05-08", items=[handed_in("2026-05-09")]), 3)
    late = finding(declared, "gift.registered-late")
    assert late["level"] == "record"
    told = {name: late["evidence"][name] for name in ("captured_on", "received_on", "late_by", "registered_on", "deadline")}
    assert told == {
        "captured_on": "2026-06-07",
        "received_on": "2026-06-10",
        "late_by": "network",
        "registered_on": "2026-06-07",
        "deadline": "2026-06-08",
    }
    assert declared["screening"]["outcome"] not in ("breach", "refer")


async def test_late_by_person_is_a_breach_with_both_days(desk: Desk) -> None:
    declared = await send(desk, gift(received_on="2026-05-05", items=[pending()]), 3)
    late = finding(declared, "gift.registered-late")
    assert (late["level"], late["evidence"]["late_by"]) == ("breach", "person")
    assert (late["evidence"]["captured_on"], late["evidence"]["received_on"]) == ("2026-06-07", "2026-06-10")


async def test_what_lay_too_long_is_late_and_shows_both_days(desk: Desk) -> None:
    declared = await send(desk, gift(received_on="2026-05-01", items=[pending()]), 12)
    late = finding(declared, "gift.registered-late")
    assert (late["level"], late["evidence"]["captured_on"], late["evidence"]["late_by"]) == ("breach", "2026-05-29", "person")


async def test_with_a_network_nothing_is_said_of_it(desk: Desk) -> None:
    declared = await desk.filed(gift(received_on="2026-05-05", items=[pending()]))
    assert declared["capture"] is None
    assert "late_by" not in finding(declared, "gift.registered-late")["evidence"]
    in_time = await desk.filed(gift(received_on="2026-06-05", items=[pending()]))
    assert "gift.registered-late" not in found(in_time)


async def test_a_draft_declares_nothing_and_its_submission_carries_the_day(desk: Desk) -> None:
    draft = await send(desk, filed(received(10), status="draft"), 5)
    assert (draft["declared_on"], draft["capture"]["counts"]) == ("2026-06-10", "receipt")
    sent = {**desk.official, "Sent-At": text(NOW), "If-Match": "*"}
    submitted = made(
        await desk.client.post(f"{PATH}/{draft['id']}/submission", json={"captured_at": text(NOW - timedelta(days=2))}, headers=sent)
    )
    assert (submitted["declared_on"], submitted["capture"]["counts"]) == ("2026-06-08", "capture")
    assert made(await desk.submit(await desk.drafted(meal(occurred_on="2026-06-01"))))["capture"] is None


async def test_a_paper_record_keeps_the_day_that_was_stated(desk: Desk) -> None:
    body = filed(received(40), declarant=desk.person["id"], declared_on="2026-05-20", captured_at=text(NOW - timedelta(days=1)))
    declared = await desk.filed(body, desk.hr)
    assert (declared["declared_on"], declared["capture"]["counts"]) == ("2026-05-20", "stated")


async def test_a_retry_says_its_own_moment_of_sending(desk: Desk) -> None:
    body = filed(received(10), captured_at=text(NOW - timedelta(days=3)))
    first = {**desk.official, "Idempotency-Key": "k-1", "Sent-At": text(NOW)}
    again = {**first, "Sent-At": text(NOW + timedelta(hours=1))}
    assert (await desk.post(body, first)).json() == (await desk.post(body, again)).json()


@pytest.mark.parametrize("at", ["1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z"])
async def test_a_clock_beyond_all_reckoning_is_refused(desk: Desk, at: str) -> None:
    assert faults(await desk.post(filed(gift(), captured_at=at))) == [("/captured_at", "device-clock-implausible")]
    refused = await desk.post(gift(), {**desk.official, "Sent-At": at})
    assert faults(refused) == [("/header/sent-at", "device-clock-implausible")]


async def test_the_commission_finds_what_counts_by_capture(desk: Desk) -> None:
    counted, late, plain = await send(desk, received(20), 3), await send(desk, received(20), 9), await desk.filed(received(20))
    for asked, expected in (("capture", counted), ("receipt", late)):
        listed = made(await desk.client.get(PATH, params={"capture": asked}, headers=desk.commission))
        assert [one["id"] for one in listed["items"]] == [expected["id"]]
    assert plain["capture"] is None


async def test_the_ledger_proves_when_it_was_captured(desk: Desk, database: Database) -> None:
    declared = await send(desk, received(20), 3)
    await desk.amended(declared, returned_to_unit_on=None)
    async with reading(database) as view:
        assert not [found async for found in differences(view)]
    then = await desk.client.get(f"{PATH}/{declared['id']}", params={"as_at": text(clock.now())}, headers=desk.official)
    assert made(then)["capture"] == declared["capture"]


def pending() -> dict[str, Any]:
    """A line still in the official's hands."""
    return item(disposition={"action": "pending"})


def handed_in(on: str) -> dict[str, Any]:
    """A line that has been surrendered, for which no number was given."""
    return item(disposition={"action": "surrendered", "on": on, "handlers": 2})
