"""Sweeps in processes of their own, which may die at any moment."""

import asyncio
import multiprocessing
import os
import signal

import pytest
from fastapi import FastAPI

from app.kit.ids import new_id
from app.ledger.unit_of_work import reading, work
from app.screening import sweeping
from app.screening.sweeper import Sweeper, rescreen
from app.screening.sweeping import Progress, Purpose, Sweeps
from tests.factories import Factory

from .conftest import Travel
from .declaring import Office, gift, rules

HELD = "gift.not-surrendered"
PEOPLE = 12


@pytest.fixture(params=["postgresql"])
def database_url(request: pytest.FixtureRequest, postgresql_url: str) -> str:
    """An embedded database has one process."""
    del request
    return postgresql_url


@pytest.fixture
async def overdue(office: Office, factory: Factory, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gifts of twelve people, whose deadlines have passed by now; every sweep is large, and every person a part."""
    monkeypatch.setattr(sweeping, "PART_DECLARATIONS", 1)
    monkeypatch.setattr("app.screening.sweeper.AT_ONCE_DECLARATIONS", 0)
    people = [await factory.person(office.bureau) for _ in range(PEOPLE)]
    travel("2020-03-02")
    filed = [await office.file(gift("2020-03-01"), declarant=one["id"]) for one in people]
    travel("2026-10-20")
    return [one["id"] for one in filed]


async def planned(app: FastAPI) -> Progress:
    async with work(app.state.database, "test") as unit:
        sweep_id = await Sweeps(unit).plan(unit, app.state.book, Purpose.RESCREENING)
    return await progress(app, sweep_id)


async def progress(app: FastAPI, sweep_id: object) -> Progress:
    async with reading(app.state.database) as view:
        return await Sweeps(view).progress(sweep_id)  # type: ignore[arg-type]


async def test_processes_share_the_parts_of_a_sweep(app: FastAPI, office: Office, overdue: list[str]) -> None:
    assert await rescreen(app.state.database, app.state.book, processes=2) == PEOPLE
    for declaration in overdue:
        assert rules(await office.read(declaration, office.root))[HELD] == "breach"
    assert await rescreen(app.state.database, app.state.book, processes=2) == 0


async def test_what_a_killed_process_had_under_way_is_done_by_another(app: FastAPI, office: Office, overdue: list[str]) -> None:
    sweep = await planned(app)
    sweep_id = sweep.sweep["id"]
    assert (sweep.declarations, sweep.parts) == (PEOPLE, PEOPLE + 1)
    at_work = asyncio.create_task(Sweeper(app.state.database, app.state.book, 2).work_off(sweep_id))
    while (await progress(app, sweep_id)).open == sweep.parts:  # noqa: ASYNC110  # what is waited for happens in another process
        await asyncio.sleep(0.01)
    for process in multiprocessing.active_children():
        os.kill(process.pid or 0, signal.SIGKILL)
    await at_work
    await Sweeper(app.state.database, app.state.book, 1).work_off()
    done = await progress(app, sweep_id)
    counts = {name: sum(part[name] for part in done.results) for name in ("judged", "changed", "failed")}
    assert (done.running, counts) == (False, {"judged": PEOPLE, "changed": PEOPLE, "failed": 0})
    for declaration in overdue:
        history = (await office.get(f"/v1/declarations/{declaration}/screenings", office.root))["items"]
        assert [past["outcome"] for past in history] == ["breach", "notice"]


async def test_leaving_while_processes_work_ends_them(app: FastAPI, overdue: list[str]) -> None:
    sweep = await planned(app)
    sweeper = Sweeper(app.state.database, app.state.book, 2)
    at_work = asyncio.create_task(sweeper.work_off(sweep.sweep["id"]))
    while not multiprocessing.active_children():  # noqa: ASYNC110  # as above
        await asyncio.sleep(0.01)
    at_work.cancel()
    await asyncio.wait({at_work}, timeout=10)
    assert not multiprocessing.active_children()
    del overdue


async def test_a_sweep_that_is_not_there_is_no_work(app: FastAPI) -> None:
    await Sweeper(app.state.database, app.state.book, 2).work_off(new_id())
