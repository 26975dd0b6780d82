"""`python -m tests.benchmarks.foreign`: how many rows and declarations a second are taken in from a published register, and again where all is on record."""

import asyncio
import cProfile
import json
import pstats
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from app.access.caller import CONSOLE
from app.imports.carrying import carry_out
from app.imports.conventions import MappingIn
from app.imports.receiving import enter, received
from app.imports.schemas import ImportKind
from app.imports.service import Asked, Imports
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.ledger.unit_of_work import reading, work
from app.people.schemas import UnitIn, UnitKind
from app.people.units import Units
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from tests.imports.foreign import AUSTRALIA, DEPARTMENTS, Official, officials, register
from tests.imports.importing import people, person

from .__main__ import _databases

console = Console(width=150)


def run(
    rows: Annotated[int, typer.Option(help="Rows of the register.")] = 8_000,
    declarants: Annotated[int, typer.Option(help="Officials whose gifts it holds.")] = 150,
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    profile: Annotated[Path | None, typer.Option(help="Where to write what the first import spends its time on.")] = None,
) -> None:
    """Measure; prints a Markdown table."""
    configure_logs("WARNING")
    table = Table(
        "store", "what", "rows", "declarations filed", "seconds", "rows a second", "filed a second", "processor ms a row", box=box.MARKDOWN
    )
    for kind in store or ["postgresql", "sqlite"]:
        with _databases(kind, None) as fresh:
            url = fresh()
            upgrade(url)
            asyncio.run(_measure(url, kind, rows, officials(declarants), table, profile))
    console.print(table)


async def _measure(url: str, kind: str, rows: int, of: list[Official], table: Table, profile: Path | None) -> None:
    database, book = Database(url), Book(CHAPTERS)
    async with work(database, CONSOLE.actor) as unit:
        for name in DEPARTMENTS:
            await Units(unit, CONSOLE).add(unit, UnitIn(name=name, kind=UnitKind.GOVERNMENT))
    await _taken_in(database, book, "people", people(*(person(one.number, one.department, 姓名=one.name) for one in of)), None)
    made = register(AUSTRALIA, of, rows, seed=1)
    for what in ("a dry run", "first", "again, all on record"):
        profiler = cProfile.Profile() if profile and what == "first" else None
        started, spent = time.perf_counter(), time.process_time()
        if profiler:
            profiler.enable()
        done = await _taken_in(database, book, "gift", made.text("utf-8"), made.mapping, dry_run=what == "a dry run")
        seconds, spent = time.perf_counter() - started, time.process_time() - spent
        if profiler and profile:
            profiler.disable()
            profiler.dump_stats(profile)
            pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
        filed = done["created"] if not done["dry_run"] else 0
        table.add_row(
            kind,
            what,
            f"{rows:,}",
            f"{filed:,}",
            f"{seconds:.1f}",
            f"{rows / seconds:,.0f}",
            f"{filed / seconds:,.0f}",
            f"{1000 * spent / rows:.2f}",
        )
    await database.close()


async def _taken_in(
    database: Database, book: Book, of: str, content: bytes, mapping: dict[str, Any] | None, *, dry_run: bool = False
) -> Any:
    said = None if mapping is None else MappingIn.model_validate_json(json.dumps(mapping))
    file = await received(_whole(content))
    with file.file:
        import_id: UUID = await enter(database, CONSOLE, Asked(ImportKind(of), dry_run, None, None, said), file)
    async with work(database, CONSOLE.actor) as unit:
        await Imports(unit, CONSOLE).ask(unit, import_id, timedelta(days=1))
    await carry_out(database, book, import_id)
    async with reading(database) as view:
        return await Imports(view, CONSOLE).get(import_id)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


if __name__ == "__main__":
    typer.run(run)
