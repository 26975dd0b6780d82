"""`python -m tests.benchmarks.noticing`: notices over many officials, each with a report to make and some with a gift to hand over.

Times are those of the background work in this process, of what it costs to find nothing, and of single answers through the services, without HTTP.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import func, select, update

from app.access.caller import Caller, Scope
from app.kit import clock
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.kit.pages import Page
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import Work, reading, work
from app.notices import raising
from app.notices.models import notice, notice_progress
from app.notices.raising import NoticePolicy, Raising
from app.notices.service import NoticeFilter, Notices
from app.obligations.campaigns import Campaigns
from app.obligations.enrolling import enrol
from app.obligations.schemas import CampaignIn
from app.reports.tasks import Desk, tasks_of
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS

from . import register
from .__main__ import _databases
from .numbering import record
from .stores import open_store

console = Console(width=150)
_ROOT = Caller("benchmark", frozenset(Scope), None, None)


@asynccontextmanager
async def timed(what: str) -> AsyncIterator[None]:
    """Print how long it took."""
    start = time.perf_counter()
    yield
    console.print(f"| {what} | {time.perf_counter() - start:.3f} s |")


def run(
    persons: Annotated[int, typer.Option(help="How many persons.")] = 100_000,
    declarations: Annotated[int, typer.Option(help="How many declarations.")] = 100_000,
    store: Annotated[str, typer.Option(help="postgresql or sqlite.")] = "postgresql",
) -> None:
    """Measure; prints a Markdown table."""
    configure_logs("WARNING")
    register.__dict__["PERSONS"] = persons
    with _databases(store, None) as fresh:
        url = fresh()
        upgrade(url)
        asyncio.run(_measure(url, persons, declarations))


async def _measure(url: str, persons: int, declarations: int) -> None:
    await register.fill(url, declarations)
    database, book = Database(url), Book(CHAPTERS)
    console.print(f"| {persons:,} persons, {declarations:,} declarations, chunks of {raising.PERSONS} | |\n|---|---|")
    look = Raising(database, book, NoticePolicy())
    async with timed("the first pass, which tells of nothing that stood before"):
        await look.work_off()
    await _campaign(database)
    async with timed("the ledger is sealed"):
        await Sealer(database, None).seal()
    async with timed("a campaign over all: each is told of what is owed, after its line"):
        raised = await look.work_off()
    console.print(f"| notices | {raised:,} |")
    async with timed("looking again, when nothing has happened"):
        await look.work_off()
    today = clock.today
    clock.today = lambda: today() + timedelta(days=1)
    try:
        async with timed("a new day on which nobody's day comes near: the pass over all"):
            await look.work_off()
        clock.today = lambda: today() + timedelta(days=29)
        async with timed("the day before the last: the pass over all, each is told"):
            raised = await look.work_off()
        console.print(f"| notices | {raised:,} |")
        await _longest(database, look)
        await _answers(url, database, book)
    finally:
        clock.today = today
    await database.close()


async def _campaign(database: Database) -> None:
    """One over everybody, due in thirty days."""
    today = clock.today()
    body = CampaignIn(title="专项申报", kinds=["shareholding"], period_from=today, period_until=today, due_on=today + timedelta(days=30))
    async with work(database, "benchmark") as unit:
        opened: UUID = (await Campaigns(unit, _ROOT).open(unit, body))["id"]
    await enrol(database, opened)


async def _longest(database: Database, look: Raising) -> None:
    """How long a step that tells of nothing and one that tells everybody hold the database."""
    took = list[float]()
    kept = raising.tell

    async def measured(unit: Work, found: Sequence[raising.Found]) -> int:
        start = time.perf_counter()
        told = await kept(unit, found)
        took.append(time.perf_counter() - start)
        return told

    async with work(database, "benchmark") as unit:
        await unit.connection.execute(update(notice_progress).values(day=None))
    today = clock.today
    clock.today = lambda: today() + timedelta(days=3)
    raising.__dict__["tell"] = measured
    try:
        async with timed("the last day has passed: the pass over all, each is told"):
            await look.work_off()
    finally:
        raising.__dict__["tell"] = kept
        clock.today = today
    took.sort()
    console.print(f"| writing one chunk, median and longest | {took[len(took) // 2]:.3f} s, {took[-1]:.3f} s |")


async def _answers(url: str, database: Database, book: Book) -> None:
    """What officials wait for, with statistics as a register that runs has them."""
    store = await open_store(url)
    await store.settle()
    await store.close()
    person = record("person", 7)
    official = Caller("own", frozenset({Scope.DECLARATIONS_WRITE}), person, frozenset())
    async with reading(database) as view:
        for _ in range(2):
            start = time.perf_counter()
            for _ in range(20):
                await tasks_of(Desk(view, book, english=False), person)
            tasks = (time.perf_counter() - start) / 20
            start = time.perf_counter()
            for _ in range(20):
                await Notices(view, official).list(Page(50, None, count=False), NoticeFilter())
            listed = (time.perf_counter() - start) / 20
        there = await view.connection.scalar(select(func.count()).select_from(notice))
    console.print(f"| one's tasks | {1000 * tasks:.2f} ms |\n| one's notices, of {there:,} | {1000 * listed:.2f} ms |")


if __name__ == "__main__":
    typer.run(run)
