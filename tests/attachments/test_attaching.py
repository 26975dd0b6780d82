"""Attaching photos and documents: what is kept of them, what is said of them, taking them back."""

import hashlib
import io
from collections.abc import Callable
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.tags import version
from tests.working import work_off

from . import files
from .attaching import Desk


@pytest.mark.parametrize(
    ("make", "received", "kept"),
    [
        (files.jpeg, "image/jpeg", "image/jpeg"),
        (files.png, "image/png", "image/png"),
        (lambda: files.png(files.drawing(mode="P")), "image/png", "image/png"),
        (lambda: files.png(files.drawing(mode="LA")), "image/png", "image/png"),
        (lambda: files.jpeg(files.drawing(mode="CMYK")), "image/jpeg", "image/jpeg"),
        (lambda: files.jpeg(files.drawing(mode="L")), "image/jpeg", "image/jpeg"),
        (lambda: files.HEIC, "image/heic", "image/jpeg"),
        (files.armed_pdf, "application/pdf", "application/pdf"),
        (files.scanned_pdf, "application/pdf", "application/pdf"),
    ],
)
async def test_what_is_kept_tells_nothing_of_place_device_and_author(
    desk: Desk, make: Callable[[], bytes], received: str, kept: str
) -> None:
    content = make()
    made = await desk.attached(await desk.declared(), content, file_name="收据.bin")
    assert (made["state"], made["file_name"], made["quarantine"], made["withdrawal"]) == ("ready", "收据.bin", None, None)
    assert made["received"] == {"media_type": received, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    shown = await desk.content(made)
    assert (made["kept"]["media_type"], made["kept"]["bytes"], made["kept"]["sha256"]) == (
        kept,
        len(shown),
        hashlib.sha256(shown).hexdigest(),
    )
    small = await desk.content(made, "thumbnail")
    for trace in (files.SECRET.encode(), b"Exif", b"xmpmeta", b"secret-author", b"Photoshop", b"JavaScript", b"Launch"):
        assert trace not in shown
        assert trace not in small
    with Image.open(io.BytesIO(small)) as thumbnail:
        assert (thumbnail.format, max(thumbnail.size) <= 320, dict(thumbnail.getexif())) == ("JPEG", True, {})


async def test_a_photo_keeps_its_look_and_stands_upright(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.jpeg(turned=6))
    assert (made["kept"]["width"], made["kept"]["height"]) == (80, 120)
    shown = await desk.picture(made)
    above, below = shown.getpixel((40, 5)), shown.getpixel((40, 115))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 150 > above[1]
    assert below[1] > 120 > below[0]


async def test_a_transparent_picture_stays_transparent(desk: Desk) -> None:
    image = files.drawing().convert("RGBA")
    image.putalpha(100)
    shown = await desk.picture(await desk.attached(await desk.declared(), files.png(image)))
    assert (shown.mode, shown.getchannel("A").getextrema()) == ("RGBA", (100, 100))


async def test_a_document_keeps_its_pages_and_nothing_that_acts(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.armed_pdf())
    assert (made["kept"]["pages"], made["kept"]["width"]) == (2, None)
    document = PdfReader(io.BytesIO(await desk.content(made)))
    assert (len(document.pages), document.metadata or {}, set(document.root_object)) == (2, {}, {"/Type", "/Pages"})
    assert document.pages[0].get_contents().get_data().startswith(b"0.8 0.1 0.1 rg")  # type: ignore[union-attr]
    shown = (await desk.picture(made, "thumbnail")).getpixel((80, 250))
    assert isinstance(shown, tuple)
    assert shown[0] > 150 > shown[1]


async def test_the_answer_of_a_download_lets_nothing_run_and_can_be_resumed(desk: Desk) -> None:
    made = await desk.attached(await desk.declared(), files.jpeg(), file_name="../发票 1.png")
    whole = await desk.get(made, "content")
    said = whole.headers
    assert (said["content-type"], said["x-content-type-options"]) == ("image/jpeg", "nosniff")
    assert (said["content-security-policy"], said["cache-control"]) == ("default-src 'none'; sandbox", "private, no-cache")
    assert said["content-disposition"].startswith('attachment; filename="attachment-')
    assert said["content-disposition"].endswith("filename*=UTF-8''%E5%8F%91%E7%A5%A8%201.jpg")
    assert said["etag"] == f'"{made["kept"]["sha256"]}"'
    part = await desk.get(made, "content", Range="bytes=10-19")
    assert (part.status_code, part.content, part.headers["content-range"]) == (
        206,
        whole.content[10:20],
        f"bytes 10-19/{len(whole.content)}",
    )
    assert (await desk.get(made, "content", Range="bytes=999999-")).status_code == 416
    for what in ("content", "thumbnail"):
        tag = (await desk.get(made, what)).headers["etag"]
        again = await desk.get(made, what, {**desk.office.declarant, "If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_a_large_file_is_processed_in_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_BYTES", 10)
    made = await desk.attached(await desk.declared(), files.jpeg())
    assert (made["state"], made["kept"]) == ("processing", None)
    early = await desk.get(made, "content")
    assert (early.status_code, early.json()["code"]) == (409, "attachment-not-ready")
    done = await desk.settled(made)
    assert (done["state"], done["kept"]["media_type"]) == ("ready", "image/jpeg")
    assert files.SECRET.encode() not in await desk.content(done)
    assert not [key for key in desk.stored() if key.endswith(made["received"]["sha256"])]


async def test_a_file_that_takes_long_is_left_to_the_background(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_SECONDS", 0.001)
    made = await desk.attached(await desk.declared(), files.jpeg())
    assert made["state"] == "processing"
    assert (await desk.settled(made))["state"] == "ready"


async def test_the_same_client_id_is_the_same_attachment(desk: Desk) -> None:
    declared, own = await desk.declared(), str(uuid4())
    first = await desk.attached(declared, files.jpeg(), client_id=own)
    again = await desk.post(declared, files.jpeg(), client_id=own)
    assert (again.status_code, again.json()) == (200, first)
    for other in (
        await desk.post(declared, files.png(), client_id=own),
        await desk.post(await desk.declared(), files.jpeg(), client_id=own),
    ):
        assert (other.status_code, other.json()["code"]) == (409, "client-id-used")
    found = await desk.office.get(f"/v1/declarations/{declared}/attachments", desk.office.declarant, client_id=own, count=True)
    assert ([one["id"] for one in found["items"]], found["count"]) == ([first["id"]], 1)
    assert (await desk.office.get(f"/v1/declarations/{declared}/attachments", desk.office.declarant, client_id=str(uuid4())))["items"] == []


async def test_the_same_key_and_file_give_the_first_answer_and_another_file_is_refused(desk: Desk) -> None:
    declared, by = await desk.declared(), {**desk.office.declarant, "Idempotency-Key": "one"}
    first, again = await desk.post(declared, files.jpeg(), by), await desk.post(declared, files.jpeg(), by)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    other = await desk.post(declared, files.png(), by)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert (await desk.office.get(f"/v1/declarations/{declared}/attachments", by, count=True))["count"] == 1


async def test_an_attachment_of_a_draft_is_removed_with_its_bytes(desk: Desk) -> None:
    declared = await desk.declared(status="draft")
    made = await desk.attached(declared, files.jpeg())
    path, by = f"/v1/declarations/{declared}/attachments/{made['id']}", desk.office.declarant
    assert len(desk.stored()) == 2
    assert (await desk.office.client.delete(path, headers=by)).status_code == 428
    assert (await desk.office.client.delete(path, headers={**by, "If-Match": '"7"'})).status_code == 412
    asked = await desk.office.client.post(f"{path}/withdrawal", json={"reason": "误传"}, headers={**by, "If-Match": '"1"'})
    assert (asked.status_code, asked.json()["code"]) == (409, "declaration-a-draft")
    assert (await desk.office.client.delete(path, headers={**by, "If-Match": '"1"'})).status_code == 204
    assert (await desk.get(made)).status_code == 404
    await work_off(desk.app)
    assert desk.stored() == set()


async def test_what_is_filed_is_withdrawn_and_stays_with_its_reason(desk: Desk) -> None:
    declared = await desk.declared()
    made = await desk.attached(declared, files.jpeg())
    path, by = f"/v1/declarations/{declared}/attachments/{made['id']}", {**desk.office.declarant, "If-Match": '"1"'}
    kept = await desk.office.client.delete(path, headers=by)
    assert (kept.status_code, kept.json()["code"]) == (409, "declaration-not-a-draft")
    done = await desk.office.client.post(f"{path}/withdrawal", json={"reason": "误传他人收据"}, headers=by)
    assert (done.status_code, done.json()["withdrawal"]["reason"], version(done)) == (200, "误传他人收据", 2)
    again = await desk.office.client.post(f"{path}/withdrawal", json={"reason": "再次"}, headers={**by, "If-Match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "attachment-withdrawn")
    assert await desk.content(made, by=desk.office.commission)


async def test_nothing_is_attached_to_what_was_withdrawn_and_its_attachments_are_read(desk: Desk) -> None:
    declared = await desk.declared()
    made = await desk.attached(declared, files.jpeg())
    headers = {**desk.office.declarant, "If-Match": "*"}
    assert (
        await desk.office.client.post(f"/v1/declarations/{declared}/withdrawal", json={"reason": "误报"}, headers=headers)
    ).status_code == 200
    refused = await desk.post(declared, files.png())
    assert (refused.status_code, refused.json()["code"]) == (409, "declaration-withdrawn")
    assert (await desk.begin(declared, 10)).json()["code"] == "declaration-withdrawn"
    assert await desk.content(made)


async def test_a_declaration_has_so_many_attachments_and_no_more(desk: Desk) -> None:
    declared, policy = await desk.declared(), desk.app.state.attachments
    object.__setattr__(policy, "limits", policy.limits._replace(number=2))
    await desk.attached(declared, files.jpeg())
    await desk.begun(declared, 10)
    for refused in (await desk.post(declared, files.png()), await desk.begin(declared, 10)):
        assert (refused.status_code, refused.json()["code"]) == (409, "too-many-attachments")
