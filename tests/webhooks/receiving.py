"""A receiver on loopback that answers as it is told to, and writes down what it was sent."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's."""
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        """What it says."""
        said: dict[str, Any] = json.loads(self.body)
        return said

    @property
    def data(self) -> dict[str, Any]:
        """Ids and address."""
        said: dict[str, Any] = self.json["data"]
        return said

    def verified(self, secret: str) -> dict[str, Any]:
        """What it says, if it was signed with the secret."""
        said: dict[str, Any] = Webhook(secret).verify(self.body, dict(self.headers))
        return said


Behaviour: TypeAlias = Callable[[Received, asyncio.StreamWriter], Awaitable[bool]]
"""Answers a request; whether the connection is kept."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answering(status: int, *headers: str, body: bytes = b"") -> Behaviour:
    """An answer with that status."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers]

    async def answer(_: Received, writer: asyncio.StreamWriter) -> bool:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        return True

    return answer


@dataclass(slots=True)
class Receiver:
    """What it was sent, and how it answers."""

    behave: Behaviour = field(default_factory=lambda: answering(200, body=b"ok"))
    received: list[Received] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks?for=qinqing"

    def types(self) -> list[str]:
        """The topics that it was told, in order."""
        return [one.json["type"] for one in self.received]

    async def until(self, how_many: int, seconds: float = 20.0) -> list[Received]:
        """Wait for so many messages."""
        for _ in range(int(seconds * 100)):
            if len(self.received) >= how_many:
                return self.received
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.received)} of {how_many} messages have come")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while await self._one(reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        received = Received(head[0].split(" ")[1], headers, await reader.readexactly(int(headers["content-length"])))
        self.received.append(received)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.behave(received, writer)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def listening(behave: Behaviour | None = None, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver at work."""
    receiver = Receiver(scheme="https" if tls else "http")
    if behave is not None:
        receiver.behave = behave
    connections = set[asyncio.Task[None]]()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await receiver.serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            connections.discard(task)

    server = await asyncio.start_server(served, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
