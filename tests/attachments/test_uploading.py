"""Uploads in parts: cut off, repeated, out of place, broken on the way, given up, forgotten."""

import asyncio
import base64
import hashlib
import os
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select, update

from app.attachments.models import attachment, upload, upload_piece
from app.attachments.upkeep import look_after
from app.attachments.uploading import service
from app.kit import clock
from app.kit.database import Database
from app.ledger.unit_of_work import reading, work
from app.main import close, create_app
from tests.working import work_off

from . import files
from .attaching import PART, TUS, Desk


def photo(side: int = 400) -> bytes:
    """A photo of some hundred thousand bytes."""
    return files.jpeg(Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)))


async def cut(app: FastAPI, path: str, headers: dict[str, str], *parts: bytes) -> None:
    """What a server tells the application when a connection is cut in the middle of a body."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts] + [{"type": "http.disconnect"}]
    said = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "path": path,
        "raw_path": path.encode(),
    }
    scope |= {"query_string": b"", "headers": said, "scheme": "http", "server": ("test", 80), "client": ("127.0.0.1", 1), "root_path": ""}

    async def receive() -> Any:
        return messages.pop(0)

    async def send(_message: Any) -> None:
        return

    await app(scope, receive, send)


async def test_a_file_in_parts_becomes_an_attachment_of_the_same_id(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content), filename="发票.jpg")
    half = len(content) // 2
    first = await desk.send(address, 0, content[:half])
    assert (first.status_code, first.headers["upload-offset"], first.headers["tus-resumable"]) == (204, str(half), "1.0.0")
    assert first.headers["upload-expires"].endswith("GMT")
    assert await desk.come_to(address) == half
    last = await desk.send(address, half, content[half:])
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(content)))
    made = desk.of_upload(address)
    assert last.headers["content-location"] == f"/v1/declarations/{declared}/attachments/{made['id']}"
    waiting = (await desk.get(made)).json()
    assert (waiting["state"], waiting["file_name"]) == ("processing", "发票.jpg")
    assert waiting["received"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert (await desk.settled(made))["state"] == "ready"
    assert await desk.come_to(address) == len(content)
    assert (await desk.send(address, len(content), b"")).status_code == 204


async def test_a_part_that_is_sent_twice_doubles_nothing(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    assert (await desk.send(address, 0, content[:1000])).status_code == 204
    again = await desk.send(address, 0, content[:1000])
    assert (again.status_code, again.json()["code"], again.headers["upload-offset"]) == (409, "upload-offset-mismatch", "1000")
    assert (await desk.send(address, 2000, content[2000:])).status_code == 409
    assert await desk.come_to(address) == 1000
    at_once = await asyncio.gather(*(desk.send(address, 1000, content[1000:]) for _ in range(3)))
    assert sorted(one.status_code for one in at_once) == [204, 409, 409]
    assert (await desk.settled(desk.of_upload(address)))["received"]["sha256"] == hashlib.sha256(content).hexdigest()


async def test_what_had_come_when_the_connection_was_cut_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PIECE_BYTES", 10_000)
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    headers = {**PART, **desk.office.declarant, "Upload-Offset": "0"}
    await cut(desk.app, address, headers, content[:7_000], content[7_000:25_000])
    assert await desk.come_to(address) == 25_000
    assert (await desk.send(address, 25_000, content[25_000:])).status_code == 204
    assert (await desk.settled(desk.of_upload(address)))["received"]["sha256"] == hashlib.sha256(content).hexdigest()


async def test_a_part_with_a_checksum_counts_as_a_whole_or_not_at_all(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    sums = {name: f"{name} {base64.b64encode(hashlib.new(name, content[:5000]).digest()).decode()}" for name in ("sha1", "sha256")}
    broken = await desk.send(address, 0, b"x" + content[1:5000], checksum=sums["sha1"])
    assert (broken.status_code, broken.json()["code"]) == (460, "checksum-mismatch")
    await cut(desk.app, address, {**PART, **desk.office.declarant, "Upload-Offset": "0", "Upload-Checksum": sums["sha1"]}, content[:4000])
    assert await desk.come_to(address) == 0
    assert (await desk.send(address, 0, content[:5000], checksum=sums["sha256"])).status_code == 204
    for wrong in ("md5 AAAA", "sha1", "sha1 ???", f"sha256 {sums['sha1'][5:]}"):
        refused = await desk.send(address, 5000, content[5000:], checksum=wrong)
        assert (refused.status_code, refused.json()["code"]) == (400, "checksum-malformed")


async def test_a_part_is_no_longer_than_was_said(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content) - 1)
    refused = await desk.send(address, 0, content)
    assert (refused.status_code, refused.json()["code"]) == (413, "upload-too-long")


async def test_the_first_part_may_come_along(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    headers = {**PART, **desk.office.declarant, "Upload-Length": str(len(content))}
    begun = await desk.office.client.post(f"/v1/declarations/{declared}/uploads", content=content, headers=headers)
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, str(len(content)))
    assert (await desk.settled(desk.of_upload(begun.headers["location"])))["state"] == "ready"


async def test_the_same_client_id_is_the_same_upload(desk: Desk) -> None:
    declared, content, own = await desk.declared(), photo(), str(uuid4())
    address = await desk.begun(declared, len(content), client_id=own)
    await desk.send(address, 0, content[:1000])
    again = await desk.begin(declared, len(content), client_id=own)
    assert (again.status_code, again.headers["location"], again.headers["upload-offset"]) == (201, address, "1000")
    other = await desk.begin(declared, len(content) + 1, client_id=own)
    assert (other.status_code, other.json()["code"]) == (409, "client-id-used")
    await desk.send(address, 1000, content[1000:])
    assert (await desk.settled(desk.of_upload(address)))["client_id"] == own
    assert (await desk.begun(declared, len(content), client_id=own)) == address
    assert (await desk.post(declared, content, client_id=own)).status_code == 200


async def test_a_file_that_came_another_way_meanwhile_is_attached_once(desk: Desk) -> None:
    declared, content, own = await desk.declared(), photo(), str(uuid4())
    address = await desk.begun(declared, len(content), client_id=own)
    made = await desk.attached(declared, content, client_id=own)
    there = f"/v1/declarations/{declared}/attachments/{made['id']}"
    last = await desk.send(address, 0, content)
    assert (last.status_code, last.json()["code"], last.headers["location"]) == (409, "already-attached", there)
    anew = await desk.begin(declared, len(content), client_id=own)
    assert (anew.status_code, anew.json()["code"], anew.headers["location"]) == (409, "already-attached", there)
    assert (await desk.begin(await desk.declared(), len(content), client_id=own)).json()["code"] == "client-id-used"
    listed = await desk.office.get(f"/v1/declarations/{declared}/attachments", desk.office.declarant, count=True)
    assert listed["count"] == 1


async def test_an_idempotency_key_begins_one_upload(desk: Desk) -> None:
    declared, by = await desk.declared(), {**desk.office.declarant, "Idempotency-Key": "one"}
    address = await desk.begun(declared, 1000, by)
    assert await desk.begun(declared, 1000, by) == address
    assert (await desk.begin(declared, 1001, by)).status_code == 422


async def test_what_is_not_taken_is_refused_with_its_first_part(desk: Desk) -> None:
    declared = await desk.declared()
    address = await desk.begun(declared, 100_000)
    refused = await desk.send(address, 0, b"MZ" + bytes(1000))
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported-media-type")
    assert await desk.come_to(address) == 0
    small = await desk.begun(declared, 20)
    assert (await desk.send(small, 0, b"nothing of any sort!")).status_code == 415
    assert (await desk.office.client.head(small, headers={**TUS, **desk.office.declarant})).status_code == 404


async def test_only_who_began_an_upload_goes_on_with_it(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    office = desk.office
    for by in (office.delegate, office.hr, office.commission, office.stranger, office.root):
        assert (await desk.send(address, 0, content, by)).status_code == 404
        assert (await office.client.head(address, headers={**TUS, **by})).status_code == 404
        assert (await office.client.delete(address, headers={**TUS, **by})).status_code == 404
    for by, status in ((office.stranger, 404), (office.sister_commission, 404), (office.commission, 403)):
        assert (await desk.begin(declared, 10, by)).status_code == status
    elsewhere = address.replace(declared, await desk.declared())
    assert (await desk.send(elsewhere, 0, content)).status_code == 404
    assert await desk.come_to(address) == 0


async def test_nobody_goes_on_for_a_declaration_that_was_withdrawn(desk: Desk) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    assert (await desk.send(address, 0, content[:1000])).status_code == 204
    headers = {**desk.office.declarant, "If-Match": "*"}
    await desk.office.client.post(f"/v1/declarations/{declared}/withdrawal", json={"reason": "误报"}, headers=headers)
    refused = await desk.send(address, 1000, content[1000:])
    assert (refused.status_code, refused.json()["code"]) == (409, "declaration-withdrawn")
    assert refused.headers["tus-resumable"] == "1.0.0"


async def test_nobody_begins_ever_more_uploads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_AT_ONCE", 2)
    address = await desk.begun(await desk.declared(), 10)
    await desk.begun(await desk.declared(), 10)
    refused = await desk.begin(await desk.declared(), 10)
    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-uploads")
    await desk.begun(await desk.declared(), 10, desk.office.delegate)
    assert (await desk.office.client.delete(address, headers={**TUS, **desk.office.declarant})).status_code == 204
    await desk.begun(await desk.declared(), 10)


async def test_an_upload_is_given_up(desk: Desk, database: Database) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    await desk.send(address, 0, content[:1000])
    assert (await desk.office.client.delete(address, headers={**TUS, **desk.office.declarant})).status_code == 204
    assert (await desk.send(address, 1000, content[1000:])).status_code == 404
    async with reading(database) as view:
        assert await view.connection.scalar(select(func.count()).select_from(upload_piece)) == 0


async def test_an_upload_that_nobody_goes_on_with_expires(desk: Desk, database: Database) -> None:
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    await desk.send(address, 0, content[:1000])
    async with work(database, "test") as unit:
        await unit.connection.execute(update(upload).values(expires_at=clock.now() - timedelta(seconds=1)))
    over = await desk.send(address, 1000, content[1000:])
    assert (over.status_code, over.json()["code"]) == (410, "upload-expired")
    await look_after(database, desk.app.state.attachments)
    assert (await desk.send(address, 1000, content[1000:])).status_code == 404
    async with reading(database) as view:
        assert await view.connection.scalar(select(func.count()).select_from(upload_piece)) == 0


async def test_an_upload_whose_process_died_when_all_was_there_is_attached_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(service, "attach_upload", dies)
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    with pytest.raises(ConnectionError):
        await desk.send(address, 0, content)
    monkeypatch.undo()
    assert await desk.come_to(address) == len(content)
    assert (await desk.get(desk.of_upload(address))).status_code == 404
    assert (await desk.send(address, len(content), b"")).status_code == 204
    assert (await desk.settled(desk.of_upload(address)))["state"] == "ready"


async def test_two_processes_share_an_upload(desk: Desk, app: FastAPI, database: Database) -> None:
    if database.embedded:
        pytest.skip("an embedded register has one process")
    other = create_app(app.state.settings)
    declared, content = await desk.declared(), photo()
    address = await desk.begun(declared, len(content))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(other), base_url="http://test") as client:
        first = await client.patch(address, content=content[:1000], headers={**PART, **desk.office.declarant, "Upload-Offset": "0"})
        assert first.status_code == 204
        assert (await desk.send(address, 1000, content[1000:])).status_code == 204
        work_of_other = await client.get(f"/v1/declarations/{declared}/attachments", headers=desk.office.declarant)
        assert len(work_of_other.json()["items"]) == 1
    await work_off(other)
    await close(other)
    assert (await desk.get(desk.of_upload(address), "content")).status_code == 200


async def test_what_uploads_can_do_is_told(desk: Desk) -> None:
    told = await desk.office.client.options(f"/v1/declarations/{uuid4()}/uploads", headers=desk.office.declarant)
    assert (told.status_code, told.headers["tus-version"], told.headers["tus-max-size"]) == (204, "1.0.0", "20000000")
    assert set(told.headers["tus-extension"].split(",")) == {"creation", "creation-with-upload", "checksum", "termination", "expiration"}
    assert "sha1" in told.headers["tus-checksum-algorithm"].split(",")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2", "Upload-Length": "5"}, 412, "tus-version-unsupported"),
        ({**TUS}, 422, "invalid-request"),
        ({**TUS, "Upload-Length": "-5"}, 422, "invalid-request"),
        ({**TUS, "Upload-Length": "0"}, 422, "file-empty"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "filename ???"}, 422, "invalid-request"),
        ({**TUS, "Upload-Length": "5", "Upload-Metadata": "client_id YWJj"}, 422, "invalid-request"),
        ({**TUS, "Upload-Length": "5", "Content-Type": "text/plain"}, 415, "unsupported-media-type"),
    ],
)
async def test_what_does_not_keep_to_the_protocol_is_refused(desk: Desk, headers: dict[str, str], status: int, code: str) -> None:
    path = f"/v1/declarations/{await desk.declared()}/uploads"
    refused = await desk.office.client.post(path, headers={**desk.office.declarant, **headers})
    assert (refused.status_code, refused.json()["code"], refused.headers["tus-resumable"]) == (status, code, "1.0.0")


class _Net:
    """Sends a file in the cuts of a plan: each a number of bytes, and whether it is sent again or its connection is cut."""

    def __init__(self, desk: Desk, content: bytes, address: str) -> None:
        self.desk, self.content, self.address, self.at = desk, content, address, 0

    async def send(self, size: int, fate: str) -> None:
        part = self.content[self.at : self.at + size]
        if fate == "cut":
            headers = {**PART, **self.desk.office.declarant, "Upload-Offset": str(self.at)}
            await cut(self.desk.app, self.address, headers, part)
        else:
            assert (await self.desk.send(self.address, self.at, part)).status_code == 204
        if fate == "again" and part:
            assert (await self.desk.send(self.address, self.at, part)).status_code == 409
        self.at = await self.desk.come_to(self.address)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.tuples(st.integers(1, 3000), st.sampled_from(["whole", "again", "cut"])), max_size=8))
async def test_however_a_file_is_cut_what_is_kept_is_what_was_sent(desk: Desk, database: Database, plan: list[tuple[int, str]]) -> None:
    object.__setattr__(desk.app.state.attachments, "limits", desk.app.state.attachments.limits._replace(number=1000))
    content = files.jpeg(files.drawing(200, 160))
    net = _Net(desk, content, await desk.begun(await desk.declared(), len(content)))
    for size, fate in plan:
        await net.send(size, fate)
    await net.send(len(content), "whole")
    async with reading(database) as view:
        row = (await view.connection.execute(select(attachment.c.received_digest).order_by(attachment.c.id.desc()).limit(1))).one()
    assert row.received_digest == hashlib.sha256(content).digest()
