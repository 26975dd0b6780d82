"""Serving the file of an export: whole, or from where a download broke off (RFC 9110, section 14)."""

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem, Words, conflict
from app.ledger.unit_of_work import reading, work

from .formats import MEDIA
from .making import PIECE_BYTES
from .models import export_piece
from .schemas import ExportFormat, ExportState
from .service import Exports, state_of

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)
_NAMES = {"declarations": "申报", "findings": "疑点"}


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes that are asked for: from the first up to, and not including, the last."""

    start: int
    stop: int
    size: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the file."""
        return (self.start, self.stop) == (0, self.size)


async def begin(database: Database, caller: Caller, export_id: UUID, asked: str | None, if_range: str | None) -> tuple[RowMapping, Part]:
    """(an export of the caller's, the part of its file that is asked for), once the download stands in the ledger.

    The one read that writes: in a unit of work that is committed before the first byte leaves.

    Raises:
        Problem: 404, 409, 410, 416.
    """
    async with work(database, caller.actor) as unit:
        row = await Exports(unit, caller).get(export_id)
        require_ready(row)
        part = part_of(row, asked, if_range)
        unit.record("export.downloaded", export_id, {"digest": row["digest"].hex(), "from": part.start, "until": part.stop})
        return row, part


def tag_of(row: RowMapping) -> str:
    """The entity tag of a file: its digest."""
    return f'"{row["digest"].hex()}"'


def require_ready(row: RowMapping) -> None:
    """The file is there.

    Raises:
        Problem: 409 before it is made, or when it could not be; 410 when its time is over.
    """
    state = state_of(row)
    if state is ExportState.EXPIRED:
        raise Problem(
            410,
            "export-expired",
            Words("导出已过期", "The export has expired"),
            Words("文件已删除，请重新请求导出。", "The file was erased; ask for the export anew."),
        )
    if state is ExportState.FAILED:
        raise conflict(
            "export-failed",
            Words("导出失败", "The export failed"),
            Words("原因见该导出的 failure。", "Its `failure` says why."),
        )
    if state is not ExportState.READY:
        raise Problem(
            409,
            "export-not-ready",
            Words("导出尚未完成", "The export is not ready"),
            Words("请稍候，待其 state 为 ready 后再下载。", "Wait until its `state` is `ready`."),
            headers={"Retry-After": "2"},
        )


def part_of(row: RowMapping, asked: str | None, if_range: str | None) -> Part:
    """The part that a Range header asks for; all of it where there is none, where it is of several or unheard-of parts, or where the file is another.

    Raises:
        Problem: 416 when the part lies outside the file.
    """
    size: int = row["bytes"]
    found = _RANGE.fullmatch(asked or "")
    if found is None or found[0] == "bytes=-" or (if_range is not None and if_range != tag_of(row)):
        return Part(0, size, size)
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < start:
        return Part(0, size, size)
    if start >= size:
        raise _outside(size)
    return Part(start, stop, size)


def _outside(size: int) -> Problem:
    return Problem(
        416,
        "range-outside",
        Words("所请求的部分不在文件中", "The part lies outside the file"),
        Words(f"文件共 {size} 字节，请更正 Range。", f"The file has {size} bytes; correct the Range header."),
        headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
    )


def headers_of(row: RowMapping, part: Part) -> dict[str, str]:
    """What is said of a file: how to resume it, its digest (RFC 9530), its name, in Chinese too (RFC 8187), and where its manifest is."""
    format_ = ExportFormat(row["format"])
    day, number = clock.day_of(row["created_at"]), str(row["id"])
    plain, named = f"qinqing-{row['of']}-{day}-{number[-12:]}.{format_}", f"亲清-{_NAMES[row['of']]}-{day}-{number[-12:]}.{format_}"
    said = {
        "Content-Type": MEDIA[format_],
        "Content-Length": str(part.stop - part.start),
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(named, safe='')}",
        "Accept-Ranges": "bytes",
        "ETag": tag_of(row),
        "Repr-Digest": f"sha-256=:{base64.b64encode(row['digest']).decode()}:",
        "Link": f'</v1/exports/{row["id"]}>; rel="describedby"',
    }
    return said if part.whole else {**said, "Content-Range": f"bytes {part.start}-{part.stop - 1}/{part.size}"}


async def bytes_of(database: Database, row: RowMapping, part: Part) -> AsyncIterator[bytes]:
    """The bytes of a part, a piece at a time; no connection waits for a slow reader."""
    for number in range(part.start // PIECE_BYTES, -(-part.stop // PIECE_BYTES)):
        begins = number * PIECE_BYTES
        yield (await _piece(database, row, number))[max(part.start - begins, 0) : part.stop - begins]


async def _piece(database: Database, row: RowMapping, number: int) -> bytes:
    """One piece. There is none when the export was discarded meanwhile: then the connection is cut, and the reader sees that bytes are missing."""
    piece = export_piece.c
    asked = select(piece.content).where(piece.export_id == row["id"], piece.attempt == row["attempt"], piece.number == number)
    async with reading(database) as view:
        content: Any = (await view.connection.execute(asked)).scalar_one()
        return bytes(content)
