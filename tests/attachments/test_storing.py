"""Where bytes lie: a folder or a bucket, what is swept, what is found missing or changed."""

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from moto.server import ThreadedMotoServer
from sqlalchemy import update

from app.attachments.models import attachment
from app.attachments.storage import FolderOrBucket, MissingError, StoreError
from app.attachments.upkeep import sweep
from app.attachments.verification import ATTACHMENTS, byte_differences
from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.unit_of_work import reading, work
from app.main import close, create_app
from app.settings import Settings
from app.worker import Policies

from . import files
from .attaching import Desk


async def differences(desk: Desk) -> list[str]:
    """What verification tells of."""
    async with reading(desk.app.state.database) as view:
        rows = [found async for found in ATTACHMENTS.differences(view)]
        return [found.what.en for found in rows] + [
            found.what.en async for found in byte_differences(view, desk.app.state.attachments.store)
        ]


async def test_bytes_that_are_gone_or_changed_are_found(desk: Desk) -> None:
    declared = await desk.declared()
    whole, changed, gone = [await desk.attached(declared, files.jpeg(files.drawing(100 + number))) for number in range(3)]
    assert await differences(desk) == []
    file = desk.folder / changed["id"] / changed["kept"]["sha256"]
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    (desk.folder / gone["id"] / gone["kept"]["sha256"]).unlink()
    assert sorted(await differences(desk)) == sorted(
        [f"Attachment {changed['id']} has other bytes than were kept (kept).", f"Attachment {gone['id']} has lost its bytes (kept)."]
    )
    missing = await desk.get(gone, "content")
    assert (missing.status_code, missing.json()["code"]) == (503, "attachment-store-unavailable")
    assert await desk.content(whole)


async def test_bytes_that_grew_are_found(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.jpeg())
    with (desk.folder / made["id"] / made["kept"]["sha256"]).open("ab") as file:
        file.write(b"x")
    assert await differences(desk) == [f"Attachment {made['id']} has other bytes than were kept (kept)."]


async def test_a_row_that_was_changed_behind_the_register_s_back_is_found(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.jpeg())
    async with work(desk.app.state.database, "nobody") as unit:
        await unit.connection.execute(update(attachment).values(file_name="另一张.jpg"))
    assert await differences(desk) == [f"Attachment {made['id']} is not what was last written of it."]


async def test_bytes_that_no_row_names_are_swept_once_they_are_old(desk: Desk) -> None:
    made, policy = await desk.attached(await desk.declared(), files.jpeg()), desk.app.state.attachments
    before = desk.stored()
    for name in (f"{made['id']}/{'0' * 64}", f"01932f6e-7d2c-7a51-9d0e-3f5a2b1c4d5e/{'1' * 64}", "somebody-s-own/file"):
        (desk.folder / name).parent.mkdir(exist_ok=True)
        (desk.folder / name).write_bytes(b"left over")
    assert await sweep(desk.app.state.database, policy) == 0
    old = (clock.now() - timedelta(hours=25)).timestamp()
    for name in desk.stored():
        os.utime(desk.folder / name, (old, old))
    assert await sweep(desk.app.state.database, policy) == 2
    assert desk.stored() == before | {"somebody-s-own/file"}


async def test_a_crash_between_storing_and_the_row_leaves_nothing_on_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(*_: Any) -> None:
        raise ConnectionError

    declared = await desk.declared()
    monkeypatch.setattr("app.attachments.endpoints.attach", dies)
    with pytest.raises(ConnectionError):
        await desk.post(declared, files.jpeg())
    assert len(desk.stored()) == 2
    assert (await desk.office.get(f"/v1/declarations/{declared}/attachments", desk.office.declarant))["items"] == []
    for name in desk.stored():
        os.utime(desk.folder / name, (0, 0))
    assert await sweep(desk.app.state.database, desk.app.state.attachments) == 2


async def test_a_store_that_cannot_be_written_is_said_to_be_unavailable(desk: Desk) -> None:
    declared = await desk.declared()
    desk.folder.write_text("in the way", encoding="ascii")
    refused = await desk.post(declared, files.jpeg())
    assert (refused.status_code, refused.json()["code"]) == (503, "attachment-store-unavailable")


async def test_an_embedded_register_keeps_attachments_beside_its_database(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    store = Policies.of(Settings(database_url=sqlite_url), database).attachments.store
    assert isinstance(store, FolderOrBucket)
    assert store.folder == tmp_path / "qinqing.sqlite3.attachments"
    await database.close()


async def test_without_a_store_nothing_is_attached_and_it_is_said_why(postgresql_url: str) -> None:
    app = create_app(Settings(database_url=postgresql_url, key_cache_seconds=0))
    assert app.state.attachments.store is None
    await close(app)


async def test_nobody_attaches_where_it_is_not_set_up(desk: Desk) -> None:
    declared = await desk.declared()
    object.__setattr__(desk.app.state.attachments, "store", None)
    for refused in (await desk.post(declared, files.jpeg()), await desk.begin(declared, 10)):
        assert (refused.status_code, refused.json()["code"]) == (409, "attachments-not-set-up")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a bucket that a server on this machine keeps."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    name = f"receipts-{new_id()}"  # what one server keeps, the next one of this process has as well
    assert httpx.put(f"http://{host}:{port}/{name}").status_code == 200
    yield f"s3://{name}/of/the/register"
    server.stop()


async def test_a_bucket_serves_as_well(desk: Desk, bucket: str, monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> None:
    object.__setattr__(app.state.attachments, "store", FolderOrBucket(bucket))
    declared = await desk.declared(status="draft")
    made = await desk.attached(declared, files.png())
    shown = await desk.content(made)
    assert shown[:4] == b"\x89PNG"
    assert (await desk.get(made, "content", Range="bytes=1-3")).content == b"PNG"
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_BYTES", 10)
    waiting = await desk.attached(declared, files.jpeg())
    assert (await desk.settled(waiting))["state"] == "ready"
    assert await differences(desk) == []
    address = f"/v1/declarations/{declared}/attachments/{made['id']}"
    assert (await desk.office.client.delete(address, headers={**desk.office.declarant, "If-Match": "*"})).status_code == 204
    await desk.settled(waiting)
    store = app.state.attachments.store
    keys = {stored.key async for stored in store.all()}
    assert len(keys) == 2
    assert {key.partition("/")[0] for key in keys} == {waiting["id"]}


async def test_a_large_file_goes_into_a_bucket_in_parts(bucket: str, tmp_path: Path) -> None:
    store, file = FolderOrBucket(bucket), tmp_path / "file"
    content = os.urandom(12_000_000)
    await asyncio.to_thread(file.write_bytes, content)
    await store.put("a/b", file)
    parts = [part async for part in await store.open("a/b", 0, len(content))]
    assert b"".join(parts) == content
    with pytest.raises(MissingError):
        await store.open("a/c", 0, 1)


async def test_a_bucket_that_does_not_answer_is_said_not_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "x",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(StoreError):
        await FolderOrBucket("s3://nowhere").put("a/b", tmp_path / "file")
