"""The sealer loses no line and makes no fork, whoever writes and whatever fails."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update

from app.kit.database import Database
from app.ledger import sealing
from app.ledger.merkle import EMPTY_ROOT
from app.ledger.models import ledger_checkpoint, ledger_line, ledger_tile
from app.ledger.sealing import AlteredTreeError, Sealer
from app.ledger.unit_of_work import Work, reading, work

from .sealing import KEY, head, require_whole, sealed, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sealer(database: Database) -> Sealer:
    return Sealer(database, KEY)


async def test_what_is_written_is_sealed_in_order_and_vouched_for(database: Database, sealer: Sealer) -> None:
    ids = await write(database, 3)
    assert await sealer.seal() == 3
    assert [row["id"] for row in await sealed(database)] == ids
    await require_whole(database, 3)
    ids += await write(database, 300)
    assert await sealer.seal() == 300
    await require_whole(database, 303)


async def test_a_checkpoint_of_the_empty_log_stands_from_the_start(database: Database, sealer: Sealer) -> None:
    assert await sealer.seal() == 0
    newest = await head(database)
    assert (newest["size"], newest["root"]) == (0, EMPTY_ROOT)
    assert KEY.verifier.opened(newest["note"]).size == 0


async def test_with_nothing_to_do_no_writer_is_taken(database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    await write(database)
    await sealer.seal()
    monkeypatch.setattr(sealing, "work", None)
    assert await sealer.seal() == 0


async def test_many_that_wait_are_sealed_in_parts(database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_BATCH", 7)
    await write(database, 30)
    assert await sealer.seal() == 30
    await require_whole(database, 30)


async def test_a_line_that_is_committed_late_comes_after_younger_ones(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    sealer = Sealer(database, KEY)
    async with work(database, "late") as late:
        old = late.record("thing.begun", (await write(database))[0], {})
        await late.finish()
        young = await write(database, 2)
        assert await sealer.seal() == 3
        assert old.id < young[0]
    assert await sealer.seal() == 1
    assert (await sealed(database))[-1]["id"] == old.id
    await require_whole(database, 4)
    await database.close()


async def test_a_clock_that_goes_back_changes_nothing(database: Database, sealer: Sealer) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z"):
        await write(database, 2)
        await sealer.seal()
    with time_machine.travel("2020-01-01T00:00:00Z"):
        await write(database, 2)
        await sealer.seal()
    await require_whole(database, 4)


async def test_one_checkpoint_an_hour_stays(database: Database, sealer: Sealer) -> None:
    for moment in ("08:10", "08:50", "09:05", "09:06", "11:00"):
        with time_machine.travel(f"2026-11-20T{moment}:00Z"):
            await write(database)
            await sealer.seal()
    async with reading(database) as view:
        assert list(await view.connection.scalars(select(ledger_checkpoint.c.size).order_by(ledger_checkpoint.c.size))) == [2, 4, 5]


async def test_without_a_key_lines_are_sealed_and_signed_when_there_is_one(database: Database) -> None:
    await write(database, 2)
    assert await Sealer(database, None).seal() == 2
    assert (await head(database))["note"] is None
    assert await Sealer(database, KEY).seal() == 0
    await require_whole(database, 2)


async def test_a_failure_half_way_leaves_nothing_half_done(database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    await write(database, 5)
    keep = Sealer._keep_checkpoint

    async def fail(*_: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(Sealer, "_keep_checkpoint", fail)
    with pytest.raises(ConnectionResetError):
        await sealer.seal()
    assert not await sealed(database)
    monkeypatch.setattr(Sealer, "_keep_checkpoint", keep)
    assert await sealer.seal() == 5
    await require_whole(database, 5)


async def test_the_sealer_goes_on_after_a_failure_and_stops_when_told(
    database: Database, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.01)
    failures = [ConnectionResetError, ConnectionResetError]
    place = Sealer._placed

    async def fail_first(self: Sealer, unit: Work, size: int) -> object:
        if failures:
            raise failures.pop()
        return await place(self, unit, size)

    monkeypatch.setattr(Sealer, "_placed", fail_first)
    await write(database, 2)
    stopping = asyncio.Event()
    running = asyncio.create_task(sealer.run(stopping))
    async with asyncio.timeout(10):
        while len(await sealed(database)) < 2:  # noqa: ASYNC110  # what is waited for is in the database
            await asyncio.sleep(0.01)
        stopping.set()
        await running
    assert not failures
    await require_whole(database, 2)


_SEAL = """
import asyncio, sys
from app.kit.database import Database
from app.ledger.sealing import Sealer
from tests.ledger.sealing import KEY
async def main():
    sealer = Sealer(Database(sys.argv[1], pool_size=1), KEY)
    print("ready", flush=True)
    while True:
        await sealer.seal()
asyncio.run(main())
"""


def _start(url: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", _SEAL, url], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


async def test_sealers_that_are_killed_at_any_moment_lose_nothing(database_url: str) -> None:
    database = Database(database_url)
    written = 0
    for delay in (0.01, 0.03, 0.06, 0.1):
        process = await asyncio.to_thread(_start, database_url)
        for _ in range(10):
            written += len(await write(database, 20))
        await asyncio.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.to_thread(process.communicate)
    assert await Sealer(database, KEY).seal() >= 0
    await require_whole(database, written)
    await database.close()


async def test_two_hundred_writers_at_once_before_three_sealers(postgresql_url: str) -> None:
    database = Database(postgresql_url, pool_size=40)
    rivals = [Database(postgresql_url, pool_size=2) for _ in range(3)]
    stopping = asyncio.Event()

    async def seal(rival: Database) -> None:
        while not stopping.is_set():
            await Sealer(rival, KEY).seal()
            await asyncio.sleep(0.002)

    sealers = [asyncio.create_task(seal(rival)) for rival in rivals]
    ids = [one for some in await asyncio.gather(*(write(database, 3) for _ in range(200))) for one in some]
    stopping.set()
    await asyncio.gather(*sealers)
    await Sealer(database, KEY).seal()
    assert {row["id"] for row in await sealed(database)} == set(ids)
    await require_whole(database, 600)
    for one in (database, *rivals):
        await one.close()


@pytest.mark.parametrize("altered", [b"", b"x" * 96])
async def test_a_tile_that_somebody_altered_stops_the_sealer_rather_than_being_sealed_over(
    database: Database, sealer: Sealer, altered: bytes
) -> None:
    await write(database, 3)
    await sealer.seal()
    async with work(database, "tamperer") as unit:
        await unit.connection.execute(update(ledger_tile).values(hashes=altered))
    await write(database, 1)
    with pytest.raises((KeyError, AlteredTreeError)):
        await sealer.seal()
    async with reading(database) as view:
        assert await view.connection.scalar(select(func.count()).where(ledger_line.c.position.is_(None))) == 1
