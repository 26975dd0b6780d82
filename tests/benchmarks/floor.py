"""The floor: the statements that the service itself sends for an act, sent again by a client that does nothing else.

On PostgreSQL that client is pgbench with prepared statements and as many connections as the load; on SQLite a bare loop.
"""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import event, make_url

from app.main import close, create_app
from app.settings import Settings

from .load import Plan, requests
from .numbering import COUNTERPARTIES, PERSONS, UNITS, company, later, record

_KINDS = {"person": PERSONS, "unit": UNITS, "counterparty": COUNTERPARTIES}


@dataclass(frozen=True, slots=True)
class Sent:
    """One round-trip: a statement, and the values of each of its executions."""

    statement: str
    values: tuple[tuple[Any, ...], ...] = ()


async def recorded(url: str, plan: Plan) -> list[Sent]:
    """What the service sends for one act of the plan, once it is warm."""
    app = create_app(Settings(database_url=url))
    sent: list[Sent] = []
    for engine in (app.state.database._writers.sync_engine, app.state.database._readers.sync_engine):
        event.listen(engine, "before_cursor_execute", lambda _c, _k, text, values, _x, many: sent.append(_sent(text, values, many=many)))
    event.listen(app.state.database._writers.sync_engine, "begin", lambda _connection: sent.append(Sent("BEGIN")))
    event.listen(app.state.database._writers.sync_engine, "commit", lambda _connection: sent.append(Sent("COMMIT")))
    following = requests(plan, random.Random(1))  # noqa: S311
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://floor") as client:
        for _ in range(3):
            sent.clear()
            await client.send(_parsed(client, following()))
    await close(app)
    return [one for one in sent if one.statement != "BEGIN IMMEDIATE"]


def _sent(text: str, values: Any, *, many: bool) -> Sent:
    return Sent(text, tuple(tuple(row) for row in values) if many else (tuple(values),))


def _parsed(client: httpx.AsyncClient, wire: bytes) -> httpx.Request:
    """A request of the load as httpx sends it."""
    head, _, body = wire.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = [tuple(line.split(": ", 1)) for line in lines if not line.startswith("host")]
    return client.build_request(method, path, headers=[(name, value) for name, value in headers], content=body)


def pgbench(url: str, sent: list[Sent], connections: int, seconds: float) -> float | None:
    """Acts a second by pgbench; None where it is not installed."""
    tool = shutil.which("pgbench")
    if tool is None:
        return None
    script = Script()
    text = "\n".join(script.line(one) for one in sent)
    where = make_url(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write("\n".join([*script.variables, text, ""]))
        file.flush()
        command = [
            tool,
            "-n",
            "-M",
            "prepared",
            "-c",
            str(connections),
            "-j",
            "2",
            "-T",
            str(int(seconds)),
            "-f",
            file.name,
            *(f"-D{name}={value}" for name, value in script.constants.items()),
            "-h",
            str(where.host),
            "-p",
            str(where.port),
            "-U",
            str(where.username),
            str(where.database),
        ]
        reads = all(one.statement != "BEGIN" for one in sent)
        plans = {"PGOPTIONS": "-c plan_cache_mode=force_custom_plan"} if reads else {}
        said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **plans})
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if said.returncode or found is None:
        raise RuntimeError(said.stderr[-2000:])
    return float(found[1])


class Script:
    """The statements as pgbench reads them: ids of people and companies become random ones, new ids new ones, the rest stays."""

    def __init__(self) -> None:
        self.variables = [rf"\set {kind} random(0, {of - 1})" for kind, of in _KINDS.items()]
        self.constants: dict[str, str] = {}
        self._new: dict[UUID, str] = {}

    def line(self, sent: Sent) -> str:
        """One round-trip."""
        if len(sent.values) < 2:
            return self._filled(sent.statement, sent.values[0] if sent.values else ()) + ";"
        lines = [self._filled(sent.statement, values) + ";" for values in sent.values]
        return "\n".join(["\\startpipeline", *lines, "\\endpipeline"])

    def _filled(self, statement: str, values: tuple[Any, ...]) -> str:
        return re.sub(r"\$(\d+)(?=\D|$)", lambda found: self._value(values[int(found[1]) - 1]), " ".join(statement.split()))

    def _value(self, value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, UUID):
            return self._id(value)
        if isinstance(value, str) and value.startswith("恒远建设第"):
            return "('恒远建设第' || :counterparty::text || '有限公司')"
        if isinstance(value, bool | int | float):
            return str(value)
        if isinstance(value, list):
            value = "{" + ",".join(f'"{one}"' for one in value) + "}"
        name = f"c{len(self.constants)}"
        self.constants[name] = "\\x" + value.hex() if isinstance(value, bytes) else str(value)
        return f":{name}"

    def _id(self, value: UUID) -> str:
        kind = _kind(value)
        if kind is None and value not in self._new:
            self._new[value] = f"n{len(self._new)}"
            self.variables.append(rf"\set {self._new[value]} random(1, 200000000000000)")
        head = str(value)[:24]
        return f"('{head}' || lpad(to_hex(:{kind or self._new[value]}::bigint), 12, '0'))"


def _kind(value: UUID) -> str | None:
    """Whose id it is; None for a row that the act adds."""
    return next((kind for kind, of in _KINDS.items() if 0 <= value.int - record(kind, 0).int < of), None)


def bare_loop(file: Path, sent: list[Sent], seconds: float) -> float:
    """Acts a second by one connection of the standard library's sqlite3, as durable as the service."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous = FULL", "temp_store = MEMORY", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    begun, acts = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        _act(connection, sent, _renewed())
        acts += 1
    connection.close()
    return acts / (time.perf_counter() - begun)


def _act(connection: sqlite3.Connection, sent: list[Sent], renew: Callable[[Any], Any]) -> None:
    for one in sent:
        if one.statement == "BEGIN":
            connection.execute("BEGIN IMMEDIATE")
            continue
        for values in one.values or ((),):
            connection.execute(one.statement, [renew(value) for value in values]).fetchall()


def _renewed() -> Callable[[Any], Any]:
    """As the script does for pgbench: the same id stands for the same record throughout one act."""
    numbers = {kind: random.randrange(of) for kind, of in _KINDS.items()}  # noqa: S311
    known: dict[str, str] = {}

    def renew(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.startswith("恒远建设第"):
            return company(numbers["counterparty"])
        if not re.fullmatch("[0-9a-f]{32}", value):
            return value
        kind = _kind(UUID(value))
        if kind is not None:
            return record(kind, numbers[kind]).hex
        return known.setdefault(value, later(int(time.time() * 1000), random.randrange(32), random.getrandbits(48)).hex)  # noqa: S311

    return renew
