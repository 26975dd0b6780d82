"""Many units at once, by their codes, or by their names below a unit: who is new, what changes, what moves; held against the same rules as one by one."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping, insert, or_, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault, Words, invalid
from app.kit.ids import new_id
from app.kit.problems import faults_of
from app.ledger.unit_of_work import Reading, Work

from .models import unit
from .plans import Act, Plan, differing, refused, write_changes
from .records import unit_digest
from .schemas import UnitIn
from .tree import is_below, lock_tree, move, plant
from .units import CIRCLE, PARENT_NEEDED, code_taken, columns_of, standing_of
from .visibility import units_in_reach, unknown_unit

_SEVERAL = Words("有几个单位用此名称，请填写单位代码或上级单位。", "Several units bear this name; give the code, or the unit above.")


async def plan_units(
    view: Reading, caller: Caller, stated: Sequence[Mapping[str, Any]], assumed: AbstractSet[UUID] = frozenset()
) -> list[Plan]:
    """What is to be done for units of which these fields are stated; fields that are not stay as they are. No two refer to each other.

    `assumed` are parents that are not on record, but would be by the time that this is done. Within a unit of work the tree is locked.
    """
    if isinstance(view, Work):
        await lock_tree(view.connection)
    standing = await _standing(view, stated)
    reached = await _reached(view, caller, {row["id"] for row in standing})
    plans = [_planned(values, standing, reached) for values in stated]
    await _require_parents(view, caller, plans, assumed)
    return plans


async def write_units(work: Work, plans: Sequence[Plan]) -> None:
    """Do what is planned.

    Raises:
        Problem: 412 when somebody else was faster; 422 where two moves would close a circle.
        IntegrityError: a code has been taken meanwhile.
    """
    now = clock.now()
    new = [{"id": plan.id, **plan.columns, "created_at": now, "version": 1} for plan in plans if plan.act is Act.CREATE]
    for row in new:
        work.record("unit.created", row["id"], {"version": 1, "digest": unit_digest(row)})
    if new:
        await work.connection.execute(insert(unit), new)
        await plant(work.connection, [row["id"] for row in new])
    changed = [(plan, plan.before) for plan in plans if plan.act is Act.CHANGE and plan.before is not None]
    for plan, before in changed:
        if "parent_id" in plan.changed:
            await _move(work, before["id"], plan.columns["parent_id"])
    changes = [(plan, {**plan.columns, "external_id": before["external_id"]}) for plan, before in changed]
    await write_changes(work, unit, changes, unit_digest)


async def _move(work: Work, unit_id: UUID, parent: UUID | None) -> None:
    if parent is not None and await is_below(work.connection, parent, unit_id):
        raise invalid([CIRCLE])
    await move(work.connection, unit_id, parent)


async def _standing(view: Reading, stated: Sequence[Mapping[str, Any]]) -> list[RowMapping]:
    """The units that may be meant: with one of the codes, or one of the names."""
    codes = {values["code"] for values in stated if values.get("code")}
    names = {values["name"] for values in stated if values.get("name")}
    asked = select(unit).where(or_(unit.c.code.in_(codes), unit.c.name.in_(names))).order_by(unit.c.id)
    return list((await view.connection.execute(locked(asked) if isinstance(view, Work) else asked)).mappings())


def _planned(values: Mapping[str, Any], standing: Sequence[RowMapping], reached: AbstractSet[UUID]) -> Plan:
    """The plan for one, its parent yet to be looked at."""
    meant = _meant(values, standing, reached)
    if len(meant) > 1:
        return refused(Fault("/name", "unit-ambiguous", _SEVERAL))
    before = meant[0] if meant else None
    if before is not None and before["id"] not in reached:
        return refused(Fault("/code", "unit-code-taken", code_taken().detail))
    try:
        body = UnitIn.model_validate({**standing_of(before), **values} if before is not None else values)
    except ValidationError as error:
        return refused(*faults_of(error.errors(include_input=False, include_url=False)))
    columns = columns_of(body)
    if before is None:
        return Plan(Act.CREATE, new_id(), columns)
    return Plan(Act.CHANGE if differing(columns, before) else Act.LEAVE, before["id"], columns, before)


def _meant(values: Mapping[str, Any], standing: Sequence[RowMapping], reached: AbstractSet[UUID]) -> list[RowMapping]:
    """The units that are meant: the one with the code; else those within reach of the name, below the parent if one is stated, that bear no other code."""
    code = values.get("code")
    coded = [row for row in standing if code and row["code"] == code]
    if coded:
        return coded
    named = [row for row in standing if row["name"] == values.get("name") and row["id"] in reached]
    if code:
        named = [row for row in named if row["code"] is None]
    return [row for row in named if row["parent_id"] == values["parent"]] if "parent" in values else named


async def _require_parents(view: Reading, caller: Caller, plans: Sequence[Plan], assumed: AbstractSet[UUID]) -> None:
    """Parents within reach where a unit is new or moves, and none that is below it. Who fails is refused."""
    moved = [plan for plan in plans if plan.act is Act.CREATE or "parent_id" in plan.changed]
    reached = assumed | await _reached(view, caller, {plan.columns["parent_id"] for plan in moved} - {None})
    for plan in moved:
        parent = plan.columns["parent_id"]
        if parent is None:
            plan.faults += [PARENT_NEEDED] if caller.roots is not None else []
        elif parent not in reached:
            plan.faults.append(unknown_unit("/parent"))
        elif plan.before is not None and await is_below(view.connection, parent, plan.before["id"]):
            plan.faults.append(CIRCLE)
        plan.refuse()


async def _reached(view: Reading, caller: Caller, ids: AbstractSet[UUID]) -> set[UUID]:
    return await units_in_reach(view.connection, caller, ids, hold=isinstance(view, Work))
