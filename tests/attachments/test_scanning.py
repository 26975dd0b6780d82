"""A scanner in front: what it finds is kept apart, and while it does not answer files wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.attachments.models import attachment
from app.attachments.scanning import Clamd, ScannerError
from app.attachments.upkeep import look_after
from app.kit import clock
from app.ledger.unit_of_work import work
from tests.working import work_off

from . import files
from .attaching import Desk

VIRUS = b"X5O!P%@AP-STANDARD-ANTIVIRUS-TEST-FILE"


@dataclass
class Daemon:
    """Answers INSTREAM as clamd does."""

    answer: bytes | None = None
    heard: list[bytes] = field(default_factory=list)
    address: str = ""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One file, one verdict."""
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        file = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            file += await reader.readexactly(size)
        self.heard.append(file)
        said = self.answer or (b"stream: Win.Test.EICAR_HDB-1 FOUND" if VIRUS in file else b"stream: OK")
        writer.write(said + b"\0")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def daemon(socket: Path | None = None) -> AsyncIterator[Daemon]:
    """One that listens."""
    said = Daemon()
    server = await (asyncio.start_unix_server(said.talk, socket) if socket else asyncio.start_server(said.talk, "127.0.0.1", 0))
    said.address = f"clamd://{socket}" if socket else f"clamd://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield said


def watched(desk: Desk, address: str) -> None:
    """Files are scanned at that address from now on."""
    object.__setattr__(desk.app.state.attachments, "scanner", Clamd(address))


async def test_clean_files_pass(desk: Desk) -> None:
    async with daemon() as scanner:
        watched(desk, scanner.address)
        content = files.jpeg()
        assert (await desk.attached(await desk.declared(), content))["state"] == "ready"
        assert scanner.heard == [content]


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_infected_file_is_kept_apart_and_said_to_be(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr("app.attachments.settling.AT_ONCE_BYTES", 10)
    async with daemon() as scanner:
        watched(desk, scanner.address)
        made = await desk.attached(await desk.declared(), files.jpeg(behind=VIRUS))
        assert made["state"] == ("quarantined" if at_once else "processing")
        for by in (desk.office.declarant, desk.office.commission):
            done = await desk.settled(made, by)
            assert (done["state"], done["quarantine"]["reason"], done["kept"]) == ("quarantined", "infected", None)
            for what in ("content", "thumbnail"):
                refused = await desk.get(made, what, by)
                assert (refused.status_code, refused.json()["code"]) == (409, "attachment-quarantined")
        assert desk.stored() == {f"{made['id']}/{made['received']['sha256']}"}


@pytest.mark.parametrize("answer", [None, b"INSTREAM size limit exceeded. ERROR", b""])
async def test_while_the_scanner_does_not_answer_files_wait_and_are_not_shown(desk: Desk, answer: bytes | None) -> None:
    async with daemon() as scanner:
        scanner.answer = answer
        watched(desk, scanner.address if answer is not None else "clamd://127.0.0.1:9")
        if answer == b"":
            scanner.answer = b"\0"
        made = await desk.attached(await desk.declared(), files.jpeg())
        assert (await desk.settled(made))["state"] == "processing"
        assert (await desk.get(made, "content")).json()["code"] == "attachment-not-ready"
        scanner.answer = None
        watched(desk, scanner.address)
        async with work(desk.app.state.database, "test") as unit:
            await unit.connection.execute(update(attachment).values(created_at=clock.now() - timedelta(minutes=5)))
        await look_after(desk.app.state.database, desk.app.state.attachments)
        assert (await desk.get(made)).json()["state"] == "ready"
        await work_off(desk.app)


async def test_a_scanner_is_spoken_to_by_its_socket_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(VIRUS * 20_000)
    async with daemon(tmp_path / "s") as scanner:
        assert await Clamd(scanner.address).infection_of(file) == "Win.Test.EICAR_HDB-1"
    with pytest.raises(ScannerError):
        await Clamd(f"clamd://{tmp_path}/nobody").infection_of(file)
