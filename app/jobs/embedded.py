"""Jobs of an embedded register, done in the process that serves it."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, and_, delete, exists, or_, select, update

from app.kit import clock
from app.kit.rounds import repeat
from app.ledger.unit_of_work import WORKER, reading, work

from .models import job
from .tasks import Task, Tools, pause_after

AT_ONCE = 4
POLL_SECONDS = 0.5

log = logging.getLogger("qinqing.jobs")


class EmbeddedJobs:
    """Takes jobs that are due and does some at a time; it alone works on its database, so what was under way when it starts was cut off.

    A job that was taken has its key no more: work that comes up while it is done needs another job.
    """

    def __init__(self, tools: Tools, tasks: Sequence[Task]) -> None:
        self.tools = tools
        self.tasks = {task.name: task for task in tasks}
        self._under_way = set[asyncio.Task[None]]()
        self._started = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Do what is due until `stopping` is set; what is under way then is cut off, and done again after the next start."""
        try:
            await repeat(self._begin_due, stopping, POLL_SECONDS, log, "jobs failed")
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def work_off(self) -> None:
        """Do all that is due now, one after the other."""
        while (row := await self._take()) is not None:
            await self._carry_out(row)

    async def _begin_due(self) -> None:
        if not self._started:
            await self._end(update(job).where(job.c.status == "doing").values(status="todo", scheduled_at=None))
            self._started = True
        while len(self._under_way) < AT_ONCE and (row := await self._take()) is not None:
            task = asyncio.create_task(self._carry_out(row))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _take(self) -> RowMapping | None:
        """The next job that is due; asked of a reader first, so that nobody who writes waits for it."""
        async with reading(self.tools.database) as view:
            row = (await view.connection.execute(_due())).mappings().first()
        if row is None:
            return None
        async with work(self.tools.database, WORKER) as unit:
            taken = update(job).where(job.c.id == row["id"], job.c.status == "todo").values(status="doing", queueing_lock=None)
            return row if (await unit.connection.execute(taken)).rowcount else None

    async def _carry_out(self, row: RowMapping) -> None:
        try:
            task = self.tasks[row["task_name"]]
            await task.act(self.tools, row["args"])
        except Exception:
            log.exception("job failed", extra={"task": row["task_name"], "attempt": row["attempts"] + 1})
            await self._again(row)
        else:
            await self._end(delete(job).where(job.c.id == row["id"]))

    async def _again(self, row: RowMapping) -> None:
        task, attempts = self.tasks.get(row["task_name"]), row["attempts"] + 1
        values: dict[str, Any] = {"status": "failed", "attempts": attempts}
        if task and attempts < task.attempts:
            values |= {"status": "todo", "scheduled_at": clock.now() + pause_after(attempts)}
        await self._end(update(job).where(job.c.id == row["id"]).values(values))

    async def _end(self, statement: Any) -> None:
        async with work(self.tools.database, WORKER) as unit:
            await unit.connection.execute(statement)


def _due() -> Select[Any]:
    """Due, and none of its lock is under way."""
    other = job.alias()
    busy = exists().where(other.c.lock == job.c.lock, other.c.status == "doing")
    is_due = or_(job.c.scheduled_at.is_(None), job.c.scheduled_at <= clock.now())
    asked = select(job.c.id, job.c.task_name, job.c.args, job.c.attempts)
    return asked.where(and_(job.c.status == "todo", is_due, ~busy)).order_by(job.c.id).limit(1)
