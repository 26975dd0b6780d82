"""Asking for exports, having them made, and reading the files back as others read them."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pyarrow as pa
from pyarrow import parquet
from python_calamine import CalamineWorkbook

from app.exports.making import ExportMaker
from tests.screening.declaring import Headers, Json, Office

PATH = "/v1/exports"
ABOUT = "说明 About "


@dataclass(frozen=True, slots=True)
class Desk:
    """The office, and the worker."""

    office: Office
    maker: ExportMaker

    async def post(self, by: Headers, **asked: Any) -> httpx.Response:
        """Ask for an export: of declarations, as csv, unless said otherwise."""
        return await self.office.client.post(PATH, json={"of": "declarations", "format": "csv", **asked}, headers=by)

    async def asked(self, by: Headers, **asked: Any) -> Json:
        """An export that waits."""
        answer = await self.post(by, **asked)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"{PATH}/{answer.json()['id']}"
        waiting: Json = answer.json()
        return waiting

    async def made(self, by: Headers, **asked: Any) -> Json:
        """An export that is ready."""
        waiting = await self.asked(by, **asked)
        assert await self.maker.work_off() == 1
        ready = await self.read(waiting, by)
        assert ready["state"] == "ready", ready
        return ready

    async def read(self, export: Json, by: Headers, expected: int = 200) -> Json:
        """How it stands."""
        return await self.office.get(f"{PATH}/{export['id']}", by, expected)

    async def download(self, export: Json, by: Headers, **headers: str) -> httpx.Response:
        """Its file, or a part of it."""
        return await self.office.client.get(f"{PATH}/{export['id']}/file", headers={**by, **headers})

    async def file(self, by: Headers, **asked: Any) -> bytes:
        """The file of a new export."""
        answer = await self.download(await self.made(by, **asked), by)
        assert answer.status_code == 200, answer.text
        return answer.content


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader makes of a file."""

    names: list[str]
    rows: list[list[Any]]
    manifest: Json

    def column(self, name: str) -> list[Any]:
        """The cells below a heading that begins so."""
        place = next(place for place, heading in enumerate(self.names) if heading.startswith(name))
        return [row[place] for row in self.rows]


def as_csv(content: bytes) -> Read:
    """By the standard library, as a spreadsheet would."""
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    names, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert names[-1].startswith(ABOUT)
    return Read(names[:-1], [row[:-1] for row in rows], json.loads(names[-1].removeprefix(ABOUT)))


def as_xlsx(content: bytes) -> Read:
    """By another library than wrote it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names, *rows = book.get_sheet_by_name("数据 Data").to_python()
    about = {str(name): str(value) for name, value in book.get_sheet_by_name("说明 About").to_python() if name}
    parsed = {name: json.loads(value) if name in ("filters", "rows", "as_at") else value for name, value in about.items()}
    return Read([str(name) for name in names], rows, parsed)


def as_parquet(content: bytes) -> Read:
    """By Arrow."""
    table = parquet.read_table(pa.BufferReader(content))
    manifest = json.loads((table.schema.metadata or parquet.read_metadata(io.BytesIO(content)).metadata)[b"manifest"])
    titles = [field.metadata[b"title"].decode() for field in table.schema]
    return Read(titles, [list(row.values()) for row in table.to_pylist()], manifest)


def as_ndjson(content: bytes) -> tuple[Json, list[Json]]:
    """(the manifest, the items)."""
    first, *items = [json.loads(line) for line in content.splitlines()]
    return first["manifest"], items


TABLES: dict[str, Callable[[bytes], Read]] = {"csv": as_csv, "xlsx": as_xlsx, "parquet": as_parquet}
