"""Jobs: there with their act, done once it is committed, again where they failed or were cut off, and never two of a kind that must be alone."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.jobs import queue
from app.jobs.deferring import defer, defer_once
from app.jobs.models import job
from app.jobs.queue import QueuedJobs
from app.jobs.running import Jobs, jobs_of, run_jobs
from app.jobs.tasks import Arguments, Task, Tools, pause_after
from app.kit import clock
from app.ledger.unit_of_work import reading, work

WITHIN_SECONDS = 30


class Notes:
    """What was done."""

    def __init__(self) -> None:
        self.done = list[Arguments]()

    async def act(self, _tools: Tools, arguments: Arguments) -> None:
        """Note it."""
        self.done.append(dict(arguments))

    def task(self, **manner: Any) -> Task:
        """The task that notes."""
        return Task("test.note", self.act, **manner)


async def waiting(tools: Tools) -> list[dict[str, Any]]:
    """Every job that is kept."""
    async with reading(tools.database) as view:
        return [dict(row) for row in (await view.connection.execute(select(job).order_by(job.c.id))).mappings()]


async def put_off(tools: Tools, **arguments: str) -> None:
    """One act that leaves a job."""
    async with work(tools.database, "test") as unit:
        await defer(unit, "test.note", arguments)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not holds():  # noqa: ASYNC110  # what is waited for happens in another task or process
            await asyncio.sleep(0.02)


async def test_a_job_is_done_once_its_act_is_committed_and_is_gone_then(tools: Tools) -> None:
    notes = Notes()
    await put_off(tools, number="一")
    await jobs_of(tools, [notes.task()]).work_off()
    assert notes.done == [{"number": "一"}]
    assert await waiting(tools) == []


async def test_an_act_that_is_rolled_back_leaves_no_job(tools: Tools) -> None:
    notes = Notes()

    async def fail() -> None:
        async with work(tools.database, "test") as unit:
            await defer(unit, "test.note")
            defer_once(unit, "test.note")
            raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        await fail()
    await jobs_of(tools, [notes.task()]).work_off()
    assert notes.done == []


async def test_of_a_task_that_looks_for_its_work_itself_one_job_waits(tools: Tools) -> None:
    notes = Notes()
    for _ in range(3):
        async with work(tools.database, "test") as unit:
            defer_once(unit, "test.note")
            defer_once(unit, "test.note")
    assert len(await waiting(tools)) == 1
    await jobs_of(tools, [notes.task()]).work_off()
    assert len(notes.done) == 1


async def test_a_job_that_is_planned_is_done_at_the_sooner_of_two_times(tools: Tools) -> None:
    soon, late = clock.now() + timedelta(minutes=1), clock.now() + timedelta(hours=1)
    for at in (late, soon, late):
        async with work(tools.database, "test") as unit:
            defer_once(unit, "test.note", at=at)
    assert [kept["scheduled_at"] for kept in await waiting(tools)] == [soon]
    for now_or_later in (None, soon):
        async with work(tools.database, "test") as unit:
            defer_once(unit, "test.note", at=now_or_later)
    assert [kept["scheduled_at"] for kept in await waiting(tools)] == [None]


async def test_many_at_once_join_the_job_that_waits_and_none_is_lost(tools: Tools) -> None:
    """Whoever joins a job before it is begun is seen by it; whoever comes later has another."""
    seen, written = list[int](), 0

    async def act(_tools: Tools, _arguments: Arguments) -> None:
        seen.append(written)
        await asyncio.sleep(0.05)

    async def write() -> None:
        nonlocal written
        async with work(tools.database, "test") as unit:
            written += 1
            defer_once(unit, "test.look")

    doing: Jobs = jobs_of(tools, [Task("test.look", act)])
    await asyncio.gather(*(write() for _ in range(4)))
    await asyncio.gather(doing.work_off(), *(write() for _ in range(4)))
    await doing.work_off()
    assert seen[-1] == written == 8
    assert await waiting(tools) == []


async def test_what_fails_is_tried_again_later_and_given_up_in_the_end(tools: Tools) -> None:
    async def act(_tools: Tools, _arguments: Arguments) -> None:
        raise OSError("nobody answers")

    doing = jobs_of(tools, [Task("test.note", act, attempts=2)])
    await put_off(tools, number="1")
    await doing.work_off()
    [kept] = await waiting(tools)
    assert (kept["status"], kept["attempts"]) == ("todo", 1)
    pause = (kept["scheduled_at"] - clock.now()).total_seconds()
    assert 0 < pause <= pause_after(1).total_seconds() + 1
    await doing.work_off()
    assert (await waiting(tools))[0]["attempts"] == 1, "it is not due yet"
    async with work(tools.database, "test") as unit:
        await unit.connection.execute(update(job).values(scheduled_at=None))
    await doing.work_off()
    [kept] = await waiting(tools)
    assert (kept["status"], kept["attempts"]) == ("failed", 2)
    await doing.work_off()
    assert (await waiting(tools))[0]["attempts"] == 2


async def test_one_that_failed_does_not_stand_in_the_way_of_the_next_of_its_kind(tools: Tools) -> None:
    fails = True

    async def act(_tools: Tools, _arguments: Arguments) -> None:
        if fails:
            raise OSError("nobody answers")

    doing = jobs_of(tools, [Task("test.note", act)])
    for _ in range(2):
        async with work(tools.database, "test") as unit:
            defer_once(unit, "test.note")
        await doing.work_off()
    assert [kept["status"] for kept in await waiting(tools)] == ["todo", "todo"]
    fails = False
    async with work(tools.database, "test") as unit:
        await unit.connection.execute(update(job).values(scheduled_at=None))
    await doing.work_off()
    assert await waiting(tools) == []


async def test_a_job_of_a_task_that_no_release_knows_is_given_up_and_kept(tools: Tools) -> None:
    await put_off(tools)
    await jobs_of(tools, []).work_off()
    assert [kept["status"] for kept in await waiting(tools)] == ["failed"]


async def test_jobs_are_done_as_they_come_and_some_at_once(tools: Tools) -> None:
    begun, go, done = 0, asyncio.Event(), 0

    async def act(_tools: Tools, _arguments: Arguments) -> None:
        nonlocal begun, done
        begun += 1
        await go.wait()
        done += 1

    stopping = asyncio.Event()
    running = asyncio.create_task(run_jobs(tools, [Task("test.note", act)], stopping))
    for _ in range(3):
        await put_off(tools)
    await until(lambda: begun == 3)
    go.set()
    await until(lambda: done == 3)
    stopping.set()
    await asyncio.wait_for(running, WITHIN_SECONDS)


async def test_what_is_under_way_when_the_worker_stops_is_done_by_the_next(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "GRACE_SECONDS", 0.1)
    begun = asyncio.Event()

    async def never(_tools: Tools, _arguments: Arguments) -> None:
        begun.set()
        await asyncio.Event().wait()

    stopping = asyncio.Event()
    running = asyncio.create_task(run_jobs(tools, [Task("test.note", never)], stopping))
    await put_off(tools, number="1")
    await asyncio.wait_for(begun.wait(), WITHIN_SECONDS)
    stopping.set()
    await asyncio.wait_for(running, WITHIN_SECONDS)
    notes, stopping = Notes(), asyncio.Event()
    running = asyncio.create_task(run_jobs(tools, [notes.task()], stopping))
    await until(lambda: notes.done == [{"number": "1"}])
    stopping.set()
    await asyncio.wait_for(running, WITHIN_SECONDS)


async def test_what_comes_again_is_done_at_the_start_and_waits_for_its_next_time(tools: Tools) -> None:
    notes, stopping = Notes(), asyncio.Event()
    running = asyncio.create_task(run_jobs(tools, [notes.task(every=timedelta(minutes=10))], stopping))
    await until(lambda: len(notes.done) == 1)
    stopping.set()
    await asyncio.wait_for(running, WITHIN_SECONDS)
    assert len(notes.done) == 1


_WORKER = """
import asyncio, os, sys
from app.jobs.running import run_jobs
from app.jobs.tasks import Task, Tools
from app.kit.database import Database

async def act(tools, arguments):
    open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
    await asyncio.sleep(600 if sys.argv[3] == "hang" else 0)

asyncio.run(run_jobs(Tools(Database(sys.argv[1], pool_size=2), None), [Task("test.note", act)], asyncio.Event()))
"""


class Begun:
    """Workers of their own processes, which note in a file what they begin."""

    def __init__(self, url: str, file: Path) -> None:
        self.url, self.file = url, file
        self.processes = list[subprocess.Popen[bytes]]()
        file.touch()

    def start(self, manner: str) -> int:
        """Start one; its process id."""
        process = subprocess.Popen([sys.executable, "-c", _WORKER, self.url, str(self.file), manner], stderr=subprocess.DEVNULL)
        self.processes.append(process)
        return process.pid

    @property
    def by(self) -> list[int]:
        """Who has begun the job, in order."""
        return [int(line) for line in self.file.read_text().split()]

    def end(self) -> None:
        """Leave no process behind."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def begun(tools: Tools, database_url: str, tmp_path: Path) -> Any:
    """No worker yet."""
    del tools
    workers = Begun(database_url, tmp_path / "begun")
    yield workers
    workers.end()


async def test_what_a_killed_worker_had_begun_is_done_by_another(
    tools: Tools, begun: Begun, revived: Callable[[], Awaitable[None]]
) -> None:
    first = begun.start("hang")
    await put_off(tools)
    await until(lambda: begun.by == [first])
    os.kill(first, signal.SIGKILL)
    begun.processes[0].wait()
    second = begun.start("do")
    await revived()
    await until(lambda: begun.by == [first, second])


@pytest.fixture
def revived(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """Let the time pass after which a worker is held to be dead, where there may be several."""

    async def revive() -> None:
        if tools.database.embedded:
            return
        monkeypatch.setattr(queue, "STALLED_SECONDS", 0.0)
        doing = QueuedJobs(tools, [Notes().task()])
        async with doing.connected() as app:
            await doing.revive(app)

    return revive


async def test_what_has_killed_workers_again_and_again_is_given_up(
    tools: Tools, begun: Begun, revived: Callable[[], Awaitable[None]]
) -> None:
    if tools.database.embedded:
        pytest.skip("an embedded register ends with its worker")
    first = begun.start("hang")
    await put_off(tools)
    await until(lambda: begun.by == [first])
    os.kill(first, signal.SIGKILL)
    begun.processes[0].wait()
    async with work(tools.database, "test") as unit:
        await unit.connection.execute(update(job).values(attempts=4))
    await revived()
    assert [kept["status"] for kept in await waiting(tools)] == ["failed"]


def test_the_tables_are_those_of_the_library_at_hand() -> None:
    """A release of procrastinate that changes them needs a migration of ours: run its new files there, then name the last one here."""
    from procrastinate.schema import SchemaManager  # noqa: PLC0415  # the one place that asks

    newest = max(file.name for file in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert newest == "03.04.00_50_post_add_retry_failed_job_procedure.sql"
