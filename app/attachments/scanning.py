"""Whether a file is infected: asked of a scanner, where the operator has one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

PART_BYTES = 1 << 18
_CONNECT_SECONDS = 5.0


class ScannerError(Exception):
    """The scanner does not answer, or does not say whether the file is clean: it has to be asked again."""


class Scanner(Protocol):
    """Looks through files."""

    async def infection_of(self, file: Path) -> str | None:
        """What the file is infected with; None when it is clean.

        Raises:
            ScannerError: it cannot be said now.
        """


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, spoken to by INSTREAM: `clamd://host:3310`, or `clamd:///run/clamav/clamd.ctl` for a socket on this machine."""

    url: str

    async def infection_of(self, file: Path) -> str | None:
        """Send the file in parts and read the verdict."""
        try:
            said = await self._asked(file)
        except (OSError, TimeoutError) as error:
            raise ScannerError(type(error).__name__) from error
        if said.endswith(" FOUND"):
            return said.removesuffix(" FOUND").partition(": ")[2]
        if said.endswith(" OK"):
            return None
        raise ScannerError(said)

    async def _asked(self, file: Path) -> str:
        reader, writer = await asyncio.wait_for(self._connected(), _CONNECT_SECONDS)
        try:
            with suppress(ConnectionError):  # it may hang up on a file that is too long, and has then said so
                await _sent(file, writer)
            return (await reader.read(4096)).rstrip(b"\0\n").decode("utf-8", "replace")
        finally:
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.url)
        if parts.hostname:
            return await asyncio.open_connection(parts.hostname, parts.port or 3310)
        return await asyncio.open_unix_connection(unquote(parts.path))


async def _sent(file: Path, writer: asyncio.StreamWriter) -> None:
    """`zINSTREAM`, parts with their lengths in front, and a part of no length."""
    writer.write(b"zINSTREAM\0")
    with file.open("rb") as source:
        while part := source.read(PART_BYTES):
            writer.write(len(part).to_bytes(4) + part)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
