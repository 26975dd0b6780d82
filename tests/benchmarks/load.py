"""A lean HTTP/1.1 client with some kept-alive connections: a process of its own that reads its plan from stdin and tells what it saw.

It parses no more of an answer than its status and length, so that it leaves the cores to the service.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

import uvloop

from .numbering import COUNTERPARTIES, PERSONS, UNITS, company, identifier, record
from .statements import new_gift


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send: an act by its name, for so long, over so many connections; `ids` are declarations that may be read."""

    act: str
    port: int
    key: str
    seconds: float
    connections: int
    today: str
    ids: list[str]


def requests(plan: Plan, chance: random.Random) -> Callable[[], bytes]:
    """What makes the next request of the plan."""
    day = date.fromisoformat(plan.today)

    def filing(path: str, giver: dict[str, str]) -> bytes:
        body = json.dumps(new_gift(chance, day, record("person", chance.randrange(PERSONS)), giver), ensure_ascii=False).encode()
        return _request(plan, "POST", path, body)

    def listing(query: str) -> bytes:
        return _request(plan, "GET", f"/v1/declarations?limit=50{query}")

    def searching(words: str) -> bytes:
        return listing(f"&q={quote(words)}")

    def some(kind: str, of: int) -> str:
        return str(record(kind, chance.randrange(of)))

    acts: dict[str, Callable[[], bytes]] = {
        "file, by id": lambda: filing("/v1/declarations", {"id": some("counterparty", COUNTERPARTIES)}),
        "file, by name": lambda: filing("/v1/declarations", {"name": company(chance.randrange(COUNTERPARTIES))}),
        "preview": lambda: filing("/v1/previews", {"id": some("counterparty", COUNTERPARTIES)}),
        "read one": lambda: _request(plan, "GET", f"/v1/declarations/{chance.choice(plan.ids)}"),
        "list": lambda: listing(""),
        "list, kind": lambda: listing("&kind=loan"),
        "list, unit": lambda: listing(f"&unit={some('unit', UNITS)}"),
        "list, declarant": lambda: listing(f"&declarant={some('person', PERSONS)}"),
        "list, counterparty": lambda: listing(f"&counterparty={some('counterparty', COUNTERPARTIES)}"),
        "list, rule (1 in 20)": lambda: listing("&rule=gift.duty-related-kept"),
        "list, rule (1 in 500)": lambda: listing("&rule=gift.cash-like"),
        "list, rule (1 in 2000)": lambda: listing("&rule=meal.private-club"),
        "list, min_level=serious": lambda: listing("&min_level=serious"),
        "list, a month": lambda: listing("&occurred_from=2021-05-01&occurred_until=2021-05-31"),
        "list, min_worth": lambda: listing("&min_worth=1000"),
        "list, q (a company)": lambda: searching(f"第{chance.randrange(1000, COUNTERPARTIES)}有"),
        "list, q (every company)": lambda: searching("有限公司"),
        "list, q (a description)": lambda: searching("砂壶"),
        "list, q (every other gift)": lambda: searching("井茶"),
        "list, q (one character)": lambda: searching("砂"),
        "list, q (pinyin)": lambda: searching(f"di{chance.randrange(1000, COUNTERPARTIES)}youxian"),
        "list, q (identifier)": lambda: searching(identifier(chance.randrange(COUNTERPARTIES))[:17]),
        "list, q (a wrong character)": lambda: searching(f"恒元建设第{chance.randrange(1000, COUNTERPARTIES)}有限公司"),
        "statistics, unit": lambda: _request(plan, "GET", "/v1/statistics?by=unit"),
        "list, q (no such)": lambda: searching("茅台酒"),
    }
    return acts[plan.act]


def _request(plan: Plan, method: str, path: str, body: bytes = b"") -> bytes:
    """One request as it travels."""
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {plan.key}\r\n"
    if body:
        head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


class Connection(asyncio.Protocol):
    """Sends a request, waits for the whole answer, sends the next one, until the time is over."""

    def __init__(self, following: Callable[[], bytes], until: float, done: asyncio.Future[None]) -> None:
        self.seconds: list[float] = []
        self.errors: dict[str, int] = {}
        self._following, self._until, self._done = following, until, done
        self._head, self._missing, self._sent = b"", -1, 0.0

    def connection_made(self, transport: Any) -> None:
        """Connected."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """A part of the answer."""
        if self._missing < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            head, data, self._head = self._head[:end].lower(), self._head[end + 4 :], b""
            self._note(head[9:12].decode())
            self._missing = int(head.partition(b"content-length:")[2].partition(b"\r")[0])
        self._missing -= len(data)
        if self._missing <= 0:
            self.seconds.append(time.perf_counter() - self._sent)
            self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        """Cut off."""
        if not self._done.done():
            self.errors["cut"] = self.errors.get("cut", 0) + 1
            self._done.set_result(None)

    def _send(self) -> None:
        self._missing, self._sent = -1, time.perf_counter()
        if self._sent < self._until:
            self._transport.write(self._following())
        else:
            self._done.set_result(None)
            self._transport.close()

    def _note(self, status: str) -> None:
        if status not in ("200", "201"):
            self.errors[status] = self.errors.get(status, 0) + 1


def _same(connection: Connection) -> Connection:
    return connection


async def drive(plan: Plan) -> dict[str, Any]:
    """Carry the plan out; answers per second, seconds to answer at three quantiles, and errors by status."""
    loop, following = asyncio.get_running_loop(), requests(plan, random.Random(time.time_ns()))  # noqa: S311
    begun = time.perf_counter()
    connections, waiting = [], []
    for _ in range(plan.connections):
        done: asyncio.Future[None] = loop.create_future()
        connection = Connection(following, begun + plan.seconds, done)
        await loop.create_connection(partial(_same, connection), "127.0.0.1", plan.port)
        connections.append(connection)
        waiting.append(done)
    await asyncio.gather(*waiting)
    taken = time.perf_counter() - begun
    seconds = sorted(one for connection in connections for one in connection.seconds)
    errors: dict[str, int] = {}
    for connection in connections:
        for status, times in connection.errors.items():
            errors[status] = errors.get(status, 0) + times
    quantiles = {
        name: seconds[int(len(seconds) * part)] if seconds else None for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {"answers": len(seconds), "rate": len(seconds) / taken, **quantiles, "errors": errors}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(drive(Plan(**json.load(sys.stdin))))))
