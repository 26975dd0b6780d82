"""Statements that the two databases want to be told differently."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Insert,
    Select,
    SelectBase,
    String,
    Table,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from .tables import TextList, UuidList

Rows: TypeAlias = tuple[Table, Sequence[Mapping[str, Any]]]
"""A table and rows that are to be inserted into it, all with the same keys."""


_MOST_TOGETHER = 100


async def insert_together(connection: AsyncConnection, *parts: Rows) -> None:
    """Rows for several tables, each table named once, in one round-trip where the database can take them so; many go in table by table.

    Keys that refer from one part to another are checked when all are in.
    """
    if connection.dialect.name == "sqlite" or sum(len(rows) for _, rows in parts) > _MOST_TOGETHER:
        for table, rows in parts:
            await insert_many(connection, table, rows)
        return
    shape = tuple((table, tuple(rows[0]), len(rows)) for table, rows in parts if rows)
    values = {
        f"{table.name}_{place}_{name}": value for table, rows in parts for place, row in enumerate(rows) for name, value in row.items()
    }
    await connection.execute(_together(shape), values)


async def insert_many(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows of one table, all with the same keys: where the database has arrays, one statement that is given a list for each column."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table), list(rows))
        return
    names = tuple(rows[0])
    await connection.execute(_unnested(table, names), {name: [row[name] for row in rows] for name in names})


@lru_cache(maxsize=200)
def _unnested(table: Table, names: tuple[str, ...]) -> Insert:
    lists = [bindparam(name, type_=ARRAY(table.c[name].type, dimensions=1)) for name in names]
    rows = func.unnest(*lists).table_valued(*(column(name, table.c[name].type) for name in names)).render_derived()
    return insert(table).from_select(names, select(*(rows.c[name] for name in names)))


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


class _beginning_of(FunctionElement[str]):  # noqa: N801  # reads as a function
    """The beginning of a day as it is written: so many letters, on PostgreSQL of such a form."""

    type = String()
    inherit_cache = True
    letters: ClassVar[int]
    form: ClassVar[str]


class month_of(_beginning_of):  # noqa: N801
    """`month_of(column)`: the month of a day, `YYYY-MM`."""

    inherit_cache = True
    letters, form = 7, "YYYY-MM"


class year_of(_beginning_of):  # noqa: N801
    """`year_of(column)`: the year of a day, `YYYY`."""

    inherit_cache = True
    letters, form = 4, "YYYY"


@compiles(_beginning_of)
def _as_text(element: _beginning_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, {element.letters})"


@compiles(_beginning_of, "postgresql")
def _as_day(element: _beginning_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, '{element.form}')"


class days_between(FunctionElement[float]):  # noqa: N801  # reads as a function
    """`days_between(earlier, later)`: the days from one instant to another, with their fractions."""

    type = Float()
    inherit_cache = True


@compiles(days_between)
def _by_julian_days(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"(julianday({later}) - julianday({earlier}))"


@compiles(days_between, "postgresql")
def _by_epochs(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(one, **options) for one in element.clauses)
    return f"(extract(epoch FROM {later} - {earlier}) / 86400)::float8"


class one_of(FunctionElement[Any]):  # noqa: N801  # reads as an operator
    """`one_of(column, "ids")` or `one_of(column, ids)`: the column holds one of the ids, or of the texts, in a parameter that takes a list of any length.

    As `IN` with a parameter for each, but one statement for all lengths, so that it is prepared once.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], ids: str | list[UUID] | list[str]) -> None:
        of = TextList if isinstance(column.type, String) else UuidList
        given = bindparam(ids, type_=of) if isinstance(ids, str) else bindparam(None, ids, type_=of, unique=True)
        super().__init__(column, given)


@compiles(one_of)
def _in_json(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(ids, **options)}))"  # noqa: S608  # compiled parts


@compiles(one_of, "postgresql")
def _any_of(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(ids, **options)})"
