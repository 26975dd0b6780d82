"""`python -m tests.benchmarks.exporting`: how fast exports are made, and in how much memory, beside the bare register.

Each format is made in a process of its own, whose most memory the operating system tells. Then a page of the register as it stood.
"""

import asyncio
import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from app.access.caller import Caller, Scope
from app.exports.making import ExportMaker
from app.exports.models import export
from app.exports.schemas import DeclarationsExportIn, ExportFormat
from app.exports.service import Exports, Limits
from app.kit import clock
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.kit.pages import Page
from app.ledger.unit_of_work import reading, work
from app.reports.filters import Conduct, Filters, Suspicion
from app.reports.service import Reports
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS

from .__main__ import _databases
from .register import fill

console = Console(width=150)
COMMISSION = Caller("benchmark", frozenset({Scope.DECLARATIONS_READ}), person=None, roots=None)


def run(
    declarations: Annotated[int, typer.Option(help="Size of the register.")] = 100_000,
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    url: Annotated[str | None, typer.Option(hidden=True)] = None,
    format_: Annotated[ExportFormat | None, typer.Option("--format", hidden=True)] = None,
) -> None:
    """Measure; prints a Markdown table for each database."""
    configure_logs("WARNING")
    if url and format_:
        print(json.dumps(asyncio.run(_made(url, format_))))
        return
    for kind in store or ["postgresql", "sqlite"]:
        with _databases(kind, None) as fresh:
            place = fresh()
            upgrade(place)
            asyncio.run(fill(place, declarations))
            _tell(kind, place, declarations)


def _tell(kind: str, url: str, declarations: int) -> None:
    table = Table("format", "seconds", "rows a second", "file MB", "most memory MB", "before MB", title=kind, box=box.MARKDOWN)
    for format_ in ExportFormat:
        command = [sys.executable, "-m", "tests.benchmarks.exporting", "--url", url, "--format", format_]
        seen: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        rate = f"{seen['rows'] / seen['seconds']:,.0f}"
        table.add_row(format_, f"{seen['seconds']:.1f}", rate, *(f"{seen[name]:.0f}" for name in ("megabytes", "most", "before")))
    console.print(table)
    console.print(f"{declarations:,} declarations, a page of 50 as it stood: " + asyncio.run(_past(url)))


async def _made(url: str, format_: ExportFormat) -> dict[str, Any]:
    """What making one export took."""
    database = Database(url)
    try:
        maker = ExportMaker(database, Book(CHAPTERS))
        async with work(database, COMMISSION.actor) as unit:
            body = DeclarationsExportIn(of="declarations", format=format_)
            asked = await Exports(unit, COMMISSION).ask(unit, body, Limits(10_000_000, 24), english=False)
        before, begun = _most_memory(), time.perf_counter()
        await maker.work_off()
        seconds = time.perf_counter() - begun
        async with reading(database) as view:
            row = (await view.connection.execute(export.select().where(export.c.id == asked["id"]))).mappings().one()
        megabytes = row["bytes"] / 1e6
        return {"seconds": seconds, "rows": row["rows"], "megabytes": megabytes, "most": _most_memory(), "before": before}
    finally:
        await database.close()


def _most_memory() -> float:
    """Megabytes, of this process alone: `getrusage` would answer those of the parent too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def _past(url: str) -> str:
    """Pages of the register as it stood, and its count, at three instants."""
    database, told = Database(url), []
    try:
        async with reading(database) as view:
            reports = Reports(view, COMMISSION)
            for years in (0, 5, 9):
                filters = Filters(conduct=Conduct(), suspicion=Suspicion(), as_at=clock.now() - timedelta(days=365 * years))
                await reports.declarations(filters, Page(50, None, count=False))
                begun = time.perf_counter()
                await reports.declarations(filters, Page(50, None, count=False))
                paged = time.perf_counter()
                await reports.count(filters)
                told.append(f"{years} years ago {1000 * (paged - begun):.0f} ms, counted in {time.perf_counter() - paged:.2f} s")
    finally:
        await database.close()
    return "; ".join(told)


if __name__ == "__main__":
    typer.run(run)
