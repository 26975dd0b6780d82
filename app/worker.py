"""Background work: what time may have changed is judged again the day after, and what need not be kept is forgotten.

Each declaration is its own unit of work, so that a kill at any moment leaves nothing half done and the next round goes on.
"""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock, idempotency
from app.kit.database import Database
from app.kit.errors import Problem
from app.ledger.unit_of_work import reading, work
from app.rulebook.book import Book
from app.screening.comparing import Move, moves
from app.screening.service import Screening

ACTOR = "worker"
ROUND_SECONDS = 600.0
"""How often the work is looked for: deadlines run by days, so minutes are soon enough."""

_BATCH = 200

log = logging.getLogger("qinqing.worker")


async def run_for_ever(database: Database, book: Book, stopping: asyncio.Event | None = None) -> None:
    """One round after the other, until `stopping` is set; a round that fails is logged and tried again."""
    stopping = stopping or asyncio.Event()
    while not stopping.is_set():
        try:
            await run_once(database, book)
        except Exception:  # the worker outlives a database that is away for a while
            log.exception("round failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), ROUND_SECONDS)


async def run_once(database: Database, book: Book) -> int:
    """Do all that is due; how many declarations came out differently."""
    async with work(database, ACTOR) as unit:
        await idempotency.forget_old(unit.connection)
    return await _judge_each(database, book, declaration.c.due_on < clock.today())


async def rescreen(database: Database, book: Book, since: date | None = None) -> int:
    """Judge what is filed anew, as after a change of the law; how many declarations came out differently.

    With `since`, only conduct that lasted to that day or beyond.
    """
    return await _judge_each(database, book, _lasting(since))


async def compare(database: Database, book: Book, since: date | None = None) -> tuple[int, Counter[Move]]:
    """What `rescreen` would change, with nothing written: (how many declarations, how often each finding would move)."""
    declarations, moved, after = 0, Counter[Move](), None
    while batch := await _filed(database, _lasting(since), after):
        async with reading(database) as view:
            for declaration_id in batch:
                found = await moves(view, book, declaration_id)
                declarations += bool(found)
                moved += found
        after = batch[-1]
    return declarations, moved


def _lasting(since: date | None) -> ColumnElement[bool]:
    if since is None:
        return true()
    return or_(declaration.c.occurred_until.is_(None), declaration.c.occurred_until >= since)


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
