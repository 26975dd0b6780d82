"""Webhooks through the door: made, changed, removed; their secrets shown once and kept sealed."""

import base64
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import inspect, text

from app.kit.database import Database
from app.settings import Settings
from app.webhooks import service
from app.webhooks.vault import Vault, VaultError, new_secret, open_vault
from tests.screening.declaring import Office
from tests.tags import version

from .receiving import Receiver
from .subscribing import PATH, Exchange


async def test_a_new_webhook_is_shown_with_its_secret_and_later_without(exchange: Exchange, receiver: Receiver) -> None:
    body = {"url": receiver.url, "topics": ["unit.*"], "description": "人事系统"}
    answer = await exchange.client.post(PATH, json=body, headers=exchange.root)
    assert answer.status_code == 201
    made = answer.json()
    secret = made.pop("secret")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    read = await exchange.client.get(answer.headers["location"], headers=exchange.root)
    assert (read.json(), version(read)) == (made, version(answer))
    listed = await exchange.get(PATH, count=True)
    assert (listed["items"], listed["count"], listed["next"]) == ([made], 1, None)
    assert (made["enabled"], made["unit"], made["disabled_reason"], made["failing_since"]) == (True, None, None, None)


async def test_the_secret_lies_nowhere_in_the_database(exchange: Exchange, receiver: Receiver, database: Database) -> None:
    headers = {**exchange.root, "Idempotency-Key": "a"}
    body = {"url": receiver.url, "topics": ["unit.*"]}
    secret = (await exchange.client.post(PATH, json=body, headers=headers)).json()["secret"]
    plain = base64.b64decode(secret.removeprefix("whsec_"))
    async with database.reading() as connection:
        tables = await connection.run_sync(lambda there: inspect(there).get_table_names())
        rows = [row for name in tables for row in (await connection.execute(text(f'SELECT * FROM "{name}"'))).all()]  # noqa: S608
    assert any("webhook.created" in str(row) for row in rows)
    assert not [row for row in rows if secret.removeprefix("whsec_") in str(row)]
    assert not [value for row in rows for value in row if isinstance(value, bytes) and (plain in value or secret.encode() in value)]
    again = await exchange.client.post(PATH, json=body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "secret-shown-once")


async def test_changes_need_the_version_that_was_read(exchange: Exchange, receiver: Receiver) -> None:
    made = await exchange.subscribe(receiver, "unit.*")
    path = f"{PATH}/{made['id']}"
    for method, address in (("PATCH", path), ("DELETE", path), ("POST", f"{path}/secret"), ("POST", f"{path}/replay")):
        body = {"PATCH": {"enabled": False}, "POST": {"from_position": 0}}.get(method)
        body = None if address.endswith("secret") else body
        without = await exchange.client.request(method, address, json=body, headers=exchange.root)
        assert without.status_code == 428
        stale = await exchange.client.request(method, address, json=body, headers={**exchange.root, "If-Match": '"9"'})
        assert stale.status_code == 412
    changed = await exchange.patch(made, enabled=False, topics=["person.*"])
    assert (changed["enabled"], changed["topics"]) == (False, ["person.*"])
    removed = await exchange.client.delete(path, headers={**exchange.root, "If-Match": '"2"'})
    assert removed.status_code == 204
    await exchange.get(path, expected=404)


async def test_every_change_leaves_a_line_without_the_address(exchange: Exchange, receiver: Receiver) -> None:
    made = await exchange.subscribe(receiver, "unit.*")
    await exchange.patch(made, url=f"{receiver.url}&b=1")
    await exchange.post(f"{PATH}/{made['id']}/secret", expected=200)
    await exchange.post(f"{PATH}/{made['id']}/replay", {"from_position": 0})
    ping = await exchange.post(f"{PATH}/{made['id']}/ping")
    await exchange.post(f"{PATH}/{made['id']}/deliveries/{ping['id']}/retry")
    await exchange.client.delete(f"{PATH}/{made['id']}", headers={**exchange.root, "If-Match": "*"})
    await exchange.seal()
    lines = (await exchange.get("/v1/ledger/lines", subject=made["id"]))["items"]
    done = ("removed", "retried", "pinged", "replayed", "rotated", "changed", "created")
    assert [line["action"] for line in lines] == [f"webhook.{one}" for one in done]
    assert "127.0.0.1" not in str(lines)


@pytest.mark.parametrize(
    ("over", "pointer", "code"),
    [
        ({"topics": []}, "/topics", "too-short"),
        ({"topics": ["gift.received"]}, "/topics/0", "topic-unknown"),
        ({"topics": ["unit.*", "Unit.*"]}, "/topics/1", "string-pattern-mismatch"),
        ({"secret": "whsec_x"}, "/secret", "extra-forbidden"),
        ({"unit": str(uuid4())}, "/unit", "unit-unknown"),
        ({"description": " "}, "/description", "text-blank"),
    ],
)
async def test_what_is_wrong_is_named(exchange: Exchange, receiver: Receiver, over: dict[str, object], pointer: str, code: str) -> None:
    answer = await exchange.client.post(PATH, json={"url": receiver.url, "topics": ["unit.*"], **over}, headers=exchange.root)
    assert answer.status_code == 422, answer.text
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


async def test_topics_tell_what_they_need(exchange: Exchange, office: Office) -> None:
    told = {one["topic"]: one for one in (await exchange.get(f"{PATH}/topics"))["items"]}
    assert all(one["available"] for one in told.values())
    assert told["inquiry.opened"]["confidential"]
    assert not told["exchange-rate.added"]["by_unit"]
    hr = {one["topic"]: one["available"] for one in (await exchange.get(f"{PATH}/topics", office.hr))["items"]}
    assert (hr["person.changed"], hr["inquiry.opened"], hr["api-key.created"]) == (True, False, False)
    assert (await exchange.get(f"{PATH}/topics", office.declarant, 403))["code"] == "scope-missing"


async def test_a_register_has_so_many_and_no_more(exchange: Exchange, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST", 1)
    await exchange.subscribe(receiver, "unit.*")
    answer = await exchange.client.post(PATH, json={"url": receiver.url, "topics": ["unit.*"]}, headers=exchange.root)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-webhooks")


async def test_deliveries_of_another_webhook_are_not_found(exchange: Exchange, receiver: Receiver) -> None:
    one, other = [await exchange.subscribe(receiver, "unit.*") for _ in range(2)]
    ping = await exchange.post(f"{PATH}/{one['id']}/ping")
    await exchange.get(f"{PATH}/{other['id']}/deliveries/{ping['id']}", expected=404)
    assert (await exchange.get(f"{PATH}/{one['id']}/deliveries", count=True, type="webhook.ping"))["count"] == 1
    assert (await exchange.get(f"{PATH}/{other['id']}/deliveries", count=True))["count"] == 0


async def test_a_unit_that_is_listened_to_stays(exchange: Exchange, receiver: Receiver, office: Office) -> None:
    empty = (
        await exchange.client.post("/v1/units", json={"name": "空", "kind": "other", "parent": office.city["id"]}, headers=exchange.root)
    ).json()
    await exchange.subscribe(receiver, "unit.*", unit=empty["id"])
    gone = await exchange.client.delete(f"/v1/units/{empty['id']}", headers={**exchange.root, "If-Match": "*"})
    assert gone.status_code == 409


async def test_without_a_key_to_keep_secrets_under_none_is_made(postgresql_url: str, app: FastAPI, as_root: dict[str, str]) -> None:
    app.state.settings = Settings(database_url=postgresql_url, webhook_allowed_networks="127.0.0.0/8")
    if app.state.database.embedded:
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        answer = await client.post(PATH, json={"url": "http://127.0.0.1/", "topics": ["unit.*"]}, headers=as_root)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook-key-missing")
    assert "QINQING_WEBHOOK_KEY_FILE" in answer.json()["detail"]


def test_a_secret_is_bound_to_its_webhook_and_its_key() -> None:
    vault, webhook_id, secret = Vault((bytes(32),)), uuid4(), new_secret()
    sealed = vault.seal(secret, webhook_id)
    assert vault.open(sealed, webhook_id) == secret
    assert vault.seal(secret, webhook_id) != sealed
    for other, whose in ((vault, uuid4()), (Vault((bytes([1] * 32),)), webhook_id)):
        with pytest.raises(VaultError):
            other.open(sealed, whose)
    assert Vault((bytes([1] * 32), bytes(32))).open(sealed, webhook_id) == secret


def test_an_embedded_register_makes_its_key_once_for_its_owner_s_eyes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/register.sqlite3")
    first = open_vault(database, None)
    assert first is not None
    assert open_vault(database, None) == first
    file = tmp_path / "register.sqlite3.webhook-key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("not a key\n")
    with pytest.raises(VaultError, match="webhook-key"):
        open_vault(database, None)
    assert open_vault(Database("postgresql://nobody@127.0.0.1:1/none"), None) is None


async def test_the_list_of_topics_is_no_webhook(exchange: Exchange) -> None:
    for method in ("PATCH", "DELETE"):
        answer = await exchange.client.request(method, f"{PATH}/topics", json={}, headers={**exchange.root, "If-Match": "*"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    for name in ("no-id", str(uuid4())):
        await exchange.get(f"{PATH}/{name}", expected=404)
