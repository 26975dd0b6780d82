"""Judging again what time may have changed: each declaration is its own unit of work, so that a kill leaves nothing half done and the next round goes on."""

import logging
from uuid import UUID

from sqlalchemy import select

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem
from app.ledger.unit_of_work import WORKER, reading, work
from app.rulebook.book import Book

from .service import Screening

_BATCH = 200

log = logging.getLogger("qinqing.screening")


async def judge_due(database: Database, book: Book) -> int:
    """Judge anew whatever fell due before today; how many declarations came out differently."""
    judged, after = 0, None
    while batch := await _due(database, after):
        for declaration_id in batch:
            judged += await _judge_again(database, book, declaration_id)
        after = batch[-1]
    return judged


async def _due(database: Database, after: UUID | None) -> list[UUID]:
    """A batch at a time by id."""
    asked = select(declaration.c.id).where(declaration.c.due_on < clock.today(), declaration.c.status == Status.SUBMITTED)
    if after is not None:
        asked = asked.where(declaration.c.id > after)
    async with reading(database) as view:
        return list((await view.connection.scalars(asked.order_by(declaration.c.id).limit(_BATCH))).all())


async def _judge_again(database: Database, book: Book, declaration_id: UUID) -> int:
    """Judge one anew with those that sum over it; one that cannot be judged does not keep the others waiting."""
    try:
        async with work(database, WORKER) as unit:
            return await Screening(unit, book).screen_due(declaration_id)
    except Problem as problem:
        log.info("left to the next round", extra={"code": problem.code})
    except Exception:
        log.exception("not judged", extra={"declaration": str(declaration_id)})
    return 0
