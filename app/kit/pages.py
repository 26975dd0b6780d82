"""Keyset pages: an opaque cursor says after which key the next page starts; never an offset."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, literal, true, tuple_
from sqlalchemy.sql.elements import ColumnElement

from .errors import Fault, Words, invalid

Item = TypeVar("Item", bound=BaseModel)
Placed = TypeVar("Placed")
After = TypeVar("After")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for. Lists are newest first: ids are UUIDv7, and `after` is the last one seen."""

    limit: int
    after: UUID | None
    count: bool

    def of(self, statement: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
        """The statement narrowed to this page, one row more than asked for, to know whether another follows."""
        if self.after is not None:
            statement = statement.where(key < self.after)
        return statement.order_by(key.desc()).limit(self.limit + 1)

    def cut(self, rows: list[Any], key: Callable[[Any], UUID] = itemgetter("id")) -> tuple[list[Any], str | None]:
        """(the rows of the page, the cursor of the next one); of what `of` has found, by the key that it was ordered by."""
        page = rows[: self.limit]
        return page, cursor(key(page[-1])) if len(rows) > self.limit else None


class Place(NamedTuple):
    """Where an item stands in a list that is not ordered by ids: by a number, and those alike by a text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """Which part of a list of places is asked for, lowest first; `after` is the place of the last one seen."""

    limit: int
    after: Place | None
    count: bool

    def of(self, items: Iterable[Placed], place: Callable[[Placed], Place]) -> tuple[list[Placed], str | None]:
        """(the items of the page in order, the cursor of the next one)."""
        following = sorted((item for item in items if self.after is None or place(item) > self.after), key=place)
        page = following[: self.limit]
        return page, _cursor_to(place(page[-1])) if len(following) > self.limit else None


class Position(NamedTuple):
    """Where a row stands in a list ordered by something other than ids: by its value, and those alike by their ids."""

    value: Any
    id: UUID


@dataclass(frozen=True, slots=True)
class OrderedPage:
    """Which part of a list is asked for, in which order: `sort` names what rows are ordered by, with `-` in front from the highest down.

    Rows that are alike stand by their ids, in the same direction, so that one index serves an order and its reverse.
    """

    limit: int
    after: Position | None
    count: bool
    sort: str

    def of(self, statement: Select[Any], value: ColumnElement[Any], key: ColumnElement[UUID]) -> Select[Any]:
        """The statement narrowed to this page, one row more than asked for, to know whether another follows."""
        if self.after is not None:
            seen, last = literal(self.after.value, value.type), literal(self.after.id, key.type)
            place, before = tuple_(value, key), tuple_(seen, last)
            statement = statement.where(place < before if self.descending else place > before)
        return self.ordered(statement, value, key).limit(self.limit + 1)

    def not_before(self, value: ColumnElement[Any]) -> ColumnElement[bool]:
        """That the value does not go back, said by itself: for values that no index holds as a column beside the id."""
        if self.after is None:
            return true()
        seen = literal(self.after.value, value.type)
        return value <= seen if self.descending else value >= seen

    def ordered(self, statement: Select[Any], *keys: ColumnElement[Any]) -> Select[Any]:
        """The statement in this order, by the value and the id."""
        return statement.order_by(*(key.desc() if self.descending else key for key in keys))

    def cut(self, rows: list[Any]) -> tuple[list[Any], str | None]:
        """(the rows of the page, the cursor of the next one); each row holds its value as `placed`, and its id."""
        page = rows[: self.limit]
        if len(rows) <= self.limit:
            return page, None
        last = page[-1]
        return page, _written(f"{self.sort}:{last['placed']}:{last['id'].hex}".encode())

    @property
    def descending(self) -> bool:
        """From the highest down."""
        return self.sort.startswith("-")


def cursor(key: UUID) -> str:
    """The opaque cursor that stands for a key."""
    return _written(key.bytes)


def _cursor_to(place: Place) -> str:
    return _written(f"{place.number}:{place.text}".encode())


def _written(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _read(after: str | None, meaning: Callable[[bytes], After], otherwise: Words | None = None) -> After | None:
    """What a cursor stands for.

    Raises:
        Problem: 422 when it is none of this list.
    """
    if after is None:
        return None
    try:
        return meaning(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error) as error:
        raise invalid([Fault("/query/after", "cursor-invalid", otherwise or _NOT_OF_THIS_LIST)]) from error


def position(after: str | None, sort: str, value: Callable[[str], Any]) -> Position | None:
    """What a cursor of an ordered list stands for, whose values are read so.

    Raises:
        Problem: 422 when it is none of a list in this order.
    """

    def meaning(plain: bytes) -> Position:
        order, placed, key = plain.decode().split(":")
        if order != sort:
            raise ValueError(order)
        return Position(value(placed), UUID(hex=key))

    return _read(after, meaning, _OTHER_ORDER)


_NOT_OF_THIS_LIST = Words("游标无效，请使用上一页 next 中的值。", "Not a cursor of this list; use the value of `next` of the page before.")
_OTHER_ORDER = Words(
    "游标不属于此排序，请使用同一 sort 的上一页 next 中的值，或去掉 after 从头查起。",
    "Not a cursor of this order; use the value of `next` of the page before with the same `sort`, or start anew without `after`.",
)


def _key(plain: bytes) -> UUID:
    return UUID(bytes=plain)


def _place(plain: bytes) -> Place:
    number, _, text = plain.decode().partition(":")
    return Place(int(number), text)


Limit = Annotated[int, Query(ge=1, le=200, description="每页条数，1 至 200。Items per page.")]
Cursor = Annotated[str | None, Query(max_length=64, description="上一页的 next。The `next` of the page before.")]
PlaceCursor = Annotated[str | None, Query(max_length=120, description="上一页的 next。The `next` of the page before.")]
Count = Annotated[bool, Query(description="是否返回总数。Whether to count all.")]


async def asked_page(limit: Limit = 50, after: Cursor = None, *, count: Count = False) -> Page:
    """A page of a list that is newest first."""
    return Page(limit, _read(after, _key), count)


async def _placed_page(limit: Limit = 50, after: PlaceCursor = None, *, count: Count = False) -> PlacedPage:
    return PlacedPage(limit, _read(after, _place), count)


AskedPage = Annotated[Page, Depends(asked_page)]
AskedPlaces = Annotated[PlacedPage, Depends(_placed_page)]


class PageOut(BaseModel, Generic[Item]):
    """One page of a list, newest first."""

    model_config = ConfigDict(json_schema_extra={"description": "一页列表。One page of a list."})

    items: list[Item] = Field(description="本页各项。The items of the page.")
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="总数，仅在要求时给出。How many in all, when asked for.")


def link_header(request: Request, following: str | None) -> dict[str, str]:
    """The RFC 8288 `Link: rel="next"` header of a page, if another follows."""
    if following is None:
        return {}
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return {"Link": f'<{request.url.path}?{urlencode([*query, ("after", following)])}>; rel="next"'}
