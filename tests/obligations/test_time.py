"""What days do: reminders, last days that pass, absences, and yearly reports that open by themselves; each told once."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from app.obligations.passing import Passing, do_what_is_due
from tests.screening.conftest import Travel
from tests.screening.declaring import Office, stake
from tests.working import work_off

from .owing import CAMPAIGNS, OBLIGATIONS, Desk

BASIS = [{"instrument": "领导干部报告个人有关事项规定", "article": "第五条", "since": "2017-02-08", "confirmed": True}]


async def test_the_last_day_is_in_time_until_midnight_in_shanghai(desk: Desk, travel: Travel) -> None:
    await desk.open()
    travel("2026-11-30T23:59:59+08:00")
    await desk.day()
    owed = await desk.only()
    assert (owed["state"], owed["absences"], owed["days_late"]) == ("open", [], None)
    travel("2026-12-01T00:00:00+08:00")
    await desk.day()
    owed = await desk.only()
    assert (owed["state"], owed["days_late"]) == ("overdue", 1)


async def test_an_absence_is_a_notice_with_its_remedy_and_open_to_the_official(desk: Desk, office: Office, travel: Travel) -> None:
    campaign = await desk.open(kinds=["shareholding", "meal"])
    await desk.nil(campaign, kinds=["meal"])
    travel("2026-12-03")
    await desk.day()
    owed = await desk.only(by=office.declarant)
    (absent,) = owed["absences"]
    assert (absent["level"], absent["rule"], absent["current"], absent["confidential"]) == ("notice", None, True, False)
    assert absent["evidence"] == {
        "obligation": owed["id"],
        "due_on": "2026-11-30",
        "lawful_until": None,
        "recorded_on": "2026-12-03",
        "outstanding_kinds": ["shareholding"],
    }
    assert absent["remedy"]["action"] == "declare-or-nil-return"
    assert "股" in absent["message"]
    (english,) = (await desk.only(by={**office.declarant, "Accept-Language": "en"}))["absences"]
    assert english["message"].startswith("“持股专项申报” was due by 2026-11-30; as of 2026-12-03")
    (task,) = [one for one in (await office.get("/v1/me", office.declarant))["tasks"] if one["obligation"]]
    assert (task["obligation"], task["overdue"], task["level"], task["due_on"]) == (owed["id"], True, "notice", "2026-11-30")


async def test_a_notice_becomes_a_suspected_breach_when_the_law_s_own_day_has_passed(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open(lawful_until="2026-12-10", basis=BASIS)
    travel("2026-12-10")
    await desk.day()
    assert [one["level"] for one in (await desk.only())["absences"]] == ["notice"]
    travel("2026-12-11")
    for _ in range(2):
        await desk.day()
    absences = (await desk.only())["absences"]
    assert [(one["level"], one["current"]) for one in absences] == [("breach", True), ("notice", False)]
    assert absences[0]["basis"] == BASIS
    asked = {"person": office.official["id"], "purpose": "拟提任处级领导职务"}
    given = await office.client.post("/v1/clearances", json=asked, headers=office.hr)
    assert (given.json()["answer"], [one["code"] for one in given.json()["conditions"]]) == ("conditions", ["settle-own-matters"])


async def test_what_rests_on_an_unconfirmed_text_never_becomes_a_breach(desk: Desk, travel: Travel) -> None:
    await desk.open(lawful_until="2026-12-10", basis=[*BASIS, {**BASIS[0], "confirmed": False}])
    travel("2027-02-01")
    await desk.day()
    assert [one["level"] for one in (await desk.only())["absences"]] == ["notice"]


async def test_what_is_done_late_ends_the_absence_and_stays_late(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-03")
    await desk.day()
    filed = await desk.declare()
    owed = await desk.only(by=office.declarant)
    assert (owed["state"], owed["met_on"], owed["days_late"], owed["declaration"]) == ("late_met", "2026-12-03", 3, filed["id"])
    assert [one["current"] for one in owed["absences"]] == [False]
    assert await desk.told(owed) == {"obligation.opened": 1, "obligation.overdue": 1, "obligation.met": 1}
    assert not [one for one in (await office.get("/v1/me", office.declarant))["tasks"] if one["obligation"]]


async def test_a_paper_declared_in_time_and_entered_late_was_in_time(desk: Desk, office: Office, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-03")
    await desk.day()
    body = {"declarant": office.official["id"], "declared_on": "2026-11-29"}
    await office.file(stake("2026-05-01"), "shareholding", by=office.hr, **body)
    owed = await desk.only()
    assert (owed["state"], owed["met_on"], owed["days_late"]) == ("met", "2026-11-29", None)


@pytest.mark.parametrize("withdrawn_on", ["2026-11-20", "2026-12-05"])
async def test_what_is_taken_back_is_owed_again(desk: Desk, office: Office, travel: Travel, withdrawn_on: str) -> None:
    await desk.open()
    filed = await desk.declare()
    assert (await desk.only())["state"] == "met"
    travel(withdrawn_on)
    await desk.act(f"/v1/declarations/{filed['id']}/withdrawal", office.declarant, reason="误报")
    owed = await desk.only()
    assert (owed["state"], owed["outstanding_kinds"], owed["met_on"]) == ("open", ["shareholding"], None)
    await desk.day()
    assert (await desk.only())["state"] == ("open" if withdrawn_on < "2026-12" else "overdue")


async def test_an_amendment_that_leaves_the_period_no_longer_accounts_for_it(desk: Desk, office: Office) -> None:
    await desk.open()
    filed = await desk.declare("2019-05-01")
    assert (await desk.only())["state"] == "met"
    path = f"/v1/declarations/{filed['id']}"
    await desk.change(path, office.declarant, details={"disposed_on": "2025-06-30"})
    assert (await desk.only())["state"] == "open"
    await desk.change(path, office.declarant, details={"disposed_on": "2026-06-30"})
    assert (await desk.only())["state"] == "met"


async def test_a_draft_accounts_for_nothing_until_it_is_submitted(desk: Desk, office: Office) -> None:
    await desk.open()
    draft = await desk.declare(status="draft")
    assert (await desk.only())["state"] == "open"
    await desk.act(f"/v1/declarations/{draft['id']}/submission", office.declarant)
    assert (await desk.only())["state"] == "met"


async def test_reminders_go_out_on_their_days_and_once(desk: Desk, travel: Travel) -> None:
    await desk.open()
    for day in (
        "2026-11-15",
        "2026-11-16",
        "2026-11-16",
        "2026-11-17",
        "2026-11-23",
        "2026-11-29",
        "2026-11-30",
        "2026-12-01",
        "2026-12-02",
    ):
        travel(day)
        await desk.day()
    said = await desk.lines(await desk.only())
    assert [(action, content.get("days")) for action, content in said] == [
        ("obligation.opened", None),
        ("obligation.reminded", 14),
        ("obligation.reminded", 7),
        ("obligation.reminded", 1),
        ("obligation.overdue", None),
    ]
    assert "持股" not in str(said), "lines tell nothing of what is declared"


async def test_after_a_pause_one_reminder_does_for_those_that_were_missed(desk: Desk, travel: Travel) -> None:
    await desk.open()
    travel("2026-11-26")
    await desk.day()
    travel("2026-11-29")
    await desk.day()
    days = [content["days"] for action, content in await desk.lines(await desk.only()) if action == "obligation.reminded"]
    assert days == [4, 1]


async def test_nobody_is_reminded_who_has_nothing_left_to_do(desk: Desk, travel: Travel) -> None:
    campaign = await desk.open()
    await desk.nil(campaign)
    travel("2026-11-16")
    await desk.day()
    assert await desk.told(await desk.only()) == {"obligation.opened": 1, "obligation.met": 1}


async def test_several_workers_at_once_tell_each_thing_once(desk: Desk, travel: Travel) -> None:
    people = [await desk.person() for _ in range(5)]
    await desk.open()
    for day in ("2026-11-16", "2026-12-01"):
        travel(day)
        await asyncio.gather(*(do_what_is_due(desk.database, desk.book) for _ in range(3)))
    for one in people:
        owed = await desk.only(one)
        assert await desk.told(owed) == {"obligation.opened": 1, "obligation.reminded": 1, "obligation.overdue": 1}
        assert len(owed["absences"]) == 1


@pytest.mark.parametrize("step", ["overdue", "graver", "reminders"])
async def test_a_kill_between_two_steps_leaves_the_rest_to_the_next(
    desk: Desk, travel: Travel, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    people = [await desk.person() for _ in range(3)]
    await desk.open()
    travel("2026-12-01" if step != "reminders" else "2026-11-16")
    kept = getattr(Passing, step)

    async def killed(self: Passing, unit: Any) -> int:
        await kept(self, unit)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Passing, step, killed)
        with pytest.raises(KeyboardInterrupt):
            await desk.day()
    await desk.day()
    once = {"obligation.reminded": 1} if step == "reminders" else {"obligation.overdue": 1}
    for one in people:
        assert await desk.told(await desk.only(one)) == {"obligation.opened": 1, **once}


async def test_batches_follow_each_other_until_all_is_done(desk: Desk, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("enrolling", "following", "moving", "passing", "templates"):
        monkeypatch.setattr(f"app.obligations.{room}.BATCH", 2)
    people = [await desk.person() for _ in range(5)]
    campaign = await desk.open()
    assert campaign["state"] == "enrolling"
    await desk.day()
    assert (await desk.office.get(f"{CAMPAIGNS}/{campaign['id']}", desk.city_hr))["state"] == "open"
    travel("2026-12-01")
    await desk.day()
    for one in people:
        assert await desk.told(await desk.only(one)) == {"obligation.opened": 1, "obligation.overdue": 1}


async def test_the_yearly_report_opens_by_itself_for_leaders_of_division_rank_and_is_due_by_the_31st_of_january(
    desk: Desk, office: Office, travel: Travel
) -> None:
    leader = await desk.person(rank="division_deputy")
    engineer = await desk.person(rank="division_deputy", staff_class="institution_professional")
    manager = await desk.person(rank="none", staff_class="soe_management", is_leader=True)
    travel("2027-01-01")
    for _ in range(2):
        await desk.day()
    assert await desk.owed(engineer) == [] == await desk.owed()
    for one in (leader, manager):
        owed = await desk.only(one)
        assert (owed["type"], owed["due_on"], owed["kinds"]) == ("yearly_report", "2027-01-31", ["shareholding", "outside_post"])
        assert (owed["period_from"], owed["period_until"]) == ("2026-01-01", "2026-12-31")
    campaign = owed["campaign"]
    again = await office.client.post("/v1/yearly-reports", json={"year": 2026}, headers=office.root)
    assert (again.status_code, again.json()["id"]) == (200, campaign), "it is there already"
    travel("2027-01-31")
    await desk.day()
    assert (await desk.only(leader))["state"] == "open"
    travel("2027-02-01")
    await desk.day()
    (absent,) = (await desk.only(leader))["absences"]
    assert (absent["level"], [(row["article"], row["confirmed"]) for row in absent["basis"]]) == (
        "breach",
        [("2", True), ("4", True), ("5", True)],
    )
    listed = await office.get(OBLIGATIONS, office.commission, state="overdue", type="yearly_report")
    assert len(listed["items"]) == 2


@pytest.mark.parametrize("year", [2025, 2027, 9999])
async def test_no_yearly_report_opens_of_a_year_that_has_not_begun_or_whose_day_has_passed(desk: Desk, office: Office, year: int) -> None:
    answer = await office.client.post("/v1/yearly-reports", json={"year": year}, headers=office.root)
    assert answer.status_code == 422
    below = await office.client.post("/v1/yearly-reports", json={"year": 2026}, headers=desk.city_hr)
    assert below.json()["errors"][0]["code"] == "unit-needed"


async def test_two_who_open_the_yearly_report_at_once_open_one(office: Office) -> None:
    asked = [office.client.post("/v1/yearly-reports", json={"year": 2026}, headers=office.root) for _ in range(4)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_the_background_work_does_what_is_due(desk: Desk, app: FastAPI, travel: Travel) -> None:
    await desk.open()
    travel("2026-12-01")
    joined = await desk.person()
    await work_off(app)
    assert (await desk.only())["state"] == "overdue"
    assert await desk.owed(joined) == [], "who joins after the last day owes nothing"
