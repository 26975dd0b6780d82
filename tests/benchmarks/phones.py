"""`python -m tests.benchmarks.phones`: fifty officials with their phones: how long `GET /v1/me` and filing take, and how large the answers are."""

import asyncio
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Annotated, Any

import typer
import uvloop
from rich import box
from rich.console import Console
from rich.table import Table

from app.access.caller import CONSOLE, Scope
from app.access.keys import ApiKeys, KeyRequest
from app.kit import clock
from app.kit.database import Database
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.ledger.unit_of_work import work

from .__main__ import _databases
from .numbering import COUNTERPARTIES, company, record
from .register import fill
from .service import Service, serving
from .statements import new_gift

LONGEST_PAUSE = 4.0
"""Seconds; the service closes what has been silent for five."""

console = Console(width=150)


@dataclass
class Seen:
    """What the phones saw of each act."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)
    errors: int = 0


def run(
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    declarations: Annotated[int, typer.Option(help="Size of the register.")] = 100_000,
    users: Annotated[int, typer.Option(help="Phones.")] = 50,
    pause: Annotated[list[float] | None, typer.Option(help="Mean seconds between the acts of a phone; 0: none. May be repeated.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each measurement takes.")] = 20,
    settle: Annotated[float, typer.Option(help="Seconds that the background has to seal and look through what was filled in.")] = 75,
    workers: Annotated[int, typer.Option(help="Processes of the service on PostgreSQL.")] = 2,
) -> None:
    """Measure; prints a Markdown table for each database."""
    configure_logs("WARNING")
    for kind in store or ["postgresql", "sqlite"]:
        with _databases(kind, None) as fresh:
            url = fresh()
            upgrade(url)
            asyncio.run(fill(url, declarations))
            keys = asyncio.run(_keys(url, users))
            columns = ("act", "pause s", "a second", "p50 ms", "p95 ms", "p99 ms", "bytes", "processor ms", "errors")
            table = Table(*columns, title=f"{kind}, {declarations:,} declarations, {users} phones", box=box.MARKDOWN)
            with serving(url, workers if kind == "postgresql" else 1) as service:
                time.sleep(settle)
                uvloop.run(_driven(service.port, keys, 0.05, 3))
                for mean in pause or [1.0, 0.0]:
                    for row in _measured(service, keys, mean, seconds):
                        table.add_row(*row)
            console.print(table)


def _measured(service: Service, keys: list[str], mean: float, seconds: float) -> list[list[str]]:
    spent = service.processor_seconds()
    seen = uvloop.run(_driven(service.port, keys, mean, seconds))
    spent = service.processor_seconds() - spent
    answers = sum(len(one) for one in seen.seconds.values())
    rows = []
    for act, times in seen.seconds.items():
        ordered = sorted(times)
        quantiles = [f"{1000 * ordered[int(len(ordered) * part)]:.1f}" for part in (0.5, 0.95, 0.99)]
        rate = f"{len(times) / seconds:,.0f}"
        rows.append([act, f"{mean:g}", rate, *quantiles, f"{seen.sizes[act]:,}", f"{1000 * spent / answers:.2f}", str(seen.errors)])
    return rows


async def _keys(url: str, users: int) -> list[str]:
    """A key for each of the first officials."""
    database = Database(url)
    secrets = []
    for number in range(users):
        asked = KeyRequest(name=f"phone {number}", scopes=frozenset({Scope.DECLARATIONS_WRITE}), person=record("person", number))
        async with work(database, "benchmark") as unit:
            secrets.append((await ApiKeys(unit).add(unit, asked, CONSOLE))[1])
    await database.close()
    return secrets


async def _driven(port: int, keys: list[str], mean: float, seconds: float) -> Seen:
    seen, until = Seen(), time.perf_counter() + seconds
    await asyncio.gather(*(_phone(port, key, mean, until, seen) for key in keys))
    return seen


async def _phone(port: int, key: str, mean: float, until: float, seen: Seen) -> None:
    """One phone: looks, files, looks again."""
    chance = random.Random(key)  # noqa: S311
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"host: 127.0.0.1\r\nauthorization: Bearer {key}\r\naccept-encoding: gzip\r\n"
    await asyncio.sleep(mean * chance.random())
    while time.perf_counter() < until:
        for act, request in (("GET /v1/me", _look(head)), ("POST /v1/declarations", _file(head, chance))):
            begun = time.perf_counter()
            writer.write(request)
            size, status = await _answer(reader)
            seen.seconds[act].append(time.perf_counter() - begun)
            seen.sizes[act] = size
            seen.errors += status not in (200, 201)
            if mean:
                await asyncio.sleep(min(chance.expovariate(1 / mean), LONGEST_PAUSE))
    writer.close()


def _look(head: str) -> bytes:
    return f"GET /v1/me HTTP/1.1\r\n{head}\r\n".encode()


def _file(head: str, chance: random.Random) -> bytes:
    details: dict[str, Any] = new_gift(chance, clock.today(), record("person", 0), {"name": company(chance.randrange(COUNTERPARTIES))})
    del details["declarant"]
    body = json.dumps(details, ensure_ascii=False).encode()
    return f"POST /v1/declarations HTTP/1.1\r\n{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """(bytes of the body as it travels, status)."""
    told = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(told.partition(b"content-length: ")[2].partition(b"\r")[0])
    await reader.readexactly(length)
    return length, int(told[9:12])


if __name__ == "__main__":
    typer.run(run)
