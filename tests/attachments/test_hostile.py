"""Files of people who mean no good: each is refused in words, none stops the service, and nothing of them is served."""

import asyncio
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.attachments.cleaning.outcome import NotKept, Reason, Task
from app.attachments.examining import Examiner

from . import files
from .attaching import Desk


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        "一张收据".encode(),
        b"GIF89a" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b" %PDF-1.7\n",
        b"\xff",
        b"RIFF0000WEBPVP8 ",
    ],
    ids=["html", "text", "gif", "zip", "late pdf", "a byte", "webp"],
)
async def test_what_is_no_photo_or_document_is_refused_whatever_it_is_called(desk: Desk, content: bytes) -> None:
    declared = await desk.declared()
    for stated in ("application/octet-stream", "image/jpeg"):
        refused = await desk.post(declared, content, {**desk.office.declarant, "Content-Type": stated}, file_name="photo.jpg")
        assert (refused.status_code, refused.json()["code"]) == (415, "unsupported-media-type")
        assert "image/heic" in refused.json()["detail"]
    assert desk.stored() == set()


async def test_what_is_said_of_a_file_must_be_so(desk: Desk) -> None:
    declared = await desk.declared()
    refused = await desk.post(declared, files.jpeg(), {**desk.office.declarant, "Content-Type": "image/png"})
    assert (refused.status_code, refused.json()["code"]) == (415, "media-type-mismatch")
    for stated in ("text/html", "multipart/form-data; boundary=x"):
        refused = await desk.post(declared, files.jpeg(), {**desk.office.declarant, "Content-Type": stated})
        assert (refused.status_code, refused.json()["code"]) == (415, "unsupported-media-type")
    for stated in ("image/jpg", "image/jpeg; q=1"):
        assert (await desk.post(declared, files.jpeg(), {**desk.office.declarant, "Content-Type": stated})).status_code == 201


async def test_an_empty_file_is_refused(desk: Desk) -> None:
    refused = await desk.post(await desk.declared(), b"")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "file-empty")


async def test_a_file_that_is_too_large_is_refused(desk: Desk) -> None:
    declared, policy = await desk.declared(), desk.app.state.attachments
    object.__setattr__(policy, "limits", policy.limits._replace(file_bytes=1000))
    refused = await desk.post(declared, files.jpeg())
    assert (refused.status_code, refused.json()["code"]) == (413, "file-too-large")
    assert (await desk.begin(declared, 1001)).status_code == 413


async def test_files_may_be_larger_than_other_bodies_and_no_other_body_is(desk: Desk) -> None:
    declared, large = await desk.declared(), files.jpeg(behind=bytes(1_500_000))
    made = await desk.attached(declared, large)
    assert (made["state"], made["received"]["bytes"], made["kept"]["bytes"] < 100_000) == ("ready", len(large), True)
    assert (await desk.send(await desk.begun(declared, len(large)), 0, large)).status_code == 204
    for answer in (
        await desk.office.client.post(f"/v1/declarations/{declared}/withdrawal", content=large, headers=desk.office.declarant),
        await desk.post(declared, bytes(20_000_001)),
    ):
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def _noise() -> bytes:
    return files.jpeg()[:300] + os.urandom(3000)


BROKEN: list[tuple[Callable[[], bytes], Reason]] = [
    (lambda: files.jpeg()[:900], Reason.UNREADABLE),
    (lambda: files.png()[:200], Reason.UNREADABLE),
    (lambda: files.HEIC[:800], Reason.UNREADABLE),
    (_noise, Reason.UNREADABLE),
    (lambda: b"%PDF-1.7\nnothing", Reason.UNREADABLE),
    (files.png_bomb, Reason.TOO_MANY_PIXELS),
    (files.moving_png, Reason.TOO_MANY_FRAMES),
    (files.encrypted_pdf, Reason.ENCRYPTED),
    (lambda: files.written(files.pages(101)), Reason.TOO_MANY_PAGES),
    (files.flate_bomb, Reason.TOO_DEMANDING),
]
NAMES = ["jpeg", "png", "heic", "noise", "pdf", "bomb", "moving", "encrypted", "pages", "flate"]


@pytest.mark.parametrize(("make", "reason"), BROKEN, ids=NAMES)
async def test_what_cannot_be_kept_is_refused_at_once_with_the_reason(desk: Desk, make: Callable[[], bytes], reason: Reason) -> None:
    declared = await desk.declared()
    refused = await desk.post(declared, make())
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, f"attachment-{reason}")
    assert (await desk.office.get(f"/v1/declarations/{declared}/attachments", desk.office.declarant))["items"] == []
    assert desk.stored() == set()


@pytest.mark.parametrize("make", [files.endless_pdf, files.deep_pdf], ids=["endless", "deep"])
async def test_documents_without_an_end_come_to_one(desk: Desk, make: Callable[[], bytes]) -> None:
    refused = await desk.post(await desk.declared(), make())
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] in {"attachment-unreadable", "attachment-too-demanding"}


async def test_what_the_background_work_cannot_keep_is_kept_apart_and_never_served(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_BYTES", 10)
    made = await desk.attached(await desk.declared(), files.encrypted_pdf())
    done = await desk.settled(made)
    assert (done["state"], done["quarantine"]["reason"], done["kept"]) == ("quarantined", "encrypted", None)
    assert "密码" in done["quarantine"]["text"]
    english = (await desk.get(made, by={**desk.office.declarant, "Accept-Language": "en"})).json()["quarantine"]["text"]
    assert "password" in english
    for by in (desk.office.declarant, desk.office.commission):
        assert (await desk.get(made, by=by)).json()["state"] == "quarantined"
        for what in ("content", "thumbnail"):
            refused = await desk.get(made, what, by)
            assert (refused.status_code, refused.json()["code"]) == (409, "attachment-quarantined")
    assert desk.stored() == {f"{made['id']}/{made['received']['sha256']}"}


@pytest.mark.parametrize("make", [files.jpeg, files.png], ids=["jpeg", "png"])
async def test_what_hides_behind_a_picture_is_gone(desk: Desk, make: Callable[..., bytes]) -> None:
    hidden = files.archive() + b"<html><script>alert(1)</script>"
    shown = await desk.content(await desk.attached(await desk.declared(), make(behind=hidden)))
    assert b"PK\x03\x04" not in shown
    assert b"script" not in shown
    assert Image.open(io.BytesIO(shown)).size == (120, 80)


@pytest.mark.parametrize("dies", ["import os; os.abort()", "raise SystemExit(7)", "print('{')"])
async def test_a_decoder_that_dies_finds_the_file_unreadable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dies: str
) -> None:
    program = tmp_path / "dying.sh"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{dies}"\n', encoding="ascii")
    program.chmod(0o700)
    monkeypatch.setattr("app.attachments.examining.sys.executable", str(program))
    refused = await desk.post(await desk.declared(), files.jpeg())
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "attachment-unreadable")


async def test_a_decoder_that_hangs_is_killed_and_the_file_kept_apart(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "hanging.sh"
    program.write_text(f"#!/bin/sh\necho $$ >> {tmp_path}/pids\nexec sleep 600\n", encoding="ascii")
    program.chmod(0o700)
    monkeypatch.setattr("app.attachments.examining.sys.executable", str(program))
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_SECONDS", 0.5)
    monkeypatch.setattr("app.attachments.settling.SECONDS", 0.5)
    made = await desk.attached(await desk.declared(), files.jpeg())
    done = await desk.settled(made)
    assert (made["state"], done["quarantine"]["reason"]) == ("processing", "too-demanding")
    pids = (tmp_path / "pids").read_text(encoding="ascii").split()
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


async def test_many_at_once_wait_for_the_background_and_not_for_each_other(desk: Desk) -> None:
    declared = await desk.declared()
    made = await asyncio.gather(*(desk.attached(declared, files.jpeg(files.drawing(100 + number))) for number in range(6)))
    assert {one["state"] for one in made} <= {"ready", "processing"}
    assert {(await desk.settled(one))["state"] for one in made} == {"ready"}


async def test_the_process_is_told_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "telling.sh"
    program.write_text(f"#!/bin/sh\nenv > {tmp_path}/told\n", encoding="ascii")
    program.chmod(0o700)
    monkeypatch.setenv("QINQING_DATABASE_URL", "postgresql://user:password@host/database")
    monkeypatch.setattr("app.attachments.examining.sys.executable", str(program))
    with pytest.raises(NotKept):
        await Examiner().clean(Task(tmp_path / "x", "image/jpeg", tmp_path, 1, 1))
    assert "password" not in (tmp_path / "told").read_text(encoding="utf-8")
