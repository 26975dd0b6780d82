"""Raising a finding by hand: who may, on which declarations, under which ban; and that the machine's judgement stays what it is."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from tests.people.asking import faults_of
from tests.screening.declaring import Headers, Json, Office, gift, meal
from tests.tags import version

from .raising import PATH, attempt, put, refusal, standing, suspicion


@pytest.fixture
async def filed(office: Office) -> Json:
    """A meal of which no rule says anything."""
    return await office.file(meal("2026-10-10"), "meal", by=office.declarant)


async def test_a_finding_is_raised_and_read_back(office: Office, filed: Json) -> None:
    body = suspicion(
        filed,
        basis=[{"instrument": "优化营商环境条例", "article": "第十四条", "since": "2020-01-01", "confirmed": True}],
        remedy={"text": "请补充说明办理经过。", "due_on": "2026-11-01"},
        missing_facts=["企业的书面说明"],
    )
    made = await attempt(office, body)
    assert (made.status_code, version(made)) == (201, 1)
    found = made.json()
    assert {name: found[name] for name in ("declaration", "ban", "level", "title", "message", "basis", "missing_facts")} == {
        name: body[name] for name in ("declaration", "ban", "level", "title", "message", "basis", "missing_facts")
    }
    assert (found["rule"], found["origin"], found["confidential"], found["current"]) == (None, "hand", True, True)
    assert (found["evidence"], found["withdrawal_reason"], found["raised_at"]) == ({}, None, found["raised_at"])
    assert found["remedy"] == {"action": "as-asked", "text": "请补充说明办理经过。", "due_on": "2026-11-01"}
    assert {name: found[name] for name in ("declarant", "unit", "kind", "occurred_from")} == {
        "declarant": office.official["id"], "unit": office.bureau["id"], "kind": "meal", "occurred_from": "2026-10-10",
    }  # fmt: skip
    read = await office.client.get(made.headers["location"], headers=office.commission)
    assert (read.json(), version(read)) == (found, 1)
    assert (await office.get(PATH, office.commission))["items"] == [found]
    english = await office.client.get(made.headers["location"], headers={**office.commission, "Accept-Language": "en"})
    assert english.json() == found, "a reviewer's words are told as they were written"


@pytest.mark.parametrize("ban", range(1, 12))
async def test_every_one_of_the_eleven_bans_can_be_raised_and_is_found_by_it(office: Office, filed: Json, ban: int) -> None:
    found = await put(office, filed, ban=ban, level="serious")
    assert await standing(office, office.commission, ban=ban) == [found["id"]]
    assert await office.found(office.commission, ban=ban) == [filed["id"]]
    assert await office.found(office.commission, ban=ban, min_level="serious") == [filed["id"]]
    assert await office.found(office.commission, ban=ban, min_level="refer") == []
    assert await office.found(office.commission, ban=ban % 11 + 1) == []


async def test_the_declaration_s_screening_outcome_and_etag_stay_as_they_are(office: Office, filed: Json) -> None:
    everyone = (office.declarant, office.commission)
    before = [(await office.read(filed, by), await office.etag(filed, by)) for by in everyone]
    await put(office, filed, level="refer", confidential=False)
    assert [(await office.read(filed, by), await office.etag(filed, by)) for by in everyone] == before
    assert len((await office.get(f"/v1/declarations/{filed['id']}/screenings", office.commission))["items"]) == 1
    assert await office.found(office.commission, min_level="record") == [], "a level alone asks for the outcome of the screening"


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"ban": 0}, ("/ban", "greater-than-equal")),
        ({"ban": 12}, ("/ban", "less-than-equal")),
        ({"ban": "4"}, ("/ban", "int-type")),
        ({"level": "record"}, ("/level", "literal-error")),
        ({"title": " "}, ("/title", "text-blank")),
        ({"message": ""}, ("/message", "text-blank")),
        ({"message": " \n"}, ("/message", "text-blank")),
        ({"message": "x" * 4001}, ("/message", "string-too-long")),
        ({"basis": []}, ("/basis", "too-short")),
        ({"basis": [{"instrument": "条例"}]}, ("/basis/0/since", "missing")),
        ({"basis": [{"instrument": "条例", "since": "2026-10-21"}]}, ("/basis/0/since", "day-in-the-future")),
        ({"remedy": {"text": "请说明", "due_on": "2026-10-19"}}, ("/remedy/due_on", "due-day-passed")),
        ({"confidential": "no"}, ("/confidential", "bool-type")),
        ({"rule": "gift.cash-like"}, ("/rule", "extra-forbidden")),
        ({"declaration": "1"}, ("/declaration", "uuid-parsing")),
    ],
)
async def test_what_cannot_be_is_refused_at_the_field(office: Office, filed: Json, over: Json, fault: tuple[str, str]) -> None:
    answer = await attempt(office, suspicion(filed, **over))
    assert faults_of(answer) == [fault]
    assert await standing(office, office.commission) == []


@pytest.mark.parametrize("name", ["declaration", "ban", "level", "title", "message", "basis"])
async def test_what_a_finding_needs_is_named(office: Office, filed: Json, name: str) -> None:
    body = {key: value for key, value in suspicion(filed).items() if key != name}
    assert faults_of(await attempt(office, body)) == [(f"/{name}", "missing")]


@pytest.mark.parametrize("who", ["declarant", "delegate", "hr", "stranger"])
async def test_whoever_is_no_reviewer_finds_no_door(office: Office, filed: Json, who: str) -> None:
    answer = await attempt(office, suspicion(filed), getattr(office, who))
    assert answer.status_code == 403
    assert "reviews:write" in answer.json()["detail"]


async def test_a_declaration_out_of_reach_is_not_there(office: Office, filed: Json) -> None:
    for body in (suspicion(filed), suspicion({"id": str(new_id())})):
        assert refusal(await attempt(office, body, office.sister_commission)) == (404, "not-found")
    assert await standing(office, office.commission) == []


async def test_a_delegate_who_sits_in_another_commission_reads_and_raises_nothing(office: Office, filed: Json, make_key: Any) -> None:
    secretary = (await office.get("/v1/delegations", office.root))["items"][0]["delegate"]
    by = {"Authorization": f"Bearer {await make_key('declarations:write', 'reviews:write', unit=office.sister, person=secretary)}"}
    await office.read(filed, by)
    for confidential in (True, False):
        assert refusal(await attempt(office, suspicion(filed, confidential=confidential), by)) == (404, "not-found")


async def test_nobody_raises_a_finding_on_their_own_declaration(office: Office, filed: Json, insider: Headers) -> None:
    for headers, said in (({}, "其他审查人员"), ({"Accept-Language": "en"}, "colleague")):
        answer = await attempt(office, suspicion(filed), {**insider, **headers})
        assert refusal(answer) == (403, "own-declaration")
        assert said in answer.json()["detail"]
    discovered = await office.discover(gift("2026-10-01"))
    assert refusal(await attempt(office, suspicion(discovered), insider)) == (404, "not-found"), "which would give it away"
    assert await standing(office, office.commission, origin="hand") == []


async def test_a_draft_and_a_withdrawn_declaration_take_no_findings(office: Office, filed: Json) -> None:
    draft = await office.file(meal("2026-10-10"), "meal", by=office.declarant, status="draft")
    assert refusal(await attempt(office, suspicion(draft))) == (404, "not-found")
    own_draft = await office.file(
        meal("2026-10-10"), "meal", by=office.commission, declarant=office.official["id"], source="commission", status="draft"
    )
    assert refusal(await attempt(office, suspicion(own_draft))) == (409, "declaration-not-filed")
    headers = {**office.declarant, "If-Match": "*"}
    await office.client.post(f"/v1/declarations/{filed['id']}/withdrawal", json={"reason": "误报"}, headers=headers)
    refused = await attempt(office, suspicion(filed))
    assert refusal(refused) == (409, "declaration-not-filed")
    assert "另行登记" in refused.json()["detail"]


async def test_the_same_key_raises_it_once(office: Office, filed: Json) -> None:
    first, again = [await attempt(office, suspicion(filed), key="raise-1") for _ in range(2)]
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    assert again.headers["idempotent-replayed"] == "true"
    assert refusal(await attempt(office, suspicion(filed, ban=5), key="raise-1")) == (422, "idempotency-key-reused")
    assert await standing(office, office.commission) == [first.json()["id"]]


async def test_the_ledger_tells_that_a_finding_was_raised_but_not_what_or_about_whom(app: FastAPI, office: Office, filed: Json) -> None:
    found = await put(office, filed)
    async with reading(app.state.database) as view:
        asked = select(ledger_line).where(ledger_line.c.action.startswith("finding."))
        lines = (await view.connection.execute(asked)).mappings().all()
    assert [(line["action"], str(line["subject"]), [*line["content"]]) for line in lines] == [("finding.raised", found["id"], ["digest"])]
    assert filed["id"] not in str(lines[0]["content"])


async def test_whoever_raises_one_waits_for_a_change_under_way_and_sees_it(app: FastAPI, office: Office, filed: Json) -> None:
    async with app.state.database.writing() as connection:
        own = declaration.c.id == UUID(filed["id"])
        await connection.execute(update(declaration).where(own).values(status=Status.WITHDRAWN))
        raising = asyncio.create_task(attempt(office, suspicion(filed)))
        await asyncio.sleep(0.2)
    assert refusal(await raising) == (409, "declaration-not-filed")


async def test_raising_and_amending_at_once_leave_no_finding_on_what_was_not_seen(office: Office, filed: Json) -> None:
    path, headers = f"/v1/declarations/{filed['id']}", {**office.declarant, "If-Match": "*"}
    raised, amended = await asyncio.gather(
        attempt(office, suspicion(filed)), office.client.patch(path, json={"note": "更正"}, headers=headers)
    )
    assert (raised.status_code, amended.status_code) == (201, 200)
    again = await office.client.patch(path, json={"note": "再次更正"}, headers=headers)
    assert again.status_code == 200
    assert await standing(office, office.commission) == []
    assert (await office.get(f"{PATH}/{raised.json()['id']}", office.commission))["current"] is False
