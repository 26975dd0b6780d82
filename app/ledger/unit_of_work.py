"""One unit of work per request or job, committed once, nowhere else; reads take a `Reading`, which cannot write."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.kit.statements import Rows, insert_together

from .lines import Line
from .models import ledger_line

WORKER = "worker"
"""Who acts where no caller does: the background work."""


@dataclass(slots=True)
class Reading:
    """A connection for queries; the database itself refuses writes on it."""

    connection: AsyncConnection


@dataclass(slots=True)
class Work(Reading):
    """One transaction in the name of `actor`. What is recorded becomes ledger lines with the next rows that are inserted, at the latest before the commit."""

    actor: str
    _lines: list[Line] = field(default_factory=list)
    _last: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)

    def record(self, action: str, subject: UUID, content: Mapping[str, Any]) -> Line:
        """Write a line about an act: `declaration.submitted`, the id of its subject, and digests or plain facts of it."""
        line = Line(new_id(), clock.now(), self.actor, action, subject, content)
        self._lines.append(line)
        return line

    async def insert(self, *parts: Rows) -> None:
        """Insert rows together with the lines recorded so far: where the database can, both go in one round-trip."""
        lines, self._lines = self._lines, []
        await insert_together(self.connection, *parts, (ledger_line, [_row(line) for line in lines]))

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail by itself: what it wrote and recorded is undone when it raises, and the rest stays."""
        before = list(self._lines), dict(self._last)
        try:
            async with self.connection.begin_nested():
                yield
        except BaseException:
            self._lines, self._last = before
            raise

    def at_last(self, key: str, act: Callable[[], Awaitable[object]]) -> None:
        """Do something right before the commit, once for each key and in their order.

        For what locks a row that many transactions want: so they hold it for a moment, and never wait for each other in a circle.
        """
        self._last[key] = act

    async def finish(self) -> None:
        """Do what was left for last, and insert the lines that are still to be written."""
        await self._write_lines()
        for key in sorted(self._last):
            await self._last[key]()

    async def _write_lines(self) -> None:
        if self._lines:
            await self.insert()


def _row(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": line.at,
        "actor": line.actor,
        "action": line.action,
        "subject": line.subject,
        "content": dict(line.content),
        "leaf_hash": line.hash,
    }


@asynccontextmanager
async def work(database: Database, actor: str) -> AsyncIterator[Work]:
    """A unit of work; committed with its lines when the block ends well, rolled back when it raises."""
    async with database.writing() as connection:
        unit = Work(connection, actor)
        yield unit
        await unit.finish()


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Reading]:
    """A connection for reads that belong together: all see the register at one moment."""
    async with database.snapshot() as connection:
        yield Reading(connection)


@asynccontextmanager
async def reading(database: Database) -> AsyncIterator[Reading]:
    """A connection for reads."""
    async with database.reading() as connection:
        yield Reading(connection)
