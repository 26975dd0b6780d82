"""Inquiries: kept by the commission of the person's units, for itself alone."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from tests.conftest import Make
from tests.people.asking import faults_of, match
from tests.tags import version

from .conftest import Travel
from .declaring import Headers, Office, gift, line, rules


async def test_an_inquiry_is_recorded_and_read_back(office: Office) -> None:
    body = {"person": office.official["id"], "opened_on": "2026-10-01", "reference": "核字第1号"}
    made = await office.client.post("/v1/inquiries", json=body, headers=office.commission)
    assert (made.status_code, version(made)) == (201, 1)
    assert {name: made.json()[name] for name in body} == body
    assert made.json()["closed_on"] is None
    read = await office.client.get(made.headers["location"], headers=office.commission)
    assert (read.json(), version(read)) == (made.json(), 1)
    assert (await office.get("/v1/inquiries", office.commission))["items"] == [made.json()]


async def test_an_inquiry_is_closed_reopened_and_corrected(office: Office) -> None:
    opened = await office.inquire("2026-10-01")
    path = f"/v1/inquiries/{opened['id']}"
    closed = await office.client.patch(path, json={"closed_on": "2026-10-15"}, headers={**office.commission, **match()})
    assert (closed.status_code, version(closed), closed.json()) == (200, 2, {**opened, "closed_on": "2026-10-15"})
    reopened = await office.client.patch(
        path, json={"closed_on": None, "reference": "核字第9号"}, headers={**office.commission, **match(2)}
    )
    assert reopened.json() == {**opened, "reference": "核字第9号"}
    assert (await office.get(path, office.commission)) == reopened.json()


async def test_a_change_wants_the_version_that_it_starts_from(office: Office) -> None:
    path = f"/v1/inquiries/{(await office.inquire('2026-10-01'))['id']}"
    change = {"closed_on": "2026-10-15"}
    assert (await office.client.patch(path, json=change, headers=office.commission)).status_code == 428
    assert (await office.client.patch(path, json=change, headers={**office.commission, **match(7)})).status_code == 412
    assert (await office.client.delete(path, headers=office.commission)).status_code == 428
    assert (await office.client.delete(path, headers={**office.commission, **match(7)})).status_code == 412
    answers = await asyncio.gather(*(office.client.patch(path, json=change, headers={**office.commission, **match()}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"opened_on": "2026-10-21"}, ("/opened_on", "day-in-the-future")),
        ({"closed_on": "2026-10-21"}, ("/closed_on", "day-in-the-future")),
        ({"closed_on": "2026-09-30"}, ("/closed_on", "closed-before-opened")),
        ({"reference": " "}, ("/reference", "text-blank")),
        ({"reason": "举报"}, ("/reason", "extra-forbidden")),
    ],
)
async def test_an_inquiry_that_cannot_be_is_refused_at_the_field(office: Office, over: dict[str, Any], fault: tuple[str, str]) -> None:
    body = {"person": office.official["id"], "opened_on": "2026-10-01", "reference": "核字第1号", **over}
    assert faults_of(await office.client.post("/v1/inquiries", json=body, headers=office.commission)) == [fault]
    if fault[1] != "extra-forbidden":
        path = f"/v1/inquiries/{(await office.inquire('2026-10-01'))['id']}"
        assert faults_of(await office.client.patch(path, json=over, headers={**office.commission, **match()})) == [fault]


async def test_an_inquiry_keeps_to_its_person(office: Office) -> None:
    path = f"/v1/inquiries/{(await office.inquire('2026-10-01'))['id']}"
    moved = await office.client.patch(path, json={"person": str(new_id())}, headers={**office.commission, **match()})
    assert faults_of(moved) == [("/person", "extra-forbidden")]


@pytest.mark.parametrize("who", ["declarant", "delegate", "hr", "stranger"])
async def test_whoever_is_not_the_commission_finds_no_door(office: Office, who: str) -> None:
    path = f"/v1/inquiries/{(await office.inquire('2026-10-01'))['id']}"
    by: Headers = getattr(office, who)
    answers = [
        await office.client.get("/v1/inquiries", headers=by),
        await office.client.get(path, headers=by),
        await office.client.patch(path, json={}, headers={**by, **match()}),
        await office.client.delete(path, headers={**by, **match()}),
        await office.client.post("/v1/inquiries", json={}, headers=by),
    ]
    assert [answer.status_code for answer in answers[:4]] == [403] * 4
    assert answers[4].status_code in (403, 422)
    assert "reviews:write" in answers[0].json()["detail"]


async def test_the_commission_of_other_units_finds_nothing(office: Office) -> None:
    path = f"/v1/inquiries/{(await office.inquire('2026-10-01'))['id']}"
    elsewhere = office.sister_commission
    assert (await office.get("/v1/inquiries", elsewhere, count=True)) == {"items": [], "next": None, "count": 0}
    await office.get(path, elsewhere, 404)
    assert (await office.client.patch(path, json={}, headers={**elsewhere, **match()})).status_code == 404
    assert (await office.client.delete(path, headers={**elsewhere, **match()})).status_code == 404
    body = {"person": office.official["id"], "opened_on": "2026-10-01", "reference": "核字第1号"}
    assert (await office.client.post("/v1/inquiries", json=body, headers=elsewhere)).status_code == 404
    assert (await office.client.post("/v1/inquiries", json={**body, "person": str(new_id())}, headers=office.commission)).status_code == 404


async def test_inquiries_are_listed_page_by_page_and_by_person(office: Office, make_person: Make) -> None:
    other = await make_person(office.sister)
    mine = [(await office.inquire("2026-10-01", reference=f"核字第{number}号"))["id"] for number in range(3)]
    theirs = (await office.inquire("2026-10-01", person=other["id"]))["id"]
    first = await office.get("/v1/inquiries", office.commission, limit=2, count=True)
    assert ([item["id"] for item in first["items"]], first["count"]) == ([theirs, mine[2]], 4)
    rest = await office.get("/v1/inquiries", office.commission, limit=2, after=first["next"])
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([mine[1], mine[0]], None)
    of_one = await office.get("/v1/inquiries", office.commission, person=office.official["id"], count=True)
    assert ([item["id"] for item in of_one["items"]], of_one["count"]) == (mine[::-1], 3)


async def test_the_ledger_tells_that_there_was_an_inquiry_but_not_into_whom(app: FastAPI, office: Office) -> None:
    await office.file(gift("2026-09-25", line(action="returned", on="2026-10-12")))
    opened = await office.inquire("2026-10-01")
    path = f"/v1/inquiries/{opened['id']}"
    await office.client.patch(path, json={"closed_on": "2026-10-15"}, headers={**office.commission, **match()})
    await office.client.delete(path, headers={**office.commission, **match(2)})
    async with reading(app.state.database) as view:
        asked = select(ledger_line).where(ledger_line.c.action.startswith("inquiry.")).order_by(ledger_line.c.id)
        lines = (await view.connection.execute(asked)).mappings().all()
    assert [line["action"] for line in lines] == ["inquiry.opened", "inquiry.changed", "inquiry.removed"]
    assert not [line for line in lines if office.official["id"] in str(line["content"]) or "核字" in str(line["content"])]


async def test_an_inquiry_and_a_filing_at_once_find_each_other(office: Office, travel: Travel) -> None:
    travel("2026-10-20")
    details = gift("2026-09-25", line(action="returned", on="2026-10-12"))
    filed, *_ = await asyncio.gather(office.file(details), office.inquire("2026-10-01"), office.file(details))
    for declaration_id in await office.found(office.commission):
        assert "gift.returned-after-inquiry" in rules(await office.read(declaration_id, office.commission))
    assert filed["id"] in await office.found(office.commission, rule="gift.returned-after-inquiry")


@pytest.mark.parametrize("caller", ["declarant", "delegate", "hr", "commission", "root"])
async def test_who_files_while_one_is_open_is_answered_what_they_may_read(office: Office, caller: str) -> None:
    await office.inquire("2026-10-06")
    by: Headers = getattr(office, caller)
    source = {"commission": "commission"}.get(caller, "self") if caller != "hr" else "hr"
    body = gift("2026-10-05", line(action="surrendered", on="2026-10-08", receipt_number="收字1号"))
    filed = await office.file(body, by=by, declarant=office.official["id"], source=source)
    assert filed == await office.read(filed, by)
    assert ("gift.returned-after-inquiry" in rules(filed)) == (caller in {"commission", "root"})
