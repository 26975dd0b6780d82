"""Writers of an embedded database share commits, and nothing of one reaches another."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from app.kit.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An embedded database with a table of notes."""
    database = Database(f"sqlite:///{tmp_path}/turns.sqlite3")
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE note (number INTEGER PRIMARY KEY)"))
    yield database
    await database.close()


@pytest.fixture
def commits(database: Database) -> list[object]:
    """What is committed from now on."""
    seen: list[object] = []
    event.listen(database._writers.sync_engine, "commit", seen.append)
    return seen


async def _write(database: Database, number: int) -> int:
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO note VALUES (:number)"), {"number": number})
        if number < 0:
            raise ValueError(number)
    return await _count(database)


async def _count(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM note")) or 0)


async def test_writers_that_wait_share_a_commit(database: Database, commits: list[object]) -> None:
    seen = await asyncio.gather(*(_write(database, number) for number in range(20)))
    assert len(commits) < 5
    assert max(seen) == 20


async def test_who_goes_on_has_been_committed(database: Database) -> None:
    assert min(await asyncio.gather(*(_write(database, number) for number in range(20)))) > 0


async def test_a_writer_that_fails_takes_back_its_own_work_alone(database: Database) -> None:
    ended = await asyncio.gather(*(_write(database, number) for number in (1, 2, -3, 4, -5, 6)), return_exceptions=True)
    assert [isinstance(one, ValueError) for one in ended] == [False, False, True, False, True, False]
    assert await _count(database) == 4


async def test_a_writer_that_is_called_off_while_it_waits_holds_up_nobody(database: Database) -> None:
    writers = [asyncio.create_task(_write(database, number)) for number in range(6)]
    await asyncio.sleep(0)
    for called_off in writers[3:]:
        called_off.cancel()
    await asyncio.gather(*writers, return_exceptions=True)
    assert await _count(database) == 3
    assert await _write(database, 100) == 4


async def test_a_commit_that_fails_has_failed_for_all_who_share_it(database: Database) -> None:
    def refuse(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(database._writers.sync_engine, "commit", refuse)
    ended = await asyncio.gather(*(_write(database, number) for number in range(4)), return_exceptions=True)
    event.remove(database._writers.sync_engine, "commit", refuse)
    assert all(isinstance(one, OSError) for one in ended)
    assert await _count(database) == 0
    assert await _write(database, 7) == 1


async def test_who_is_called_off_in_the_midst_of_a_statement_ends(database: Database) -> None:
    async def write() -> None:
        async with database.writing() as connection:
            await connection.execute(
                text("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO note SELECT i FROM n")
            )

    for moments in range(6):
        writer = asyncio.create_task(write())
        await asyncio.sleep(0.004 * moments)
        writer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writer
    assert await _count(database) == 0
    assert await _write(database, 1) == 1
