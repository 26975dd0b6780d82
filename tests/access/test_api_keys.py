"""API keys through the door: made, shown once, kept as a digest, ended."""

import asyncio
import logging
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog
import time_machine
from fastapi import FastAPI
from sqlalchemy import inspect, select, text

from app.access import key_ring
from app.access.caller import CONSOLE, Scope
from app.access.keys import ApiKeys, KeyRequest
from app.access.schemas import ApiKeyMade
from app.kit import clock
from app.kit.database import Database
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import work
from tests.tags import version

from .conftest import KEYS, MakeKey, Register, bearer

pytestmark = pytest.mark.usefixtures("gate")


async def _made(client: httpx.AsyncClient, headers: dict[str, str], **over: Any) -> httpx.Response:
    body = {"name": "人事系统", "scopes": ["people:read", "people:write"], **over}
    answer = await client.post(KEYS, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_new_key_is_shown_and_works(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    answer = await _made(client, as_root, expires_on="2999-12-31")
    made = answer.json()
    assert made["key"].startswith("qq_")
    assert answer.headers["location"] == f"{KEYS}/{made['id']}"
    assert version(answer) == 1
    assert (made["name"], made["scopes"], made["expires_on"]) == ("人事系统", ["people:read", "people:write"], "2999-12-31")
    assert made["person"] is made["unit"] is made["revoked_at"] is None
    seen = (await client.get("/caller", headers=bearer(made["key"]))).json()
    assert seen == {"actor": f"key:{made['id']}", "scopes": ["people:read", "people:write"], "person": None, "roots": None}


async def test_the_secret_is_shown_once(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    made = (await _made(client, as_root)).json()
    secret = made.pop("key")
    read = await client.get(f"{KEYS}/{made['id']}", headers=as_root)
    assert read.json() == made
    assert version(read) == 1
    listed = await client.get(KEYS, headers=as_root)
    assert made in listed.json()["items"]
    assert secret not in read.text + listed.text


async def test_the_secret_lies_nowhere_in_the_database(client: httpx.AsyncClient, as_root: dict[str, str], database: Database) -> None:
    secret = (await _made(client, {**as_root, "Idempotency-Key": "a"})).json()["key"]
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda there: inspect(there).get_table_names())
        stored = [str(row) for name in tables for row in (await connection.execute(text(f'SELECT * FROM "{name}"'))).all()]  # noqa: S608
    assert any("api-key.created" in row for row in stored)
    assert not [row for row in stored if secret in row or secret.removeprefix("qq_") in row]


async def test_the_secret_is_in_no_log_and_no_repr(
    client: httpx.AsyncClient, as_root: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        made = (await _made(client, as_root)).json()
        await client.get("/caller", headers=bearer(made["key"]))
        await client.get("/caller", headers=bearer(made["key"] + "x"))
    assert made["key"] not in caplog.text + str(logs)
    assert made["key"] not in repr(ApiKeyMade(**made))


async def test_making_and_revoking_leave_a_line(
    client: httpx.AsyncClient, as_root: dict[str, str], database: Database, register: Register
) -> None:
    made = (await _made(client, as_root, person=str(register.clerk), scopes=["declarations:write"])).json()
    await client.delete(f"{KEYS}/{made['id']}", headers={**as_root, "If-Match": '"1"'})
    async with database.reading() as connection:
        found = select(ledger_line).where(ledger_line.c.subject == uuid.UUID(made["id"])).order_by(ledger_line.c.id)
        lines = (await connection.execute(found)).mappings().all()
    assert [line["action"] for line in lines] == ["api-key.created", "api-key.revoked"]
    assert lines[0]["content"] == {"scopes": ["declarations:write"], "person": str(register.clerk), "unit": None, "expires_on": None}
    assert all(line["actor"].startswith("key:") for line in lines)


async def test_the_console_makes_keys_too(client: httpx.AsyncClient, database: Database) -> None:
    async with work(database, CONSOLE.actor) as unit:
        row, secret = await ApiKeys(unit).add(unit, KeyRequest(name="root", scopes=frozenset(Scope)), CONSOLE)
    assert row["created_by"] == "cli"
    seen = (await client.get("/caller", headers=bearer(secret))).json()
    assert (set(seen["scopes"]), seen["roots"]) == (set(Scope), None)


async def test_a_revoked_key_ends_at_once_and_its_record_stays(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    made = (await _made(client, as_root)).json()
    address = f"{KEYS}/{made['id']}"
    assert (await client.get("/caller", headers=bearer(made["key"]))).status_code == 200
    gone = await client.delete(address, headers={**as_root, "If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    refused = await client.get("/caller", headers=bearer(made["key"]))
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    kept = await client.get(address, headers=as_root)
    assert version(kept) == 2
    assert kept.json()["revoked_at"].endswith("Z")


async def test_revoking_needs_the_version_that_was_read(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    address = f"{KEYS}/{(await _made(client, as_root)).json()['id']}"
    assert (await client.delete(address, headers=as_root)).status_code == 428
    stale = await client.delete(address, headers={**as_root, "If-Match": '"7"'})
    assert (stale.status_code, version(stale)) == (412, 1)
    assert (await client.delete(address, headers={**as_root, "If-Match": '"1"'})).status_code == 204
    assert (await client.delete(address, headers={**as_root, "If-Match": '"1"'})).status_code == 412
    assert (await client.delete(address, headers={**as_root, "If-Match": '"2"'})).status_code == 204
    assert version(await client.get(address, headers=as_root)) == 2


async def test_two_who_revoke_at_once_do_not_both_succeed(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    address = f"{KEYS}/{(await _made(client, as_root)).json()['id']}"
    headers = {**as_root, "If-Match": '"1"'}
    answers = await asyncio.gather(*(client.delete(address, headers=headers) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 412, 412, 412]


async def test_a_key_ends_with_its_last_day_in_shanghai(client: httpx.AsyncClient, make_key: MakeKey) -> None:
    headers = bearer(await make_key("people:read", expires_on="2025-03-01"))
    with time_machine.travel(datetime(2025, 3, 1, 15, 59, 59, tzinfo=UTC), tick=False):
        assert (await client.get("/caller", headers=headers)).status_code == 200
    with time_machine.travel(datetime(2025, 3, 1, 16, 0, 0, tzinfo=UTC), tick=False):
        refused = await client.get("/caller", headers={**headers, "Accept-Language": "en"})
    assert refused.status_code == 401
    assert "expired" in refused.json()["detail"]


async def test_a_remembered_key_expires_at_the_same_moment(app: FastAPI, client: httpx.AsyncClient, make_key: MakeKey) -> None:
    app.state.key_ring._remember = 60
    headers = bearer(await make_key("people:read", expires_on="2025-03-01"))
    with time_machine.travel(datetime(2025, 3, 1, 15, 59, 59, tzinfo=UTC), tick=False) as traveller:
        assert (await client.get("/caller", headers=headers)).status_code == 200
        traveller.shift(1)
        assert (await client.get("/caller", headers=headers)).status_code == 401


async def test_a_remembered_key_is_forgotten_when_it_is_revoked(app: FastAPI, client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    app.state.key_ring._remember = 60
    made = (await _made(client, as_root)).json()
    for _ in range(3):
        assert (await client.get("/caller", headers=bearer(made["key"]))).status_code == 200
    await client.delete(f"{KEYS}/{made['id']}", headers={**as_root, "If-Match": '"1"'})
    assert (await client.get("/caller", headers=bearer(made["key"]))).status_code == 401


async def test_a_key_asked_for_while_another_is_revoked_is_not_remembered(
    app: FastAPI, client: httpx.AsyncClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = app.state.key_ring
    ring._remember = 60
    headers = bearer(await make_key("people:read"))
    looked_up, look_up = [], key_ring._look_up

    async def revoking(*asked: Any) -> Any:
        looked_up.append(asked)
        row = await look_up(*asked)
        ring.forget()
        return row

    monkeypatch.setattr(key_ring, "_look_up", revoking)
    for _ in range(2):
        assert (await client.get("/caller", headers=headers)).status_code == 200
    assert len(looked_up) == 2


async def test_a_last_day_in_the_past_is_refused_and_today_is_not(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    today = clock.today()
    body = {"name": "x", "scopes": ["admin"], "expires_on": (today - timedelta(days=1)).isoformat()}
    refused = await client.post(KEYS, json=body, headers=as_root)
    assert refused.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [("/expires_on", "day-past")]
    assert (await client.post(KEYS, json={**body, "expires_on": today.isoformat()}, headers=as_root)).status_code == 201


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"scopes": []}, "/scopes"),
    ({"scopes": ["admin", "everything"]}, "/scopes/1"),
    ({"scopes": "admin"}, "/scopes"),
    ({"name": "  "}, "/name"),
    ({"key": "qq_mine"}, "/key"),
    ({"unit": "11"}, "/unit"),
    ({"expires_on": "2999-02-30"}, "/expires_on"),
    ({"unit": str(uuid.uuid4())}, "/unit"),
    ({"person": str(uuid.uuid4())}, "/person"),
]


async def test_a_request_that_cannot_be_met_names_its_field(
    client: httpx.AsyncClient, as_root: dict[str, str], subtests: pytest.Subtests
) -> None:
    for over, pointer in FAULTY:
        with subtests.test(ascii(over)):
            refused = await client.post(KEYS, json={"name": "x", "scopes": ["admin"], **over}, headers=as_root)
            assert refused.status_code == 422
            assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]


async def test_all_faults_are_told_at_once(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    body = {"name": "x", "scopes": ["admin"], "unit": str(uuid.uuid4()), "person": str(uuid.uuid4()), "expires_on": "2001-01-01"}
    refused = await client.post(KEYS, json=body, headers=as_root)
    assert {fault["pointer"] for fault in refused.json()["errors"]} == {"/unit", "/person", "/expires_on"}


async def test_scopes_named_twice_are_one(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    made = (await _made(client, as_root, scopes=["people:write", "people:read", "people:write"])).json()
    assert made["scopes"] == ["people:read", "people:write"]


async def test_the_list_is_newest_first_and_comes_in_pages(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    made = [(await _made(client, as_root, name=f"第{number}把")).json()["name"] for number in range(5)]
    names, address = [], f"{KEYS}?limit=2&count=true"
    while address:
        page = await client.get(address, headers=as_root)
        assert page.json()["count"] == 6
        names += [item["name"] for item in page.json()["items"]]
        address = page.links["next"]["url"] if "next" in page.links else ""
        assert bool(page.json()["next"]) == bool(address)
    assert names[:5] == made[::-1]
    assert len(names) == 6


async def test_without_admin_every_door_to_keys_is_shut_and_says_why(client: httpx.AsyncClient, make_key: MakeKey) -> None:
    headers = {**bearer(await make_key(*(scope for scope in Scope if scope is not Scope.ADMIN))), "If-Match": '"1"'}
    address = f"{KEYS}/{uuid.uuid4()}"
    answers = [
        await client.post(KEYS, json={"name": "x", "scopes": ["admin"]}, headers=headers),
        await client.get(KEYS, headers=headers),
        await client.get(address, headers=headers),
        await client.delete(address, headers=headers),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
        assert "admin" in answer.json()["detail"]
        assert 'scope="admin"' in answer.headers["www-authenticate"]


async def test_admin_alone_opens_them(client: httpx.AsyncClient, make_key: MakeKey) -> None:
    headers = bearer(await make_key("admin"))
    assert (await client.get(KEYS, headers=headers)).status_code == 200
    assert (await client.get(f"{KEYS}/{uuid.uuid4()}", headers=headers)).status_code == 404
    assert (await client.delete(f"{KEYS}/{uuid.uuid4()}", headers={**headers, "If-Match": "*"})).status_code == 404
    assert (await client.get(f"{KEYS}/no-id", headers=headers)).status_code == 422
