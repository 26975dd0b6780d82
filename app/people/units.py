"""Units (单位): put on record, renamed, moved with all below them, and taken off while they are empty."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Text, cast, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import held
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.ledger.unit_of_work import Reading, Work

from .models import person, unit
from .records import unit_digest
from .schemas import UnitChange, UnitIn
from .tree import fell, is_below, lock_tree, move, plant
from .visibility import in_reach, units_in_reach, unknown_person, unknown_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFilter:
    """Which units a list shows."""

    parent: UUID | None = None
    code: str | None = None
    q: str | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these units alone."""
        if self.parent is not None:
            statement = statement.where(unit.c.parent_id == self.parent)
        if self.code is not None:
            statement = statement.where(unit.c.code == self.code)
        if self.q is not None:
            statement = statement.where(unit.c.name.icontains(self.q, autoescape=True))
        return statement


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Units:
    """The units that a caller reaches."""

    def __init__(self, reading: Reading, caller: Caller) -> None:
        self.connection = reading.connection
        self.caller = caller

    async def get(self, unit_id: UUID) -> RowMapping:
        """One unit.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(unit.c.id == unit_id))).mappings().first()
        if row is None:
            raise not_found(Words("单位", "unit"))
        return row

    async def list(self, page: Page, asked: UnitFilter) -> list[RowMapping]:
        """A page of units, one more than asked for."""
        return list((await self.connection.execute(page.of(asked.narrow(self._seen()), unit.c.id))).mappings())

    async def count(self, asked: UnitFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(asked.narrow(self._seen()).subquery())) or 0

    async def add(self, work: Work, body: UnitIn, provisioned: Mapping[str, Any] = NOTHING) -> RowMapping:
        """Put a unit on record; `provisioned` is what an HR system keeps there besides: its `external_id`.

        Raises:
            Problem: 409 for a code that is in use; 422 without a parent within reach, or for a head out of it.
        """
        await self._require_parent(body.parent)
        await self._require_head(body.head)
        row = {"id": new_id(), **columns_of(body), "external_id": None, **provisioned, "created_at": clock.now(), "version": 1}
        try:
            await self.connection.execute(insert(unit).values(row))
        except IntegrityError as error:
            raise code_taken() from error
        await plant(self.connection, [row["id"]])
        work.record("unit.created", row["id"], {"version": 1, "digest": unit_digest(row)})
        return await self.get(row["id"])

    async def change(
        self, work: Work, unit_id: UUID, if_match: str, change: UnitChange, provisioned: Mapping[str, Any] = NOTHING
    ) -> RowMapping:
        """Change the fields that were sent, and the `external_id` that is `provisioned`; a new parent moves the unit with all below it.

        Raises:
            Problem: 404, 409, 412, 422.
        """
        row = await self.get(unit_id)
        require_match(if_match, row["version"])
        body = merged(UnitIn, standing_of(row), change)
        if body.parent != row["parent_id"]:
            await self._require_parent(body.parent, moved=unit_id)
            await move(self.connection, unit_id, body.parent)
        if body.head != row["head_id"]:
            await self._require_head(body.head)
        same = (unit.c.id == unit_id) & (unit.c.version == row["version"])
        columns, version = {**columns_of(body), "external_id": row["external_id"], **provisioned}, row["version"] + 1
        try:
            changed = await self.connection.execute(update(unit).where(same).values(**columns, changed_at=clock.now(), version=version))
        except IntegrityError as error:
            raise code_taken() from error
        if not changed.rowcount:
            raise stale()
        told = {"fields": sorted(change.model_fields_set | set(provisioned)), "version": version, "digest": unit_digest(columns)}
        work.record("unit.changed", unit_id, told)
        return await self.get(unit_id)

    async def remove(self, work: Work, unit_id: UUID, if_match: str) -> None:
        """Take a unit off the register that nothing refers to.

        Raises:
            Problem: 404, 412; 409 while it has units, persons or records.
        """
        await lock_tree(self.connection)
        row = await self.get(unit_id)
        require_match(if_match, row["version"])
        if await self.connection.scalar(select(exists().where(cast(person.c.posts, Text).contains(str(unit_id))))):
            raise _not_empty()
        same = (unit.c.id == unit_id) & (unit.c.version == row["version"])
        try:
            await fell(self.connection, unit_id)
            removed = await self.connection.execute(delete(unit).where(same))
        except IntegrityError as error:
            raise _not_empty() from error
        if not removed.rowcount:
            raise stale()
        work.record("unit.removed", unit_id, {})

    def _seen(self) -> Select[Any]:
        return select(unit).where(in_reach(self.caller, unit.c.id))

    async def _require_head(self, head: UUID | None) -> None:
        """A head is somebody within reach.

        Raises:
            Problem: 422.
        """
        known = select(person.c.id).where(person.c.id == head, in_reach(self.caller, person.c.unit_id))
        if head is not None and await self.connection.scalar(held(known)) is None:
            raise invalid([unknown_person("/head")])

    async def _require_parent(self, parent: UUID | None, *, moved: UUID | None = None) -> None:
        """Hold a parent against the tree, which nobody else changes from now until commit.

        Raises:
            Problem: 422 for a parent out of reach or below the unit itself, or for none where the caller needs one.
        """
        if parent is None and self.caller.roots is not None:
            raise invalid([PARENT_NEEDED])
        await lock_tree(self.connection)
        if parent is None:
            return
        if not await units_in_reach(self.connection, self.caller, [parent]):
            raise invalid([unknown_unit("/parent")])
        if moved is not None and await is_below(self.connection, parent, moved):
            raise invalid([CIRCLE])


def columns_of(body: UnitIn) -> dict[str, Any]:
    """The row of a unit as far as it is stated."""
    return {
        "name": body.name,
        "code": body.code,
        "parent_id": body.parent,
        "kind": body.kind.value,
        "jurisdiction": body.jurisdiction or [],
        "head_id": body.head,
    }


def standing_of(row: RowMapping) -> dict[str, Any]:
    """The statement that a row stands for."""
    return {**{name: row[name] for name in ("name", "code", "kind", "jurisdiction")}, "parent": row["parent_id"], "head": row["head_id"]}


PARENT_NEEDED = Fault(
    "/parent",
    "parent-required",
    Words(
        "请填写您管辖范围内的上级单位；顶层单位须由面向全册的调用方设立。",
        "Name a unit within your reach; only a caller that reaches the whole register makes a top unit.",
    ),
)
CIRCLE = Fault(
    "/parent", "parent-below-unit", Words("上级单位不能是本单位或其下级单位。", "A unit cannot stand below itself or below one of its own.")
)


def code_taken() -> Problem:
    """409: another unit bears the code."""
    return conflict(
        "unit-code-taken",
        Words("单位代码已被使用", "The unit code is taken"),
        Words("另一单位已使用该代码，请更换代码或先查询该单位。", "Another unit bears this code; choose another or look that unit up."),
    )


def _not_empty() -> Problem:
    return conflict(
        "unit-not-empty",
        Words("单位非空，不能删除", "The unit is not empty"),
        Words(
            "该单位仍有下级单位、人员或记录；请先移出，或保留该单位。",
            "Units, persons or records still belong to it; move them first, or keep the unit.",
        ),
    )
