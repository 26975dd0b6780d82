"""Background work: the sealer, and the jobs that acts leave behind or that come again with time."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.access import disclosure
from app.approvals.service import FOLLOW as APPROVALS
from app.counterparties.models import counterparty_name
from app.exports.making import ExportMaker
from app.exports.service import MAKE
from app.imports.carrying import carry_out
from app.imports.service import CARRY_OUT
from app.imports.service import forget_old as forget_old_imports
from app.jobs.running import run_jobs
from app.jobs.tasks import Arguments, Task, Tools
from app.kit import idempotency
from app.kit.database import Database
from app.kit.searching import read_unread
from app.ledger.notes import SigningKey
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import WORKER, work
from app.obligations.events import owe_after_events
from app.obligations.moving import OWED
from app.obligations.passing import do_what_is_due
from app.people import personnel
from app.people.models import person
from app.people.personnel import PersonnelEventType, take_events
from app.reviews.opening import take_up_waiting
from app.rulebook.book import Book
from app.screening.due import judge_due
from app.screening.personnel import judge_after_change
from app.screening.service import TAKE_UP
from app.screening.sweeper import Sweeper
from app.screening.sweeping import SWEEP
from app.webhooks.deliverer import Deliverer, Policy

_EVENTS = 200


def tasks(*, processes: int = 1, access_days: int = disclosure.KEPT_DAYS) -> list[Task]:
    """Every task: what acts have done later, and what is looked after by the clock, deadlines too, as they run by days."""
    return [
        Task("upkeep", partial(_upkeep, access_days), every=timedelta(minutes=10)),
        Task(MAKE, make_exports, every=timedelta(minutes=1)),
        Task(CARRY_OUT, import_file),
        Task(SWEEP, partial(_sweep, processes), every=timedelta(minutes=10)),
        Task(TAKE_UP, _take_up),
        Task(personnel.FOLLOW, follow_personnel, every=timedelta(minutes=10)),
        Task(APPROVALS, follow_approval),
        Task(OWED, follow_obligations, every=timedelta(minutes=10)),
    ]


async def run_for_ever(
    database: Database,
    book: Book,
    stopping: asyncio.Event | None = None,
    *,
    processes: int = 1,
    key: SigningKey | None = None,
    access_days: int = disclosure.KEPT_DAYS,
    webhooks: Policy | None = None,
) -> None:
    """Jobs, and beside them the sealer and webhooks, which must not wait for any, until `stopping` is set."""
    stopping = stopping or asyncio.Event()
    jobs = run_jobs(Tools(database, book), tasks(processes=processes, access_days=access_days), stopping)
    await asyncio.gather(Sealer(database, key).run(stopping), Deliverer(database, webhooks or Policy()).run(stopping), jobs)


async def _upkeep(access_days: int, tools: Tools, _arguments: Arguments) -> None:
    await run_once(tools.database, tools.book, access_days)


async def run_once(database: Database, book: Book, access_days: int = disclosure.KEPT_DAYS) -> int:
    """Forget what need not be kept and judge what is due; how many declarations came out differently."""
    async with work(database, WORKER) as unit:
        await idempotency.forget_old(unit.connection)
        await disclosure.forget_old(unit, access_days)
        await forget_old_imports(unit)
        await read_unread(unit.connection, person.c.name, counterparty_name.c.name_key)
    judged = await judge_due(database, book)
    await take_up_waiting(database)
    return judged


async def make_exports(tools: Tools, _arguments: Arguments) -> None:
    """Make the exports that wait, and erase those that have expired."""
    await ExportMaker(tools.database, tools.book).work_off()


async def import_file(tools: Tools, arguments: Arguments) -> None:
    """Take in what an import still has."""
    await carry_out(tools.database, tools.book, UUID(arguments["import"]))


async def _sweep(processes: int, tools: Tools, _arguments: Arguments) -> None:
    await Sweeper(tools.database, tools.book, processes).work_off()


async def _take_up(tools: Tools, _arguments: Arguments) -> None:
    await take_up_waiting(tools.database)


async def follow_personnel(tools: Tools, _arguments: Arguments) -> None:
    """What follows from personnel events, some at a time, each marked in the transaction of what follows from it."""
    while await _follow_some(tools):
        pass


async def _follow_some(tools: Tools) -> bool:
    async with work(tools.database, WORKER) as unit:
        events = await take_events(unit, _EVENTS)
        changed = {event["person_id"] for event in events if event["type"] != PersonnelEventType.JOINED}
        await judge_after_change(unit, tools.book, changed)
        await owe_after_events(unit, events)
        return bool(events)


async def follow_approval(tools: Tools, arguments: Arguments) -> None:
    """What a person has declared is judged again when an approval of theirs was granted or revoked."""
    async with work(tools.database, WORKER) as unit:
        await judge_after_change(unit, tools.book, [UUID(arguments["person"])])


async def follow_obligations(tools: Tools, _arguments: Arguments) -> None:
    """What is owed: by whom it is now, what has fallen due, and who is to be reminded."""
    await do_what_is_due(tools.database, tools.book)
