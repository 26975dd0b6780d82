"""Notices are raised once, on their days, for officials alone, and tell of nothing that the commission keeps to itself."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from app.notices import raising
from app.notices.raising import NoticePolicy
from app.worker import run_once
from tests.obligations.owing import Desk
from tests.reviews.cases import Commission
from tests.reviews.raising import put
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, gift, line, stake
from tests.working import work_off

from .hearing import Town


async def test_what_is_owed_is_told_when_it_arises_as_its_day_comes_near_and_once_it_has_passed(
    town: Town, desk: Desk, travel: Travel
) -> None:
    campaign = await desk.open()
    for day in (
        "2026-10-20",
        "2026-11-22",
        "2026-11-23",
        "2026-11-24",
        "2026-11-27",
        "2026-11-29",
        "2026-11-30",
        "2026-12-01",
        "2027-03-01",
    ):
        travel(day)
        for _ in range(2):
            await town.look()
    owed = await desk.only()
    heard = await town.heard()
    assert [(one["type"], one["raised_at"][:10], one["due_on"]) for one in heard] == [
        ("task-arisen", "2026-10-20", "2026-11-30"),
        ("task-due", "2026-11-23", "2026-11-30"),
        ("task-due", "2026-11-27", "2026-11-30"),
        ("task-due", "2026-11-29", "2026-11-30"),
        ("task-overdue", "2026-12-01", "2026-11-30"),
    ]
    assert heard[1]["text"] == "您有一项廉洁申报事项即将到期。期限：11 月 30 日。"
    assert heard[0]["subject"] == {"type": "obligation", "id": owed["id"], "path": f"/v1/obligations/{owed['id']}"}
    await desk.office.get(heard[0]["subject"]["path"], desk.office.declarant)
    assert campaign["title"] not in str(await town.raised()), "nothing of what was stated is kept"
    (english, *_) = reversed(await town.heard({**town.office.declarant, "Accept-Language": "en"}))
    assert english["text"] == "Something that you are to do is overdue; do it now. Last day: 30 November."


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-11-22T23:59:59+08:00", []),
        ("2026-11-23T00:00:00+08:00", ["task-due"]),
        ("2026-11-30T23:59:59+08:00", ["task-due"]),
        ("2026-12-01T00:00:00+08:00", ["task-overdue"]),
    ],
)
async def test_a_day_begins_at_midnight_in_shanghai(town: Town, desk: Desk, travel: Travel, instant: str, expected: list[str]) -> None:
    await desk.open()
    await town.look()
    travel(instant)
    await town.look()
    assert (await town.types())[1:] == expected


async def test_however_long_nobody_looked_one_notice_does_for_all_that_was_missed(town: Town, desk: Desk, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-20")
    await town.look()
    assert await town.types() == ["task-overdue"]


async def test_what_is_done_is_told_of_no_more(town: Town, desk: Desk, travel: Travel) -> None:
    campaign = await desk.open()
    await town.look()
    await desk.nil(campaign)
    travel("2026-12-20")
    await town.look()
    assert await town.types() == ["task-arisen"]


async def test_what_is_put_off_is_told_of_anew_as_the_new_day_comes_near(town: Town, desk: Desk, travel: Travel) -> None:
    campaign = await desk.open()
    travel("2026-11-25")
    await town.look()
    await desk.change(f"/v1/campaigns/{campaign['id']}", desk.city_hr, due_on="2026-12-31")
    await town.look()
    travel("2026-12-30")
    await town.look()
    assert [(one["type"], one["due_on"]) for one in await town.heard()] == [("task-arisen", "2026-11-30"), ("task-due", "2026-12-31")]


async def test_all_that_is_new_of_one_declaration_is_one_notice(town: Town, office: Office) -> None:
    filed = await office.file(gift("2026-10-18", line("cash", "300.00", "kept"), line(worth=None, action="kept")), by=office.declarant)
    assert len([found for found in filed["screening"]["findings"] if found["remedy"]]) > 1
    await town.look()
    (heard, *more) = await town.heard()
    assert heard["subject"]["path"] == f"/v1/declarations/{filed['id']}"
    tasks = (await office.get("/v1/me/tasks", office.declarant))["items"]
    assert len({(one["declaration"], one["due_on"]) for one in tasks}) == 1 + len(more)
    assert heard["task"] in [task["id"] for task in tasks]


async def test_what_becomes_a_suspected_breach_with_its_day_is_told_once(town: Town, app: FastAPI, office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-18"), by=office.declarant)
    await town.look()
    for day in ("2026-11-17", "2026-11-19", "2026-11-20"):
        travel(day)
        await town.look()
        await run_once(app.state.database, app.state.book)
        await town.look()
    *told, newly_found = await town.types()
    assert told == ["finding-shown", "task-due", "task-overdue"]
    assert newly_found == "finding-shown", "that it was kept is found of itself once the day has passed"


async def test_a_draft_is_told_of_to_nobody(town: Town, office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-18"), by=office.declarant, status="draft")
    travel("2026-12-20")
    assert await town.look() == 0


async def test_a_reviewer_s_question_is_told_and_each_new_one(town: Town, commission: Commission, office: Office) -> None:
    filed = await office.file(gift("2026-10-18", line(action="kept")), by=office.declarant)
    await town.look()
    before = len(await town.heard())
    review = await commission.only()
    await commission.act(review, "request", text="请说明来由。", due_on="2026-11-10")
    await town.look()
    await commission.act(await commission.only(), "request", text="请补充凭证。", due_on="2026-11-20")
    await town.look()
    asked = (await town.heard())[before:]
    assert [one["type"] for one in asked] == ["facts-requested", "facts-requested"]
    assert asked[0]["task"] != asked[1]["task"]
    assert asked[0]["subject"]["path"] == f"/v1/reviews/{review['id']}"
    assert filed["id"] not in str(asked)


async def test_nothing_that_the_commission_keeps_to_itself_raises_a_notice(
    town: Town, office: Office, app: FastAPI, travel: Travel
) -> None:
    filed = await office.file(gift("2026-10-10", line(action="returned", on="2026-10-19")), by=office.declarant)
    await town.look()
    before = await town.heard()
    await office.inquire("2026-10-12")
    await office.discover(gift("2026-09-01", line("cash", "90000.00", "kept")))
    await put(office, filed, level="serious", confidential=True)
    await work_off(app)
    assert await town.look() == 0
    travel("2026-12-20")
    await work_off(app)
    await town.look()
    assert await town.heard() == before


async def test_a_finding_by_hand_is_told_once_it_is_shown(town: Town, office: Office) -> None:
    filed = await office.file(gift("2026-10-10", line(action="returned", on="2026-10-11")), by=office.declarant)
    await town.look()
    before = len(await town.heard())
    await put(office, filed, confidential=False)
    await town.look()
    assert (await town.types())[before:] == ["finding-shown"]


async def test_who_has_left_is_told_nothing_more(town: Town, desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open(due_on="2026-12-31")
    await town.look()
    await desk.change(f"/v1/persons/{office.official['id']}", office.root, left_on="2027-01-02", left_reason="retired")
    travel("2027-01-03")
    await town.look()
    assert await town.types() == ["task-arisen"]


async def test_what_stood_before_the_first_look_is_not_told_of_but_its_day_is(
    office: Office, desk: Desk, app: FastAPI, travel: Travel
) -> None:
    await desk.open()
    await office.file(gift("2026-09-01", line(action="kept")), by=office.declarant)
    town = Town(office, desk.database, app.state.book)
    assert await town.look() == 0
    travel("2026-11-29")
    await town.look()
    assert await town.types() == ["task-due"]


async def test_an_inquiry_does_not_make_what_stood_before_the_first_look_new(
    office: Office, app: FastAPI, database: Database, travel: Travel
) -> None:
    await office.file(stake("2024-01-01"), "shareholding", by=office.declarant)
    town = Town(office, database, app.state.book)
    assert await town.look() == 0
    travel("2026-10-21")
    await office.inquire("2026-10-12")
    await office.discover(stake("2025-01-01"), "shareholding")
    await work_off(app)
    assert await town.look() == 0
    travel("2026-10-22")
    assert await town.look() == 0


@pytest.mark.parametrize("at_once", [2, 4])
async def test_several_workers_at_once_raise_nothing_twice(
    town: Town, desk: Desk, travel: Travel, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(raising, "PERSONS", 3)
    for _ in range(7):
        await desk.person()
    await desk.open()
    for day in ("2026-10-20", "2026-11-27", "2026-12-01"):
        travel(day)
        await asyncio.gather(*(town.look() for _ in range(at_once)))
    raised = await town.raised()
    told = [(one["person_id"], one["type"]) for one in raised]
    assert len(told) == len(set(told)) == 3 * len({person for person, _ in told})
    assert len({person for person, _ in told}) > 7
    assert len(await town.lines("notice.raised")) == len(raised)


async def test_a_kill_in_the_middle_leaves_the_rest_to_the_next(
    town: Town, desk: Desk, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raising, "PERSONS", 2)
    for _ in range(5):
        await desk.person()
    await desk.open()
    await town.look()
    arisen = len(await town.raised())
    travel("2026-12-01")
    kept, left = raising.tell, 2

    async def killed(unit: Any, found: Sequence[Any]) -> int:
        nonlocal left
        told = await kept(unit, found)
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return told

    with monkeypatch.context() as patched:
        patched.setattr(raising, "tell", killed)
        with pytest.raises(KeyboardInterrupt):
            await town.look()
    begun = len(await town.raised())
    assert arisen <= begun < 2 * arisen
    await town.look()
    raised = await town.raised()
    assert len(raised) == 2 * arisen
    assert len({(one["person_id"], one["type"]) for one in raised}) == 2 * arisen


async def test_the_job_does_it_by_the_clock(app: FastAPI, town: Town, desk: Desk) -> None:
    from app.jobs.deferring import defer_once  # noqa: PLC0415
    from app.ledger.unit_of_work import work  # noqa: PLC0415

    await desk.open()
    async with work(town.database, "test") as unit:
        defer_once(unit, raising.RAISE)
    await work_off(app)
    await town.look()
    assert await town.types() == ["task-arisen"]


async def test_the_operator_says_how_many_days_before(town: Town, desk: Desk, travel: Travel) -> None:
    await desk.open()
    policy = NoticePolicy(days=(20, 0))
    for day in ("2026-11-09", "2026-11-10", "2026-11-29", "2026-11-30"):
        travel(day)
        await town.look(policy)
    assert [one["raised_at"][:10] for one in await town.heard()] == ["2026-11-09", "2026-11-10", "2026-11-30"]


async def test_old_notices_are_forgotten_unless_their_matter_stands(town: Town, desk: Desk, travel: Travel) -> None:
    done, standing = await desk.open(), await desk.open(title="另一专项")
    await town.look()
    await desk.nil(done)
    travel("2028-01-10")
    await town.look()
    assert {one["subject"]["id"] for one in await town.heard()} == {
        one["id"] for one in await desk.owed() if one["campaign"] == standing["id"]
    }
    travel("2028-01-11")
    assert await town.look() == 0


async def test_lines_of_notices_tell_neither_whom_nor_what(town: Town, desk: Desk) -> None:
    await desk.open()
    await town.look()
    assert [set(line) for line in await town.lines("notice.raised")] == [{"digest"}] * len(await town.raised())


async def test_notices_are_read_by_one_s_own_hand(town: Town, desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    for day in ("2026-10-20", "2026-11-23", "2026-11-27", "2026-11-29"):
        travel(day)
        await town.look()
    first, second, third, fourth = await town.heard()

    async def read(expected: int = 200, by: dict[str, str] | None = None, **body: Any) -> Json:
        answer = await office.client.post("/v1/me/notices/read", json=body, headers=by or office.declarant)
        assert answer.status_code == expected, answer.text
        said: Json = answer.json()
        return said

    assert await read(ids=[third["id"]]) == {"read": 1, "unread": 3}
    assert await read(up_to=second["id"]) == {"read": 2, "unread": 1}
    assert await read(up_to=fourth["id"], by=office.stranger) == {"read": 0, "unread": 0}
    assert [one["id"] for one in await town.heard(unread=True)] == [fourth["id"]]
    assert [one["id"] for one in await town.heard(unread=False)] == [first["id"], second["id"], third["id"]]
    assert await town.lines("notice.read") == [{"notices": 1}, {"notices": 2}]
    assert (await read(422))["errors"][0]["code"] == "read-needs-up-to-or-ids"
    await read(422, ids=[first["id"]], up_to=first["id"])
    page = await office.get("/v1/me/notices", office.declarant, limit=3)
    rest = await office.get("/v1/me/notices", office.declarant, limit=3, after=page["next"])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [fourth["id"], third["id"], second["id"], first["id"]]
    assert await town.heard(type="task-arisen") == [one for one in await town.heard() if one["type"] == "task-arisen"]
    assert (await office.get("/v1/me/notices", office.root, 403))["code"] == "no-person"
    assert (await office.get("/v1/me/notices", office.commission, 403))["code"] == "scope-missing"
