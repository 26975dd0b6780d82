"""Persons (公职人员): put on record, changed, and taken off only while nothing is on file about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.kit import clock
from app.kit.errors import Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.kit.searching import holds, sought, sounding
from app.ledger.unit_of_work import Reading, Work

from .models import person, unit, unit_ancestor
from .personnel import events_of, keep_events
from .records import person_digest
from .schemas import PersonChange, PersonIn
from .visibility import in_reach, own, units_in_reach, unknown_unit

READERS = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE)
_LISTS = ("inside_information", "relatives", "posts")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFilter:
    """Which persons a list shows; `unit` stands for its whole subtree."""

    unit: UUID | None = None
    employee_number: str | None = None
    q: str | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these persons alone."""
        if self.unit is not None:
            below = select(unit_ancestor.c.unit_id).where(unit_ancestor.c.ancestor_id == self.unit)
            statement = statement.where(person.c.unit_id.in_(below))
        if self.employee_number is not None:
            statement = statement.where(person.c.employee_number == self.employee_number)
        if self.q is not None:
            statement = statement.where(holds(person.c.search_text, sought(self.q)))
        return statement


def visible_persons(caller: Caller) -> ColumnElement[bool]:
    """The persons whom a caller sees: with a scope those of its units, and always oneself and whom one acts for."""
    mine = own(caller, person.c.id)
    return or_(mine, in_reach(caller, person.c.unit_id)) if caller.may(*READERS) else mine


class Persons:
    """The persons whom a caller sees."""

    def __init__(self, reading: Reading, caller: Caller) -> None:
        self.connection = reading.connection
        self.caller = caller

    async def get(self, person_id: UUID) -> RowMapping:
        """One person.

        Raises:
            Problem: 404.
        """
        return await self._one(person_id, visible_persons(self.caller))

    async def list(self, page: Page, asked: PersonFilter) -> list[RowMapping]:
        """A page of persons, one more than asked for."""
        return list((await self.connection.execute(page.of(asked.narrow(self._seen()), person.c.id))).mappings())

    async def count(self, asked: PersonFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(asked.narrow(self._seen()).subquery())) or 0

    async def add(self, work: Work, body: PersonIn, provisioned: Mapping[str, Any] = NOTHING) -> RowMapping:
        """Put a person on record; `provisioned` is what an HR system keeps there besides: its `external_id` and `user_name`.

        Raises:
            Problem: 409 for an employee number that is in use; 422 for a unit out of reach.
        """
        await self._require_units(body)
        row = {
            "id": new_id(),
            **columns_of(body),
            "external_id": None,
            "user_name": None,
            **provisioned,
            "created_at": clock.now(),
            "version": 1,
        }
        try:
            await self.connection.execute(insert(person).values(row))
        except IntegrityError as error:
            raise number_taken() from error
        work.record("person.created", row["id"], {"unit": body.unit, "version": 1, "digest": person_digest(row)})
        await keep_events(work, events_of(None, row, clock.today()))
        return await self.get(row["id"])

    async def change(
        self, work: Work, person_id: UUID, if_match: str, change: PersonChange, provisioned: Mapping[str, Any] = NOTHING
    ) -> RowMapping:
        """Change the fields that were sent; `provisioned` is what an HR system keeps there besides: also `deprovisioned_at`.

        Whom an HR system took off is back with it as soon as they are back in service.

        Raises:
            Problem: 404, 409, 412, 422.
        """
        row = await self._in_reach(person_id)
        require_match(if_match, row["version"])
        body = merged(PersonIn, standing_of(row), change)
        await self._require_units(body, before=row)
        same = (person.c.id == person_id) & (person.c.version == row["version"])
        columns, version = {**columns_of(body), **kept_of(row, body.left_on), **provisioned}, row["version"] + 1
        try:
            changed = await self.connection.execute(update(person).where(same).values(**columns, changed_at=clock.now(), version=version))
        except IntegrityError as error:
            raise number_taken() from error
        if not changed.rowcount:
            raise stale()
        told = {"fields": sorted(change.model_fields_set | set(provisioned)), "version": version, "digest": person_digest(columns)}
        work.record("person.changed", person_id, told)
        await keep_events(work, events_of(dict(row), {"id": person_id, **columns}, clock.today()))
        return await self.get(person_id)

    async def remove(self, work: Work, person_id: UUID, if_match: str) -> None:
        """Take a person off the register about whom nothing is on file: one entered by mistake.

        Raises:
            Problem: 404, 412; 409 when there are declarations, delegations, keys or other records.
        """
        row = await self._in_reach(person_id)
        require_match(if_match, row["version"])
        same = (person.c.id == person_id) & (person.c.version == row["version"])
        try:
            removed = await self.connection.execute(delete(person).where(same))
        except IntegrityError as error:
            raise _on_file() from error
        if not removed.rowcount:
            raise stale()
        work.record("person.removed", person_id, {})

    def _seen(self) -> Select[Any]:
        return select(person).where(visible_persons(self.caller))

    async def _in_reach(self, person_id: UUID) -> RowMapping:
        """The person, for a caller who may change the record: acting for somebody is not enough for that."""
        return await self._one(person_id, in_reach(self.caller, person.c.unit_id))

    async def _one(self, person_id: UUID, seen: ColumnElement[bool]) -> RowMapping:
        row = (await self.connection.execute(select(person).where(person.c.id == person_id, seen))).mappings().first()
        if row is None:
            raise not_found(Words("人员", "person"))
        return row

    async def _require_units(self, body: PersonIn, before: RowMapping | None = None) -> None:
        """The unit is within reach; past posts may lie anywhere in the register, as people come from elsewhere."""
        faults = []
        moved = before is None or body.unit != before["unit_id"]
        if moved and not await units_in_reach(self.connection, self.caller, [body.unit]):
            faults.append(unknown_unit("/unit"))
        posts = body.posts or []
        known = (
            set(await self.connection.scalars(select(unit.c.id).where(unit.c.id.in_({post.unit for post in posts})))) if posts else set()
        )
        faults += [unknown_unit(f"/posts/{number}/unit") for number, post in enumerate(posts) if post.unit not in known]
        if faults:
            raise invalid(faults)


def columns_of(body: PersonIn) -> dict[str, Any]:
    """The row of a person."""
    return {**stated_columns(body), "search_text": sounding(body.name)}


def stated_columns(body: PersonIn) -> dict[str, Any]:
    """What is stated of a person; the JSON columns as JSON writes them."""
    stated = {name for name in _LISTS if getattr(body, name)}
    lists: dict[str, Any] = {name: [] for name in _LISTS} | (body.model_dump(mode="json", include=stated) if stated else {})
    return {**body.model_dump(exclude={"unit", *_LISTS}), **lists, "unit_id": body.unit}


def kept_of(row: RowMapping, left_on: date | None) -> dict[str, Any]:
    """What an HR system keeps there besides, as it stands; whom it took off is back with it as soon as they are back in service."""
    return {**{name: row[name] for name in ("external_id", "user_name")}, "deprovisioned_at": row["deprovisioned_at"] if left_on else None}


def standing_of(row: RowMapping) -> dict[str, Any]:
    """The statement that a row stands for."""
    return {**{name: row[name] for name in PersonIn.model_fields if name != "unit"}, "unit": row["unit_id"]}


def number_taken() -> Problem:
    """409: two persons cannot have one number, nor one user name."""
    return conflict(
        "employee-number-taken",
        Words("工号已被使用", "The employee number is taken"),
        Words("另一人员已使用该工号，请核对后更正。", "Another person bears this number; check it and correct it."),
    )


def _on_file() -> Problem:
    return conflict(
        "person-on-file",
        Words("人员已有记录，不能删除", "There are records about the person"),
        Words(
            "该人员已有申报、代办委托、密钥或其他记录，须予保留；离职请填写 left_on 与 left_reason。",
            "Declarations, delegations, keys or other records refer to the person and are kept; for somebody who leaves, set `left_on` and `left_reason`.",
        ),
    )
