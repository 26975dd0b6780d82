"""Serving the file of an export: whole, or from where a download broke off (RFC 9110, section 14)."""

import base64
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem, Words, conflict
from app.kit.ranges import Part, part_of
from app.ledger.unit_of_work import reading, work

from .formats import MEDIA
from .making import PIECE_BYTES
from .models import export_piece
from .schemas import ExportFormat, ExportState
from .service import Exports, state_of

_NAMES = {"declarations": "申报", "findings": "疑点"}


async def begin(database: Database, caller: Caller, export_id: UUID, asked: str | None, if_range: str | None) -> tuple[RowMapping, Part]:
    """(an export of the caller's, the part of its file that is asked for), once the download stands in the ledger.

    The one read that writes: in a unit of work that is committed before the first byte leaves.

    Raises:
        Problem: 404, 409, 410, 416.
    """
    async with work(database, caller.actor) as unit:
        row = await Exports(unit, caller).get(export_id)
        require_ready(row)
        part = part_of(row["bytes"], tag_of(row), asked, if_range)
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
