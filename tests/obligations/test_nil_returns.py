"""Nil returns: who files them, what they account for, what contradicts them, and that they stay."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.kit.database import Database
from app.ledger.unit_of_work import reading, work
from app.obligations.models import nil_return
from app.reports.verification import RECORDS
from tests.screening.conftest import Travel
from tests.screening.declaring import Office, stake

from .owing import NIL_RETURNS, Desk


async def test_a_nil_return_meets_what_is_owed_and_gives_a_receipt(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    filed = await desk.nil(campaign)
    assert (filed["person"], filed["campaign"], filed["contradicted_by"]) == (office.official["id"], campaign["id"], [])
    assert (filed["period_from"], filed["period_until"], filed["filed_on"]) == ("2026-01-01", "2026-12-31", "2026-10-20")
    assert filed["receipt"]["line"]
    owed = await desk.only(by=office.declarant)
    assert (owed["state"], owed["nil_return"], owed["outstanding_kinds"]) == ("met", filed["id"], [])
    assert await desk.told(filed) == {"nil-return.filed": 1}
    assert await office.get(f"{NIL_RETURNS}/{filed['id']}", office.declarant) == filed
    (mine,) = (await office.get("/v1/me/obligations", office.declarant, count=True))["items"]
    assert mine == owed


async def test_the_same_twice_answers_the_first(desk: Desk) -> None:
    campaign = await desk.open(kinds=["shareholding", "meal"])
    first = await desk.nil(campaign, kinds=["shareholding", "meal"])
    assert await desk.nil(campaign, kinds=["shareholding", "meal"], expected=200) == first
    assert await desk.nil(campaign, kinds=["meal"], expected=200) == first


async def test_two_at_once_file_one(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    body = {"campaign": campaign["id"], "kinds": ["shareholding"]}
    answers = await asyncio.gather(*(office.client.post(NIL_RETURNS, json=body, headers=office.declarant) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await desk.told(await desk.only()) == {"obligation.opened": 1, "obligation.met": 1}


async def test_a_key_gives_the_first_answer_again(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    body, headers = {"campaign": campaign["id"], "kinds": ["shareholding"]}, {**office.declarant, "Idempotency-Key": "零".encode().hex()}
    first, again = [await office.client.post(NIL_RETURNS, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_declaration_that_says_otherwise_is_told_and_both_stand(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    returned = await desk.nil(campaign)
    filed = await desk.declare()
    told = await office.get(f"{NIL_RETURNS}/{returned['id']}", office.declarant)
    assert (told["contradicted_by"], told["withdrawn_at"]) == ([filed["id"]], None)
    (listed,) = (await office.get(NIL_RETURNS, office.commission, person=office.official["id"], count=True))["items"]
    assert listed["contradicted_by"] == [filed["id"]]
    assert (await office.get(f"{NIL_RETURNS}/{returned['id']}", desk.bureau_hr))["contradicted_by"] == [], "HR does not read declarations"


async def test_the_other_way_round_it_is_told_at_once(desk: Desk, office: Office) -> None:
    filed = await desk.declare()
    returned = await desk.nil(await desk.open())
    assert returned["contradicted_by"] == [filed["id"]]
    assert office.official["id"] == returned["person"]


async def test_what_the_commission_discovered_contradicts_in_its_own_view_alone(desk: Desk, office: Office) -> None:
    returned = await desk.nil(await desk.open())
    before = await office.client.get(f"{NIL_RETURNS}/{returned['id']}", headers=office.declarant)
    found = await office.discover(stake("2026-05-01"), "shareholding")
    after = await office.client.get(f"{NIL_RETURNS}/{returned['id']}", headers=office.declarant)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert (await office.get(f"{NIL_RETURNS}/{returned['id']}", office.commission))["contradicted_by"] == [found["id"]]
    assert (await desk.only(by=office.declarant))["state"] == "met"


async def test_what_is_withdrawn_stays_with_its_reason_and_is_owed_again(desk: Desk, office: Office, travel: Travel) -> None:
    campaign = await desk.open()
    returned = await desk.nil(campaign)
    path = f"{NIL_RETURNS}/{returned['id']}/withdrawal"
    assert (await office.client.post(path, json={"reason": "发现漏报"}, headers=office.declarant)).status_code == 428
    await desk.act(path, office.declarant, if_match='"2"', expected=412, reason="发现漏报")
    travel("2026-12-02")
    withdrawn = await desk.act(path, office.declarant, reason="发现漏报一项持股")
    assert (withdrawn["withdrawal_reason"], withdrawn["contradicted_by"]) == ("发现漏报一项持股", [])
    assert (await desk.act(path, office.declarant, expected=409, reason="再次"))["code"] == "nil-return-withdrawn"
    await desk.day()
    assert (await desk.only())["state"] == "overdue"
    again = await desk.nil(campaign)
    assert again["id"] != returned["id"]
    assert (await desk.only())["state"] == "late_met"


async def test_delegates_and_hr_file_for_others_and_strangers_do_not(desk: Desk, office: Office) -> None:
    campaign = await desk.open(unit=office.city["id"])
    for_official = {"person": office.official["id"]}
    filed = await desk.nil(campaign, office.delegate, **for_official)
    assert await desk.nil(campaign, office.hr, 200, **for_official) == {**filed, "contradicted_by": []}
    assert (await desk.nil(campaign, office.stranger, 403, **for_official))["code"] == "scope-missing"
    elsewhere = await desk.person(unit=office.sister)
    refused = await desk.nil(campaign, office.hr, 422, person=elsewhere["id"])
    assert refused["errors"][0]["code"] == "person-unknown"
    await office.get(f"{NIL_RETURNS}/{filed['id']}", office.stranger, 404)
    await office.get(f"{NIL_RETURNS}/{filed['id']}", office.sister_commission, 404)
    await desk.act(f"{NIL_RETURNS}/{filed['id']}/withdrawal", office.stranger, expected=404, reason="不是我的")
    assert (await office.get(NIL_RETURNS, office.stranger))["items"] == []


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"kinds": ["meal"]}, "/kinds/0", "kind-not-asked-for"),
        ({"kinds": []}, "/kinds", "too-short"),
        ({"campaign": None}, "/campaign", "nil-return-needs-one"),
        ({"campaign": "01a2287c-0f7a-7199-a1e9-33045b7b6637"}, "/campaign", "campaign-unknown"),
        ({"campaign": None, "obligation": "01a2287c-0f7a-7199-a1e9-33045b7b6637"}, "/obligation", "obligation-unknown"),
    ],
)
async def test_what_is_wrong_with_a_nil_return_is_told_in_both_languages(
    desk: Desk, office: Office, over: dict[str, Any], pointer: str, code: str
) -> None:
    campaign = await desk.open()
    body = {"campaign": campaign["id"], "kinds": ["shareholding"], **over}
    for language, ascii_only in (("zh", False), ("en", True)):
        answer = await office.client.post(NIL_RETURNS, json=body, headers={**office.declarant, "Accept-Language": language})
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"], error["message"].isascii()) == (422, pointer, code, ascii_only)


async def test_who_reads_what_others_owe_is_written_down(desk: Desk, office: Office) -> None:
    campaign = await desk.open()
    filed = await desk.nil(campaign)
    await office.get(f"{NIL_RETURNS}/{filed['id']}", office.commission)
    await desk.only()
    seen = (await office.get("/v1/me/accesses", office.declarant))["items"]
    assert {one["operation"] for one in seen} >= {"list_obligations", "read_nil_return"}


async def test_a_nil_return_that_was_changed_behind_the_register_s_back_is_found(desk: Desk, office: Office, database: Database) -> None:
    filed = await desk.nil(await desk.open(kinds=["shareholding", "meal"]))
    withdrawn = await desk.nil(await desk.open())
    await desk.act(f"{NIL_RETURNS}/{withdrawn['id']}/withdrawal", office.declarant, reason="发现漏报")

    async def told() -> list[str]:
        async with reading(database) as view:
            return [each.what.en for records in RECORDS async for each in records.differences(view)]

    assert await told() == []
    async with work(database, "tamperer") as unit:
        await unit.connection.execute(update(nil_return).where(nil_return.c.id == UUID(filed["id"])).values(kinds=["meal"]))
    assert await told() == [f"Nil return {filed['id']} is not what was last written of it."]


async def test_a_person_who_owes_something_is_not_taken_off_the_register(desk: Desk, office: Office) -> None:
    await desk.open()
    answer = await office.client.delete(f"/v1/persons/{office.official['id']}", headers={**office.root, "If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "person-on-file")


async def test_a_receipt_proves_the_nil_return(desk: Desk, office: Office) -> None:
    filed = await desk.nil(await desk.open())
    for by, expected in ((office.declarant, {200, 409}), (office.stranger, {404})):
        answer = await office.client.get(f"/v1/ledger/lines/{filed['receipt']['line']}/proof", headers=by)
        assert answer.status_code in expected, answer.text
