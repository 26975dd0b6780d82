"""Bulk access to the two databases by their bare drivers."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import make_url

from app.kit.searching import grams

Row: TypeAlias = dict[str, Any]


class Store(Protocol):
    """What filling a register needs of a database."""

    async def rows(self, table: str, column: str, key: UUID) -> list[Row]:
        """The rows with that key, as the driver gives them."""

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Many rows at once; what they refer to is not checked."""

    async def index(self, declarations: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Let added declarations be found by their words, where the database does not see to it by itself."""

    async def settle(self) -> None:
        """What the database's own upkeep does after a while: statistics, visibility."""

    async def close(self) -> None:
        """Let go of it."""


class PostgresStore:
    """COPY."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> "PostgresStore":
        """Connect; keys are not checked row by row, because the rows were made to fit."""
        connection = await asyncpg.connect(url)
        await connection.execute("SET session_replication_role = replica")
        return cls(connection)

    async def rows(self, table: str, column: str, key: UUID) -> list[Row]:
        """As in Store."""
        return [dict(row) for row in await self._connection.fetch(f"SELECT * FROM {table} WHERE {column} = $1", key)]  # noqa: S608  # own names

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """As in Store."""
        await self._connection.copy_records_to_table(table, records=rows, columns=list(columns))

    async def index(self, declarations: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """As in Store: its index is one of expressions."""

    async def settle(self) -> None:
        """As in Store."""
        await self._connection.execute("VACUUM ANALYZE")
        await self._connection.execute("CHECKPOINT")

    async def close(self) -> None:
        """As in Store."""
        await self._connection.close()


class SqliteStore:
    """One statement for many rows."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA synchronous = OFF")

    async def rows(self, table: str, column: str, key: UUID) -> list[Row]:
        """As in Store."""
        return [dict(row) for row in self._connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", [key.hex])]  # noqa: S608  # own names

    async def add(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """As in Store."""
        names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self._connection.execute("BEGIN")
        self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", ([_text(value) for value in row] for row in rows))  # noqa: S608
        self._connection.execute("COMMIT")

    async def index(self, declarations: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """As in Store."""
        key, words = columns.index("id"), columns.index("search_text")
        rows = ((gram, row[key]) for row in declarations for gram in grams(row[words] + "\n"))
        await self.add("declaration_gram", ("gram", "declaration_id"), rows)

    async def settle(self) -> None:
        """As in Store."""
        self._connection.execute("PRAGMA optimize = 0x10002")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """As in Store."""
        self._connection.close()


def _text(value: Any) -> Any:
    """Ids and days as SQLAlchemy stores them in SQLite."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value


async def open_store(url: str) -> Store:
    """The store behind a URL."""
    if url.startswith("sqlite"):
        return SqliteStore(Path(str(make_url(url).database)))
    return await PostgresStore.open(url)
