"""Background work: what time may have changed is judged again the day after, what was found is reviewed, what need not be kept is forgotten.

Each declaration is its own unit of work, so that a kill at any moment leaves nothing half done and the next round goes on.
"""

import asyncio
import gc
import logging
import multiprocessing
import time
from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from app.access import disclosure
from app.counterparties.models import counterparty_name
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.exports.making import ExportMaker
from app.kit import clock, idempotency
from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.logs import configure_logs
from app.kit.rounds import repeat
from app.kit.searching import read_unread
from app.ledger.notes import SigningKey
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import Reading, reading, work
from app.people.models import person
from app.reviews.opening import take_up_waiting
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.screening import passes
from app.screening.passes import Move
from app.screening.service import Screening
from app.screening.sweeping import ACTOR, AT_ONCE_DECLARATIONS, Purpose, Sweeps, do_next, open_declarations, work_through
from app.webhooks.deliverer import Deliverer, Policy

ROUND_SECONDS = 600.0
"""How often what is due is looked for: deadlines run by days, so minutes are soon enough."""

SWEEPS_SECONDS = 5.0
"""How often sweeps are looked for that nobody does, and findings that no review has taken up."""

_BATCH = 200

log = logging.getLogger("qinqing.worker")


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
    """Rounds and sweeps, and beside them the sealer, exports and webhooks, which must not wait for a long round, until `stopping` is set."""
    stopping, sealer = stopping or asyncio.Event(), Sealer(database, key)
    making, rounds = ExportMaker(database, book).run(stopping), _rounds(database, book, stopping, processes, access_days)
    delivering = Deliverer(database, webhooks or Policy()).run(stopping)
    await asyncio.gather(sealer.run(stopping), making, delivering, rounds)


async def _rounds(database: Database, book: Book, stopping: asyncio.Event, processes: int, access_days: int) -> None:
    """One round after the other, and sweeps as they come; what fails is logged and tried again."""
    sweeper, next_round = Sweeper(database, book, processes), 0.0

    async def one() -> None:
        nonlocal next_round
        await sweeper.work_off()
        await take_up_waiting(database)
        if time.monotonic() >= next_round:
            await run_once(database, book, access_days)
            next_round = time.monotonic() + ROUND_SECONDS

    await repeat(one, stopping, SWEEPS_SECONDS, log, "round failed")


async def run_once(database: Database, book: Book, access_days: int = disclosure.KEPT_DAYS) -> int:
    """Do all that is due; how many declarations came out differently."""
    async with work(database, ACTOR) as unit:
        await idempotency.forget_old(unit.connection)
        await disclosure.forget_old(unit, access_days)
        await read_unread(unit.connection, person.c.name, counterparty_name.c.name_key)
    judged = await _judge_each(database, book, declaration.c.due_on < clock.today())
    await take_up_waiting(database)
    return judged


async def rescreen(database: Database, book: Book, since: date | None = None, *, processes: int = 1) -> int:
    """Judge what is filed anew, as after a change of the law; how many declarations came out differently.

    With `since`, only conduct that lasted to that day or beyond, and what may sum over it.
    """
    async with work(database, ACTOR) as unit:
        sweeps = Sweeps(unit)
        sweep_id = await sweeps.plan(unit, book, Purpose.RESCREENING, since=since)
    await Sweeper(database, book, processes).work_off(sweep_id)
    async with reading(database) as view:
        progress = await Sweeps(view).progress(sweep_id)
    return sum(part["changed"] for part in progress.results)


async def compare(database: Database, book: Book, since: date | None = None) -> tuple[int, Counter[Move]]:
    """What `rescreen` would change, with nothing written: (how many declarations, how often each finding would move)."""
    declarations, moved, after = 0, Counter[Move](), UUID(int=0)
    async with reading(database) as view:
        while batch := await _persons(view, after):
            found = await passes.compare(view, book, passes.Persons(who=person.c.id.in_(batch), since=since))
            declarations, after = declarations + found[0], batch[-1]
            moved += found[1]
    return declarations, moved


async def _persons(view: Reading, after: UUID) -> list[UUID]:
    asked = select(person.c.id).where(person.c.id > after).order_by(person.c.id).limit(_BATCH)
    return list((await view.connection.scalars(asked)).all())


async def _judge_each(database: Database, book: Book, which: ColumnElement[bool]) -> int:
    judged, after = 0, None
    while batch := await _filed(database, which, after):
        for declaration_id in batch:
            judged += await _judge_again(database, book, declaration_id)
        after = batch[-1]
    return judged


async def _filed(database: Database, which: ColumnElement[bool], after: UUID | None) -> list[UUID]:
    """Filed declarations, a batch at a time by id."""
    asked = select(declaration.c.id).where(which, declaration.c.status == Status.SUBMITTED)
    if after is not None:
        asked = asked.where(declaration.c.id > after)
    async with reading(database) as view:
        return list((await view.connection.scalars(asked.order_by(declaration.c.id).limit(_BATCH))).all())


async def _judge_again(database: Database, book: Book, declaration_id: UUID) -> int:
    """Judge one anew with those that sum over it; one that cannot be judged does not keep the others waiting."""
    try:
        async with work(database, ACTOR) as unit:
            return await Screening(unit, book).screen_due(declaration_id)
    except Problem as problem:
        log.info("left to the next round", extra={"code": problem.code})
    except Exception:
        log.exception("not judged", extra={"declaration": str(declaration_id)})
    return 0


class Sweeper:
    """Does sweeps beside what else a process does: here where there is little to judge or the database is embedded, else in processes of their own."""

    def __init__(self, database: Database, book: Book, processes: int) -> None:
        self.database = database
        self.book = book
        self.processes = 1 if database.embedded else processes
        self._begun = set[asyncio.Task[None]]()

    async def start(self, sweep_id: UUID) -> None:
        """Start on a sweep without waiting for it; what this process does not finish, a worker does."""
        task = asyncio.create_task(self._carried_out(sweep_id))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    async def settle(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._begun)

    async def close(self) -> None:
        """Leave what is under way; its parts are open again."""
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)

    async def _carried_out(self, sweep_id: UUID) -> None:
        try:
            await self.work_off(sweep_id)
        except Exception:
            log.exception("sweep failed", extra={"sweep": str(sweep_id)})

    async def work_off(self, sweep_id: UUID | None = None) -> None:
        """Do the open parts of one sweep, or of all."""
        async with reading(self.database) as view:
            waiting = await open_declarations(view, sweep_id)
        if self.processes > 1 and waiting > AT_ONCE_DECLARATIONS:
            await self._in_processes(sweep_id)
        else:
            await work_through(self.database, self.book, sweep_id)

    async def _in_processes(self, sweep_id: UUID | None) -> None:
        """Each takes parts until none is left; they end with this one, or when this one is told to stop."""
        url, start = self.database.url.render_as_string(hide_password=False), multiprocessing.get_context("spawn")
        workers = [start.Process(target=_work_through, args=(url, sweep_id), daemon=True) for _ in range(self.processes)]
        for one in workers:
            one.start()
        try:
            await asyncio.gather(*(asyncio.to_thread(one.join) for one in workers))
        finally:
            for one in workers:
                one.terminate()
            await asyncio.gather(*(asyncio.to_thread(one.join) for one in workers))


def _work_through(url: str, sweep_id: UUID | None) -> None:
    """What a process of its own does: garbage is collected once a part, as little of a part is garbage before its end."""
    gc.disable()
    configure_logs("INFO")
    asyncio.run(_on(url, sweep_id))


async def _on(url: str, sweep_id: UUID | None) -> None:
    database = Database(url, pool_size=1)
    try:
        book = Book(CHAPTERS)
        gc.freeze()
        while await do_next(database, book, sweep_id):
            gc.collect()
    finally:
        await database.close()
