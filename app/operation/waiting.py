"""What waits to be done in the background, as metrics: how old the oldest of it is tells an operator whether the worker works."""

import asyncio
import logging
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.jobs.models import job
from app.kit import clock
from app.kit.database import Database
from app.ledger.models import ledger_line
from app.webhooks.models import webhook, webhook_delivery

from .readiness import PATIENCE_SECONDS

log = logging.getLogger("qinqing")

_JOBS = select(job.c.task_name, job.c.status, func.count()).group_by(job.c.task_name, job.c.status)
_UNSEALED = select(func.count(), func.min(ledger_line.c.at)).where(ledger_line.c.position.is_(None))

_LAG = (
    select(func.min(ledger_line.c.at))
    .select_from(webhook.join(ledger_line, ledger_line.c.position == webhook.c.position))
    .where(webhook.c.enabled)
)
"""The first line that an enabled webhook has not come to, as far as was written down."""

_UNDELIVERED = select(
    func.count().filter(webhook_delivery.c.state == "waiting"),
    func.min(webhook_delivery.c.created_at).filter(webhook_delivery.c.state == "waiting"),
    func.count().filter(webhook_delivery.c.state == "dead"),
).where(webhook_delivery.c.state.in_(("waiting", "dead")))
_ATTEMPTS = select(func.coalesce(func.sum(webhook.c.delivered), 0), func.coalesce(func.sum(webhook.c.failed), 0))


class Waiting:
    """The gauges; a database that does not answer leaves them at no number, which Prometheus knows as such."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.unsealed = Gauge("qinqing_ledger_unsealed_lines", "Ledger lines that wait to be sealed", registry=registry)
        self.oldest = Gauge("qinqing_ledger_unsealed_seconds", "Age of the oldest of them", registry=registry)
        self.jobs = Gauge(
            "qinqing_jobs", "Jobs that wait (todo), are done (doing) or were given up (failed)", ["task", "status"], registry=registry
        )
        self.due = Gauge("qinqing_declarations_due", "Declarations that time may have changed, still to be judged", registry=registry)
        self.webhooks = WebhooksWaiting(registry)

    async def look(self, database: Database) -> None:
        """Ask the database."""
        lines, oldest, due, jobs = float("nan"), float("nan"), float("nan"), list[Any]()
        self.webhooks.forget()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), database.reading() as connection:
                lines, since = (await connection.execute(_UNSEALED)).one()
                oldest = _age(since)
                due = await connection.scalar(_overdue()) or 0
                jobs = list((await connection.execute(_JOBS)).all())
                await self.webhooks.look(connection)
        except (SQLAlchemyError, OSError, TimeoutError) as error:  # metrics of the process must still be told
            log.warning("database unreachable", extra={"error": type(error).__name__})
        self.unsealed.set(lines)
        self.oldest.set(oldest)
        self.due.set(due)
        self.jobs.clear()
        for task, status, count in jobs:
            self.jobs.labels(task, status).set(count)


class WebhooksWaiting:
    """What waits to be delivered, what was given up, and how many attempts there were since the webhooks were made."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.waiting = Gauge(
            "qinqing_webhook_deliveries_waiting", "Deliveries that have failed and wait to be tried again", registry=registry
        )
        self.oldest = Gauge("qinqing_webhook_oldest_seconds", "Age of the oldest of them", registry=registry)
        self.lag = Gauge("qinqing_webhook_lag_seconds", "Age of the first line that a webhook has not come to", registry=registry)
        self.dead = Gauge("qinqing_webhook_deliveries_dead", "Deliveries that were given up", registry=registry)
        self.attempts = Gauge("qinqing_webhook_attempts", "Attempts to deliver, of the webhooks there are", ["outcome"], registry=registry)

    def forget(self) -> None:
        """No number until the database has answered."""
        for gauge in (self.waiting, self.oldest, self.lag, self.dead, *map(self.attempts.labels, ("delivered", "failed"))):
            gauge.set(float("nan"))

    async def look(self, connection: AsyncConnection) -> None:
        """Ask the database."""
        waiting, since, dead = (await connection.execute(_UNDELIVERED)).one()
        delivered, failed = (await connection.execute(_ATTEMPTS)).one()
        self.lag.set(_age(await connection.scalar(_LAG)))
        self.waiting.set(waiting)
        self.oldest.set(_age(since))
        self.dead.set(dead)
        self.attempts.labels("delivered").set(float(delivered))
        self.attempts.labels("failed").set(float(failed))


def _age(since: datetime | None) -> float:
    return 0.0 if since is None else (clock.now() - since).total_seconds()


def _overdue() -> Select[Any]:
    return select(func.count()).where(declaration.c.due_on < clock.today(), declaration.c.status == Status.SUBMITTED)
