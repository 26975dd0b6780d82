"""The one metadata of all tables, and column types that are the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, JSON, Column, DateTime, Dialect, MetaData, Table, Text, Uuid, cast
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


EMBEDDED = {"database": "sqlite"}
"""The `info` of a table that an embedded database alone has."""


def tables_of(database: str) -> list[Table]:
    """The tables that a database has, by the name of its dialect, each after those that it refers to."""
    return [table for table in metadata.sorted_tables if table.info.get("database", database) == database]


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite keeps no zone, so it is given back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants: they would silently move by the server's zone."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again where the database dropped the zone."""
        del dialect
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class UuidList(TypeDecorator[list[UUID]]):
    """Ids as one parameter, however many: an array, or a JSON array where the database has none."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of ids on PostgreSQL."""
        return dialect.type_descriptor(ARRAY(Uuid) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[UUID] | None, dialect: Dialect) -> Any:
        """Ids as SQLite keeps them, in JSON."""
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps([one.hex for one in value])


class TextList(TypeDecorator[list[str]]):
    """Texts as one parameter, likewise."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of texts on PostgreSQL."""
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """A JSON array on SQLite."""
        return value if value is None or dialect.name == "postgresql" else json.dumps(value)


Json = JSON(none_as_null=True)
"""A JSON document, kept as the text that was written."""


def id_column() -> Column[Any]:
    """The primary key of a table: a UUIDv7."""
    return Column("id", Uuid, primary_key=True)


def as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A JSON column as the text that is stored, for answers that pass it through; the database casts, as drivers parse JSON unasked."""
    return cast(column, Text)
