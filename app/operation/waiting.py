"""What waits to be done in the background, as metrics: how old the oldest of it is tells an operator whether the worker works."""

import asyncio
import logging
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.jobs.models import job
from app.kit import clock
from app.kit.database import Database
from app.ledger.models import ledger_line

from .readiness import PATIENCE_SECONDS

log = logging.getLogger("qinqing")

_JOBS = select(job.c.task_name, job.c.status, func.count()).group_by(job.c.task_name, job.c.status)
_UNSEALED = select(func.count(), func.min(ledger_line.c.at)).where(ledger_line.c.position.is_(None))


class Waiting:
    """The gauges; a database that does not answer leaves them at no number, which Prometheus knows as such."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.unsealed = Gauge("qinqing_ledger_unsealed_lines", "Ledger lines that wait to be sealed", registry=registry)
        self.oldest = Gauge("qinqing_ledger_unsealed_seconds", "Age of the oldest of them", registry=registry)
        self.jobs = Gauge(
            "qinqing_jobs", "Jobs that wait (todo), are done (doing) or were given up (failed)", ["task", "status"], registry=registry
        )
        self.due = Gauge("qinqing_declarations_due", "Declarations that time may have changed, still to be judged", registry=registry)

    async def look(self, database: Database) -> None:
        """Ask the database."""
        lines, oldest, due, jobs = float("nan"), float("nan"), float("nan"), list[Any]()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), database.reading() as connection:
                lines, since = (await connection.execute(_UNSEALED)).one()
                oldest = _age(since)
                due = await connection.scalar(_overdue()) or 0
                jobs = list((await connection.execute(_JOBS)).all())
        except (SQLAlchemyError, OSError, TimeoutError) as error:  # metrics of the process must still be told
            log.warning("database unreachable", extra={"error": type(error).__name__})
        self.unsealed.set(lines)
        self.oldest.set(oldest)
        self.due.set(due)
        self.jobs.clear()
        for task, status, count in jobs:
            self.jobs.labels(task, status).set(count)


def _age(since: datetime | None) -> float:
    return 0.0 if since is None else (clock.now() - since).total_seconds()


def _overdue() -> Select[Any]:
    return select(func.count()).where(declaration.c.due_on < clock.today(), declaration.c.status == Status.SUBMITTED)
