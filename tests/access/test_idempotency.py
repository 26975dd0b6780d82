"""A POST that is sent again: the first answer again, never a second record."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import event, func, select

from app.access.models import api_key
from app.kit import clock, idempotency
from app.kit.database import Database
from app.kit.idempotency import idempotency_key
from app.ledger.models import ledger_line

from .conftest import KEYS, Gate, MakeKey, bearer

pytestmark = pytest.mark.usefixtures("gate")

NOTE = {"text": "阅"}


@pytest.fixture
async def headers(make_key: MakeKey) -> dict[str, str]:
    """A caller with an idempotency key."""
    return {**bearer(await make_key("declarations:write", "admin")), "Idempotency-Key": "a7c0-1"}


async def _written(database: Database) -> int:
    async with database.reading() as connection:
        statement = select(func.count()).select_from(ledger_line).where(ledger_line.c.action == "note.written")
        return await connection.scalar(statement) or 0


async def _kept(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(idempotency_key)) or 0


async def test_the_first_answer_comes_again_to_the_byte(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    first = await client.post("/notes", json=NOTE, headers=headers)
    assert (first.status_code, first.headers.get("idempotent-replayed")) == (201, None)
    for _ in range(3):
        again = await client.post("/notes", json=NOTE, headers=headers)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotent-replayed"] == "true"
        for name in ("location", "etag", "content-type", "content-length"):
            assert again.headers[name] == first.headers[name]
    assert await _written(database) == 1


async def test_without_a_key_the_same_request_is_another(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    del headers["Idempotency-Key"]
    first, second = [await client.post("/notes", json=NOTE, headers=headers) for _ in range(2)]
    assert first.json()["id"] != second.json()["id"]
    assert (await _written(database), await _kept(database)) == (2, 0)


@pytest.mark.parametrize(
    ("path", "content"),
    [("/notes", b'{"text": "other"}'), ("/notes", b'{ "text": "\xe9\x98\x85" }'), (KEYS, None)],
    ids=["other text", "other blanks", "other address"],
)
async def test_a_key_that_comes_with_another_request_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], database: Database, path: str, content: bytes | None
) -> None:
    first = await client.post("/notes", json=NOTE, headers=headers)
    if path == KEYS:
        body: dict[str, Any] = {"json": {"name": "x", "scopes": ["admin"]}}
    else:
        body = {"json": NOTE} if content is None else {"content": content}
    refused = await client.post(path, headers={**headers, "Content-Type": "application/json"}, **body)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused")
    assert refused.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"
    assert await _written(database) == 1
    assert (await client.post("/notes", json=NOTE, headers=headers)).content == first.content


async def test_another_callers_key_is_another_key(
    client: httpx.AsyncClient, headers: dict[str, str], make_key: MakeKey, database: Database
) -> None:
    other = {**headers, **bearer(await make_key("declarations:write"))}
    first, second = await client.post("/notes", json=NOTE, headers=headers), await client.post("/notes", json=NOTE, headers=other)
    assert first.json()["by"] != second.json()["by"]
    assert "idempotent-replayed" not in second.headers
    assert (await client.post("/notes", json={"text": "another"}, headers={**other, "Idempotency-Key": "2"})).status_code == 201
    assert await _written(database) == 3


async def test_while_the_first_still_runs_a_second_is_409(
    client: httpx.AsyncClient, headers: dict[str, str], gate: Gate, database: Database
) -> None:
    gate.closed = True
    first = asyncio.create_task(client.post("/notes", json=NOTE, headers=headers))
    await asyncio.wait_for(gate.entered.wait(), 5)
    refused = await client.post("/notes", json=NOTE, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-in-progress")
    assert int(refused.headers["retry-after"]) > 0
    gate.opened.set()
    answer = await first
    assert answer.status_code == 201
    assert (await client.post("/notes", json=NOTE, headers=headers)).content == answer.content
    assert await _written(database) == 1


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every request came to a process of its own: what runs in this one is not remembered."""

    class Forgetful(set[tuple[str, str]]):
        def __contains__(self, item: object) -> bool:
            return False

    monkeypatch.setattr(idempotency, "_running", Forgetful())


@pytest.mark.usefixtures("forgetful")
async def test_a_second_in_another_process_is_409_or_waits_for_the_first(
    client: httpx.AsyncClient, headers: dict[str, str], gate: Gate, database: Database
) -> None:
    gate.closed = True
    first = asyncio.create_task(client.post("/notes", json=NOTE, headers=headers))
    await asyncio.wait_for(gate.entered.wait(), 5)
    second = asyncio.create_task(client.post("/notes", json=NOTE, headers=headers))
    if not database.embedded:
        assert (await asyncio.wait_for(second, 5)).status_code == 409
    gate.opened.set()
    answer = await first
    if database.embedded:
        assert (await second).content == answer.content
    assert await _written(database) == 1


async def test_of_many_at_once_one_is_done(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    answers = await asyncio.gather(*(client.post("/notes", json=NOTE, headers=headers) for _ in range(8)))
    assert len([answer for answer in answers if answer.status_code == 201 and "idempotent-replayed" not in answer.headers]) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert await _written(database) == 1


async def test_a_key_is_kept_for_seven_days(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    first = await client.post("/notes", json=NOTE, headers=headers)
    written = clock.now()
    with time_machine.travel(written + timedelta(days=7, seconds=-5)):
        assert (await client.post("/notes", json=NOTE, headers=headers)).content == first.content
    with time_machine.travel(written + timedelta(days=7, seconds=5)):
        later = await client.post("/notes", json={"text": "anew"}, headers=headers)
        assert (later.status_code, later.headers.get("idempotent-replayed")) == (201, None)
        assert (await client.post("/notes", json={"text": "anew"}, headers=headers)).content == later.content
    assert await _written(database) == 2


async def test_old_keys_are_dropped(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    await client.post("/notes", json=NOTE, headers=headers)
    async with database.writing() as connection:
        assert await idempotency.forget_old(connection) == 0
    with time_machine.travel(clock.now() + timedelta(days=8)):
        async with database.writing() as connection:
            assert await idempotency.forget_old(connection) == 1
    assert await _kept(database) == 0


async def test_a_commit_that_fails_leaves_nothing_and_the_retry_works(
    app: FastAPI, client: httpx.AsyncClient, headers: dict[str, str], database: Database
) -> None:
    def fail(_connection: Any) -> None:
        event.remove(database._writers.sync_engine, "commit", fail)
        raise RuntimeError("the power went")

    event.listen(database._writers.sync_engine, "commit", fail)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test") as brave:
        crashed = await brave.post("/notes", json=NOTE, headers=headers)
    assert (crashed.status_code, crashed.json()["code"]) == (500, "internal-error")
    assert "power" not in crashed.text
    assert (await _written(database), await _kept(database)) == (0, 0)
    retried = await client.post("/notes", json=NOTE, headers=headers)
    assert (retried.status_code, retried.headers.get("idempotent-replayed")) == (201, None)
    assert (await _written(database), await _kept(database)) == (1, 1)


async def test_a_request_that_was_refused_is_not_kept(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    for nonsense in ({"text": 5}, {}):
        assert (await client.post("/notes", json=nonsense, headers=headers)).status_code == 422
    body = {"name": "x", "scopes": ["admin"], "unit": str(uuid.uuid4())}
    assert (await client.post(KEYS, json=body, headers=headers)).status_code == 422
    assert await _kept(database) == 0
    assert (await client.post("/notes", json=NOTE, headers=headers)).status_code == 201


MALFORMED: list[bytes] = [b"", b"x" * 256, b"\xe5\xaf\x86", b"a\x7fb", b"\x80"]


async def test_a_malformed_key_is_422(
    client: httpx.AsyncClient, headers: dict[str, str], database: Database, subtests: pytest.Subtests
) -> None:
    for key in MALFORMED:
        with subtests.test(ascii(key)):
            given = {name.encode(): value.encode() for name, value in headers.items()} | {b"Idempotency-Key": key}
            refused = await client.post("/notes", json=NOTE, headers=given)
            assert refused.status_code == 422
            assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
                ("/header/Idempotency-Key", "idempotency-key-malformed")
            ]
            assert await _written(database) == 0


PRINTABLE: list[str] = ["x", "x" * 255, "8e03978e-40d5-43dd-bc93-6894a57f9324", '"quoted"', "a b;c=~"]


async def test_any_printable_key_will_do(client: httpx.AsyncClient, headers: dict[str, str], subtests: pytest.Subtests) -> None:
    for key in PRINTABLE:
        with subtests.test(key):
            first, second = [await client.post("/notes", json=NOTE, headers={**headers, "Idempotency-Key": key}) for _ in range(2)]
            assert (first.status_code, second.content) == (201, first.content)


async def test_a_secret_is_not_kept_for_a_repeat(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    body = {"name": "x", "scopes": ["people:read"]}
    first = await client.post(KEYS, json=body, headers=headers)
    assert first.status_code == 201
    for _ in range(2):
        again = await client.post(KEYS, json=body, headers=headers)
        assert (again.status_code, again.json()["code"]) == (409, "secret-shown-once")
        assert again.headers["content-type"] == "application/problem+json"
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["location"] == first.headers["location"]
        assert first.json()["id"] in again.json()["detail"]
        assert first.json()["key"] not in again.text
    assert (await client.post(KEYS, json={**body, "name": "y"}, headers=headers)).json()["code"] == "idempotency-key-reused"
    async with database.reading() as connection:
        made = select(func.count()).select_from(api_key).where(api_key.c.created_by.startswith("key:"))
        assert await connection.scalar(made) == 1


async def test_reading_takes_no_notice_of_the_key(client: httpx.AsyncClient, headers: dict[str, str], database: Database) -> None:
    for _ in range(2):
        assert "idempotent-replayed" not in (await client.get("/caller", headers=headers)).headers
    assert await _kept(database) == 0
