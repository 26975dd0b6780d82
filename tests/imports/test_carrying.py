"""Carrying imports out: whoever is killed leaves the rest to the next, nothing is done twice, and nothing is left out."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.imports import carrying
from app.imports.models import bulk_import, bulk_import_piece
from app.imports.service import forget_old
from app.jobs.models import job
from app.kit import clock
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading, work
from app.people.many_persons import write_persons
from app.people.models import person as people_table
from app.people.models import personnel_event

from .importing import Desk, counts, faults, people, person

ROOT = Path(__file__).parent.parent.parent
WITHIN_SECONDS = 60


async def counted(desk: Desk, statement: Any) -> int:
    async with reading(desk.database) as view:
        return await view.connection.scalar(statement) or 0


async def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(desk: Desk, database_url: str) -> None:
    await desk.factory.unit(code="U-1")
    many = 6_000
    waiting = await desk.handed_in(people(*(person(f"E{number:05d}") for number in range(many))))
    script = (
        "import asyncio, sys; from uuid import UUID; from app.imports.carrying import carry_out; from app.kit.database import Database; "
        "from app.rulebook.book import Book; from app.rulebook.contents import CHAPTERS; from app.imports.people import PersonRows; PersonRows.batch = 200; "
        "asyncio.run(carry_out(Database(sys.argv[1]), Book(CHAPTERS), UUID(sys.argv[2])))"
    )
    kills = 0
    for _ in range(3):
        worker = subprocess.Popen(  # noqa: ASYNC220  # it is killed before it is waited for
            [sys.executable, "-c", script, database_url, waiting["id"]], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before = sum(counts(await desk.read(waiting)))
        async with asyncio.timeout(WITHIN_SECONDS):
            while sum(counts(await desk.read(waiting))) <= before and worker.poll() is None:  # noqa: ASYNC110  # it happens in another process
                await asyncio.sleep(0.01)
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGKILL)
            kills += 1
        worker.wait()
    half = await desk.read(waiting)
    assert kills
    assert half["state"] == "running"
    assert 0 < half["rows"]["done"] < many
    assert await counted(desk, select(func.count()).select_from(people_table)) == half["rows"]["done"]
    await desk.carry_out(waiting)
    done = await desk.read(waiting)
    assert (done["state"], counts(done)) == ("completed", (many, 0, 0, 0))
    assert await counted(desk, select(func.count()).select_from(people_table)) == many
    assert await counted(desk, select(func.count()).where(ledger_line.c.action == "person.created")) == many
    assert await counted(desk, select(func.count()).select_from(personnel_event)) == many
    assert await counted(desk, select(func.count()).select_from(bulk_import_piece)) == 0


async def test_two_who_carry_out_the_same_import_do_each_row_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.imports.people.PersonRows.batch", 20)
    await desk.factory.unit(code="U-1")
    waiting = await desk.handed_in(people(*(person(f"E{number:03d}") for number in range(200))))
    await asyncio.gather(*(desk.carry_out(waiting) for _ in range(3)))
    await desk.carry_out(waiting)
    done = await desk.read(waiting)
    assert (done["state"], counts(done)) == ("completed", (200, 0, 0, 0))
    assert len(await desk.persons()) == 200


async def test_two_imports_of_the_same_people_at_once_make_each_person_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.imports.people.PersonRows.batch", 25)
    await desk.factory.unit(code="U-1")
    rows = [person(f"E{number:03d}") for number in range(100)]
    one, other = await desk.handed_in(people(*rows)), await desk.handed_in(people(*rows[::-1]))
    await asyncio.gather(desk.carry_out(one), desk.carry_out(other))
    both = [await desk.read(done) for done in (one, other)]
    assert {done["state"] for done in both} == {"completed"}
    assert sum(done["rows"]["created"] for done in both) == 100
    assert sum(done["rows"]["unchanged"] for done in both) == 100
    assert len(await desk.persons()) == 100


async def test_a_row_that_the_database_refuses_keeps_no_other_from_being_taken_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.factory.unit(code="U-1")

    async def refusing(unit: Any, plans: Any) -> None:
        await write_persons(unit, plans)
        if any(plan.columns["employee_number"] == "E2" for plan in plans):
            raise OperationalError("INSERT", {}, ValueError("no"))

    monkeypatch.setattr("app.imports.people.write_persons", refusing)
    done = await desk.taken_in(people(*(person(f"E{number}") for number in range(5))))
    assert counts(done) == (4, 0, 0, 1)
    assert faults(await desk.report(done)) == [("4", "", "row-refused")]
    assert set(await desk.persons()) == {"E0", "E1", "E3", "E4"}
    assert await counted(desk, select(func.count()).where(ledger_line.c.action == "person.created")) == 4


async def test_what_fails_unforeseen_is_tried_again_and_told_in_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = await desk.handed_in(people(person("E1")))

    def broken(*_: Any) -> Any:
        raise RuntimeError("no")

    with monkeypatch.context() as during:
        during.setattr(carrying, "opened", broken)
        with pytest.raises(RuntimeError):
            await desk.carry_out(waiting)
    assert (await desk.read(waiting))["state"] == "running"
    async with work(desk.database, "test") as unit:
        await forget_old(unit)
    assert (await desk.read(waiting))["state"] == "running"
    async with work(desk.database, "test") as unit:
        await unit.connection.execute(job.update().values(status="failed"))
    async with work(desk.database, "test") as unit:
        await forget_old(unit)
    told = await desk.read(waiting)
    assert (told["state"], told["failure"]["code"]) == ("failed", "not-done")


async def test_imports_are_forgotten_when_their_time_is_over(desk: Desk) -> None:
    done = await desk.taken_in(people(person("E1", "没有")))
    async with work(desk.database, "test") as unit:
        await unit.connection.execute(bulk_import.update().where(bulk_import.c.id == UUID(done["id"])).values(expires_at=clock.now()))
    async with work(desk.database, "test") as unit:
        await forget_old(unit)
    await desk.read(done, expected=404)


async def test_ten_thousand_people_in_one_file(desk: Desk) -> None:
    await desk.factory.unit(code="U-1")
    file = people(*(person(f"E{number:05d}", 职级="没有这级" if number % 1000 == 7 else "正科") for number in range(10_000)))
    done = await desk.taken_in(file)
    assert (done["state"], counts(done), done["rows"]["expected"]) == ("completed", (9_990, 0, 0, 10), 10_000)
    assert [line[0] for line in await desk.report(done)] == [str(number + 2) for number in range(7, 10_000, 1000)]
    changed = await desk.taken_in(people(*(person(f"E{number:05d}", 职级="副处") for number in range(5_000))))
    assert counts(changed) == (5, 4_995, 0, 0)
    assert await counted(desk, select(func.count()).where(personnel_event.c.type == "promoted")) == 4_995
