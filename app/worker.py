"""Background work: what falls due is judged again the day after, and what need not be kept is forgotten.

Each declaration is its own unit of work, so that a kill at any moment leaves nothing half done and the next round goes on.
"""

import asyncio
import logging
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock, idempotency
from app.kit.database import Database
from app.kit.errors import Problem
from app.ledger.unit_of_work import reading, work
from app.rulebook.book import Book
from app.screening.service import Screening

ACTOR = "worker"
ROUND_SECONDS = 600.0
"""How often the work is looked for: deadlines run by days, so minutes are soon enough."""

_BATCH = 200

log = logging.getLogger("qinqing.worker")


async def run_for_ever(database: Database, book: Book) -> None:
    """One round after the other; a round that fails is logged and tried again."""
    while True:
        try:
            await run_once(database, book)
        except Exception as error:  # the worker outlives a database that is away for a while
            log.exception("round failed", extra={"error": type(error).__name__})
        await asyncio.sleep(ROUND_SECONDS)


async def run_once(database: Database, book: Book) -> int:
    """Do all that is due; how many declarations were judged again."""
    async with work(database, ACTOR) as unit:
        await idempotency.forget_old(unit.connection)
    judged, after = 0, None
    while due := await _overdue(database, clock.today(), after):
        for declaration_id in due:
            judged += await _judge_again(database, book, declaration_id)
        after = due[-1]
    return judged


async def _overdue(database: Database, today: date, after: UUID | None) -> list[UUID]:
    """Filed declarations with a remedy that was due before today, a batch at a time by id."""
    asked = select(declaration.c.id).where(declaration.c.due_on < today, declaration.c.status == Status.SUBMITTED)
    if after is not None:
        asked = asked.where(declaration.c.id > after)
    async with reading(database) as view:
        return list((await view.connection.scalars(asked.order_by(declaration.c.id).limit(_BATCH))).all())


async def _judge_again(database: Database, book: Book, declaration_id: UUID) -> bool:
    """Judge one anew; somebody who changes it at the same moment has it judged anyway."""
    try:
        async with work(database, ACTOR) as unit:
            return await Screening(unit, book).screen_again(declaration_id)
    except Problem as problem:
        log.info("left to the next round", extra={"code": problem.code})
        return False
