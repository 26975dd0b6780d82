"""Facets: what a list finds, counted by one thing or another beside it, in the view that the caller has of each."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, FromClause, Select, String, case, cast, func, literal_column, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.visibility import as_commission, in_view
from app.kit.statements import year_of
from app.rulebook.finding import OUTCOMES
from app.screening.models import finding

MOST_COUNTED = 50_000
"""Counting further takes longer than anybody waits; a count says when there may be more."""

MOST_VALUES = 100


class Facet(StrEnum):
    """What may be counted."""

    KIND = "kind"
    STATUS = "status"
    LEVEL = "level"
    UNIT = "unit"
    RULE = "rule"
    BAN = "ban"
    YEAR = "year"


OF_DECLARATION: dict[Facet, ColumnElement[Any]] = {
    Facet.KIND: declaration.c.kind,
    Facet.STATUS: declaration.c.status,
    Facet.UNIT: declaration.c.unit_id,
    Facet.YEAR: year_of(declaration.c.occurred_from),
}
OF_FINDING: dict[Facet, ColumnElement[Any]] = {Facet.LEVEL: finding.c.level, Facet.RULE: finding.c.rule, Facet.BAN: finding.c.ban}


class Counted(NamedTuple):
    """The values of each facet, and how many rows they were counted of."""

    values: dict[Facet, list[tuple[Any, int]]]
    rows: int

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return self.rows > 0

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """The facets as answers show them."""
        cut = self.rows > MOST_COUNTED
        return {
            facet: [{"value": _value(facet, value), "count": count, "at_least": cut} for value, count in values]
            for facet, values in self.values.items()
        }


async def count_declarations(connection: AsyncConnection, facets: Sequence[Facet], found: Select[Any], caller: Caller) -> Counted:
    """Of declarations that a statement over `declaration` finds, by their ids, the newest first.

    Rules and bans are counted by declarations that have such a finding, so that one may count in several.
    """
    level = case((as_commission(caller), declaration.c.outcome), else_=declaration.c.shown_outcome)
    columns = {**OF_DECLARATION, Facet.LEVEL: level}
    rows = found.add_columns(*(columns[facet].label(facet) for facet in facets if facet in columns)).limit(MOST_COUNTED + 1).cte("found")
    commission = as_commission(caller)
    parts = [_by(facet, rows.c[facet], rows) if facet in columns else _by_finding(facet, rows, commission) for facet in facets]
    return await _counted(connection, facets, rows, parts)


async def count_findings(connection: AsyncConnection, facets: Sequence[Facet], found: Select[Any]) -> Counted:
    """Of findings that a statement over `finding` and `declaration` finds, the newest first."""
    columns = OF_DECLARATION | OF_FINDING
    rows = found.add_columns(*(columns[facet].label(facet) for facet in facets)).limit(MOST_COUNTED + 1).cte("found")
    return await _counted(connection, facets, rows, [_by(facet, rows.c[facet], rows) for facet in facets])


def _by(facet: Facet, value: ColumnElement[Any], rows: FromClause) -> Select[Any]:
    """One row a value; the name of the facet is one of ours."""
    columns: list[ColumnElement[Any]] = [literal_column(f"'{facet}'"), cast(value, String), func.count()]
    return select(*columns).select_from(rows).group_by(value)


def _by_finding(facet: Facet, rows: CTE, commission: ColumnElement[bool]) -> Select[Any]:
    kept, value = finding.c, OF_FINDING[facet].label("value")
    seen = in_view(commission, kept.for_commission, kept.for_declarant)
    each = select(kept.declaration_id, value).distinct().join_from(rows, finding, kept.declaration_id == rows.c.id)
    found = each.join(declaration, declaration.c.id == rows.c.id).where(kept.current, seen).subquery(f"by_{facet}")
    return _by(facet, found.c.value, found)


async def _counted(connection: AsyncConnection, facets: Sequence[Facet], rows: CTE, parts: list[Select[Any]]) -> Counted:
    """All in one statement: what is asked for is found once."""
    columns: list[ColumnElement[Any]] = [literal_column("''"), cast(null(), String), func.count()]
    found = defaultdict[str, list[tuple[Any, int]]](list)
    for row in await connection.execute(union_all(select(*columns).select_from(rows), *parts)):
        found[row[0]].append((row[1], row[2]))
    values = {facet: sorted(found[facet], key=lambda one: (-one[1], str(one[0])))[:MOST_VALUES] for facet in facets}
    return Counted(values, found[""][0][1])


def _value(facet: Facet, value: str | None) -> str | None:
    if value is None:
        return None
    if facet is Facet.LEVEL:
        return OUTCOMES[int(value)]
    return str(UUID(value)) if facet is Facet.UNIT else value
