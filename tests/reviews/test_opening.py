"""What opens a review, what joins it, what reopens it, and what is none of its business."""

import asyncio
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading, work
from app.reviews.models import review, review_event
from app.reviews.opening import Opening, take_up_waiting
from app.screening.models import finding
from app.screening.sweeper import rescreen
from app.worker import run_once
from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift, line, meal, rules
from tests.tags import version

from .cases import Commission, types
from .raising import put, refusal, suspicion

OTHER = {"name": "远山矿业"}


def kept(day: str = "2026-10-05", *, worth: str = "300.00", giver: Json | None = None) -> Json:
    """A gift that was kept: a breach at once."""
    return gift(day, line(action="kept", worth=worth), **({"giver": giver} if giver else {}))


async def test_a_person_and_a_counterparty_have_one_review_whatever_the_kind(commission: Commission) -> None:
    office = commission.office
    first = await office.file(kept(), by=office.declarant)
    await office.file(kept("2026-10-06"), by=office.declarant)
    host = {"host": {"name": "恒远建设有限公司"}, "relation": "supervised_current", "payer": "host", "type": "private"}
    dinner = await office.file(meal("2026-10-08", **host), "meal", by=office.declarant)
    assert "meal.duty-related-host" in rules(dinner)
    await office.file(kept(giver=OTHER), by=office.declarant)
    one, other = sorted(await commission.list(), key=lambda found: found["id"])
    assert len({one["counterparty"], other["counterparty"], None}) == 3
    whole = await commission.read(one)
    assert {found["declaration"] for found in whole["findings"]} >= {first["id"], dinner["id"]}
    assert types(whole)[0] == "opened"
    assert set(types(whole)[1:]) == {"findings_joined"}


async def test_owners_and_what_they_own_are_one_matter(commission: Commission, factory: Factory) -> None:
    office = commission.office
    owner = await factory.counterparty()
    ones = [await factory.counterparty(parents=[owner["id"]]) for _ in range(2)]
    stranger = await factory.counterparty()
    for party in (*ones, owner, stranger):
        await office.file(kept(giver={"id": party["id"]}), by=office.declarant)
    found = await commission.list()
    assert sorted(one["counterparty"] for one in found) == sorted([ones[0]["id"], stranger["id"]])
    assert [one["id"] for one in await commission.list(counterparty=owner["id"])] == [
        one["id"] for one in found if one["counterparty"] == ones[0]["id"]
    ]


async def test_what_has_nobody_on_the_other_side_is_grouped_by_its_kind(commission: Commission) -> None:
    office = commission.office
    wedding = {
        "occurred_on": "2026-10-03",
        "type": "wedding",
        "actual_tables": 60,
        "actual_guests": 600,
        "split_venues": False,
        "official_vehicle": True,
    }
    filed = await office.file(wedding, "family_event", by=office.declarant)
    assert {"breach", "serious"} & set(rules(filed).values())
    (found,) = await commission.list()
    assert (found["counterparty"], found["kind"]) == (None, "family_event")


async def test_a_notice_and_a_draft_open_nothing_until_they_are_more(commission: Commission, app: FastAPI, travel: Travel) -> None:
    office = commission.office
    pending = await office.file(gift("2026-10-05"), by=office.declarant)
    draft = await office.file(kept(), by=office.declarant, status="draft")
    assert set(rules(pending).values()) == {"notice"}
    assert await commission.list() == []
    await run_once(app.state.database, app.state.book)
    assert await commission.list() == []
    headers = {**office.declarant, "If-Match": "*"}
    assert (await office.client.post(f"/v1/declarations/{draft['id']}/submission", headers=headers)).status_code == 200
    assert len(await commission.list()) == 1
    travel("2026-11-20")
    await run_once(app.state.database, app.state.book)
    whole = await commission.only()
    assert {found["declaration"] for found in whole["findings"] if found["current"]} == {pending["id"], draft["id"]}


async def test_the_same_suspicion_judged_again_joins_in_silence(commission: Commission, app: FastAPI) -> None:
    office = commission.office
    filed = await office.file(kept(), by=office.declarant)
    review_ = await commission.only()
    await commission.decide(review_, "reminded")
    headers = {**office.declarant, "If-Match": "*"}
    amended = await office.client.patch(f"/v1/declarations/{filed['id']}", json={"note": "补充说明"}, headers=headers)
    assert amended.status_code == 200
    await rescreen(app.state.database, app.state.book)
    await run_once(app.state.database, app.state.book)
    whole = await commission.only()
    assert (whole["state"], types(whole)) == ("closed", ["opened", "decided", "declaration_changed"])
    assert whole["standing"] == review_["standing"], "the new judgement stands in it"
    assert len(whole["findings"]) == 2 * len(review_["findings"]), "and what it superseded is kept"


async def test_a_graver_one_reopens(commission: Commission) -> None:
    office = commission.office
    filed = await office.file(kept(worth="300.00"), by=office.declarant)
    await commission.decide(await commission.only())
    headers = {**office.declarant, "If-Match": "*"}
    graver = {"details": {"items": [line("cash", "90000.00", "kept")]}}
    assert (await office.client.patch(f"/v1/declarations/{filed['id']}", json=graver, headers=headers)).status_code == 200
    whole = await commission.only()
    assert (whole["state"], whole["decision"], whole["closed_at"]) == ("open", None, None)
    assert types(whole)[-2:] == ["declaration_changed", "reopened"]
    assert whole["events"][0]["old"] == {"state": "closed", "disposition": "no_issue"}


async def test_withdrawing_supersedes_and_deletes_nothing(commission: Commission) -> None:
    office = commission.office
    filed = await office.file(kept(), by=office.declarant)
    before = await commission.only()
    headers = {**office.declarant, "If-Match": "*"}
    await office.client.post(f"/v1/declarations/{filed['id']}/withdrawal", json={"reason": "误报"}, headers=headers)
    whole = await commission.only()
    assert (whole["state"], whole["standing"], whole["level"]) == ("open", 0, None)
    assert [found["id"] for found in whole["findings"]] == [found["id"] for found in before["findings"]]
    assert not any(found["current"] for found in whole["findings"])
    assert whole["events"][0]["new"] == {"declaration": filed["id"], "revision": 2, "status": "withdrawn"}
    assert await commission.list(min_level="record") == []


async def test_a_finding_by_hand_opens_one_too_unless_it_is_a_notice(commission: Commission) -> None:
    office = commission.office
    filed = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    await put(office, filed, level="notice")
    assert await commission.list() == []
    raised = await put(office, filed, level="serious")
    whole = await commission.only()
    assert [found["id"] for found in whole["findings"]] == [raised["id"]]
    await commission.decide(whole)
    await put(office, filed, level="serious")
    assert (await commission.only())["state"] == "open", "what a person raises is new each time"


async def test_what_an_inquiry_brings_to_light_is_taken_up_by_the_background_work(commission: Commission, database: Database) -> None:
    office = commission.office
    await office.file(gift("2026-06-01", line(action="returned", on="2026-09-20")), by=office.declarant)
    await commission.decide(await commission.only())
    await office.inquire("2026-08-01")
    assert (await commission.only())["state"] == "closed"
    assert await take_up_waiting(database) == 1
    whole = await commission.only()
    assert whole["state"] == "open"
    assert "gift.returned-after-inquiry" in {found["rule"] for found in whole["findings"] if found["confidential"]}
    assert await take_up_waiting(database) == 0, "once is enough"


async def test_what_was_found_before_there_were_reviews_is_taken_up(commission: Commission, database: Database) -> None:
    office = commission.office
    await office.file(kept(), by=office.declarant)
    await office.file(kept(giver=OTHER), by=office.declarant)
    async with work(database, "test") as unit:
        await unit.connection.execute(update(finding).values(review_id=None))
        for table in (review_event, review):
            await unit.connection.execute(table.delete())
    assert await commission.list() == []
    await take_up_waiting(database)
    assert len(await commission.list()) == 2


async def test_a_person_with_hundreds_of_findings(commission: Commission, database: Database) -> None:
    office = commission.office
    filed = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    await put(office, filed)
    async with work(database, "test") as unit:
        row = dict((await unit.connection.execute(select(finding).where(finding.c.review_id.is_not(None)))).mappings().one())
        many = [{**row, "id": one, "rule": f"rule.{number}", "review_id": None} for number, one in enumerate(await _ids(240))]
        await unit.connection.execute(finding.insert(), many)
    await take_up_waiting(database)
    (found,) = await commission.list()
    assert found["standing"] == 241
    async with reading(database) as view:
        assert await view.connection.scalar(select(func.count()).where(finding.c.review_id.is_(None))) == 0
    events = (await office.get(f"/v1/reviews/{found['id']}/events", commission.lead, limit=1, count=True))["items"]
    assert len(events[0]["new"]["findings"]) == 240


async def _ids(number: int) -> list[object]:
    from app.kit.ids import new_id  # noqa: PLC0415  # ids in order of their making

    return [new_id() for _ in range(number)]


async def test_two_filings_at_once_have_one_review(commission: Commission) -> None:
    office = commission.office
    await asyncio.gather(*(office.file(kept(f"2026-10-0{day}"), by=office.declarant) for day in range(1, 6)))
    whole = await commission.only()
    assert whole["standing"] == 5
    assert {len(await commission.list(person=office.official["id"])), types(whole).count("opened")} == {1}


async def test_one_is_opened_by_hand_where_there_is_none(commission: Commission, factory: Factory) -> None:
    office, party = commission.office, await factory.counterparty()
    filed = await office.file(gift("2026-10-05", giver={"id": party["id"]}), by=office.declarant)
    noticed = await put(office, filed, level="notice")
    answer = await commission.open(counterparty=party["id"], findings=[noticed["id"]])
    assert (answer.status_code, version(answer)) == (201, 1)
    opened = answer.json()
    assert answer.headers["location"] == f"/v1/reviews/{opened['id']}"
    assert ([found["id"] for found in opened["findings"]], opened["level"]) == ([noticed["id"]], "notice")
    assert opened["events"][0]["text"] == "群众来信反映，须予核实。"
    again = await commission.open(counterparty=party["id"])
    assert refusal(again) == (409, "review-exists")
    assert opened["id"] in again.json()["detail"]
    assert (await commission.open(kind="meal")).status_code == 201
    await office.file(kept(giver={"id": party["id"]}), by=office.declarant)
    assert len(await commission.list()) == 2, "and takes up what comes later"


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({}, ("/counterparty", "matter-needs-one")),
        ({"kind": "picnic"}, ("/kind", "enum")),
        ({"kind": "meal", "counterparty": "01890000-0000-7000-8000-000000000000"}, ("/counterparty", "matter-needs-one")),
        ({"counterparty": "01890000-0000-7000-8000-000000000000"}, ("/counterparty", "counterparty-unknown")),
        ({"kind": "meal", "findings": ["01890000-0000-7000-8000-000000000000"]}, ("/findings/0", "finding-unknown")),
        ({"kind": "meal", "text": " "}, ("/text", "text-blank")),
        ({"kind": "meal", "state": "closed"}, ("/state", "extra-forbidden")),
    ],
)
async def test_what_cannot_be_opened_is_refused_at_the_field(commission: Commission, over: Json, fault: tuple[str, str]) -> None:
    assert faults_of(await commission.open(**over)) == [fault]
    assert await commission.list() == []


async def test_nobody_opens_one_of_somebody_out_of_reach_or_of_themselves(commission: Commission, office: Office) -> None:
    for by, person in ((office.sister_commission, office.official), (commission.lead, commission.city_reviewers[0])):
        assert refusal(await commission.open(by, kind="meal", person=person["id"])) == (404, "not-found")
    assert refusal(await commission.open(office.hr, kind="meal")) == (403, "scope-missing")


async def test_the_ledger_tells_of_a_review_by_digests(commission: Commission, database: Database) -> None:
    office = commission.office
    filed = await office.file(kept(), by=office.declarant)
    opened = await commission.only()
    await commission.act(opened, "request", text="请说明礼品去向", due_on="2026-11-01")
    await commission.decide(opened)
    async with reading(database) as view:
        asked = select(ledger_line).where(ledger_line.c.action.startswith("review.")).order_by(ledger_line.c.id)
        lines = (await view.connection.execute(asked)).mappings().all()
    assert [one["action"] for one in lines] == ["review.opened", "review.requested", "review.decided"]
    assert {str(one["subject"]) for one in lines} == {opened["id"]}
    assert all(set(one["content"]) <= {"digest", "shown"} for one in lines)
    assert refusal(await commission.attempt(opened, "request", suspicion(filed))) == (422, "invalid-request")


async def test_who_cannot_be_done_keeps_nobody_waiting(commission: Commission, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    office = commission.office
    done = Opening.take_up

    async def fail_for_the_official(opening: Opening, person_id: UUID) -> None:
        await done(opening, person_id)
        if str(person_id) == office.official["id"]:
            raise RuntimeError("killed")

    await office.file(kept(), by=office.declarant)
    await office.file(kept(), by=office.stranger)
    async with work(database, "test") as unit:
        await unit.connection.execute(update(finding).values(review_id=None))
        for table in (review_event, review):
            await unit.connection.execute(table.delete())
    with monkeypatch.context() as failing:
        failing.setattr(Opening, "take_up", fail_for_the_official)
        assert await take_up_waiting(database) == 1
    assert [one["person"] for one in await commission.list()] != [office.official["id"]], "nothing half done is left"
    assert await take_up_waiting(database) == 1
    assert len(await commission.list()) == 2
