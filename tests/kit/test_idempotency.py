"""The table of idempotency keys by itself: who claims a key, who is refused, who gets the first answer again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.idempotency import Replay, claim, forget_old, running

FIRST = Response(b'{"id":"1"}', 201, {"Location": "/v1/things/1", "ETag": '"1"', "X-Request-Id": "one"}, "application/json")
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


async def use(database: Database, digest: str = "a" * 64, caller: str = "key:1") -> None:
    """Claim the key and keep the first answer under it."""
    async with database.writing() as connection:
        await (await claim(connection, caller, "k", digest)).keep(connection, FIRST)


async def replayed(connection: AsyncConnection, caller: str = "key:1") -> Response:
    with pytest.raises(Replay) as again:
        await claim(connection, caller, "k", "a" * 64)
    return again.value.response


async def test_the_same_request_gets_the_first_answer_to_the_byte(database: Database) -> None:
    await use(database)
    async with database.writing() as connection:
        again = await replayed(connection)
    assert (again.status_code, again.body) == (201, FIRST.body)
    assert again.headers["location"] == "/v1/things/1"
    assert again.headers["etag"] == '"1"'
    assert again.headers["idempotent-replayed"] == "true"
    assert "x-request-id" not in again.headers


async def test_another_request_under_the_key_is_422(database: Database) -> None:
    await use(database)
    async with database.writing() as connection:
        with pytest.raises(Problem) as refused:
            await claim(connection, "key:1", "k", "b" * 64)
    assert (refused.value.status, refused.value.code) == (422, "idempotency-key-reused")


async def test_another_caller_has_keys_of_their_own(database: Database) -> None:
    await use(database)
    await use(database, "b" * 64, caller="key:2")
    async with database.writing() as connection:
        assert (await replayed(connection)).status_code == 201


async def use_and_break(database: Database) -> None:
    async with database.writing() as connection:
        await (await claim(connection, "key:1", "k", "a" * 64)).keep(connection, FIRST)
        raise RuntimeError


async def test_what_was_rolled_back_is_not_kept(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await use_and_break(database)
    await use(database, "b" * 64)


async def test_a_key_stands_for_seven_days_and_is_free_afterwards(database: Database, clock: time_machine.Traveller) -> None:
    await use(database)
    clock.move_to(START + timedelta(days=7))
    async with database.writing() as connection:
        assert (await replayed(connection)).status_code == 201
    clock.shift(timedelta(microseconds=1))
    await use(database, "b" * 64)


async def test_old_keys_are_forgotten_and_young_ones_are_not(database: Database, clock: time_machine.Traveller) -> None:
    await use(database)
    clock.shift(timedelta(days=6))
    await use(database, caller="key:2")
    clock.shift(timedelta(days=1, seconds=1))
    async with database.writing() as connection:
        assert await forget_old(connection) == 1
        assert (await replayed(connection, "key:2")).status_code == 201


def test_within_a_process_a_key_runs_once_at_a_time() -> None:
    with running("key:1", "k"):
        with pytest.raises(Problem) as refused, running("key:1", "k"):
            pass
        assert (refused.value.status, refused.value.code) == (409, "idempotency-key-in-progress")
        assert refused.value.headers["Retry-After"] == "1"
        with running("key:2", "k"), running("key:1", "other"):
            pass
    with running("key:1", "k"):
        pass


@pytest.mark.parametrize("key", ["", "x" * 256, "密钥", "line\nbreak"])
def test_a_key_that_no_header_can_carry_is_422(key: str) -> None:
    with pytest.raises(Problem) as refused, running("key:1", key):
        pass
    assert refused.value.status == 422
    assert refused.value.faults[0].pointer == "/header/Idempotency-Key"
