"""One rule is left alone for one person and counterparty until a day."""

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from app.reviews.opening import take_up_waiting
from app.worker import run_once
from tests.factories import Factory
from tests.people.asking import faults_of, match
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, gift, line, rules

from .cases import Commission, types
from .raising import refusal

KEPT = "gift.duty-related-kept"
CASH = {KEPT, "gift.cash-like"}


def kept(party: Json) -> Json:
    """A gift of the company that was kept, and nothing else to be said of it."""
    return gift("2026-10-05", line(action="kept"), giver={"id": party["id"]})


async def test_it_opens_nothing_until_its_day_for_the_group_and_the_person_alone(
    commission: Commission, factory: Factory, app: FastAPI, travel: Travel
) -> None:
    office, owner = commission.office, await factory.counterparty()
    party, other = await factory.counterparty(parents=[owner["id"]]), await factory.counterparty()
    set_ = await commission.snooze(KEPT, owner["id"], "2026-10-25")
    assert set_.status_code == 201
    filed = await office.file(kept(party), by=office.declarant)
    assert {rule for rule, level in rules(filed).items() if level != "notice"} == {KEPT}
    assert await commission.list() == []
    await office.file(kept(other), by=office.declarant)
    assert [one["counterparty"] for one in await commission.list()] == [other["id"]]
    await office.file(kept(party), by=office.stranger)
    assert len(await commission.list()) == 2
    travel("2026-10-25")
    await run_once(app.state.database, app.state.book)
    assert len(await commission.list()) == 2
    travel("2026-10-26")
    await run_once(app.state.database, app.state.book)
    (found,) = await commission.list(counterparty=party["id"], person=office.official["id"])
    assert found["standing"] == 1


async def test_it_can_be_ended_before_its_day(commission: Commission, factory: Factory, database: Database) -> None:
    office, party = commission.office, await factory.counterparty()
    made = await commission.snooze(KEPT, party["id"], "2026-11-10")
    await office.file(kept(party), by=office.declarant)
    assert await take_up_waiting(database) == 0
    path, client = made.headers["location"], office.client
    assert refusal(await client.delete(path, headers=commission.lead)) == (428, "precondition-required")
    assert (await client.delete(path, headers={**commission.lead, **match(1)})).status_code == 204
    assert refusal(await client.delete(path, headers={**commission.lead, **match(1)})) == (412, "precondition-failed")
    assert (await client.get(path, headers=commission.lead)).json()["ended_at"]
    assert await take_up_waiting(database) == 1
    assert len(await commission.list()) == 1


async def test_what_a_review_knows_stays_in_it_and_it_tells_of_the_snooze(commission: Commission, factory: Factory) -> None:
    office, party = commission.office, await factory.counterparty()
    filed = await office.file(kept(party), by=office.declarant)
    await commission.snooze(KEPT, party["id"], "2026-11-10")
    headers = {**office.declarant, "If-Match": "*"}
    await office.client.patch(f"/v1/declarations/{filed['id']}", json={"note": "补充"}, headers=headers)
    whole = await commission.only()
    assert whole["standing"] == 1, "the same suspicion judged again is where the first was"
    assert types(whole) == ["opened", "snoozed", "declaration_changed"]
    assert (whole["events"][1]["new"], whole["events"][1]["text"]) == ({"rule": KEPT, "until_on": "2026-11-10"}, "上级统一核查。")


async def test_what_has_become_graver_waits_too(commission: Commission, factory: Factory, app: FastAPI, travel: Travel) -> None:
    office, party = commission.office, await factory.counterparty()
    filed = await office.file(kept(party), by=office.declarant)
    await commission.decide(await commission.only())
    for rule in CASH:
        await commission.snooze(rule, party["id"], "2026-10-25")
    headers = {**office.declarant, "If-Match": "*"}
    body = {"details": {"items": [line("cash", "900.00", "kept")]}}
    amended = await office.client.patch(f"/v1/declarations/{filed['id']}", json=body, headers=headers)
    assert {rule for rule, level in rules(amended.json()).items() if level in ("breach", "serious")} <= CASH
    assert (await commission.only())["state"] == "closed"
    travel("2026-10-26")
    await run_once(app.state.database, app.state.book)
    assert (await commission.only())["state"] == "open"


async def test_it_is_listed_within_reach_and_never_of_oneself(commission: Commission) -> None:
    office = commission.office
    made = (await commission.snooze(KEPT, None, "2026-11-10")).json()
    for filters, found in (({}, [made]), ({"rule": KEPT}, [made]), ({"rule": "meal.alcohol"}, []), ({"person": made["person"]}, [made])):
        body = await office.get("/v1/snoozes", commission.lead, count=True, **filters)
        assert (body["items"], body["count"]) == (found, len(found))
    assert (await office.get("/v1/snoozes", office.sister_commission))["items"] == []
    await office.get(f"/v1/snoozes/{made['id']}", office.sister_commission, 404)
    await office.get("/v1/snoozes", office.declarant, 403)
    own = {"person": commission.city_reviewers[0]["id"], "rule": KEPT, "until_on": "2026-11-10", "comment": "自己"}
    assert refusal(await office.client.post("/v1/snoozes", json=own, headers=commission.lead)) == (404, "not-found")


@pytest.mark.parametrize(
    ("rule", "party", "until_on", "fault"),
    [
        ("gift.unheard-of", None, "2026-11-10", ("/rule", "rule-unknown")),
        (KEPT, "01890000-0000-7000-8000-000000000000", "2026-11-10", ("/counterparty", "counterparty-unknown")),
        (KEPT, None, "2026-10-19", ("/until_on", "due-day-passed")),
        (KEPT, None, "2028-01-01", ("/until_on", "day-too-far")),
    ],
)
async def test_what_cannot_be_snoozed_is_refused_at_the_field(
    commission: Commission, rule: str, party: str | None, until_on: str, fault: tuple[str, str]
) -> None:
    assert faults_of(await commission.snooze(rule, party, until_on)) == [fault]
