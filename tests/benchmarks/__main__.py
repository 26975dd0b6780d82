"""`python -m tests.benchmarks`: fills registers, starts the service, loads it, and sets the figures against the database's floor."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from app.kit import clock
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from tests.postgresql import postgresql

from .floor import bare_loop, pgbench, recorded
from .load import Plan
from .register import fill, own_id
from .service import Service, serving

ACTS = (
    "read one",
    "preview",
    "list",
    "list, kind",
    "list, unit",
    "list, declarant",
    "list, counterparty",
    "list, rule (1 in 20)",
    "list, rule (1 in 500)",
    "list, rule (1 in 2000)",
    "list, min_level=serious",
    "list, a month",
    "list, min_worth",
    "list, q (a company)",
    "list, q (every company)",
    "list, q (a description)",
    "list, q (every other gift)",
    "list, q (one character)",
    "list, q (pinyin)",
    "list, q (identifier)",
    "list, q (a wrong character)",
    "list, q (no such)",
    "statistics, unit",
    "file, by id",
    "file, by name",
)
CONNECTIONS = 16

console = Console(width=150)


def run(
    declarations: Annotated[list[int] | None, typer.Option(help="Sizes of the registers; may be repeated.")] = None,
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    database: Annotated[str | None, typer.Option(help="URL of an empty PostgreSQL database in place of a server of its own.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each act is repeated.")] = 8,
    workers: Annotated[int, typer.Option(help="Processes of the service on PostgreSQL.")] = 2,
    act: Annotated[list[str] | None, typer.Option(help="Acts by their beginnings; all by default.")] = None,
) -> None:
    """Measure; prints a Markdown table for each register."""
    configure_logs("WARNING")
    acts = [one for one in ACTS if not act or any(one.startswith(begin) for begin in act)]
    for kind in ["postgresql"] if database else store or ["postgresql", "sqlite"]:
        with _databases(kind, database) as fresh:
            for size in declarations or [10_000, 100_000, 1_000_000]:
                url = fresh()
                upgrade(url)
                secret = asyncio.run(fill(url, size))
                _measure(url, size, secret, acts, seconds, workers if kind == "postgresql" else 1)


@contextmanager
def _databases(kind: str, given: str | None) -> Iterator[Any]:
    """What answers the URL of an empty database at each call."""
    with tempfile.TemporaryDirectory(prefix="qinqing-benchmark-") as folder:
        if kind == "sqlite":
            yield lambda: f"sqlite:///{folder}/{uuid.uuid4().hex}.sqlite3"
        elif given:
            yield lambda: given
        else:
            with postgresql(durable=True) as server:
                yield lambda: asyncio.run(_created(server.url("postgres"), f"b{uuid.uuid4().hex}"))


async def _created(url: str, name: str) -> str:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return url.rpartition("/")[0] + f"/{name}"


def _measure(url: str, size: int, secret: str, acts: list[str], seconds: float, workers: int) -> None:
    """One table: each act by the service, then its floor."""
    table = Table(*("act", "a second", "p50 ms", "p95 ms", "p99 ms", "processor ms", "floor a second", "ratio", "errors"), box=box.MARKDOWN)
    for column in table.columns[1:]:
        column.justify = "right"
    with serving(url, workers) as service:
        idle = service.megabytes()
        plan = Plan("", service.port, secret, seconds, CONNECTIONS, clock.today().isoformat(), _readable(size))
        for act in acts:
            table.add_row(*_row(url, service, replace(plan, act=act)))
            console.log(
                *table.columns[0]._cells[-1:],
                *table.columns[1]._cells[-1:],
                *table.columns[3]._cells[-1:],
                *table.columns[5]._cells[-1:],
                *table.columns[6]._cells[-1:],
                *table.columns[7]._cells[-1:],
            )
        _tell(service, url, size, idle, workers)
    console.print(table)


def _readable(size: int) -> list[str]:
    """Ids of declarations that the register holds."""
    return [str(own_id(number * size // 500, size)) for number in range(500)]


def _row(url: str, service: Service, plan: Plan) -> list[str]:
    _driven(replace(plan, seconds=1.5))
    spent = service.processor_seconds()
    seen = _driven(plan)
    spent = service.processor_seconds() - spent
    sent = asyncio.run(recorded(url, plan))
    floor = (
        bare_loop(Path(url.removeprefix("sqlite:///")), sent, plan.seconds)
        if url.startswith("sqlite")
        else pgbench(url, sent, CONNECTIONS, plan.seconds)
    )
    times = [f"{1000 * seen[name]:.1f}" if seen[name] else "-" for name in ("p50", "p95", "p99")]
    against = [f"{floor:,.0f}", f"{seen['rate'] / floor:.2f}"] if floor else ["no pgbench", "-"]
    errors = ", ".join(f"{status}: {times}" for status, times in seen["errors"].items()) or "0"
    cost = f"{1000 * spent / seen['answers']:.2f}" if seen["answers"] else "-"
    return [plan.act, f"{seen['rate']:,.0f}", *times, cost, *against, errors]


def _driven(plan: Plan) -> dict[str, Any]:
    """What a load process saw."""
    command = [sys.executable, "-m", "tests.benchmarks.load"]
    said = subprocess.run(command, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=True, env=dict(os.environ))
    seen: dict[str, Any] = json.loads(said.stdout)
    return seen


def _tell(service: Service, url: str, size: int, idle: float, workers: int) -> None:
    console.print(
        f"\n{url.partition(':')[0]}, {size:,} declarations, {workers} worker(s), {CONNECTIONS} connections: "
        f"ready in {service.seconds_to_ready:.2f} s, {idle:.0f} MB a worker at first, {service.megabytes():.0f} MB after the load"
    )


if __name__ == "__main__":
    typer.run(run)
