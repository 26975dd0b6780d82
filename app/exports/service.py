"""Asking for an export, seeing how far it has come, and discarding it: each caller their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select

from app.access.caller import Caller
from app.access.disclosure import Disclosure
from app.access.kept import as_columns
from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import lock, locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.lines import digest, instant
from app.ledger.unit_of_work import Reading, Work
from app.reports.filters import Filters, answerable

from .formats import XLSX_ROWS, is_installed
from .models import export, export_piece
from .reading import Contents
from .schemas import DeclarationsExportIn, ExportFormat, ExportIn, ExportState, sought

MOST = 20
"""Exports that one caller may have at a time."""

MAKE = "exports.make"
"""The task that makes exports."""

OPEN = (ExportState.WAITING, ExportState.RUNNING)

_NEW = {"state": ExportState.WAITING, "attempt": 0, "rows": 0, "version": 1}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator allows: rows in a file, and hours for which it is kept."""

    rows: int
    hours: int


class Exports:
    """The exports that one caller has asked for; nobody else learns of them."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def ask(self, work: Work, body: ExportIn, limits: Limits, *, english: bool) -> RowMapping:
        """Put an export on the list of work, with what its caller may read at this moment.

        Raises:
            Problem: 409 when the caller has as many as one may have; 422 for a format that is not installed, filters that cannot be answered, or more
                rows than a file may have.
        """
        _require_installed(body.format)
        as_at = body.as_at if isinstance(body, DeclarationsExportIn) else None
        kept = body.filters.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        filters = sought(body.of, kept, as_at)
        if isinstance(filters, Filters):
            answerable(filters, "/filters")
        await self._require_room(work)
        expected = await Contents(Disclosure(work.connection), self.caller, filters).count()
        _require_few(expected, body.format, limits.rows)
        language, now = "en" if english else "zh", clock.now()
        asked = {"of": body.of, "format": body.format, "language": language, "filters": kept, "as_at": as_at, "expected": expected}
        export_id = new_id()
        kept_for = {"created_at": now, "expires_at": now + timedelta(hours=limits.hours)}
        row = {"id": export_id, **asked, **as_columns(self.caller), **kept_for, **_NEW}
        await work.connection.execute(insert(export).values(row))
        told = {"of": body.of, "format": body.format, "as_at": as_at and instant(as_at), "filters": digest(kept)}
        work.record("export.requested", export_id, told)
        defer_once(work, MAKE)
        return await self.get(export_id)

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of the caller's own, newest first, one more than asked for."""
        return list((await self.connection.execute(page.of(self._own(select(export)), export.c.id))).mappings())

    async def count(self) -> int:
        """How many there are."""
        how_many: Any = func.count()
        return await self.connection.scalar(self._own(select(how_many).select_from(export))) or 0

    async def get(self, export_id: UUID) -> RowMapping:
        """One of the caller's own.

        Raises:
            Problem: 404, also for what somebody else has asked for.
        """
        row: RowMapping | None = (
            (await self.connection.execute(self._own(select(export)).where(export.c.id == export_id))).mappings().first()
        )
        if row is None:
            raise not_found(Words("导出", "export"))
        return row

    async def discard(self, work: Work, export_id: UUID, if_match: str) -> None:
        """Erase an export with its file; one under way is given up. The row is locked first, so that no piece comes in between.

        Raises:
            Problem: 404, 412.
        """
        await self.connection.execute(locked(self._own(select(export.c.id)).where(export.c.id == export_id)))
        row = await self.get(export_id)
        require_match(if_match, version_of(row))
        await erase(work, [export_id])
        await work.connection.execute(delete(export).where(export.c.id == export_id))
        work.record("export.discarded", export_id, {})

    def _own(self, statement: Select[Any]) -> Select[Any]:
        return statement.where(export.c.actor == self.caller.actor)

    async def _require_room(self, work: Work) -> None:
        await lock(work.connection, f"exports of {self.caller.actor}")
        kept = select(func.count()).where(export.c.actor == self.caller.actor, export.c.expires_at > clock.now())
        if (await self.connection.scalar(kept) or 0) >= MOST:
            raise _too_many()


async def erase(work: Work, ids: Sequence[UUID]) -> None:
    """Erase the pieces of these exports."""
    await work.connection.execute(delete(export_piece).where(export_piece.c.export_id.in_(ids)))


def state_of(row: RowMapping) -> ExportState:
    """How far it has come; past its day it has expired, whether the worker has been there or not."""
    return ExportState.EXPIRED if row["expires_at"] <= clock.now() else ExportState(row["state"])


def version_of(row: RowMapping) -> int:
    """What the entity tag stands for: every step is counted, and that it has expired is one more."""
    version: int = row["version"]
    return version + 1 if state_of(row) != row["state"] else version


def _require_installed(wanted: ExportFormat) -> None:
    if not is_installed(wanted):
        said = Words(
            "本服务未安装 parquet 组件：请管理员执行 pip install 'qinqing[parquet]'，或者改用 csv、xlsx、ndjson。",
            "Parquet is not installed here: ask the operator for pip install 'qinqing[parquet]', or take csv, xlsx or ndjson.",
        )
        raise invalid([Fault("/format", "format-not-installed", said)])


def _require_few(rows: int, wanted: ExportFormat, most: int) -> None:
    limit = min(most, XLSX_ROWS) if wanted is ExportFormat.XLSX else most
    if rows <= limit:
        return
    other = Words("，或者改用 csv、ndjson、parquet", ", or take csv, ndjson or parquet") if limit < most else Words("", "")
    said = Words(
        f"符合条件的有 {rows} 行，至多可导出 {limit} 行。请以 unit、occurred_from、occurred_until 等缩小范围{other.zh}。",
        f"{rows} rows match and at most {limit} can be exported. Narrow them by unit, occurred_from, occurred_until or the like{other.en}.",
    )
    raise invalid([Fault("/filters", "too-many-rows", said)])


def _too_many() -> Problem:
    return conflict(
        "too-many-exports",
        Words("导出已达上限", "You have as many exports as one may have"),
        Words(
            f"未过期的导出至多 {MOST} 项；请删除不再需要的，或待其过期。",
            f"At most {MOST} are kept at a time; delete one that you no longer need, or wait for it to expire.",
        ),
    )
