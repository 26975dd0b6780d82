"""`python -m tests.benchmarks.importing`: how fast files are taken in, and in how much memory, beside the bare register.

Each import is carried out in a process of its own, whose most memory the operating system tells: persons who are new, the same file again, and a dry run.
"""

import asyncio
import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from app.access.caller import CONSOLE
from app.imports.carrying import carry_out
from app.imports.receiving import enter, received
from app.imports.schemas import ImportKind
from app.imports.service import Asked, Imports
from app.kit import clock
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.memory import keep_loaded
from app.kit.migrations import upgrade
from app.ledger.unit_of_work import reading, work
from app.people.many_units import plan_units, write_units
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS

from .__main__ import _databases
from .exporting import _most_memory

console = Console(width=150)

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉建国志文海"
_UNITS = 500


def people(rows: int, wide: int = 0) -> Iterator[bytes]:
    """A file of so many persons, a part at a time; `wide` adds characters to each row, in a column that nobody knows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["工号", "姓名", "单位", "职务", "政治面貌", "人员类别", "职级", "是否领导干部", "出生日期", "备注"])
    for number in range(rows):
        name = _SURNAMES[number % 30] + _GIVEN[number // 30 % 30] + _GIVEN[number // 900 % 30]
        born = f"{1960 + number % 40}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        writer.writerow([f"E{number:07d}", name, f"U{number % _UNITS}", "科员", "中共党员", "公务员", "正科", "否", born, "备" * wide])
        if text.tell() > 1_000_000:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def run(
    rows: Annotated[int, typer.Option(help="Persons in the file.")] = 100_000,
    wide: Annotated[int, typer.Option(help="Characters beside, in each row.")] = 0,
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    url: Annotated[str | None, typer.Option(hidden=True)] = None,
    dry: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Measure; prints a Markdown table for each database."""
    configure_logs("WARNING")
    if url:
        print(json.dumps(asyncio.run(_taken_in(url, rows, wide, dry=dry))))
        return
    for kind in store or ["postgresql", "sqlite"]:
        with _databases(kind, None) as fresh:
            place = fresh()
            upgrade(place)
            asyncio.run(_units(place))
            _tell(kind, place, rows, wide)


def _tell(kind: str, url: str, rows: int, wide: int) -> None:
    table = Table(
        "import", "seconds", "rows a second", "processor µs a row", "file MB", "most memory MB", "before MB", title=kind, box=box.MARKDOWN
    )
    for what, more in (("dry run", ["--dry"]), ("new persons", []), ("the same again", [])):
        command = [sys.executable, "-m", "tests.benchmarks.importing", "--url", url, "--rows", str(rows), "--wide", str(wide), *more]
        seen: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
        table.add_row(
            what,
            f"{seen['seconds']:.1f}",
            f"{rows / seen['seconds']:,.0f}",
            f"{1e6 * seen['processor'] / rows:.0f}",
            *(f"{seen[name]:.0f}" for name in ("megabytes", "most", "before")),
        )
    console.print(table)


async def _units(url: str) -> None:
    database = Database(url, pool_size=2)
    try:
        async with work(database, CONSOLE.actor) as unit:
            stated = [{"code": f"U{number}", "name": f"某市第{number}局", "kind": "government"} for number in range(_UNITS)]
            await write_units(unit, await plan_units(unit, CONSOLE, stated))
    finally:
        await database.close()


async def _taken_in(url: str, rows: int, wide: int, *, dry: bool) -> dict[str, Any]:
    """What taking in one file took."""
    database = Database(url)

    async def body() -> Any:
        for part in people(rows, wide):
            yield part

    try:
        book = Book(CHAPTERS)
        keep_loaded()
        file = await received(body())
        import_id = await enter(database, CONSOLE, Asked(ImportKind.PEOPLE, dry, None, None), file)
        file.file.close()
        async with work(database, CONSOLE.actor) as unit:
            await Imports(unit, CONSOLE).ask(unit, import_id, clock.now() - clock.now())
        before, begun, spent = _most_memory(), time.perf_counter(), time.process_time()
        await carry_out(database, book, import_id)
        seconds, processor = time.perf_counter() - begun, time.process_time() - spent
        row = await _row(database, import_id)
        assert row["state"] == "completed"
        assert row["failed"] == 0
        return {"seconds": seconds, "processor": processor, "megabytes": file.size / 1e6, "most": _most_memory(), "before": before}
    finally:
        await database.close()


async def _row(database: Database, import_id: UUID) -> Any:
    async with reading(database) as view:
        return await Imports(view, CONSOLE).get(import_id)


if __name__ == "__main__":
    typer.run(run)
