"""The one door for rows: which units, and which persons' own records, a caller reaches.

Lists and single reads use the same conditions, so that what a list does not show a read does not find.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Uuid, exists, false, literal, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import held
from app.kit.errors import Fault, Words
from app.kit.statements import among, one_of

from .models import delegation, unit, unit_ancestor


def in_reach(caller: Caller, unit_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The unit is one of the caller's roots or below one."""
    if caller.roots is None:
        return true()
    if not caller.roots:
        return false()
    return exists().where(unit_ancestor.c.unit_id == unit_id, unit_ancestor.c.ancestor_id.in_(caller.roots))


def own(caller: Caller, person_id: ColumnElement[UUID], day: date | None = None) -> ColumnElement[bool]:
    """The record is the caller's own, or of somebody who has made the caller their delegate for that day."""
    if caller.person is None:
        return false()
    on = day or clock.today()
    delegated = select(delegation.c.person_id).where(
        delegation.c.delegate_id == caller.person,
        delegation.c.ended_at.is_(None),
        delegation.c.from_on <= on,
        or_(delegation.c.until_on.is_(None), delegation.c.until_on >= on),
    )
    return among(person_id, union_all(select(literal(caller.person, Uuid)), delegated))


def of_others(caller: Caller, person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The record is not the caller's own, whose affairs are for a colleague; a caller who speaks for nobody has none."""
    return true() if caller.person is None else person_id != caller.person


async def units_in_reach(connection: AsyncConnection, caller: Caller, ids: Iterable[UUID], *, hold: bool = True) -> set[UUID]:
    """Those of the units that the caller reaches; they stay until what is about to refer to them is written, unless nothing is."""
    asked = select(unit.c.id).where(one_of(unit.c.id, list(set(ids))), in_reach(caller, unit.c.id))
    return set(await connection.scalars(held(asked) if hold else asked))


def unknown_unit(pointer: str) -> Fault:
    """A unit that does not exist or that the caller may not name, which look alike."""
    return Fault(
        pointer,
        "unit-unknown",
        Words("没有这个单位，或该单位不在您的管辖范围内。", "Unknown unit: it does not exist or lies outside your reach."),
    )


def unknown_person(pointer: str) -> Fault:
    """A person who does not exist or whom the caller may not name, who look alike."""
    return Fault(
        pointer,
        "person-unknown",
        Words("没有这名人员，或其不在您的管辖范围内。", "Unknown person: they do not exist or lie outside your reach."),
    )
