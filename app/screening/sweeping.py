"""Sweeps: passes over many persons' declarations, in parts, each done in one transaction with what it changes.

A sweep needs no owner. Whoever has time takes the next part that nobody works on; who is killed leaves its part to the next; and how far
a sweep has come is how many of its parts are done.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, case, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.ids import new_id
from app.kit.tables import as_text
from app.ledger.unit_of_work import WORKER, Reading, Work, work
from app.people.models import person, unit_ancestor
from app.policies.local import NONE, published, standing_limits, values_of
from app.policies.models import limit_draft
from app.rulebook.book import Book
from app.rulebook.local import LocalLimits

from .impact import impact_on
from .models import sweep, sweep_part
from .passes import Persons, rescreen
from .service import Screening

PART_DECLARATIONS = 5_000
"""About how many declarations a part is to judge: a second of work, and some 40 MB."""

AT_ONCE_DECLARATIONS = 4_000
"""Up to so many are judged at once where they are asked for; more are worth processes of their own."""

SWEEP = "sweeps.carry-out"
"""The task that does open parts."""


class Purpose(StrEnum):
    """What a sweep is for."""

    RESCREENING = "rescreening"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep has come: of so many declarations when it was planned, in parts; what the parts came to."""

    sweep: RowMapping
    declarations: int
    done: int
    parts: int
    open: int
    finished_at: datetime | None
    results: list[dict[str, Any]]

    @property
    def running(self) -> bool:
        """Whether anything is still to be done."""
        return self.open > 0

    @property
    def changed(self) -> int:
        """How many declarations came out differently, of a re-screening."""
        return sum(part["changed"] for part in self.results)


class Sweeps:
    """Plans sweeps and tells how they stand."""

    def __init__(self, view: Reading) -> None:
        self.connection = view.connection

    async def plan(self, work: Work, book: Book, purpose: Purpose, draft: RowMapping | None = None, since: date | None = None) -> UUID:
        """Enter a sweep over the unit of a draft and all below it, or over the whole register; nothing is judged yet."""
        since = since or (_first_day(draft) if draft else None)
        row = {
            "id": new_id(),
            "purpose": purpose,
            "draft_id": draft and draft["id"],
            "since": since,
            "judged_on": clock.today(),
            "rulebook_version": book.version_with(await standing_limits(self.connection)),
            "created_at": clock.now(),
            "created_by": work.actor,
        }
        await self.connection.execute(insert(sweep).values(row))
        scope = in_scope(draft["unit_id"] if draft else None)
        parts = [{"sweep_id": row["id"], "number": number, **part} async for number, part in _parts(self.connection, scope, since)]
        await self.connection.execute(insert(sweep_part), parts)
        defer_once(work, SWEEP)
        return row["id"]  # type: ignore[return-value]  # the id of the row above

    async def newest(self, purpose: Purpose, draft_id: UUID) -> Progress | None:
        """The newest sweep of a draft, if there is one."""
        asked = select(sweep.c.id).where(sweep.c.purpose == purpose, sweep.c.draft_id == draft_id).order_by(sweep.c.id.desc()).limit(1)
        sweep_id = await self.connection.scalar(asked)
        return await self.progress(sweep_id) if sweep_id else None

    async def progress(self, sweep_id: UUID) -> Progress:
        """How far it has come."""
        row = (await self.connection.execute(select(sweep).where(sweep.c.id == sweep_id))).mappings().one()
        asked = select(sweep_part).where(sweep_part.c.sweep_id == row["id"]).order_by(sweep_part.c.number)
        parts = (await self.connection.execute(asked)).mappings().all()
        done = [part for part in parts if part["done_at"]]
        return Progress(
            sweep=row,
            declarations=sum(part["declarations"] for part in parts),
            done=sum(part["declarations"] for part in done),
            parts=len(parts),
            open=len(parts) - len(done),
            finished_at=max((part["done_at"] for part in done), default=None) if len(done) == len(parts) else None,
            results=[part["result"] for part in done],
        )


def in_scope(unit: UUID | None) -> ColumnElement[bool]:
    """The persons whose declarations a unit's standards may touch: those in it or below, and whoever held earlier posts, perhaps there."""
    if unit is None:
        return true()
    below = select(unit_ancestor.c.unit_id).where(unit_ancestor.c.ancestor_id == unit)
    return or_(person.c.unit_id.in_(below), as_text(person.c.posts) != "[]")


def _first_day(draft: RowMapping) -> date:
    return min(date.fromisoformat(value["since"]) for value in draft["values"])


async def _parts(connection: AsyncConnection, scope: ColumnElement[bool], since: date | None) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The parts of about as many declarations each; together they cover every id, so that who joins in the meantime is in one of them."""
    number, after, counted = 0, UUID(int=0), 0
    asked = select(declaration.c.declarant_id, func.count()).join_from(declaration, person, person.c.id == declaration.c.declarant_id)
    asked = asked.where(scope, declaration.c.status == Status.SUBMITTED).group_by(declaration.c.declarant_id)
    if since is not None:
        lasting = or_(declaration.c.occurred_until.is_(None), declaration.c.occurred_until >= since)
        asked = asked.having(func.count(case((lasting, 1))) > 0)
    async for declarant, declarations in await connection.stream(asked.order_by(declaration.c.declarant_id)):
        counted += declarations
        if counted >= PART_DECLARATIONS:
            yield number, {"after_id": after, "until_id": declarant, "declarations": counted}
            number, after, counted = number + 1, declarant, 0
    yield number, {"after_id": after, "until_id": UUID(int=2**128 - 1), "declarations": counted}


async def do_at_once(unit: Work, book: Book, sweep_id: UUID) -> None:
    """Do a small sweep within the unit of work that planned it."""
    for part in (await unit.connection.execute(_open_parts(sweep_id))).mappings().all():
        await do_part(unit, book, part)


async def open_declarations(view: Reading, sweep_id: UUID | None = None) -> int:
    """How many declarations wait in open parts of one sweep, or of all."""
    waiting = _open_parts(sweep_id).subquery()
    return await view.connection.scalar(select(func.coalesce(func.sum(waiting.c.declarations), 0))) or 0


async def work_through(database: Database, book: Book, sweep_id: UUID | None = None) -> int:
    """Do the parts that nobody works on, of one sweep or of all, one after the other; how many there were."""
    done = 0
    while await do_next(database, book, sweep_id):
        done += 1
    return done


async def do_next(database: Database, book: Book, sweep_id: UUID | None = None) -> bool:
    """Do one part that nobody works on; False when there is none."""
    async with work(database, WORKER) as unit:
        row = (await unit.connection.execute(claimed(_open_parts(sweep_id).limit(1), of=sweep_part))).mappings().first()
        if row is None:
            return False
        await do_part(unit, book, row)
        return True


def _open_parts(sweep_id: UUID | None) -> Select[Any]:
    columns = (sweep.c[name] for name in ("purpose", "since", "judged_on", "rulebook_version"))
    asked = select(sweep_part, *columns, limit_draft.c.unit_id, limit_draft.c["values"]).join_from(sweep_part, sweep)
    asked = asked.join(limit_draft, limit_draft.c.id == sweep.c.draft_id, isouter=True).where(sweep_part.c.done_at.is_(None))
    ours = true() if sweep_id is None else sweep_part.c.sweep_id == sweep_id
    return asked.where(ours).order_by(sweep_part.c.sweep_id, sweep_part.c.number)


async def _standing_then(connection: AsyncConnection, book: Book, version: str) -> LocalLimits:
    """The local standards under which a sweep was planned: one that is published in the meantime has a sweep of its own."""
    standing = await standing_limits(connection)
    if book.version_with(standing) == version:
        return standing
    editions = (await published(connection)).values()
    return next((edition for edition in editions if book.version_with(edition) == version), NONE)


async def do_part(unit: Work, book: Book, part: RowMapping) -> None:
    """Judge the persons of a part and keep what it came to."""
    within = and_(person.c.id > part["after_id"], person.c.id <= part["until_id"], in_scope(part["unit_id"]))
    persons = Persons(who=within, since=part["since"])
    if part["purpose"] == Purpose.RESCREENING:
        result: dict[str, Any] = await rescreen(Screening(unit, book), persons)
    else:
        standing = await _standing_then(unit.connection, book, part["rulebook_version"])
        drafted = standing.with_draft(values_of(part["unit_id"], part["values"]))
        result = (await impact_on(unit, book, persons, part["judged_on"], drafted)).as_document()
    this = and_(sweep_part.c.sweep_id == part["sweep_id"], sweep_part.c.number == part["number"])
    await unit.connection.execute(update(sweep_part).where(this).values(done_at=clock.now(), result=result))
