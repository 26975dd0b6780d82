"""What concerns the caller: who I am, what I have to do by when, what my year comes to."""

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from app.access.caller import Scope
from app.worker import run_once
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift, line, meal, stake

ORDINARY = {"relation": "colleague", "giver": {"name": "同事老周"}}


async def me(office: Office, **headers: str) -> Json:
    return await office.get("/v1/me", {**office.declarant, **headers})


async def test_who_is_calling(office: Office) -> None:
    mine = await me(office)
    assert mine["person"] == {
        "id": office.official["id"], "name": "李明", "employee_number": office.official["employee_number"], "unit": office.bureau["id"], "unit_name": "住建局",
    }  # fmt: skip
    assert (mine["scopes"], mine["units"], mine["tasks"]) == (["declarations:write"], [office.bureau["id"]], [])
    assert mine["year"] == {"year": 2026, "kinds": [], "totals": []}


async def test_a_key_for_nobody_has_no_tasks_and_no_year(office: Office) -> None:
    await office.file(gift("2026-10-18"))
    root = await office.get("/v1/me", office.root)
    assert (root["person"], root["units"], root["tasks"], root["year"]) == (None, None, [], None)
    assert root["scopes"] == sorted(Scope)
    commission = await office.get("/v1/me", office.commission)
    assert (commission["person"], commission["units"], commission["tasks"], commission["year"]) == (None, [office.city["id"]], [], None)


async def test_a_key_that_may_not_read_one_s_declarations_tells_nothing_of_them(
    office: Office, make_key: Callable[..., Awaitable[str]]
) -> None:
    await office.file(gift("2026-10-18"))
    by = {"Authorization": f"Bearer {await make_key('people:read', person=office.official)}"}
    mine = await office.get("/v1/me", by)
    assert (mine["person"]["name"], mine["tasks"], mine["year"]) == ("李明", [], None)
    assert await office.found(by) == []


async def test_tasks_come_with_their_days_the_most_urgent_first(app: FastAPI, office: Office, travel: Travel) -> None:
    late = await office.file(gift("2026-09-25", giver={"name": "甲公司"}), by=office.declarant)
    soon = await office.file(gift("2026-10-15", giver={"name": "乙公司"}), by=office.declarant)
    draft = await office.file(meal("2026-10-18"), "meal", by=office.declarant, status="draft")
    held = await office.file(stake("2024-01-01"), "shareholding", by=office.declarant)
    tasks = (await me(office))["tasks"]
    assert [(task["declaration"], task["kind"], task["rule"], task["due_on"], task["overdue"]) for task in tasks] == [
        (held["id"], "shareholding", "shareholding.unlisted", None, False),
        (late["id"], "gift", "gift.not-surrendered", "2026-10-25", False),
        (soon["id"], "gift", "gift.not-surrendered", "2026-11-15", False),
        (draft["id"], "meal", None, None, False),
    ]
    assert (tasks[3]["action"], tasks[3]["level"], tasks[3]["text"]) == ("submit-draft", None, "请核对草稿并提交。")
    assert (await me(office, **{"Accept-Language": "en"}))["tasks"][3]["text"] == "Check the draft and submit it."
    travel("2026-10-26")
    assert [task["overdue"] for task in (await me(office))["tasks"]] == [False, True, False, False]
    await run_once(app.state.database, app.state.book)
    now = (await me(office))["tasks"]
    assert [task["declaration"] for task in now][-2:] == [soon["id"], draft["id"]]
    assert {(task["declaration"], task["level"]) for task in now if task["declaration"] == late["id"]} == {(late["id"], "breach")}


async def test_what_is_done_or_taken_back_is_no_task(office: Office) -> None:
    done, gone = [await office.file(gift("2026-10-15", giver={"name": name}), by=office.declarant) for name in ("甲公司", "乙公司")]
    assert len((await me(office))["tasks"]) == 2
    change = {"details": {"items": [line(action="surrendered", on="2026-10-19", receipt_number="收字1号")]}}
    headers = {**office.declarant, "If-Match": '"1"'}
    assert (await office.client.patch(f"/v1/declarations/{done['id']}", json=change, headers=headers)).status_code == 200
    assert (
        await office.client.post(f"/v1/declarations/{gone['id']}/withdrawal", json={"reason": "重复"}, headers=headers)
    ).status_code == 200
    assert (await me(office))["tasks"] == []


async def test_the_year_counts_what_is_filed_by_kind(office: Office) -> None:
    await office.file(gift("2026-10-18", line(worth="300.10"), line(worth=None)), by=office.declarant)
    await office.file(gift("2026-01-01", line("cash", "0.20")), by=office.declarant)
    await office.file(gift("2025-12-31"), by=office.declarant)
    await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    await office.file(meal("2026-10-18"), "meal", by=office.declarant)
    assert (await me(office))["year"]["kinds"] == [
        {"kind": "gift", "declarations": 2, "worth": "300.30"},
        {"kind": "meal", "declarations": 1, "worth": "0.00"},
    ]


@pytest.mark.parametrize(("instant", "year"), [("2026-12-31T15:58:00+00:00", 2026), ("2026-12-31T16:00:00+00:00", 2027)])
async def test_the_year_turns_at_midnight_in_china(office: Office, travel: Travel, instant: str, year: int) -> None:
    await office.file(gift("2026-10-18"), by=office.declarant)
    travel(instant)
    mine = (await me(office))["year"]
    assert (mine["year"], [kind["declarations"] for kind in mine["kinds"]]) == (year, [1] if year == 2026 else [])


async def test_the_yearly_sum_stands_whatever_came_last(office: Office) -> None:
    for day, worth in (("2025-12-31", "190.00"), ("2026-03-01", "150.00"), ("2026-04-01", "120.00")):
        await office.file(gift(day, line(worth=worth, action="kept"), **ORDINARY), by=office.declarant)
    await office.file(gift("2026-10-18", line(worth="9000.00")), by=office.declarant)
    (total,) = (await me(office))["year"]["totals"]
    assert {name: total[name] for name in ("id", "before", "this", "after")} == {
        "id": "gift.annual-cap", "before": "150.00", "this": "120.00", "after": "270.00",
    }  # fmt: skip
    assert total["limits"][0]["value"] == "600"
    assert total["title"] != (await me(office, **{"Accept-Language": "en"}))["year"]["totals"][0]["title"]


async def test_what_others_declared_is_not_mine(office: Office) -> None:
    await office.file(gift("2026-10-18"), by=office.stranger)
    mine = await me(office)
    assert (mine["tasks"], mine["year"]["kinds"]) == ([], [])
