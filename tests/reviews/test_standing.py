"""How long a finding by hand stands: until it is withdrawn, or what it was raised on changes; judging anew leaves it alone."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading
from app.screening.sweeper import rescreen
from app.worker import run_once
from tests.people.asking import faults_of
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift, line, meal
from tests.tags import version

from .raising import PATH, put, refusal, standing, take_back


@pytest.fixture
async def filed(office: Office) -> Json:
    """A gift that waits to be handed in."""
    return await office.file(gift("2026-10-05"), by=office.declarant)


async def test_it_is_withdrawn_with_a_reason_and_stays_to_be_read(app: FastAPI, office: Office, filed: Json) -> None:
    found = await put(office, filed, confidential=False)
    done = await take_back(office, found)
    assert (done.status_code, version(done)) == (200, 2)
    assert done.json() == {**found, "current": False, "withdrawal_reason": "经核实，系正常政策辅导"}
    for by in (office.commission, office.declarant):
        read = await office.client.get(f"{PATH}/{found['id']}", headers=by)
        assert (read.json(), version(read)) == (done.json(), 2)
        assert await standing(office, by, origin="hand") == []
        assert await standing(office, by, origin="hand", current=False) == [found["id"]]
        assert await office.found(by, ban=4) == []
    async with reading(app.state.database) as view:
        asked = select(ledger_line).where(ledger_line.c.action == "finding.withdrawn")
        lines = (await view.connection.execute(asked)).mappings().all()
    assert [(str(one["subject"]), [*one["content"]]) for one in lines] == [(found["id"], ["digest"])]


async def test_a_withdrawal_wants_the_version_a_reason_and_a_finding_that_was_not_withdrawn(office: Office, filed: Json) -> None:
    found = await put(office, filed)
    assert refusal(await take_back(office, found, version=None)) == (428, "precondition-required")
    assert refusal(await take_back(office, found, version=7)) == (412, "precondition-failed")
    path, headers = f"{PATH}/{found['id']}/withdrawal", {**office.commission, "If-Match": '"1"'}
    for body, fault in (({}, ("/reason", "missing")), ({"reason": " "}, ("/reason", "text-blank"))):
        assert faults_of(await office.client.post(path, json=body, headers=headers)) == [fault]
    assert (await take_back(office, found)).status_code == 200
    assert refusal(await take_back(office, found)) == (412, "precondition-failed")
    assert refusal(await take_back(office, found, version=2)) == (409, "finding-withdrawn")


async def test_of_two_who_withdraw_at_once_one_is_told_to_look_again(office: Office, filed: Json) -> None:
    found = await put(office, filed)
    answers = await asyncio.gather(*(take_back(office, found) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert version(await office.client.get(f"{PATH}/{found['id']}", headers=office.commission)) == 2


async def test_the_same_key_withdraws_once(office: Office, filed: Json) -> None:
    found = await put(office, filed)
    first, again = [await take_back(office, found, key="w-1") for _ in range(2)]
    assert (again.status_code, again.content, again.headers["idempotent-replayed"]) == (200, first.content, "true")


async def test_who_may_not_review_withdraws_nothing(office: Office, filed: Json) -> None:
    found = await put(office, filed, confidential=False)
    for by in (office.declarant, office.delegate, office.hr, office.stranger):
        assert refusal(await take_back(office, found, by)) == (403, "scope-missing")
    assert refusal(await take_back(office, found, office.sister_commission)) == (404, "not-found")
    assert await standing(office, office.commission, origin="hand") == [found["id"]]


async def test_what_a_rule_has_found_is_not_withdrawn(office: Office, filed: Json) -> None:
    found = (await office.get(PATH, office.commission))["items"][0]
    refused = await take_back(office, found)
    assert refusal(refused) == (409, "finding-of-a-rule")
    assert "修改申报" in refused.json()["detail"]
    assert await standing(office, office.commission, declaration=filed["id"]) == [found["id"]]


async def test_it_outlives_every_new_judgement(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05", line(), line(action="returned", on="2026-10-12")), by=office.declarant)
    kept_back, open_one = await put(office, filed), await put(office, filed, confidential=False)
    by_hand = [open_one["id"], kept_back["id"]]
    known = await standing(office, office.commission, origin="rule")
    await office.inquire("2026-10-10")
    assert await standing(office, office.commission, origin="rule") != known, "judged anew in confidence"
    assert await standing(office, office.commission, origin="hand") == by_hand
    travel("2026-11-20")
    by_rule = await standing(office, office.declarant, origin="rule")
    assert await run_once(app.state.database, app.state.book) == 1
    assert await standing(office, office.declarant, origin="rule") != by_rule, "time has changed what the rules find"
    await rescreen(app.state.database, app.state.book)
    assert await standing(office, office.commission, origin="hand") == by_hand
    assert await standing(office, office.declarant, origin="hand") == by_hand[:1]
    assert await office.get(f"{PATH}/{kept_back['id']}", office.commission) == kept_back


@pytest.mark.parametrize("act", ["amended", "withdrawn"])
async def test_it_stands_no_longer_when_its_declaration_is_amended_or_withdrawn(office: Office, filed: Json, act: str) -> None:
    found = await put(office, filed, confidential=False)
    path, headers = f"/v1/declarations/{filed['id']}", {**office.declarant, "If-Match": "*"}
    handed_in = {"details": {"items": [line(action="surrendered", on="2026-10-19", receipt_number="收字1号")]}}
    if act == "amended":
        done = await office.client.patch(path, json=handed_in, headers=headers)
    else:
        done = await office.client.post(f"{path}/withdrawal", json={"reason": "误报"}, headers=headers)
    assert done.status_code == 200
    for by in (office.declarant, office.commission):
        assert await standing(office, by) == []
        read = await office.client.get(f"{PATH}/{found['id']}", headers=by)
        assert (read.json(), version(read)) == ({**found, "current": False}, 2)
        assert found["id"] in await standing(office, by, current=False)
        assert await office.found(by, ban=4) == []
    assert refusal(await take_back(office, found)) == (412, "precondition-failed")
    cleared = await take_back(office, found, version=2)
    assert (cleared.status_code, version(cleared)) == (200, 3), "a suspicion can be cleared when it was superseded"


async def test_amending_another_declaration_leaves_it_standing(office: Office, filed: Json) -> None:
    other = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    found = await put(office, filed)
    headers = {**office.declarant, "If-Match": "*"}
    amended = await office.client.patch(f"/v1/declarations/{other['id']}", json={"note": "更正"}, headers=headers)
    assert amended.status_code == 200
    assert await standing(office, office.commission, origin="hand") == [found["id"]]


async def test_several_stand_side_by_side_and_are_withdrawn_singly(office: Office, filed: Json) -> None:
    found: list[dict[str, Any]] = [await put(office, filed, ban=ban) for ban in (4, 4, 10)]
    assert (await take_back(office, found[1])).status_code == 200
    assert await standing(office, office.commission, origin="hand") == [found[2]["id"], found[0]["id"]]
    assert await office.found(office.commission, ban=4) == [filed["id"]]
