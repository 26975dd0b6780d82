"""Asking for an import, seeing how far it has come, stopping it, and erasing it: each caller their own."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update

from app.access.caller import Caller
from app.access.kept import as_columns
from app.jobs.deferring import defer
from app.jobs.models import job
from app.kit import clock
from app.kit.database import claimed, lock, locked
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work

from .conventions import MappingIn
from .models import bulk_import, bulk_import_fault, bulk_import_piece
from .schemas import ImportKind, ImportState
from .tables import Status

CARRY_OUT = "imports.carry-out"
"""The task that takes in what an import still has."""

OPEN = (ImportState.WAITING, ImportState.RUNNING)

MOST = 20
"""Imports that one caller may have under way at a time."""

RECEIVED_WITHIN = timedelta(hours=6)
"""How long a file may take to come in; what has not come in by then is erased."""

_FAULTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: what the rows are, whether to write, and of which file."""

    of: ImportKind
    dry_run: bool
    file_name: str | None
    sheet: str | None
    mapping: MappingIn | None = None


class Imports:
    """The imports that one caller has asked for; nobody else learns of them."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.caller = caller

    async def enter(self, asked: Asked, size: int, digest: bytes) -> UUID:
        """Enter an import whose file is being put down.

        Raises:
            Problem: 409 when the caller has as many under way as one may have.
        """
        await self._require_room()
        now, import_id = clock.now(), new_id()
        about: dict[str, Any] = {"of": asked.of.value, "dry_run": asked.dry_run, "file_name": asked.file_name, "sheet": asked.sheet}
        about["mapping"] = asked.mapping and asked.mapping.model_dump(mode="json", exclude_defaults=True)
        nothing_yet = dict.fromkeys(("phase", "position", *Status), 0)
        kept = {"id": import_id, **about, **as_columns(self.caller), "bytes": size, "digest": digest, **nothing_yet}
        state = {"state": ImportState.RECEIVING.value, "created_at": now, "expires_at": now + RECEIVED_WITHIN, "version": 1}
        await self.connection.execute(insert(bulk_import).values(**kept, **state))
        return import_id

    async def keep(self, import_id: UUID, number: int, piece: bytes) -> None:
        """Put a piece of its file down."""
        row = {"import_id": import_id, "number": number, "content": piece}
        await self.connection.execute(insert(bulk_import_piece).values(row))

    async def ask(self, work: Work, import_id: UUID, kept_for: timedelta) -> RowMapping:
        """The file is there: put the import on the list of work."""
        state = {"state": ImportState.WAITING.value, "expires_at": clock.now() + kept_for, "version": bulk_import.c.version + 1}
        await self.connection.execute(update(bulk_import).where(bulk_import.c.id == import_id).values(**state))
        row = await self.get(import_id)
        await defer(work, CARRY_OUT, {"import": str(import_id)})
        work.record("import.requested", import_id, {"of": row["of"], "dry_run": row["dry_run"], "digest": row["digest"].hex()})
        return row

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of the caller's own, newest first, one more than asked for."""
        return list((await self.connection.execute(page.of(self._own(select(bulk_import)), bulk_import.c.id))).mappings())

    async def count(self) -> int:
        """How many there are."""
        how_many: Any = func.count()
        return await self.connection.scalar(self._own(select(how_many).select_from(bulk_import))) or 0

    async def get(self, import_id: UUID) -> RowMapping:
        """One of the caller's own.

        Raises:
            Problem: 404, also for what somebody else has asked for.
        """
        asked = self._own(select(bulk_import)).where(bulk_import.c.id == import_id)
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(Words("导入", "import"))
        return row

    async def cancel(self, work: Work, import_id: UUID, if_match: str) -> RowMapping:
        """Stop an import after the rows that are being taken in; those that were stay.

        Raises:
            Problem: 404, 409 when it has ended, 412.
        """
        row = await self._locked(import_id, if_match)
        if row["state"] not in OPEN:
            raise _ended()
        await end(work, import_id, ImportState.CANCELLED)
        work.record("import.cancelled", import_id, counts_of(row))
        return await self.get(import_id)

    async def discard(self, work: Work, import_id: UUID, if_match: str) -> None:
        """Erase an import that has ended, with its report.

        Raises:
            Problem: 404, 409 while it is under way, 412.
        """
        row = await self._locked(import_id, if_match)
        if row["state"] in OPEN:
            raise _under_way()
        await erase(work, [import_id])
        work.record("import.discarded", import_id, {})

    async def faults(self, import_id: UUID, after: int = -1) -> Sequence[RowMapping]:
        """Some of the rows that were not taken in, in the order of the file."""
        fault = bulk_import_fault.c
        asked = select(bulk_import_fault).where(fault.import_id == import_id, fault.number > after)
        return (await self.connection.execute(asked.order_by(fault.number).limit(_FAULTS_AT_ONCE))).mappings().all()

    async def all_faults(self, import_id: UUID) -> AsyncIterator[RowMapping]:
        """All of them."""
        after = -1
        while rows := await self.faults(import_id, after):
            for row in rows:
                yield row
            after = rows[-1]["number"]

    def _own(self, statement: Select[Any]) -> Select[Any]:
        received = bulk_import.c.state != ImportState.RECEIVING
        return statement.where(bulk_import.c.actor == self.caller.actor, received)

    async def _locked(self, import_id: UUID, if_match: str) -> RowMapping:
        await self.connection.execute(locked(self._own(select(bulk_import.c.id)).where(bulk_import.c.id == import_id)))
        row = await self.get(import_id)
        require_match(if_match, row["version"])
        return row

    async def _require_room(self) -> None:
        await lock(self.connection, f"imports of {self.caller.actor}")
        under_way = select(func.count()).where(bulk_import.c.actor == self.caller.actor, bulk_import.c.state.in_(OPEN))
        if (await self.connection.scalar(under_way) or 0) >= MOST:
            raise _too_many()


def counts_of(row: RowMapping) -> dict[str, int]:
    """What became of rows so far."""
    return {status.value: row[status.value] for status in Status}


async def end(work: Work, import_id: UUID, state: ImportState, **why: Any) -> None:
    """Nothing more is done: the file is erased, which is needed no longer."""
    ended = {"state": state.value, "finished_at": clock.now(), "version": bulk_import.c.version + 1, **why}
    await work.connection.execute(update(bulk_import).where(bulk_import.c.id == import_id).values(**ended))
    await work.connection.execute(delete(bulk_import_piece).where(bulk_import_piece.c.import_id == import_id))


async def erase(work: Work, ids: Sequence[UUID]) -> None:
    """Erase imports with all that is kept of them."""
    for part in (bulk_import_piece, bulk_import_fault):
        await work.connection.execute(delete(part).where(part.c.import_id.in_(ids)))
    await work.connection.execute(delete(bulk_import).where(bulk_import.c.id.in_(ids)))


async def forget_old(work: Work) -> None:
    """Erase imports whose time is over, and those whose file never came in wholly; give those up whose job was given up."""
    await _give_up_abandoned(work)
    over = select(bulk_import.c.id).where(bulk_import.c.expires_at < clock.now(), bulk_import.c.state.not_in(OPEN)).limit(100)
    ids = list(await work.connection.scalars(over))
    if ids:
        await erase(work, ids)


async def _give_up_abandoned(work: Work) -> None:
    """Looked for under lock, and before the jobs are: what comes up meanwhile is not given up."""
    open_ones = claimed(select(bulk_import.c.id).where(bulk_import.c.state.in_(OPEN)), of=bulk_import)
    under_way = set(await work.connection.scalars(open_ones))
    tried = select(job.c.args).where(job.c.task_name == CARRY_OUT, job.c.status.in_(("todo", "doing")))
    waiting = {UUID(arguments["import"]) for arguments in await work.connection.scalars(tried)} if under_way else set()
    for import_id in under_way - waiting:
        await end(work, import_id, ImportState.FAILED, failure="not-done")
        work.record("import.failed", import_id, {"code": "not-done"})


def _too_many() -> Problem:
    return conflict(
        "too-many-imports",
        Words("进行中的导入已达上限", "You have as many imports under way as one may have"),
        Words(f"同时至多 {MOST} 项；请待其完成，或取消不需要的。", f"At most {MOST} at a time; wait until one is done, or cancel one."),
    )


def _ended() -> Problem:
    return conflict(
        "import-ended",
        Words("导入已结束", "The import has ended"),
        Words("已完成、失败或取消的导入不能再取消。", "One that is completed, failed or cancelled cannot be cancelled any more."),
    )


def _under_way() -> Problem:
    return conflict(
        "import-under-way",
        Words("导入尚在进行", "The import is under way"),
        Words("请先取消，或待其完成后再删除。", "Cancel it first, or wait until it is done."),
    )
