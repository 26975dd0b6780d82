"""The register as it stood at an instant: revisions, statuses and findings of then, through the same door of sight."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.kit import clock
from app.worker import run_once
from tests.conftest import Make
from tests.people.asking import faults_of
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, line, meal, rules


def now() -> str:
    """This instant."""
    return clock.now().isoformat()


async def amend(office: Office, declared: Json, details: Json, by: Headers) -> Json:
    """The declaration after its details were changed."""
    path = f"/v1/declarations/{declared['id']}"
    answer = await office.client.patch(path, json={"details": details}, headers={**by, "If-Match": "*"})
    assert answer.status_code == 200, answer.text
    amended: Json = answer.json()
    return amended


async def act(office: Office, declared: Json, what: str, by: Headers, **body: Any) -> None:
    """A submission or a withdrawal."""
    path = f"/v1/declarations/{declared['id']}/{what}"
    answer = await office.client.post(path, json=body or None, headers={**by, "If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def then(office: Office, declared: Json, by: Headers, as_at: str, expected: int = 200) -> Json:
    """The declaration as it stood."""
    return await office.get(f"/v1/declarations/{declared['id']}", by, expected, as_at=as_at)


async def test_what_was_amended_is_read_as_it_stood(office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05", line(worth="300.00")), by=office.declarant, note="初次")
    travel("2026-10-22")
    before = now()
    travel("2026-10-23")
    amended = await amend(office, filed, {"items": [line(worth="900.00")]}, office.declarant)
    for by in (office.declarant, office.commission):
        stood = await then(office, filed, by, before)
        assert stood == filed
        assert await then(office, filed, by, now()) == await office.read(amended, by)
        listed = await office.get("/v1/declarations", by, as_at=before, count=True)
        assert (listed["items"], listed["count"]) == ([filed], 1)


async def test_the_past_has_an_entity_tag_to_change_nothing_by(office: Office) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    answer = await office.client.get(f"/v1/declarations/{filed['id']}", params={"as_at": now()}, headers=office.declarant)
    assert answer.status_code == 200
    match = {**office.declarant, "If-Match": answer.headers["etag"]}
    assert (await office.client.patch(f"/v1/declarations/{filed['id']}", json={"note": "一"}, headers=match)).status_code == 412


async def test_what_was_filed_later_is_not_there(office: Office, travel: Travel) -> None:
    early = await office.file(gift("2026-10-05"), by=office.declarant)
    travel("2026-10-21")
    before = now()
    travel("2026-10-22")
    late = await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    assert await office.found(office.commission, as_at=before) == [early["id"]]
    assert await office.found(office.commission, as_at=now()) == [late["id"], early["id"]]
    assert (await then(office, late, office.commission, before, 404))["code"] == "not-found"
    assert await office.found(office.commission, as_at="2026-01-01T00:00:00Z") == []


async def test_a_withdrawn_declaration_was_filed_before(office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    travel("2026-10-21")
    before = now()
    travel("2026-10-22")
    await act(office, filed, "withdrawal", office.declarant, reason="重复")
    stood = await then(office, filed, office.commission, before)
    assert (stood["status"], stood["withdrawal_reason"], stood["revision"]) == ("submitted", None, 1)
    today = await then(office, filed, office.commission, now())
    assert (today["status"], today["withdrawal_reason"], today["revision"]) == ("withdrawn", "重复", 2)
    assert await office.found(office.commission, as_at=before, status="submitted") == [filed["id"]]
    assert await office.found(office.commission, as_at=now(), status="submitted") == []


async def test_what_was_a_draft_then_the_commission_does_not_see(office: Office, travel: Travel) -> None:
    draft = await office.file(gift("2026-10-05"), by=office.declarant, status="draft")
    travel("2026-10-21")
    before = now()
    travel("2026-10-22")
    await act(office, draft, "submission", office.declarant)
    assert await office.found(office.commission, as_at=before) == []
    assert await office.found(office.commission, as_at=now()) == [draft["id"]]
    await then(office, draft, office.commission, before, 404)
    own = await then(office, draft, office.declarant, before)
    assert (own["status"], own["screening"]) == ("draft", None)


async def test_findings_are_those_of_then(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    before = now()
    travel("2026-11-20")
    assert await run_once(app.state.database, app.state.book) == 1
    for by in (office.declarant, office.commission):
        assert rules(await then(office, filed, by, before)) == rules(filed)
        assert rules(await then(office, filed, by, now())) == rules(await office.read(filed, by)) != rules(filed)


async def test_filters_ask_for_what_was_stated_then(office: Office, travel: Travel, make_counterparty: Make) -> None:
    old, new = await make_counterparty(name="甲公司"), await make_counterparty(name="乙公司")
    filed = await office.file(gift("2026-10-05", line(worth="300.00"), giver={"id": old["id"]}), by=office.declarant)
    travel("2026-10-21")
    before = now()
    travel("2026-10-22")
    await amend(office, filed, {"giver": {"id": new["id"]}, "received_on": "2026-10-15", "items": [line(worth="900.00")]}, office.declarant)
    own = {"kind": "gift", "declarant": office.official["id"], "unit": office.bureau["id"]}
    asked: list[tuple[dict[str, Any], bool, bool]] = [
        ({"counterparty": old["id"]}, True, False),
        ({"counterparty": new["id"]}, False, True),
        ({"occurred_until": "2026-10-10"}, True, False),
        ({"occurred_from": "2026-10-10"}, False, True),
        ({"occurred_from": "2026-10-10", "occurred_until": "2026-10-20"}, False, True),
        ({"min_worth": "500"}, False, True),
        (own, True, True),
        ({"unit": office.sister["id"]}, False, False),
        ({"kind": "meal"}, False, False),
    ]
    for filters, stood, stands in asked:
        assert await office.found(office.root, as_at=before, **filters) == ([filed["id"]] if stood else []), filters
        assert await office.found(office.root, as_at=now(), **filters) == ([filed["id"]] if stands else []), filters


async def test_pages_of_the_past_follow_each_other(office: Office) -> None:
    ids = [(await office.file(meal("2026-10-05"), "meal", by=office.declarant))["id"] for _ in range(3)]
    at = now()
    first = await office.get("/v1/declarations", office.commission, limit=2, as_at=at)
    second = await office.get("/v1/declarations", office.commission, limit=2, as_at=at, after=first["next"])
    assert [one["id"] for one in [*first["items"], *second["items"]]] == ids[::-1]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("rule", "gift.cash-like"), ("ban", 7), ("min_level", "breach"), ("q", "恒远"), ("sort", "-level"), ("facets", "kind")],
)
async def test_a_filter_that_the_past_cannot_answer_is_refused_by_name(office: Office, name: str, value: Any) -> None:
    answer = await office.client.get("/v1/declarations", params={"as_at": now(), name: value}, headers=office.commission)
    assert faults_of(answer) == [(f"/query/{name}", "not-kept-of-the-past")]


@pytest.mark.parametrize(
    ("said", "code"),
    [("2026-10-20T05:00:00Z", "instant-in-the-future"), ("2026-10-20", "instant-malformed"), ("2026-10-20T01:00:00", "instant-malformed")],
)
async def test_a_future_instant_and_one_without_a_zone_are_refused(office: Office, said: str, code: str) -> None:
    for path in ("/v1/declarations", f"/v1/declarations/{office.official['id']}"):
        answer = await office.client.get(path, params={"as_at": said}, headers=office.commission)
        assert faults_of(answer) == [("/query/as_at", code)]


async def test_the_past_tells_a_declarant_nothing_of_an_inquiry(office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")), by=office.declarant)
    before = now()
    travel("2026-10-21")
    await office.inquire("2026-10-01")
    during = now()
    travel("2026-10-22")
    for by in (office.declarant, office.delegate):
        assert (
            await then(office, filed, by, before) == await then(office, filed, by, during) == await then(office, filed, by, now()) == filed
        )
    known = "gift.returned-after-inquiry"
    assert known not in rules(await then(office, filed, office.commission, before))
    assert known in rules(await then(office, filed, office.commission, now()))


async def test_what_was_discovered_of_oneself_is_not_in_one_s_past(office: Office) -> None:
    await office.discover(gift("2026-10-05"))
    assert await office.found(office.declarant, as_at=now()) == []
    assert len(await office.found(office.commission, as_at=now())) == 1


async def test_who_does_not_see_a_declaration_does_not_see_its_past(office: Office) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    for by in (office.hr, office.stranger, office.sister_commission):
        await then(office, filed, by, now(), 404)
        assert await office.found(by, as_at=now()) == []
