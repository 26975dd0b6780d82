"""A network that cannot be relied on: it loses requests and answers, sends twice, late, and out of order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from urllib.parse import urlsplit


class Network:
    """Carries HTTP over the loopback, one request a connection, with mishaps drawn from a seed."""

    MISHAPS = ("none", "none", "lost request", "lost answer", "sent twice", "sent twice at once", "arrives late", "slow")

    def __init__(self, upstream: str, seed: int) -> None:
        parts = urlsplit(upstream)
        self._host, self._port = parts.hostname, parts.port
        self._random = Random(seed)  # noqa: S311  # to draw the same mishaps again
        self._late = set[asyncio.Task[bytes]]()
        self.reliable = False
        self.happened = Counter[str]()
        self.url = ""

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Network"]:
        """Carry requests until the block ends, and whatever is still under way then."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            await self.settle()
            server.close()
            await server.wait_closed()

    async def settle(self) -> None:
        """Wait for what arrives late."""
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _message(reader)
            answer = await self._carried(request)
            if answer is not None:
                writer.write(answer)
                await writer.drain()
        finally:
            writer.close()

    async def _carried(self, request: bytes) -> bytes | None:
        """The answer that reaches the phone, if one does."""
        mishap = "none" if self.reliable else self._random.choice(self.MISHAPS)
        self.happened[mishap] += 1
        if mishap == "arrives late":
            self._late.add(asyncio.create_task(self._forward(request, after=self._random.uniform(0.02, 0.6))))
        if mishap in ("lost request", "arrives late"):
            return None
        if mishap == "sent twice at once":
            return self._random.choice(await asyncio.gather(self._forward(request), self._forward(request)))
        answer = await self._forward(request, after=self._random.uniform(0.01, 0.1) if mishap == "slow" else 0)
        if mishap == "sent twice":
            answer = await self._forward(request)
        return None if mishap == "lost answer" else answer

    async def _forward(self, request: bytes, after: float = 0) -> bytes:
        await asyncio.sleep(after)
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(-1)
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request with its body; it says that its connection is to be closed, so that an answer ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    return head + await reader.readexactly(length)
