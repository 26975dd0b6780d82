"""`python -m tests.benchmarks.owing`: campaigns over many persons, events of all of them, last days, and lists and completion at ten campaigns.

Times are those of the background work in this process and of single statements' answers through the services, without HTTP.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import Uuid, bindparam, select, text

from app.access.caller import Caller, Scope
from app.jobs.tasks import Tools
from app.kit import clock
from app.kit.database import Database, locked
from app.kit.ids import new_id
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.kit.pages import Page, PlacedPage
from app.ledger.unit_of_work import reading, work
from app.obligations.campaigns import Campaigns
from app.obligations.completion import Completion
from app.obligations.enrolling import enrol
from app.obligations.following import follow
from app.obligations.models import campaign as campaigns
from app.obligations.models import obligation
from app.obligations.moving import in_batches
from app.obligations.nil_returns import NilReturns
from app.obligations.obligations import ObligationFilter, Obligations
from app.obligations.passing import Passing
from app.obligations.schemas import CampaignIn, NilReturnIn
from app.obligations.states import ObligationState
from app.people.models import person, personnel_event, unit_ancestor
from app.people.personnel import PersonnelEventType
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.screening import declarant
from app.worker import follow_personnel

from . import register
from .__main__ import _databases
from .numbering import UNITS, record, unit_of
from .stores import open_store

console = Console(width=150)
CAMPAIGNS = 10
_ROOT = Caller("benchmark", frozenset(Scope), None, None)


@asynccontextmanager
async def timed(what: str) -> AsyncIterator[None]:
    """Print how long it took."""
    start = time.perf_counter()
    yield
    console.print(f"| {what} | {time.perf_counter() - start:.3f} s |")


def run(
    persons: Annotated[int, typer.Option(help="How many persons.")] = 100_000,
    store: Annotated[str, typer.Option(help="postgresql or sqlite.")] = "postgresql",
) -> None:
    """Measure; prints a Markdown table."""
    configure_logs("WARNING")
    register.__dict__["PERSONS"] = persons
    with _databases(store, None) as fresh:
        url = fresh()
        upgrade(url)
        asyncio.run(_measure(url, persons))


async def _measure(url: str, persons: int) -> None:
    store = await open_store(url)
    await register._directory(store)
    await store.settle()
    database, book = Database(url), Book(CHAPTERS)
    console.print(f"| {persons:,} persons | |\n|---|---|")
    await _events(database, book, persons)
    campaign = await _campaign(database)
    await store.settle()
    async with timed("follow, when nothing has changed"):
        await follow(database)
    await _returns(database, campaign, persons)
    await _filing(database)
    await _last_day(database, book)
    await _copies(database, campaign)
    await store.settle()
    console.print(f"| then with {CAMPAIGNS * persons:,} obligations, nine campaigns of ten done | |")
    await _read(database, book, campaign)
    await database.close()
    await store.close()


async def _events(database: Database, book: Book, persons: int) -> None:
    """Everybody was put on record by an import; one in ten as a new leader."""
    post = {
        "unit_id": "",
        "position": None,
        "staff_class": "civil_servant",
        "rank": "section_chief",
        "is_leader": False,
        "party_member": True,
    }
    old, new = {**post, "post_from_on": "2012-05-01"}, {**post, "rank": "division_deputy", "post_from_on": clock.today().isoformat()}
    rows = [
        {
            "id": new_id(),
            "person_id": record("person", n),
            "type": PersonnelEventType.JOINED.value,
            "on": clock.today() if n % 10 == 0 else clock.today() - timedelta(days=5_000),
            "before": None,
            "after": old if n % 10 else new,
            "created_at": clock.now(),
        }
        for n in range(persons)
    ]
    async with work(database, "benchmark") as unit:
        await unit.connection.execute(personnel_event.insert(), rows)
    async with timed(f"follow {persons:,} events of joining, one in ten a new leader"):
        await follow_personnel(Tools(database, book), {})


async def _copies(database: Database, campaign: UUID) -> None:
    """Nine more campaigns, long done by everybody, as copies of the first."""
    columns = [one.name for one in obligation.c if one.name not in ("id", "cause", "campaign_id", "state")]
    new = "lower(hex(randomblob(16)))" if database.embedded else "gen_random_uuid()"
    for _ in range(CAMPAIGNS - 1):
        async with work(database, "benchmark") as unit:
            row = (await unit.connection.execute(select(campaigns).where(campaigns.c.id == campaign))).mappings().one()
            other = {**row, "id": new_id()}
            await unit.connection.execute(campaigns.insert(), other)
            named = ", ".join(columns)
            copied = text(
                f"INSERT INTO obligation (id, cause, campaign_id, state, {named})"  # noqa: S608  # own names
                f" SELECT {new}, :cause, :other, 'met', {named} FROM obligation WHERE campaign_id = :campaign"
            ).bindparams(bindparam("other", type_=Uuid), bindparam("campaign", type_=Uuid))
            values = {"cause": f"campaign:{other['id'].hex}", "other": other["id"], "campaign": campaign}
            await unit.connection.execute(copied, values)


async def _filing(database: Database) -> None:
    """What it costs a filing to know whether anything is owed, in the statement that reads and holds the declarant anyway."""
    for name, statement in (("with", declarant._LOCKED), ("without", _without_owing())):
        start = time.perf_counter()
        async with work(database, "benchmark") as unit:
            for n in range(2_000):
                await unit.connection.execute(statement, {"person": record("person", n)})
        console.print(f"| the declarant read, {name} what is owed | {(time.perf_counter() - start) / 2_000 * 1_000:.3f} ms |")


def _without_owing() -> Any:
    asked = declarant.PERSONS.add_columns(unit_ancestor.c.ancestor_id).join(unit_ancestor, unit_ancestor.c.unit_id == person.c.unit_id)
    return locked(asked.where(person.c.id == bindparam("person")).order_by(unit_ancestor.c.distance), of=person)


async def _campaign(database: Database) -> UUID:
    """One over everybody."""
    today = clock.today()
    body = CampaignIn(title="专项申报", kinds=["shareholding"], period_from=today, period_until=today, due_on=today)
    start = time.perf_counter()
    async with work(database, "benchmark") as unit:
        opened = await Campaigns(unit, _ROOT).open(unit, body)
    answered = time.perf_counter() - start
    entered = await enrol(database, opened["id"])
    console.print(f"| a campaign is answered | {answered:.3f} s |")
    console.print(f"| {entered:,} more persons are entered | {time.perf_counter() - start - answered:.3f} s |")
    campaign_id: UUID = opened["id"]
    return campaign_id


async def _returns(database: Database, campaign: UUID, persons: int) -> None:
    """Some file nil returns, one by one."""
    some = range(0, persons, max(persons // 500, 1))
    async with timed(f"{len(some)} nil returns, each a transaction"):
        for n in some:
            async with work(database, "benchmark") as unit:
                await NilReturns(unit, _ROOT).file(unit, NilReturnIn(person=record("person", n), campaign=campaign, kinds=["shareholding"]))


async def _read(database: Database, book: Book, campaign: UUID) -> None:
    """What callers wait for."""
    bureau = record("unit", 150)
    callers = {
        "whole register": _ROOT,
        "one of 200 units": Caller("hr", frozenset({Scope.PEOPLE_READ}), None, frozenset({bureau})),
        "official": Caller("own", frozenset({Scope.DECLARATIONS_WRITE}), record("person", 7), frozenset({record("unit", unit_of(7))})),
    }
    page = Page(50, None, count=False)
    asked: dict[str, dict[str, Any]] = {
        "all": {},
        "unit": {"unit": bureau},
        "person": {"person": record("person", 7)},
        "overdue": {"state": ObligationState.OVERDUE},
        "met": {"state": ObligationState.MET, "campaign": campaign},
        "due soon": {"due_until": clock.today()},
    }
    for name, caller in callers.items():
        for what, filters in asked.items():
            async with reading(database) as view:
                obligations = Obligations(view, book, caller, english=False)
                await obligations.list(page, ObligationFilter(**filters))
                async with timed(f"list {what}, {name}"):
                    await obligations.told((await obligations.list(page, ObligationFilter(**filters)))[:50])
        async with reading(database) as view, timed(f"completion, {name}"):
            await Completion(view, caller).page(campaign, PlacedPage(50, None, count=False))
    assert UNITS


async def _last_day(database: Database, book: Book) -> None:
    """The first campaign falls due."""
    today = clock.today
    clock.today = lambda: today() + timedelta(days=1)
    try:
        async with timed("the last day of one campaign has passed for all"):
            await in_batches(database, Passing(book).overdue)
    finally:
        clock.today = today


if __name__ == "__main__":
    typer.run(run)
