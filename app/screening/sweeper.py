"""Carrying out sweeps, in as many processes as there are to be, and the sweeps that an operator asks for."""

import asyncio
import gc
import multiprocessing
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.kit.database import Database
from app.kit.logs import configure_logs
from app.ledger.unit_of_work import WORKER, Reading, reading, work
from app.people.models import person
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS

from . import passes
from .passes import Move
from .sweeping import AT_ONCE_DECLARATIONS, Progress, Purpose, Sweeps, do_next, open_declarations, work_through

_BATCH = 200


Ask = Callable[[], Awaitable[tuple[int, int]]]
"""How far something has come: how much is done, of how much."""


async def _unwatched(work: Awaitable[None], ask: Ask) -> None:
    del ask
    await work


async def rescreen(
    database: Database,
    book: Book,
    since: date | None = None,
    *,
    processes: int = 1,
    watch: Callable[[Awaitable[None], Ask], Awaitable[None]] = _unwatched,
) -> int:
    """Judge what is filed anew, as after a change of the law; how many declarations came out differently.

    With `since`, only conduct that lasted to that day or beyond, and what may sum over it. `watch` does the work, and may ask meanwhile how far it is.
    """
    async with work(database, WORKER) as unit:
        sweep_id = await Sweeps(unit).plan(unit, book, Purpose.RESCREENING, since=since)

    async def progress() -> Progress:
        async with reading(database) as view:
            return await Sweeps(view).progress(sweep_id)

    async def ask() -> tuple[int, int]:
        so_far = await progress()
        return so_far.done, so_far.declarations

    await watch(Sweeper(database, book, processes).work_off(sweep_id), ask)
    return (await progress()).changed


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


class Sweeper:
    """Does sweeps: in this process where there is little to judge or the database is embedded, else in processes of their own."""

    def __init__(self, database: Database, book: Book, processes: int) -> None:
        self.database = database
        self.book = book
        self.processes = 1 if database.embedded else processes

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
