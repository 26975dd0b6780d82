"""Attaching files, reading them back, and uploading them in parts."""

import base64
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from PIL import Image

from app.kit import clock
from tests.screening.declaring import Headers, Json, Office, gift
from tests.working import work_off

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The office, and the folder that its attachments lie in."""

    office: Office
    app: FastAPI
    folder: Path

    async def declared(self, **over: Any) -> str:
        """The id of a declaration of the official's."""
        filed = await self.office.file(gift(str(clock.today() - timedelta(days=3))), by=self.office.declarant, **over)
        return str(filed["id"])

    async def post(self, declaration: str, content: bytes, by: Headers | None = None, **asked: Any) -> httpx.Response:
        """Attach something."""
        headers = {"Content-Type": "application/octet-stream", **(by or self.office.declarant)}
        return await self.office.client.post(f"/v1/declarations/{declaration}/attachments", content=content, params=asked, headers=headers)

    async def attached(self, declaration: str, content: bytes, by: Headers | None = None, **asked: Any) -> Json:
        """What was attached, in whatever state."""
        answer = await self.post(declaration, content, by, **asked)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        assert answer.headers["location"] == f"/v1/declarations/{declaration}/attachments/{made['id']}"
        return made

    async def get(self, attachment: Json, what: str = "", by: Headers | None = None, **headers: str) -> httpx.Response:
        """Its record, or `content` or `thumbnail`."""
        path = f"/v1/declarations/{attachment['declaration']}/attachments/{attachment['id']}" + (f"/{what}" if what else "")
        return await self.office.client.get(path, headers={**(by or self.office.declarant), **headers})

    async def content(self, attachment: Json, what: str = "content", by: Headers | None = None) -> bytes:
        """Its bytes."""
        answer = await self.get(attachment, what, by)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def picture(self, attachment: Json, what: str = "content") -> Image.Image:
        """Its picture."""
        return Image.open(io.BytesIO(await self.content(attachment, what)))

    async def settled(self, attachment: Json, by: Headers | None = None) -> Json:
        """How it stands when the worker has been there."""
        await work_off(self.app)
        read: Json = (await self.get(attachment, by=by)).json()
        return read

    async def begin(self, declaration: str, size: int, by: Headers | None = None, **told: str) -> httpx.Response:
        """Begin an upload in parts."""
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
        headers = {**TUS, **(by or self.office.declarant), "Upload-Length": str(size), **({"Upload-Metadata": metadata} if told else {})}
        return await self.office.client.post(f"/v1/declarations/{declaration}/uploads", headers=headers)

    async def begun(self, declaration: str, size: int, by: Headers | None = None, **told: str) -> str:
        """The address of a new upload."""
        answer = await self.begin(declaration, size, by, **told)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def send(self, upload: str, offset: int, part: bytes, by: Headers | None = None, checksum: str | None = None) -> httpx.Response:
        """Send a part."""
        said = {
            **PART,
            **(by or self.office.declarant),
            "Upload-Offset": str(offset),
            **({"Upload-Checksum": checksum} if checksum else {}),
        }
        return await self.office.client.patch(upload, content=part, headers=said)

    async def come_to(self, upload: str, by: Headers | None = None) -> int:
        """How far an upload has come."""
        answer = await self.office.client.head(upload, headers={**TUS, **(by or self.office.declarant)})
        assert answer.status_code == 204, answer.status_code
        return int(answer.headers["upload-offset"])

    def of_upload(self, upload: str) -> Json:
        """What tells where its attachment is."""
        _, _, _, declaration, _, one = upload.split("/")
        return {"id": str(UUID(one)), "declaration": declaration}

    def stored(self) -> set[str]:
        """Where bytes lie."""
        return {file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file()}
