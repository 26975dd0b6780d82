"""The file of an export: whole, resumed, refused before it is there and after it has gone."""

import base64
import hashlib
from urllib.parse import unquote

import pytest

from app.exports import download, making
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, Office, meal

from .exporting import PATH, Desk, as_csv


@pytest.fixture
async def ready(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> Json:
    """A file of several pieces."""
    for module in (making, download):
        monkeypatch.setattr(module, "PIECE_BYTES", 100)
    for _ in range(3):
        await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    made = await desk.made(office.commission)
    assert made["bytes"] > 1_000
    return made


async def test_a_file_says_what_it_is_called_and_how_to_check_it(desk: Desk, office: Office, ready: Json) -> None:
    answer = await desk.download(ready, office.commission)
    headers, whole = answer.headers, hashlib.sha256(answer.content).digest()
    assert (answer.status_code, headers["content-type"]) == (200, "text/csv; charset=utf-8; header=present")
    assert headers["content-length"] == str(len(answer.content)) == str(ready["bytes"])
    assert headers["repr-digest"] == f"sha-256=:{base64.b64encode(whole).decode()}:"
    assert (headers["etag"], headers["accept-ranges"]) == (f'"{whole.hex()}"', "bytes")
    assert headers["link"] == f'<{PATH}/{ready["id"]}>; rel="describedby"'
    assert headers["cache-control"] == "no-store"
    named = unquote(headers["content-disposition"].partition("filename*=UTF-8''")[2])
    assert named == f"亲清-申报-2026-10-20-{ready['id'][-12:]}.csv"
    assert f'filename="qinqing-declarations-2026-10-20-{ready["id"][-12:]}.csv"' in headers["content-disposition"]
    assert len(as_csv(answer.content).rows) == 3


@pytest.mark.parametrize("broken", [1, 99, 100, 101, 250, 999])
async def test_a_download_that_broke_off_is_resumed_to_the_same_bytes(desk: Desk, office: Office, ready: Json, broken: int) -> None:
    whole = await desk.download(ready, office.commission)
    rest = await desk.download(ready, office.commission, Range=f"bytes={broken}-", **{"If-Range": whole.headers["etag"]})
    assert (rest.status_code, rest.headers["content-range"]) == (206, f"bytes {broken}-{ready['bytes'] - 1}/{ready['bytes']}")
    assert rest.headers["content-length"] == str(len(rest.content))
    assert whole.content[:broken] + rest.content == whole.content


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-0", 0, 1), ("bytes=95-204", 95, 205), ("bytes=-7", -7, None), ("bytes=10-999999", 10, None), ("bytes=-999999", 0, None)],
)
async def test_a_part_is_that_part(desk: Desk, office: Office, ready: Json, asked: str, start: int, stop: int | None) -> None:
    whole, part = await desk.download(ready, office.commission), await desk.download(ready, office.commission, Range=asked)
    assert part.content == whole.content[start:stop]
    assert part.status_code == (200 if part.content == whole.content else 206)


@pytest.mark.parametrize("asked", ["bytes=5-1", "bytes=0-1,5-9", "bytes=-", "lines=1-2", "bytes=x-"])
async def test_a_range_that_means_nothing_here_gets_the_whole(desk: Desk, office: Office, ready: Json, asked: str) -> None:
    whole, answer = await desk.download(ready, office.commission), await desk.download(ready, office.commission, Range=asked)
    assert (answer.status_code, answer.content) == (200, whole.content)


async def test_a_part_of_another_file_gets_the_whole(desk: Desk, office: Office, ready: Json) -> None:
    answer = await desk.download(ready, office.commission, Range="bytes=10-", **{"If-Range": '"other"'})
    assert (answer.status_code, len(answer.content)) == (200, ready["bytes"])


@pytest.mark.parametrize("beyond", ["bytes={size}-", "bytes=-0"])
async def test_a_part_outside_the_file_is_refused_with_its_size(desk: Desk, office: Office, ready: Json, beyond: str) -> None:
    answer = await desk.download(ready, office.commission, Range=beyond.format(size=ready["bytes"]))
    assert (answer.status_code, answer.json()["code"]) == (416, "range-outside")
    assert answer.headers["content-range"] == f"bytes */{ready['bytes']}"


async def test_before_it_is_ready_one_is_told_to_wait(desk: Desk, office: Office) -> None:
    waiting = await desk.asked(office.commission)
    assert (waiting["state"], waiting["download"], waiting["digest"]) == ("waiting", None, None)
    answer = await desk.download(waiting, office.commission)
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "export-not-ready", "2")


async def test_after_its_time_the_file_has_gone(desk: Desk, office: Office, ready: Json, travel: Travel) -> None:
    assert ready["expires_at"].startswith("2026-10-21T04:00")
    before = await office.client.get(f"{PATH}/{ready['id']}", headers=office.commission)
    travel("2026-10-21T12:01:00+08:00")
    expired = await office.client.get(f"{PATH}/{ready['id']}", headers=office.commission)
    assert (expired.json()["state"], expired.json()["download"]) == ("expired", None)
    assert expired.headers["etag"] != before.headers["etag"]
    for _ in range(2):
        answer = await desk.download(ready, office.commission)
        assert (answer.status_code, answer.json()["code"]) == (410, "export-expired")
        await desk.maker.work_off()
    again = await office.client.get(f"{PATH}/{ready['id']}", headers=office.commission)
    assert (again.json(), again.headers["etag"]) == (expired.json(), expired.headers["etag"])
    travel("2026-11-21")
    await desk.maker.work_off()
    await desk.read(ready, office.commission, 404)


async def test_a_discarded_export_has_gone_at_once(desk: Desk, office: Office, ready: Json) -> None:
    path, headers = f"{PATH}/{ready['id']}", office.commission
    assert (await office.client.delete(path, headers=headers)).status_code == 428
    assert (await office.client.delete(path, headers={**headers, "If-Match": '"0"'})).status_code == 412
    tag = (await office.client.get(path, headers=headers)).headers["etag"]
    assert (await office.client.delete(path, headers={**headers, "If-Match": tag})).status_code == 204
    await desk.read(ready, headers, 404)
    assert (await desk.download(ready, headers)).status_code == 404
