"""Connections to SQLite and PostgreSQL; what differs between the two lives here alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    URL,
    ColumnElement,
    Insert,
    Select,
    SelectBase,
    Table,
    bindparam,
    event,
    insert,
    literal,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

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
    instead of running into lock time-outs.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = async_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        if self.embedded and not self.url.database:
            raise ValueError("an embedded database needs a file, such as sqlite:///qinqing.sqlite3")
        self._writers = self._engine(pool_size=1 if self.embedded else pool_size, read_only=False)
        self._readers = self._engine(pool_size=4 if self.embedded else pool_size, read_only=True)

    @property
    def file(self) -> Path | None:
        """The file of an embedded database."""
        return Path(self.url.database) if self.embedded and self.url.database else None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed when the block ends well, rolled back when it raises."""
        async with self._writers.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that cannot write; each statement sees what is committed when it starts."""
        async with self._readers.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection."""
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


def _postgresql_arguments(url: URL, *, read_only: bool) -> dict[str, Any]:
    settings = {"TimeZone": "UTC", "default_transaction_read_only": "on" if read_only else "off"}
    if url.drivername.endswith("psycopg"):
        return {"options": " ".join(f"-c {name}={value}" for name, value in settings.items())}
    return {"server_settings": settings}


def _prepare_sqlite(engine: AsyncEngine, *, read_only: bool) -> None:
    """Pragmas for each new connection; writers take the write lock when they begin, not at their first write."""

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


async def insert_together(connection: AsyncConnection, *parts: tuple[Table, Sequence[Mapping[str, Any]]]) -> None:
    """Rows for several tables, all with the same keys within a table, in one round-trip where the database can take them so.

    Keys that refer from one part to another are checked when all are in.
    """
    if connection.dialect.name == "sqlite":
        for table, rows in parts:
            if rows:
                await connection.execute(insert(table), list(rows))
        return
    shape = tuple((table, tuple(rows[0]), len(rows)) for table, rows in parts if rows)
    values = {f"{table.name}_{place}_{name}": value for table, rows in parts for place, row in enumerate(rows) for name, value in row.items()}
    await connection.execute(_together(shape), values)


@lru_cache(maxsize=200)
def _together(shape: tuple[tuple[Table, tuple[str, ...], int], ...]) -> Select[Any]:
    """The statement for so many rows of these tables: an INSERT a row, each in a WITH clause."""
    inserts = [
        insert(table).values({name: bindparam(f"{table.name}_{place}_{name}") for name in names}).cte(f"{table.name}_{place}")
        for table, names, rows in shape
        for place in range(rows)
    ]
    return select(literal(1)).add_cte(*inserts)


class among(FunctionElement[Any]):  # noqa: N801  # reads as an operator
    """`among(column, select)`: the column holds one of the values that the SELECT finds.

    As `IN`, but on PostgreSQL the values are found first and then looked up like a list: its planner otherwise takes an ordered
    walk through the whole table for cheap when few rows are asked for. It has no type, as SQLite would be asked whether it `= 1`.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], values: SelectBase) -> None:
        super().__init__(column, values.scalar_subquery())


@compiles(among)
def _in(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} IN {compiler.process(values, **options)}"


@compiles(among, "postgresql")
def _any(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY (ARRAY{compiler.process(values, **options)})"


def locked(statement: Any, of: Table | None = None) -> Any:
    """The rows of a SELECT, or those of one of its tables, locked against other writers until commit; SQLite has one writer anyway."""
    return statement.with_for_update(key_share=True, of=of)


def held(statement: Any) -> Any:
    """The rows of a SELECT kept from being deleted until commit, so that what is about to refer to them can; others may still change them."""
    return statement.with_for_update(read=True, key_share=True)


async def lock(connection: AsyncConnection, name: str) -> None:
    """Wait for a lock by name and hold it until the transaction ends; writers of an embedded database queue anyway."""
    if connection.dialect.name != "sqlite":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


async def try_lock(connection: AsyncConnection, name: str) -> bool:
    """Take a lock by name until the transaction ends, without waiting; False when another process holds it.

    An embedded database has one process, whose own bookkeeping suffices.
    """
    if connection.dialect.name == "sqlite":
        return True
    taken = await connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})
    return bool(taken)
