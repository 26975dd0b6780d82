"""Records against the ledger: each row gives the digest that the newest line about it holds, none is missing and none was slipped in."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Table, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.errors import Words
from app.kit.statements import one_of
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Reading

from .verification import Difference

_BATCH = 500
_line = ledger_line.c

Compare: TypeAlias = Callable[[Sequence[UUID]], Awaitable[Iterable[Difference]]]
Digests: TypeAlias = Callable[[AsyncConnection, Sequence[UUID]], Awaitable[Mapping[UUID, str]]]


class Records(NamedTuple):
    """Rows of one table: what they are called, the acts that write them, the act that removes them, and what gives their digests.

    `kept_as` is the field of a line that holds the digest; lines of an earlier release may lack it, and prove nothing of the row.
    """

    name: Words
    table: Table
    written: tuple[str, ...]
    removed: str
    digests: Digests
    kept_as: str = "digest"

    async def differences(self, view: Reading) -> AsyncIterator[Difference]:
        """All rows that are not as they were written, a batch at a time by id."""

        async def compare(ids: Sequence[UUID]) -> Iterable[Difference]:
            return await self._compared(view, ids)

        async for ids in batches(view, self.table):
            async for found in each(ids, compare, self._unreadable):
                yield found
        async for found in self._gone(view):
            yield found

    async def _compared(self, view: Reading, ids: Sequence[UUID]) -> Iterable[Difference]:
        """What differs among some rows."""
        own = self.table.c
        versions = (await view.connection.execute(select(own.id, own.version).where(one_of(own.id, list(ids))))).all()
        told = select(_line.id, _line.position, _line.subject, _line.action, _line.content)
        told = told.where(one_of(_line.subject, list(ids)), _line.action.in_((*self.written, self.removed)))
        rows = (await view.connection.execute(told)).mappings().all()
        newest = {row["subject"]: row for row in sorted(rows, key=self._place)}
        digests = await self.digests(view.connection, ids)
        wrong = (self._wrong_with(record, version, newest.get(record), digests.get(record)) for record, version in versions)
        return [found for found in wrong if found is not None]

    def _place(self, line: RowMapping) -> tuple[bool, int, UUID]:
        """Where a line stands among those of its record: by the version that it wrote, as clocks may differ."""
        return line["action"] == self.removed, line["content"].get("version", 0), line["id"]

    def _wrong_with(self, record: UUID, version: int, line: RowMapping | None, digest: str | None) -> Difference | None:
        if line is None:
            return self._difference(record, "没有台账记录。", "has no line.")
        if line["action"] == self.removed:
            return self._difference(record, "已经删除，却仍在册。", "was removed and is there all the same.", line)
        told: Mapping[str, Any] = line["content"]
        if self.kept_as not in told or (told[self.kept_as], told.get("version", version)) == (digest, version):
            return None
        return self._difference(record, "与最近一次登记的内容不同。", "is not what was last written of it.", line)

    async def _gone(self, view: Reading) -> AsyncIterator[Difference]:
        """Those of which lines tell that they were written, and none that they were removed, and which are not there; each once."""
        removal = ledger_line.alias("removal")
        removed = exists().where(removal.c.subject == _line.subject, removal.c.action == self.removed)
        there = exists().where(self.table.c.id == _line.subject)
        told = select(_line.id, _line.position, _line.subject).where(_line.action.in_(self.written), ~there, ~removed)
        after, full, missed = UUID(int=0), True, set[UUID]()
        while full:
            rows = (await view.connection.execute(told.where(_line.id > after).order_by(_line.id).limit(_BATCH))).mappings().all()
            for row in rows:
                if row["subject"] not in missed:
                    yield self._difference(row["subject"], "整份缺失。", "is gone.", row)
                missed.add(row["subject"])
            after, full = rows[-1]["id"] if rows else after, len(rows) == _BATCH

    def _unreadable(self, record: UUID) -> Difference:
        return self._difference(record, "无法读取。", "cannot be read.")

    def _difference(self, record: UUID, zh: str, en: str, line: RowMapping | None = None) -> Difference:
        said = Words(f"{self.name.zh} {record} {zh}", f"{self.name.en} {record} {en}")
        return Difference(said, line["position"], line["id"]) if line else Difference(said)


async def batches(view: Reading, table: Table) -> AsyncIterator[Sequence[UUID]]:
    """The ids of all rows of a table, some at a time in their order."""
    after, full = UUID(int=0), True
    while full:
        asked = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(_BATCH)
        ids = (await view.connection.scalars(asked)).all()
        if ids:
            yield ids
        after, full = ids[-1] if ids else after, len(ids) == _BATCH


async def each(ids: Sequence[UUID], compare: Compare, unreadable: Callable[[UUID], Difference]) -> AsyncIterator[Difference]:
    """What differs among some records; halves are tried when they cannot be read together."""
    try:
        found = list(await compare(ids))
    except Exception:  # noqa: BLE001  # whatever somebody has written into a column
        if len(ids) == 1:
            yield unreadable(ids[0])
            return
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            async for one in each(half, compare, unreadable):
                yield one
        return
    for one in found:
        yield one
