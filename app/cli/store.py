"""The database as commands meet it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.kit.database import Database
from app.kit.migrations import is_current, upgrade

from .failures import fail

PATIENCE_SECONDS = 10.0
"""How long a server may take to answer before the command gives up."""


@asynccontextmanager
async def opened(url: str, pool_size: int = 1) -> AsyncIterator[Database]:
    """A database, closed at the end; most commands need one connection."""
    database = Database(url, pool_size=pool_size)
    try:
        yield database
    finally:
        await database.close()


def bring_forward(url: str) -> None:
    """Migrate an embedded database; on a server, where several processes start at once, the operator does that first."""
    embedded, current = asyncio.run(_look(url))
    if current:
        return
    if not embedded:
        fail("数据库结构未更新，请先运行 qinqing migrate。", "The tables are not those of this release; run qinqing migrate first.")
    upgrade(url)


def require_current(url: str) -> None:
    """Leave unless the tables are those of this release: who only looks changes nothing, and so does not migrate."""
    if not asyncio.run(_look(url))[1]:
        fail("数据库结构未更新，请先运行 qinqing migrate。", "The tables are not those of this release; run qinqing migrate first.")


async def _look(url: str) -> tuple[bool, bool]:
    """(whether the database is embedded, whether it stands at this release's revision)."""
    async with opened(url) as database, asyncio.timeout(PATIENCE_SECONDS), database.reading() as connection:
        return database.embedded, await is_current(connection)
