"""Putting work off: the job is a row of the transaction whose act asks for it, so that neither is there without the other."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import case, insert, text
from sqlalchemy.dialects import postgresql, sqlite

from app.ledger.unit_of_work import Work

from .models import QUEUE, job
from .tasks import Arguments

_WAITING = text("status = 'todo'")
_NOTHING: Arguments = {}


async def defer(work: Work, task: str, arguments: Arguments = _NOTHING, *, at: datetime | None = None) -> None:
    """Have a task done after this transaction is committed: at `at`, or as soon as somebody is free."""
    await work.connection.execute(insert(job).values(_row(task, arguments, at)))


def defer_once(work: Work, task: str, *, at: datetime | None = None) -> None:
    """The same for a task that looks for its work itself: one job of it waits at a time, and none is done beside another.

    Where one waits already it is due at the sooner of the two, and not begun before this transaction ends, so that it sees what was done here; it
    is locked last of all.
    """
    work.at_last(task, partial(_join, work, task, at))


async def _join(work: Work, task: str, at: datetime | None) -> None:
    dialect = sqlite if work.connection.dialect.name == "sqlite" else postgresql
    row = {**_row(task, _NOTHING, at), "queueing_lock": task, "lock": task}
    due = job.c.scheduled_at
    sooner = None if at is None else case((due.is_(None), None), (due < at, due), else_=at)
    again = {"index_elements": [job.c.queueing_lock], "index_where": _WAITING, "set_": {"scheduled_at": sooner}}
    joined = dialect.insert(job).values(row).on_conflict_do_update(**again)
    await work.connection.execute(joined)


def _row(task: str, arguments: Arguments, at: datetime | None) -> dict[str, Any]:
    return {"queue_name": QUEUE, "task_name": task, "args": dict(arguments), "scheduled_at": at}
