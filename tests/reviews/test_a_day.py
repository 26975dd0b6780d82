"""A reviewer's day, from the filing that brings a suspicion to the reopening of what was closed."""

from fastapi import FastAPI

from app.worker import run_once
from tests.screening.conftest import Travel
from tests.screening.declaring import gift, line, meal, rules

from .cases import Commission, types
from .raising import refusal

SUPPLIER = {"name": "恒远建设有限公司"}


async def test_a_review_goes_its_whole_way(commission: Commission, app: FastAPI, travel: Travel) -> None:  # noqa: PLR0915  # a whole day, in its order
    office, lead, second = commission.office, *commission.city_keys
    filed = await office.file(gift("2026-10-05", line(action="kept"), giver=SUPPLIER), by=office.declarant)
    assert "breach" in rules(filed).values()

    review = await commission.only()
    assert (review["person"], review["state"], review["level"], review["own_accord"]) == (office.official["id"], "open", "breach", 0)
    assert review["standing"] == len([level for level in rules(filed).values() if level != "notice"]) == len(review["findings"])
    assert types(review) == ["opened"]
    assert await commission.list(office.declarant) == []
    await commission.read(review, office.declarant, 404)

    review = await commission.act(review, "assignment")
    assert (review["state"], review["assignee"]) == ("assigned", commission.bureau_reviewer["id"]), "the nearest comes first"
    review = await commission.act(review, "assignment", reviewer=commission.city_reviewers[0]["id"], text="请牵头办理")
    assert review["assignee"] == commission.city_reviewers[0]["id"]

    own = {"declarant": commission.city_reviewers[1]["id"], "source": "hr"}
    await office.file(meal("2026-10-08", host=SUPPLIER), "meal", by=office.root, **own)
    for body, by in (({}, second), ({"reviewer": commission.city_reviewers[1]["id"]}, lead)):
        refused = await commission.attempt(review, "assignment", body, by)
        assert refusal(refused) == (403, "recused")
        assert "2026-10-08" in refused.json()["detail"]

    review = await commission.act(review, "request", text="请说明礼品去向，并补齐登记。", due_on="2026-11-01")
    assert (review["state"], review["due_on"]) == ("waiting", "2026-11-01")
    (task,) = [one for one in (await office.get("/v1/me", office.declarant))["tasks"] if one["review"]]
    assert task == {
        "id": task["id"],
        "review": review["id"],
        "declaration": None,
        "obligation": None,
        "approval": None,
        "kind": None,
        "rule": None,
        "level": None,
        "action": "answer-request",
        "text": "请说明礼品去向，并补齐登记。",
        "due_on": "2026-11-01",
        "days_left": 12,
        "overdue": False,
        "acts": [{"method": "POST", "path": f"/v1/reviews/{review['id']}/answer"}],
    }
    seen = await commission.only(office.declarant)
    assert (seen["id"], seen["state"], seen["acts"], types(seen)) == (review["id"], "waiting", ["answer"], ["requested"])
    assert {found["id"] for found in seen["findings"]} == {found["id"] for found in review["findings"]}

    handed_in = {"details": {"items": [line(action="surrendered", on="2026-10-19", receipt_number="收字1号")]}}
    headers = {**office.declarant, "If-Match": await office.etag(filed, office.declarant)}
    amended = await office.client.patch(f"/v1/declarations/{filed['id']}", json=handed_in, headers=headers)
    assert "breach" not in rules(amended.json()).values()
    seen = await commission.act(review, "answer", office.declarant, text="已上交，申报已更正。", declaration=filed["id"])
    assert (seen["state"], seen["due_on"]) == ("answered", None)
    assert not [one for one in (await office.get("/v1/me", office.declarant))["tasks"] if one["review"]]

    review = await commission.read(review)
    assert (review["state"], review["standing"], review["level"]) == ("answered", 0, None), "what was corrected stands no longer"
    assert [found["current"] for found in review["findings"]] == [False] * len(review["findings"])
    assert types(review)[-2:] == ["declaration_changed", "answered"]

    review = await commission.decide(review, "facts_corrected", tell=True, effective_on="2026-10-21")
    decision = {"disposition": "facts_corrected", "text": "经核实，不再处理。", "effective_on": "2026-10-21"}
    assert (review["state"], review["decision"]) == ("closed", decision)
    assert (await commission.read(review, office.declarant))["decision"] == decision

    again = await office.file(gift("2026-10-12", line(category="cash", worth="800.00", action="kept"), giver=SUPPLIER), by=office.declarant)
    assert "serious" in rules(again).values()
    review = await commission.only()
    assert (review["state"], review["assignee"], review["decision"]) == ("open", None, None)
    assert types(review)[-1] == "reopened"
    assert (await commission.read(review, office.declarant))["state"] == "closed", "which the official is not told"

    await commission.decide(review, "ordered_to_correct")
    rule = next(found["rule"] for found in review["findings"] if found["current"])
    for each in {found["rule"] for found in review["findings"] if found["current"]} | set(rules(again)):
        assert (await commission.snooze(each, review["counterparty"], "2026-11-30")).status_code == 201
    third = await office.file(gift("2026-10-16", line(category="cash", worth="800.00", action="kept"), giver=SUPPLIER), by=office.declarant)
    assert rule in rules(third)
    travel("2026-11-30")
    await run_once(app.state.database, app.state.book)
    assert (await commission.only())["state"] == "closed"
    travel("2026-12-01")
    await run_once(app.state.database, app.state.book)
    assert (await commission.only())["state"] == "open", "when the time has come it is taken up"

    assert await commission.list(office.stranger) == []
    await commission.read(review, office.stranger, 404)
    assert refusal(await commission.attempt(review, "answer", {"text": "不实"}, office.stranger)) == (404, "not-found")
