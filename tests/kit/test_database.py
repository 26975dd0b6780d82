"""Two databases behind one face: URLs as operators write them, readers that cannot write, writers that queue."""

import asyncio

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit import clock
from app.kit.database import Database, async_url, insert_unless_there, try_lock
from app.kit.idempotency import idempotency_key


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///qinqing.sqlite3", "sqlite+aiosqlite:///qinqing.sqlite3"),
        ("sqlite:////var/lib/q.sqlite3", "sqlite+aiosqlite:////var/lib/q.sqlite3"),
        ("postgresql://a:b@c/d", "postgresql+asyncpg://a:b@c/d"),
        ("postgres://a@c:6432/d", "postgresql+asyncpg://a@c:6432/d"),
        ("postgresql://a@c/d?sslmode=require", "postgresql+asyncpg://a@c/d?ssl=require"),
        ("postgresql+psycopg://a@c/d?sslmode=require", "postgresql+psycopg://a@c/d?sslmode=require"),
    ],
)
def test_urls_work_as_operators_write_them(given: str, used: str) -> None:
    assert async_url(given).render_as_string(hide_password=False) == used


def row(key: str) -> dict[str, object]:
    return {"caller": "c", "key": key, "request_digest": "", "status": 201, "headers": {}, "body": b"", "created_at": clock.now()}


async def keys(connection: AsyncConnection) -> set[str]:
    return set(await connection.scalars(select(idempotency_key.c.key)))


async def test_a_reader_cannot_write(database: Database) -> None:
    async with database.reading() as connection:
        with pytest.raises(DBAPIError):
            await connection.execute(insert(idempotency_key).values(row("a")))
    async with database.reading() as connection:
        assert await keys(connection) == set()


async def test_a_reader_sees_what_is_committed_and_nothing_before(database: Database) -> None:
    async with database.reading() as reader:
        async with database.writing() as writer:
            await writer.execute(insert(idempotency_key).values(row("a")))
            assert await keys(reader) == set()
        assert await keys(reader) == {"a"}


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.writing() as connection:
            await keys(connection)
            await connection.execute(insert(idempotency_key).values(row(str(number))))

    await asyncio.gather(*(write(number) for number in range(40)))
    async with database.reading() as connection:
        assert len(await keys(connection)) == 40


async def test_instants_keep_their_zone_and_microsecond(database: Database) -> None:
    written = row("a")
    async with database.writing() as connection:
        await connection.execute(insert(idempotency_key).values(written))
        assert await connection.scalar(select(idempotency_key.c.created_at)) == written["created_at"]


async def test_what_is_there_already_is_left_as_it_is(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(insert_unless_there(connection, idempotency_key).values(row("a")))
        await connection.execute(insert_unless_there(connection, idempotency_key).values({**row("a"), "status": 500}))
        assert (await connection.scalars(select(idempotency_key.c.status))).all() == [201]


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO unit_ancestor (unit_id, ancestor_id, distance) VALUES ('0' , '0', 0)"))


async def test_a_lock_is_held_by_one_transaction_until_it_ends(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    async with database.writing() as first, database.writing() as second:
        assert await try_lock(first, "x")
        assert not await try_lock(second, "x")
        assert await try_lock(second, "y")
    async with database.writing() as third:
        assert await try_lock(third, "x")
    await database.close()
