"""Searches of RFC 7644, section 3.4.2: the ids of a page, in order, of persons and units as one collection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from scim2_models import InvalidCursorException, Resource, ResourceType, SearchRequest
from sqlalchemy import Date, Select, String, Uuid, and_, false, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit.tables import Instant
from app.people.models import person, unit
from app.people.persons import visible_persons
from app.people.visibility import in_reach

from .attributes import GROUP, USER, Names, there
from .filters import condition, order
from .resources import USERS
from .stating import written

_FURTHEST: Final = 2**31 - 1
"""No register has so many; a database takes no larger number."""

Found: TypeAlias = tuple[str, UUID]
"""The sort of a resource, and its id."""


@dataclass(frozen=True, slots=True)
class Ids:
    """A page: how many match in all, what is on it, and where the next and the previous page are."""

    total: int
    found: Sequence[Found]
    following: Any = None
    preceding: Any = None


class Finding:
    """One search by one caller."""

    def __init__(self, caller: Caller, asked: SearchRequest[Any], models: Mapping[str, type[Resource[Any]]]) -> None:
        self.caller = caller
        self.asked = asked
        self.models = models
        self.descending = bool(asked.sort_by) and asked.sort_order == SearchRequest.SortOrder.descending

    async def ids(self, connection: AsyncConnection, types: Sequence[ResourceType], position: Any) -> Ids:
        """The page that is asked for, by number or by the position in a cursor.

        Raises:
            InvalidFilterException, InvalidCursorException: what was asked cannot be answered.
        """
        keys = {str(sort.name): order(self.asked.sort_binding(self.models[str(sort.name)]), self._names(sort)) for sort in types}
        kind = next((key.type for key in keys.values() if key is not None), String())
        parts = [self._part(sort, literal(None, kind) if key is None else key) for sort, key in zip(types, keys.values(), strict=True)]
        rows = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery("found")
        total = await connection.scalar(select(func.count()).select_from(rows)) or 0
        if self.asked.count == 0:
            return Ids(total, [])
        if self.asked.cursor is None:
            page = (
                self._in_order(select(rows), rows, backwards=False)
                .offset(min(self.asked.start_index_0 or 0, _FURTHEST))
                .limit(self.asked.count)
            )
            return Ids(total, [(row.sort, row.id) for row in await connection.execute(page)])
        return await self._from(connection, rows, total, position)

    def _part(self, sort: ResourceType, key: ColumnElement[Any]) -> Select[Any]:
        """The resources of one sort that the caller sees and the filter matches, with what they are sorted by."""
        if sort is USERS:
            identity, seen = person.c.id, and_(visible_persons(self.caller), there())
        else:
            identity, seen = unit.c.id, in_reach(self.caller, unit.c.id)
        part = select(literal(sort.name).label("sort"), identity.label("id"), key.label("key")).where(seen)
        wanted = condition(self.asked.filter, self.models[str(sort.name)], self._names(sort))
        return part if wanted is None else part.where(wanted)

    @staticmethod
    def _names(sort: ResourceType) -> Names:
        return USER if sort is USERS else GROUP

    def _in_order(self, statement: Any, rows: Any, *, backwards: bool) -> Any:
        """By the value, those without one last, then by id; turned round where the order or the page asks for it."""
        down = self.descending != backwards
        keys = [rows.c.id] if self.asked.sort_by is None else [rows.c.key.is_(None), rows.c.key, rows.c.id]
        return statement.order_by(*(key.desc() if down else key.asc() for key in keys))

    async def _from(self, connection: AsyncConnection, rows: Any, total: int, position: Any) -> Ids:
        """The page after a position, or before it: one resource more is read, which tells whether another page follows."""
        backwards, start = _position(position, rows.c.key) if position is not None else (False, None)
        page = self._in_order(select(rows), rows, backwards=backwards)
        if start is not None:
            page = page.where(self._beyond(rows, start, backwards=backwards))
        count = self.asked.count
        read = list(await connection.execute(page if count is None else page.limit(count + 1)))
        more, read = count is not None and len(read) > count, read[:count]
        if backwards:
            read.reverse()
        after, before = (True, more) if backwards else (more, position is not None)
        if not read:
            return Ids(total, [])
        following = _told("next", read[-1]) if after else None
        return Ids(total, [(row.sort, row.id) for row in read], following, _told("previous", read[0]) if before else None)

    def _beyond(self, rows: Any, start: "_Start", *, backwards: bool) -> ColumnElement[bool]:
        """What stands further on than the resource with this value and id."""
        down = self.descending != backwards
        further: ColumnElement[bool] = rows.c.id < start.id if down else rows.c.id > start.id
        if self.asked.sort_by is None:
            return further
        if start.value is None:
            without = and_(rows.c.key.is_(None), further)
            return or_(without, rows.c.key.is_not(None)) if down else without
        given = literal(start.value, rows.c.key.type)
        value = rows.c.key < given if down else rows.c.key > given
        same = and_(rows.c.key == given, further)
        return or_(value, same, false() if down else rows.c.key.is_(None))


@dataclass(frozen=True, slots=True)
class _Start:
    value: Any
    id: UUID


def _told(direction: str, row: Any) -> dict[str, Any]:
    """A position as a cursor holds it."""
    value = written(row.key)
    return {"to": direction, "value": str(value) if isinstance(value, UUID) else value, "id": str(row.id)}


def _position(position: Any, key: ColumnElement[Any]) -> tuple[bool, _Start]:
    """Whether it leads backwards, and from where.

    Raises:
        InvalidCursorException: it was sealed by an earlier release.
    """
    try:
        value, start = position["value"], UUID(position["id"])
        if value is not None and isinstance(key.type, Instant):
            value = datetime.fromisoformat(value)
        elif value is not None and isinstance(key.type, Date):
            value = date.fromisoformat(value)
        elif value is not None and isinstance(key.type, Uuid):
            value = UUID(value)
        return position["to"] == "previous", _Start(value, start)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidCursorException from error
