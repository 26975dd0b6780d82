"""`python -m tests.benchmarks.rejudging`: how fast history is judged anew, and the impact of a draft reckoned, against the bare reading of the rows.

One pass in this process tells rows, facts, rules and writes apart; then whole sweeps run in processes as the service runs them: a first one
that finds much to record (the register is filled with copies, whose findings name other days), one that finds nothing, and an impact.
"""

import asyncio
import gc
import time
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

import asyncpg
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import RowMapping
from sqlalchemy.dialects import postgresql as dialect

from app.access.caller import CONSOLE
from app.kit import clock
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.ledger.unit_of_work import Work, reading, work
from app.people.models import person
from app.policies.drafting import LimitDraftIn
from app.policies.drafts import LimitDrafts
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.local import LocalLimits
from app.screening import dossiers, passes
from app.screening.impact import Impact
from app.screening.judging import Screened
from app.screening.service import Screening, change_of
from app.screening.sweeper import Sweeper
from app.screening.sweeping import PART_DECLARATIONS, Progress, Purpose, Sweeps
from app.screening.together import judge_all

from .__main__ import _databases
from .numbering import PERSONS, record
from .register import fill

console = Console(width=150)


@dataclass(slots=True)
class Clock:
    """Seconds by what they were spent on."""

    spent: dict[str, float] = field(default_factory=dict)
    since: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """What went by since the last lap."""
        now = time.perf_counter()
        self.spent[name] = self.spent.get(name, 0) + now - self.since
        self.since = now


def run(
    declarations: Annotated[int, typer.Option(help="Size of the register.")] = 1_000_000,
    store: Annotated[str, typer.Option(help="postgresql or sqlite.")] = "postgresql",
    processes: Annotated[int, typer.Option(help="Processes of a sweep on PostgreSQL.")] = 2,
    apart: Annotated[int, typer.Option(help="Of how many declarations the parts of the work are told apart.")] = 20_000,
) -> None:
    """Measure; prints Markdown tables."""
    configure_logs("WARNING")
    with _databases(store, None) as fresh:
        url = fresh()
        upgrade(url)
        asyncio.run(fill(url, declarations))
        asyncio.run(_measure(url, declarations, processes, apart))


async def _measure(url: str, declarations: int, processes: int, apart: int) -> None:
    database, book = Database(url), Book(CHAPTERS)
    gc.freeze()
    gc.disable()  # as in the processes of a sweep
    table = Table("what", "declarations", "seconds", "us each", "recorded", box=box.MARKDOWN)
    floor = await _floor(url) if url.startswith("postgresql") else None
    if floor:
        table.add_row(
            "floor: reading the rows alone, one connection", f"{declarations:,}", f"{floor:.1f}", f"{1e6 * floor / declarations:.1f}", ""
        )
    spent, judged = await _apart(database, book, apart * PERSONS // declarations)
    for name, seconds in spent.items():
        table.add_row(f"one process: {name}", f"{judged:,}", f"{seconds:.2f}", f"{1e6 * seconds / judged:.1f}", "")
    for name in ("first pass, what differs recorded", "second pass, nothing differs"):
        seconds, progress = await _sweep(database, book, processes, Purpose.RESCREENING)
        changed = sum(part["changed"] for part in progress.results)
        table.add_row(
            f"{name}, {processes} processes", f"{declarations:,}", f"{seconds:.1f}", f"{1e6 * seconds / declarations:.1f}", f"{changed:,}"
        )
    seconds, progress = await _sweep(database, book, processes, Purpose.IMPACT)
    impact = Impact.merged(progress.results)
    told = f"impact of a draft, {processes} processes ({impact.touched:,} touched)"
    table.add_row(told, f"{impact.judged:,}", f"{seconds:.1f}", f"{1e6 * seconds / impact.judged:.1f}", "")
    await database.close()
    console.print(table)


async def _floor(url: str) -> float:
    """The statement that reads what is filed, whole, by a driver that does nothing else."""
    speaking = dialect.dialect()  # type: ignore[no-untyped-call]
    statement = str(dossiers._filed(person.c.id > UUID(int=0)).compile(dialect=speaking, compile_kwargs={"literal_binds": True}))
    connection = await asyncpg.connect(url)
    started = time.perf_counter()
    async with connection.transaction():
        async for _ in connection.cursor(statement, prefetch=PART_DECLARATIONS):
            pass
    await connection.close()
    return time.perf_counter() - started


async def _apart(database: Database, book: Book, persons: int) -> tuple[dict[str, float], int]:
    """One pass over some persons, step by step."""
    stopwatch, judged, today = Clock(), 0, clock.today()
    async with work(database, "benchmark") as unit:
        for first in range(0, persons, max(1, persons // 4)):
            who = person.c.id.between(record("person", first), record("person", first + persons // 4 - 1))
            stopwatch.lap("other")
            rows = (await unit.connection.execute(dossiers._filed(who))).mappings().all()
            stopwatch.lap("rows")
            found = await dossiers.read_dossiers(unit.connection, who, today, lock=True)
            stopwatch.lap("rows and other sides")
            for dossier in found:
                for row in dossier.rows:
                    dossier.archive.declared(book, row, dossier.declarant.grants)
            stopwatch.lap("facts")
            told = await judge_all(book, found, lambda dossier: passes.Views(book, dossier, today, LocalLimits()))
            moved = [now for now in told.told if now]
            judged += len(rows)
            stopwatch.lap("facts, rules and comparing")
            await _keep(unit, book, moved)
            stopwatch.lap("writes")
            gc.collect()
    spent = stopwatch.spent
    apart = {
        "rows": spent["rows"],
        "other sides, persons, locks": spent["rows and other sides"] - spent["rows"],
        "facts": spent["facts"],
        "rules, findings and comparing": spent["facts, rules and comparing"] - spent["facts"],
        "writes": spent["writes"],
    }
    return apart, judged


async def _keep(unit: Work, book: Book, moved: list[tuple[RowMapping, Screened]]) -> None:
    kept = await passes._kept_findings(unit.connection, moved)
    changes = [change_of(dict(row), kept[row["screening_id"]], found) for row, found in moved]
    await Screening(unit, book).keep(changes)


async def _sweep(database: Database, book: Book, processes: int, purpose: Purpose) -> tuple[float, Progress]:
    """A whole sweep as the service does it, the start of its processes included."""
    async with work(database, "benchmark") as unit:
        draft = None
        if purpose is Purpose.IMPACT:
            value = {"limit": "gift.repeated", "since": "2016-01-01", "value": "1", "instrument": "某市办法", "article": "第一条"}
            body = LimitDraftIn.model_validate({"unit": record("unit", 0), "values": [value]})
            draft = await LimitDrafts(unit, CONSOLE).add(unit, book, body)
    started = time.perf_counter()
    async with work(database, "benchmark") as unit:
        sweep_id = await Sweeps(unit).plan(unit, book, purpose, draft)
    await Sweeper(database, book, processes).work_off(sweep_id)
    seconds = time.perf_counter() - started
    async with reading(database) as view:
        return seconds, await Sweeps(view).progress(sweep_id)


if __name__ == "__main__":
    typer.run(run)
