"""Where the tables stand and how they are brought forward. The tree of migrations lies beside the `app` package."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import column, event, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

import app

from .database import async_url, try_file_first

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(app.__file__).parent.parent / "migrations"
_alembic_version = table("alembic_version", column("version_num"))


class OtherReleaseError(Exception):
    """The tables stand at a revision that this release does not know."""


def configuration(url: str | None = None) -> "Config":
    """Alembic's configuration for a database; it works from any folder, also from an installed package."""
    from alembic.config import Config  # noqa: PLC0415  # see upgrade

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the tables to the newest revision; nothing happens when they are there. Must not run inside an event loop.

    Alembic is loaded here and not at the start: a service whose tables are as they should be never needs it.

    Raises:
        OtherReleaseError: they are newer than this release.
    """
    from alembic import command, util  # noqa: PLC0415  # as said above

    try:
        command.upgrade(configuration(url), "head")
    except util.CommandError as error:
        raise OtherReleaseError(str(error)) from error


@cache
def head() -> str:
    """The newest revision that this release knows: file names start with the day and time, and the tree is one line."""
    newest = max((FOLDER / "versions").glob("[0-9]*.py"))
    found = re.search(r'^revision = "(\w+)"$', newest.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{newest} names no revision")
    return found[1]


async def is_current(connection: AsyncConnection) -> bool:
    """Whether the database stands at the newest revision; False when it has never been migrated."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return False
    return await connection.scalar(select(_alembic_version.c.version_num)) == head()


@asynccontextmanager
async def migrating(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection for changes of the tables.

    SQLite: transactions are begun by us, as the driver would commit at each CREATE; foreign keys stay off, as Alembic
    copies a table by dropping the old one.
    """
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        try_file_first(engine)

        @event.listens_for(engine.sync_engine, "connect")
        def _own_transactions(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.cursor().execute("PRAGMA busy_timeout = 10000")

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
