"""What HR is told when it asks whether somebody is clear, and what it is never told."""

import json
from typing import Any

import pytest

from tests.reviews.cases import Commission
from tests.reviews.raising import refusal
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, line, meal

PATH = "/v1/clearances"
KEPT = line("goods", "500.00", "kept")
CASH = line("cash", "800.00", "kept")


async def ask(office: Office, by: Headers | None = None, **over: Any) -> Json:
    """A clearance for the official, which must be given."""
    answer = await office.client.post(
        PATH, json={"person": office.official["id"], "purpose": "拟提任处级领导职务", **over}, headers=by or office.hr
    )
    assert answer.status_code == 201, answer.text
    given: Json = answer.json()
    assert await office.get(f"{PATH}/{given['id']}", by or office.hr) == given
    return given


async def test_who_has_nothing_open_is_clear(office: Office) -> None:
    await office.file(gift("2026-10-18"), by=office.declarant)
    await office.file(meal("2026-10-18"), "meal", by=office.declarant)
    given = await ask(office)
    assert (given["answer"], given["conditions"], given["inquiry_open"]) == ("yes", [], None), "a reminder stands in nobody's way"


async def test_a_breach_asks_for_conditions_until_it_is_put_right(office: Office) -> None:
    filed = await office.file(gift("2026-10-05", KEPT), by=office.declarant)
    given = await ask(office)
    assert (given["answer"], [one["code"] for one in given["conditions"]]) == ("conditions", ["settle-own-matters"])
    assert given["conditions"][0]["text"] == "本人尚有事项须先行办结或者说明。"
    headers = {**office.declarant, "If-Match": "*"}
    handed_in = {"details": {"items": [line("goods", "500.00", "surrendered", on="2026-10-19", receipt_number="收字1号")]}}
    assert (await office.client.patch(f"/v1/declarations/{filed['id']}", json=handed_in, headers=headers)).status_code == 200
    assert (await ask(office))["answer"] == "yes"
    assert (await office.get(f"{PATH}/{given['id']}", office.hr))["answer"] == "conditions", "what was given stays as it was given"


async def test_a_grave_suspicion_is_a_no_until_the_official_is_told_a_decision(office: Office, commission: Commission) -> None:
    await office.file(gift("2026-10-05", CASH), by=office.declarant)
    assert (await ask(office))["answer"] == "no"
    review = await commission.only()
    await commission.decide(review, "reminded")
    assert (await ask(office))["answer"] == "no", "a decision that the official does not know of moves nothing"
    await commission.act(review, "reopening", text="告知本人。")
    await commission.decide(review, "reminded", tell=True)
    assert (await ask(office))["answer"] == "yes"
    await office.file(gift("2026-10-12", CASH), by=office.declarant)
    assert (await ask(office))["answer"] == "no", "an earlier decision does not settle what came later"


async def test_what_was_ordered_to_be_corrected_remains_a_condition(office: Office, commission: Commission) -> None:
    await office.file(gift("2026-10-05", KEPT), by=office.declarant)
    await commission.decide(await commission.only(), "ordered_to_correct", tell=True)
    given = await ask(office, {**office.hr, "Accept-Language": "en"})
    assert [one["code"] for one in given["conditions"]] == ["correct-as-decided"]
    assert given["text"] == "Nothing stands in the way once the conditions are met."


@pytest.mark.parametrize(("day", "answer"), [("2027-04-19", "no"), ("2027-04-20", "yes")])
async def test_an_admonition_stands_in_the_way_for_six_months(
    office: Office, commission: Commission, travel: Travel, day: str, answer: str
) -> None:
    await office.file(gift("2026-10-05", KEPT), by=office.declarant)
    await commission.decide(await commission.only(), "admonished", tell=True, effective_on="2026-10-20")
    assert (await ask(office))["answer"] == "no"
    travel(day)
    assert (await ask(office))["answer"] == answer


async def test_an_inquiry_changes_no_answer_and_is_told_to_the_commission_alone(office: Office, commission: Commission) -> None:
    await office.file(gift("2026-10-05", line("goods", "500.00", "returned", on="2026-10-15")), by=office.declarant)
    before = await ask(office)
    body = {"person": office.official["id"], "opened_on": "2026-10-10", "reference": "京纪核〔2026〕3号"}
    assert (await office.client.post("/v1/inquiries", json=body, headers=commission.lead)).status_code == 201
    discovered = gift("2026-10-06", CASH)
    await office.file(discovered, by=commission.lead, declarant=office.official["id"], source="commission")
    after = await ask(office)
    changing = {"id", "given_at"}
    assert {k: v for k, v in after.items() if k not in changing} == {k: v for k, v in before.items() if k not in changing}
    seen = await office.get(f"{PATH}/{after['id']}", commission.lead)
    assert seen["inquiry_open"] is True
    for by in (office.hr, office.declarant):
        listed = await office.get(PATH, by, person=office.official["id"], count=True)
        assert (listed["count"], [one["inquiry_open"] for one in listed["items"]]) == (2, [None, None])


async def test_an_answer_tells_nothing_of_what_was_declared(office: Office) -> None:
    filed = await office.file(gift("2026-10-05", CASH), by=office.declarant)
    told = json.dumps(await ask(office), ensure_ascii=False)
    findings = filed["screening"]["findings"]
    secrets = {filed["id"], "gift", "恒远", "800.00", "2026-10-05", "serious", "茶叶"} | {found["id"] for found in findings}
    assert not [secret for secret in secrets if secret in told]


async def test_the_official_sees_who_asked_and_nobody_else_does(office: Office) -> None:
    given = await ask(office)
    (seen,) = (await office.get(PATH, office.declarant))["items"]
    assert (seen["id"], seen["asked_by"]) == (given["id"], {"name": "测试", "unit": office.bureau["name"]})
    for by in (office.stranger, office.sister_commission):
        assert (await office.get(PATH, by, count=True)) == {"items": [], "next": None, "count": 0}
        await office.get(f"{PATH}/{given['id']}", by, 404)


async def test_who_may_not_ask_is_told_why(office: Office) -> None:
    body = {"person": office.official["id"], "purpose": "评优"}
    refused = await office.client.post(PATH, json=body, headers=office.declarant)
    assert refusal(refused) == (403, "scope-missing")
    assert "people:read" in refused.json()["detail"]
    out_of_reach = await office.client.post(PATH, json=body, headers=office.sister_commission)
    assert out_of_reach.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in out_of_reach.json()["errors"]] == [("/person", "person-unknown")]
    blank = await office.client.post(PATH, json={**body, "purpose": " "}, headers=office.hr)
    assert [fault["pointer"] for fault in blank.json()["errors"]] == ["/purpose"]
