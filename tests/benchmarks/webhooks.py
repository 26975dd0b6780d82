"""`python -m tests.benchmarks.webhooks`: messages a second to good receivers on loopback, and how long after its commit one is received.

The receivers are processes of their own; sealer and deliverer run in this one, as in the worker.
"""

import asyncio
import base64
import json
import multiprocessing
import statistics
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from app.access.caller import Caller, Scope
from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.ledger.sealing import Sealer
from app.ledger.unit_of_work import reading, work
from app.webhooks.addresses import Egress, networks_of
from app.webhooks.deliverer import Deliverer, Policy
from app.webhooks.models import webhook
from app.webhooks.schemas import WebhookIn
from app.webhooks.service import Webhooks
from app.webhooks.vault import open_vault

from .__main__ import _databases

console = Console(width=150)
OPERATOR = Caller("benchmark", frozenset(Scope), person=None, roots=None)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def run(
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    lines: Annotated[int, typer.Option(help="Lines that wait when the race begins.")] = 5_000,
    endpoints: Annotated[list[int] | None, typer.Option(help="Receivers; may be repeated.")] = None,
    seconds: Annotated[float, typer.Option(help="How long lines are written one by one for the latency.")] = 20,
) -> None:
    """Measure; prints a Markdown table for each database."""
    configure_logs("WARNING")
    for kind in store or ["postgresql", "sqlite"]:
        with _databases(kind, None) as fresh:
            table = Table(
                "endpoints",
                "messages",
                "a second",
                "processor ms",
                "p50 ms",
                "p95 ms",
                "most ms",
                "idle queries ms/s",
                title=kind,
                box=box.MARKDOWN,
            )
            for how_many in endpoints or [1, 20]:
                place = fresh()
                upgrade(place)
                table.add_row(*asyncio.run(_measured(place, how_many, lines, seconds)))
            console.print(table)


async def _measured(url: str, endpoints: int, lines: int, seconds: float) -> list[str]:
    key = Path(tempfile.mkdtemp()) / "key"
    key.write_text(base64.b64encode(bytes(32)).decode(), encoding="ascii")
    database, policy = Database(url), Policy(key, Egress(networks_of("127.0.0.0/8")))
    ports, told = _receivers(endpoints)
    await _subscribe(database, policy, ports)
    stopping = asyncio.Event()
    await _write(database, lines)
    await Sealer(database, None).seal()
    begun, used = time.perf_counter(), time.process_time()
    background = asyncio.gather(Sealer(database, None).run(stopping), Deliverer(database, policy).run(stopping))
    await _until_delivered(database, lines * endpoints)
    took, used = time.perf_counter() - begun, time.process_time() - used
    idle = time.process_time()
    await asyncio.sleep(3)
    idle = (time.process_time() - idle) / 3
    committed = await _trickle(database, seconds)
    await _until_delivered(database, (lines + len(committed)) * endpoints)
    stopping.set()
    await background
    await database.close()
    late = sorted((at - committed[line]) * 1000 for line, at in _received(told) if line in committed)
    p50, p95 = statistics.median(late), late[int(len(late) * 0.95)]
    total = lines * endpoints
    figures = (f"{total / took:,.0f}", f"{used * 1000 / total:.2f}", f"{p50:.0f}", f"{p95:.0f}", f"{late[-1]:.0f}", f"{idle * 1000:.1f}")
    return [str(endpoints), f"{total:,}", *figures]


async def _subscribe(database: Database, policy: Policy, ports: list[int]) -> None:
    async with work(database, "benchmark") as unit:
        for port in ports:
            body = WebhookIn(url=f"http://127.0.0.1:{port}/", topics=["unit.changed"])
            await Webhooks(unit, OPERATOR).add(unit, open_vault(database, policy.key_file), body)


async def _write(database: Database, lines: int) -> None:
    """Lines as acts leave them, a hundred in a transaction."""
    for _ in range(0, lines, 100):
        async with work(database, "benchmark") as unit:
            for _line in range(100):
                unit.record("unit.changed", new_id(), {"version": 1})


async def _trickle(database: Database, seconds: float) -> dict[str, float]:
    """Ten lines a second, one by one; when each was committed."""
    committed, until = dict[str, float](), clock.now() + timedelta(seconds=seconds)
    while clock.now() < until:
        async with work(database, "benchmark") as unit:
            line = unit.record("unit.changed", new_id(), {"version": 1})
        committed[str(line.id)] = time.time()
        await asyncio.sleep(0.1)
    return committed


async def _until_delivered(database: Database, how_many: int) -> None:
    asked = select(func.sum(webhook.c.delivered))
    while True:
        async with reading(database) as view:
            if (await view.connection.scalar(asked) or 0) >= how_many:
                return
        await asyncio.sleep(0.05)


def _receivers(how_many: int) -> tuple[list[int], Connection]:
    """Endpoints on as many ports in one other process; (the ports, what they are asked through)."""
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.get_context("spawn").Process(target=_receive, args=(theirs, how_many), daemon=True).start()
    ports: list[int] = ours.recv()
    return ports, ours


def _received(told: Connection) -> list[tuple[str, float]]:
    """(message, when it came) of everything so far."""
    told.send("all")
    received: list[tuple[str, float]] = told.recv()
    return received


def _receive(asked: Connection, how_many: int) -> None:
    asyncio.run(_answer(asked, how_many))


async def _answer(asked: Connection, how_many: int) -> None:
    received = list[tuple[str, float]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
                said: dict[str, Any] = json.loads(await reader.readexactly(length))
                received.append((said["data"]["id"], time.time()))
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range(how_many)]
    asked.send([server.sockets[0].getsockname()[1] for server in servers])
    with suppress(EOFError):
        while True:
            await asyncio.to_thread(asked.recv)
            asked.send(received)


if __name__ == "__main__":
    typer.run(run)
