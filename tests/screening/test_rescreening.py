"""Time passes, and what it changes is judged again: once, by itself, and leaving nothing half done."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Work, reading
from app.screening import service
from app.screening.models import finding as finding_table
from app.screening.models import screening
from app.screening.passes import Move
from app.screening.sweeper import compare, rescreen
from app.worker import run_once

from .conftest import Travel
from .declaring import Json, Office, finding, gift, line, meal, rules, stake

HELD = "gift.not-surrendered"


async def kept(app: FastAPI) -> dict[str, int]:
    """How much is on record of judgements."""
    async with reading(app.state.database) as view:
        counts = {
            "screenings": select(func.count()).select_from(screening),
            "findings": select(func.count()).select_from(finding_table),
            "current": select(func.count()).where(finding_table.c.current),
            "lines": select(func.count()).where(ledger_line.c.action == "declaration.screened"),
        }
        return {name: await view.connection.scalar(asked) or 0 for name, asked in counts.items()}


async def work_once(app: FastAPI) -> int:
    return await run_once(app.state.database, app.state.book)


async def test_a_pending_gift_s_notice_becomes_a_breach_the_day_after_its_deadline(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    assert (finding(filed, HELD)["level"], finding(filed, HELD)["remedy"]["due_on"]) == ("notice", "2026-11-05")
    tag = await office.etag(filed, office.declarant)
    for day in ("2026-10-21", "2026-11-05", "2026-11-05T23:59:59+08:00"):
        travel(day)
        assert await work_once(app) == 0
    assert (await office.read(filed, office.declarant), await office.etag(filed, office.declarant)) == (filed, tag)
    travel("2026-11-06T00:00:00+08:00")
    assert await work_once(app) == 1
    now = await office.read(filed, office.declarant)
    assert (finding(now, HELD)["level"], now["screening"]["outcome"], now["screening"]["judged_on"]) == ("breach", "breach", "2026-11-06")
    assert now["revision"] == filed["revision"] == 1
    assert await office.etag(filed, office.declarant) != tag
    assert await office.found(office.declarant, rule=HELD, min_level="breach") == [filed["id"]]
    assert await office.found(office.commission, min_level="breach") == [filed["id"]]
    history = (await office.get(f"/v1/declarations/{filed['id']}/screenings", office.declarant))["items"]
    assert [(past["judged_on"], past["outcome"]) for past in history] == [("2026-11-06", "breach"), ("2026-10-20", "notice")]
    assert history[1]["findings"] == filed["screening"]["findings"]


async def test_a_round_that_finds_nothing_new_leaves_no_trace(app: FastAPI, office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-05"), by=office.declarant)
    await office.file(stake("2020-01-01"), "shareholding", by=office.declarant)
    travel("2026-11-06")
    assert await work_once(app) == 1
    before = await kept(app)
    for day in ("2026-11-06", "2026-11-07", "2027-02-01"):
        travel(day)
        assert await work_once(app) == 0
    assert await kept(app) == before
    assert await rescreen(app.state.database, app.state.book) == 0
    assert await kept(app) == before


async def test_nothing_is_recorded_twice_by_two_workers_at_once(app: FastAPI, office: Office, travel: Travel) -> None:
    declared = [await office.file(gift(f"2026-10-0{day}"), by=office.declarant) for day in (2, 3, 4)]
    travel("2026-11-20")
    assert sum(await asyncio.gather(*(work_once(app) for _ in range(3)))) == len(declared)
    for filed in declared:
        history = (await office.get(f"/v1/declarations/{filed['id']}/screenings", office.commission, count=True))["items"]
        assert [past["outcome"] for past in history] == ["breach", "notice"]


async def test_what_was_withdrawn_or_handed_in_is_left_alone(app: FastAPI, office: Office, travel: Travel) -> None:
    gone, settled = [await office.file(gift(day), by=office.declarant) for day in ("2026-10-05", "2026-10-06")]
    path, match = f"/v1/declarations/{gone['id']}/withdrawal", {**office.declarant, "If-Match": '"1"'}
    assert (await office.client.post(path, json={"reason": "重复申报"}, headers=match)).status_code == 200
    match["If-Match"] = await office.etag(settled, office.declarant)
    change = {"details": {"items": [line(action="surrendered", on="2026-10-19", receipt_number="收字1号")]}}
    amended = await office.client.patch(f"/v1/declarations/{settled['id']}", json=change, headers=match)
    assert amended.status_code == 200, amended.text
    travel("2026-12-01")
    assert await work_once(app) == 0
    assert (await office.read(gone, office.declarant))["screening"] == gone["screening"]


async def test_what_sums_over_a_gift_is_judged_with_it(app: FastAPI, office: Office, travel: Travel) -> None:
    giver = {"giver": {"name": "远山矿业"}}
    await office.file(gift("2026-10-05", line(worth="9000.00"), **giver), by=office.declarant)
    later = await office.file(gift("2026-10-10", line(worth="1500.00", action="kept"), **giver), by=office.declarant)
    assert "combined.criminal-threshold" not in rules(later)
    travel("2026-11-06")
    assert await work_once(app) == 2
    summed = finding(await office.read(later, office.declarant), "combined.criminal-threshold")
    assert (summed["level"], summed["evidence"]["group_total"]) == ("notice", "10500.00")


async def test_conduct_that_continues_is_looked_at_every_day(app: FastAPI, office: Office, travel: Travel) -> None:
    """A stake is judged by the relation on record of its last day, which is today as long as it is held."""
    filed = await office.file(stake("2024-01-01", disposed_on=None), "shareholding", by=office.declarant)
    seen: list[str] = []
    judge = service.Screening.screen_due

    async def watched(self: service.Screening, declaration_id: Any) -> int:
        seen.append(str(declaration_id))
        return await judge(self, declaration_id)

    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(service.Screening, "screen_due", watched)
        for days in range(3):
            travel(str(date(2026, 10, 20) + timedelta(days=days)))
            await work_once(app)
            await work_once(app)
    assert seen == [filed["id"]] * 2


async def test_one_that_cannot_be_judged_keeps_nobody_waiting(
    app: FastAPI, office: Office, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = [
        await office.file(gift(day, giver={"name": name}), by=office.declarant)
        for day, name in (("2026-10-05", "甲公司"), ("2025-12-06", "乙公司"))
    ]
    travel("2026-12-01")
    judge = service.Screening.judge

    async def fails(self: service.Screening, matter: Any, declarant: Any) -> Any:
        if str(matter.id) == broken["id"]:
            raise ArithmeticError("rule broken")
        return await judge(self, matter, declarant)

    monkeypatch.setattr(service.Screening, "judge", fails)
    later = await office.file(gift("2026-11-30", giver={"name": "丙公司"}), by=office.declarant)
    travel("2027-01-05")
    assert await work_once(app) == 1
    assert finding(await office.read(later, office.declarant), HELD)["level"] == "breach"
    assert finding(await office.read(broken, office.declarant), HELD)["level"] == "notice"
    assert rules(await office.read(sound, office.declarant)) == rules(sound)
    monkeypatch.undo()
    assert await work_once(app) == 1
    assert finding(await office.read(broken, office.declarant), HELD)["level"] == "breach"


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(
    ("of", "act"),
    [(service.Screening, "_retire"), (service.Screening, "_screening_row"), (service.Screening, "keep"), (Work, "insert")],
)
async def test_a_kill_in_between_leaves_what_stood(
    app: FastAPI, office: Office, travel: Travel, monkeypatch: pytest.MonkeyPatch, of: type, act: str
) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    before, tag = await kept(app), await office.etag(filed, office.declarant)
    travel("2026-11-06")
    await work_once_killed_at(app, monkeypatch, of, act)
    assert await kept(app) == before
    assert (await office.read(filed, office.declarant), await office.etag(filed, office.declarant)) == (filed, tag)
    assert await work_once(app) == 1


async def work_once_killed_at(app: FastAPI, monkeypatch: pytest.MonkeyPatch, of: type, act: str) -> None:
    """A round that ends there, or, where every unit of work passes, in the first one that has something to tell."""
    stands = getattr(of, act)

    def kill(self: Any, *given: Any, **named: Any) -> Any:
        if isinstance(self, Work) and not self._lines:
            return stands(self, *given, **named)
        raise Killed

    with monkeypatch.context() as patching:
        patching.setattr(of, act, kill)
        with pytest.raises(Killed):
            await work_once(app)


async def test_amending_while_the_worker_judges_loses_neither(app: FastAPI, office: Office, travel: Travel) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    travel("2026-11-06")
    change: Json = {"details": {"items": [line(action="surrendered", on="2026-11-04", receipt_number="收字1号")]}}
    path, match = f"/v1/declarations/{filed['id']}", {**office.declarant, "If-Match": '"1"'}
    amended, _ = await asyncio.gather(office.client.patch(path, json=change, headers=match), work_once(app))
    assert amended.status_code in (200, 412)
    if amended.status_code == 412:
        match["If-Match"] = await office.etag(filed, office.declarant)
        assert (await office.client.patch(path, json=change, headers=match)).status_code == 200
    now = await office.read(filed, office.declarant)
    assert (HELD in rules(now), now["revision"]) == (False, 2)
    assert await office.found(office.declarant, rule=HELD) == []


async def test_a_dry_run_tells_what_would_change_and_changes_nothing(app: FastAPI, office: Office, travel: Travel) -> None:
    await office.file(gift("2026-10-05"), by=office.declarant)
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    assert await compare(app.state.database, app.state.book) == (0, Counter())
    travel("2026-11-06")
    before = await kept(app)
    declarations, moved = await compare(app.state.database, app.state.book)
    assert declarations == 1
    assert moved[Move(HELD, "notice", "breach")] == 1
    assert await compare(app.state.database, app.state.book, date(2026, 10, 5)) == (declarations, moved)
    assert await compare(app.state.database, app.state.book, date(2026, 10, 6)) == (0, Counter())
    assert await kept(app) == before
    assert await rescreen(app.state.database, app.state.book, date(2026, 10, 6)) == 0
    assert await rescreen(app.state.database, app.state.book, date(2026, 10, 5)) == 1
    assert await compare(app.state.database, app.state.book) == (0, Counter())
