"""Doing jobs, whatever the database, and planning those that come again."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from app.kit import clock
from app.kit.database import Database
from app.kit.rounds import repeat
from app.ledger.unit_of_work import WORKER, reading, work

from .deferring import defer_once
from .embedded import EmbeddedJobs
from .models import job
from .tasks import Task, Tools

PLAN_SECONDS = 20.0

log = logging.getLogger("qinqing.jobs")


class Jobs(Protocol):
    """Who does jobs."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Do what is due until `stopping` is set."""

    async def work_off(self) -> None:
        """Do all that is due now."""


def jobs_of(tools: Tools, tasks: Sequence[Task]) -> Jobs:
    """Who does the jobs of a database. The queue on a server is loaded for those who have one: it takes a tenth of the start."""
    if tools.database.embedded:
        return EmbeddedJobs(tools, tasks)
    from .queue import QueuedJobs  # noqa: PLC0415  # as said above

    return QueuedJobs(tools, tasks)


async def run_jobs(tools: Tools, tasks: Sequence[Task], stopping: asyncio.Event) -> None:
    """Do jobs until `stopping` is set; those that come again are done once at the start."""
    periodic, started = [task for task in tasks if task.every], False

    async def plan() -> None:
        nonlocal started
        await _plan(tools.database, periodic, at_once=not started)
        started = True

    await asyncio.gather(jobs_of(tools, tasks).run(stopping), repeat(plan, stopping, PLAN_SECONDS, log, "jobs were not planned"))


async def _plan(database: Database, periodic: Sequence[Task], *, at_once: bool) -> None:
    """One job of each task waits for its next time; where one waits already, it stays."""
    async with reading(database) as view:
        waiting = select(job.c.queueing_lock).where(job.c.queueing_lock.in_([task.name for task in periodic]), job.c.status == "todo")
        planned = set(await view.connection.scalars(waiting))
    missing = [task for task in periodic if at_once or task.name not in planned]
    if missing:
        async with work(database, WORKER) as unit:
            for task in missing:
                defer_once(unit, task.name, at=None if at_once else _next(task))


def _next(task: Task) -> datetime:
    """The next of the instants that lie so far apart, the same for every worker."""
    seconds = int((task.every or timedelta(days=1)).total_seconds())
    return datetime.fromtimestamp((int(clock.now().timestamp()) // seconds + 1) * seconds, UTC)
