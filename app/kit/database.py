"""Connections to SQLite and PostgreSQL; what differs between the two lives here alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Insert, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_SQLITE_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000", "foreign_keys = ON", "temp_store = MEMORY")


def async_url(url: str) -> URL:
    """The URL with an asynchronous driver: `postgresql://` and `sqlite:///` work as given, `postgresql+psycopg://` stays."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        query = {("ssl" if name == "sslmode" else name): value for name, value in parsed.query.items()}
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    if parsed.drivername == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    return parsed


class Database:
    """A pool for writers and one for readers that the server itself keeps from writing.

    SQLite wants one writer at a time: its writing pool holds one connection, so that writers queue for it in order
    instead of running into lock time-outs, and those that queue share a commit.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = async_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        if self.embedded and not self.url.database:
            raise ValueError("an embedded database needs a file, such as sqlite:///qinqing.sqlite3")
        self._writers = self._engine(pool_size=1 if self.embedded else pool_size, read_only=False)
        self._turns = Turns(self._writers) if self.embedded else None
        self._readers = self._engine(pool_size=4 if self.embedded else pool_size, read_only=True)

    @property
    def file(self) -> Path | None:
        """The file of an embedded database."""
        return Path(self.url.database) if self.embedded and self.url.database else None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed when the block ends well, rolled back when it raises."""
        async with self._turns.next() if self._turns else self._writers.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that cannot write; each statement sees what is committed when it starts."""
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that cannot write and that sees, as long as it is open, what was committed when it first looked."""
        async with self._readers.connect() as connection:
            if self.embedded:
                await connection.exec_driver_sql("BEGIN")
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            try:
                yield connection
            finally:
                if self.embedded:
                    await connection.exec_driver_sql("ROLLBACK")

    async def close(self) -> None:
        """Close every connection."""
        if self._turns:
            await self._turns.settle()
        await self._writers.dispose()
        await self._readers.dispose()

    def _engine(self, *, pool_size: int, read_only: bool) -> AsyncEngine:
        options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if read_only else {}
        if not self.embedded:
            options["connect_args"] = _postgresql_arguments(self.url, read_only=read_only)
        engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            **options,
        )
        if self.embedded:
            _prepare_sqlite(engine, read_only=read_only)
        return engine


class Turns:
    """Writers of an embedded database, one at a time; who waits when a transaction begins has a savepoint in it and shares its commit.

    A commit waits for the disk, which takes several times as long as the work. Nobody goes on before the shared commit is
    done, and when it fails, it has failed for all.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._turn = asyncio.Lock()
        self._opened: asyncio.Future[AsyncConnection] | None = None
        self._commit: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def next(self) -> AsyncIterator[AsyncConnection]:
        """The connection when it is one's turn; left when what was done is committed."""
        try:
            async with self._turn:
                if self._opened is None:
                    self._opened = asyncio.get_running_loop().create_future()
                    self._commit = asyncio.create_task(self._transaction(self._opened))
                connection = await asyncio.shield(self._opened)
                async with connection.begin_nested():
                    yield connection
        except BaseException:
            await self.settle()
            raise
        if self._commit is not None:
            await asyncio.shield(self._commit)

    async def settle(self) -> None:
        """Wait for a commit that is still under way; how it ends is told to those who share it."""
        if self._commit is not None and not self._commit.done():
            await asyncio.gather(asyncio.shield(self._commit), return_exceptions=True)

    async def _transaction(self, opened: "asyncio.Future[AsyncConnection]") -> None:
        """Open a transaction for whoever has the turn and all who wait behind; commit when the turn comes round."""
        try:
            async with self._engine.begin() as connection:
                opened.set_result(connection)
                async with self._turn:
                    self._opened = None
        except Exception as error:
            self._opened = None
            if opened.done():
                raise
            opened.set_exception(error)


def _postgresql_arguments(url: URL, *, read_only: bool) -> dict[str, Any]:
    """Each query is planned for its own values: a plan for any value at all takes a rule that never fires for one that always does."""
    settings = {"TimeZone": "UTC", "default_transaction_read_only": "on" if read_only else "off"}
    if read_only:
        settings["plan_cache_mode"] = "force_custom_plan"
    if url.drivername.endswith("psycopg"):
        return {"options": " ".join(f"-c {name}={value}" for name, value in settings.items())}
    return {"server_settings": settings}


def try_file_first(engine: AsyncEngine) -> None:
    """Open the file of an embedded database once by hand before the driver does.

    A file that cannot be opened fails here: in the driver it would leave a thread behind, whose last word to an event loop
    that is closed by then is a traceback for the operator.
    """

    @event.listens_for(engine.sync_engine, "do_connect")
    def _try(_dialect: Any, _record: Any, arguments: Any, named: Any) -> None:
        sqlite3.connect(arguments[0], uri=bool(named.get("uri"))).close()


def _prepare_sqlite(engine: AsyncEngine, *, read_only: bool) -> None:
    """Pragmas for each new connection; writers take the write lock when they begin, not at their first write."""
    try_file_first(engine)

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_SQLITE_PRAGMAS, f"query_only = {'ON' if read_only else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not read_only:

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def insert_unless_there(connection: AsyncConnection, table: Table) -> Insert:
    """`INSERT ... ON CONFLICT DO NOTHING` for the database at hand."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def locked(statement: Any, of: Table | None = None) -> Any:
    """The rows of a SELECT, or those of one of its tables, locked against other writers until commit; SQLite has one writer anyway."""
    return statement.with_for_update(key_share=True, of=of)


def held(statement: Any) -> Any:
    """The rows of a SELECT kept from being deleted until commit, so that what is about to refer to them can; others may still change them."""
    return statement.with_for_update(read=True, key_share=True)


def claimed(statement: Any, of: Table) -> Any:
    """The rows of a SELECT locked until commit, without those that somebody else has locked: how several take from one list of work."""
    return statement.with_for_update(skip_locked=True, of=of)


async def lock(connection: AsyncConnection, name: str) -> None:
    """Wait for a lock by name and hold it until the transaction ends; writers of an embedded database queue anyway."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


async def lock_all(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Wait for many locks by name, always in the same order, in one statement; an embedded database needs none."""
    if connection.dialect.name != "sqlite":
        asked = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")
        await connection.execute(asked, {"names": sorted(set(names))})


async def try_lock(connection: AsyncConnection, name: str) -> bool:
    """Take a lock by name until the transaction ends, without waiting; False when another process holds it.

    An embedded database has one process, whose own bookkeeping suffices.
    """
    if connection.dialect.name == "sqlite":
        return True
    taken = await connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
    return bool(taken)
