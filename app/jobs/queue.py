"""Jobs of a register on PostgreSQL: procrastinate wakes workers, tries again what failed, and knows which workers are alive."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, exceptions
from procrastinate.jobs import DeleteJobCondition, Job, Status
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import URL, update

from app.kit.rounds import repeat
from app.ledger.unit_of_work import WORKER, work

from .models import job
from .tasks import Task, Tools, pause_after

AT_ONCE = 4
POLL_SECONDS = 2.0
"""How often is looked for jobs that fell due or whose transaction was still open when they were announced; new ones are announced at once."""

GRACE_SECONDS = 5.0
STALLED_SECONDS = 30.0
"""After so long without a heartbeat a worker is held to be dead, and what it was doing is done by another."""


log = logging.getLogger("qinqing.jobs")


class _Backoff(BaseRetryStrategy):
    """As often as the task says; what was cut off because its worker stops was no attempt."""

    def __init__(self, most: int) -> None:
        self.most = most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Again at once where it was cut off, later where it failed, never where it failed too often."""
        if isinstance(exception, (asyncio.CancelledError, exceptions.JobAborted)):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= self.most:
            return None
        return RetryDecision(retry_in={"seconds": int(pause_after(job.attempts + 1).total_seconds())})


class QueuedJobs:
    """A worker: it does some jobs at a time, and opens again what workers that died had begun."""

    def __init__(self, tools: Tools, tasks: Sequence[Task]) -> None:
        self.tools = tools
        self.tasks = {task.name: task for task in tasks}

    async def run(self, stopping: asyncio.Event) -> None:
        """Do what is due until `stopping` is set; the database may be away for a while."""
        await repeat(lambda: self._serve(stopping), stopping, POLL_SECONDS, log, "jobs failed")

    async def work_off(self) -> None:
        """Do all that is due now, and come back."""
        async with self.connected() as app:
            await app.run_worker_async(concurrency=1, wait=False, **_manner())

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[App]:
        """Connections for the queue. The pool is ours, so that one whose opening is cut off is closed: it would go on trying, and keep the process from ending."""
        address, check = _conninfo(self.tools.database.url), AsyncConnectionPool.check_connection
        pool, app = AsyncConnectionPool(address, min_size=1, max_size=AT_ONCE, open=False, check=check), App(connector=PsycopgConnector())
        for task in self.tasks.values():
            app.task(name=task.name, retry=_Backoff(task.attempts), pass_context=True)(_bound(task, self.tools))
        try:
            await pool.open(wait=True)
            async with app.open_async(pool):
                yield app
        finally:
            await pool.close()

    async def _serve(self, stopping: asyncio.Event) -> None:
        async with self.connected() as app, asyncio.TaskGroup() as group:
            serving = group.create_task(app.run_worker_async(concurrency=AT_ONCE, shutdown_graceful_timeout=GRACE_SECONDS, **_manner()))
            group.create_task(repeat(partial(self.revive, app), stopping, STALLED_SECONDS / 2, log, "stalled jobs were not looked for"))
            group.create_task(_stop(serving, stopping))

    async def revive(self, app: App) -> None:
        """Open again what workers had begun that are heard of no more; what has killed workers again and again is given up."""
        manager = app.job_manager
        for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            task = self.tasks.get(stalled.task_name)
            log.warning("job stalled", extra={"task": stalled.task_name, "attempt": stalled.attempts + 1})
            try:
                if task is None or stalled.attempts + 1 >= task.attempts:
                    await manager.finish_job(stalled, Status.FAILED, delete_job=False)
                else:
                    await manager.retry_job(stalled)
            except exceptions.UniqueViolation:  # another of its key waits, which does for both
                await manager.finish_job(stalled, Status.SUCCEEDED, delete_job=True)
            except exceptions.ConnectorException:
                log.info("stalled job was opened by another worker")


async def _stop(serving: "asyncio.Task[None]", stopping: asyncio.Event) -> None:
    await stopping.wait()
    serving.cancel()


def _manner() -> dict[str, Any]:
    return {
        "install_signal_handlers": False,
        "delete_jobs": DeleteJobCondition.SUCCESSFUL,
        "fetch_job_polling_interval": POLL_SECONDS,
        "update_heartbeat_interval": STALLED_SECONDS / 3,
        "stalled_worker_timeout": STALLED_SECONDS,
    }


def _bound(task: Task, tools: Tools) -> Callable[..., Coroutine[Any, Any, None]]:
    async def act(context: JobContext, **arguments: str) -> None:
        if context.job.queueing_lock is not None:
            await _give_up_key(tools, context.job)
        await task.act(tools, arguments)

    return act


async def _give_up_key(tools: Tools, begun: Job) -> None:
    """A job under way has its key no more: work that comes up while it is done needs another, which must not keep this one from being tried again."""
    async with work(tools.database, WORKER) as unit:
        await unit.connection.execute(update(job).where(job.c.id == begun.id).values(queueing_lock=None))


def _conninfo(url: URL) -> str:
    """The address as libpq reads it."""
    query = {("sslmode" if name == "ssl" else name): value for name, value in url.query.items()}
    return url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
