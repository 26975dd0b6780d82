"""Many persons at once, by their employee numbers: who is new, what changes, who stands as stated; held against the same rules as one by one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault
from app.kit.ids import new_id
from app.kit.problems import faults_of
from app.kit.searching import sounding
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work

from .models import person, unit
from .personnel import events_of, keep_events
from .persons import kept_of, number_taken, standing_of, stated_columns
from .plans import Act, Plan, differing, refused, write_changes
from .records import person_digest
from .schemas import PersonIn
from .visibility import units_in_reach, unknown_unit


async def plan_persons(view: Reading, caller: Caller, stated: Sequence[Mapping[str, Any]]) -> list[Plan]:
    """What is to be done for persons of whom these fields are stated, their employee number among them; fields that are not stay as they are.

    Within a unit of work those who are on record are locked, in the order of their numbers, so that two who do this at once wait for each other.
    """
    standing = await _standing(view, {str(values["employee_number"]) for values in stated})
    reached = await _reached(view, caller, {row["unit_id"] for row in standing.values()})
    plans = [_planned(values, standing.get(str(values["employee_number"])), reached) for values in stated]
    await _require_units(view, caller, plans)
    return plans


async def write_persons(work: Work, plans: Sequence[Plan]) -> None:
    """Do what is planned.

    Raises:
        Problem: 412 when somebody else was faster.
        IntegrityError: a number has been taken meanwhile.
    """
    now = clock.now()
    for plan in plans:
        if plan.act in (Act.CREATE, Act.CHANGE):
            plan.columns["search_text"] = sounding(plan.columns["name"])
    new = [{"id": plan.id, **plan.columns, "created_at": now, "version": 1} for plan in plans if plan.act is Act.CREATE]
    for row in new:
        work.record("person.created", row["id"], {"unit": row["unit_id"], "version": 1, "digest": person_digest(row)})
    await work.insert((person, sorted(new, key=lambda row: str(row["employee_number"]))))
    changed = [plan for plan in plans if plan.act is Act.CHANGE]
    columns = [{**plan.columns, **kept_of(plan.before, plan.columns["left_on"])} for plan in changed if plan.before is not None]
    await write_changes(work, person, list(zip(changed, columns, strict=True)), person_digest)
    states: list[tuple[Any, Any]] = [(None, row) for row in new] + [(plan.before, {"id": plan.id, **plan.columns}) for plan in changed]
    today = clock.today()
    await keep_events(work, [event for before, after in states for event in events_of(before, after, today)])


async def _standing(view: Reading, numbers: set[str]) -> dict[str, RowMapping]:
    asked = select(person).where(one_of(person.c.employee_number, sorted(numbers))).order_by(person.c.employee_number)
    rows = (await view.connection.execute(locked(asked) if isinstance(view, Work) else asked)).mappings()
    return {row["employee_number"]: row for row in rows}


async def _reached(view: Reading, caller: Caller, ids: set[UUID]) -> set[UUID]:
    return await units_in_reach(view.connection, caller, ids, hold=isinstance(view, Work))


def _planned(values: Mapping[str, Any], before: RowMapping | None, reached: set[UUID]) -> Plan:
    """The plan for one, its unit and posts yet to be looked at."""
    if before is not None and before["unit_id"] not in reached:
        return refused(Fault("/employee_number", "employee-number-taken", number_taken().detail))
    try:
        body = PersonIn.model_validate({**standing_of(before), **values} if before is not None else values)
    except ValidationError as error:
        return refused(*faults_of(error.errors(include_input=False, include_url=False)))
    columns = stated_columns(body)
    if before is None:
        return Plan(Act.CREATE, new_id(), columns)
    act = Act.CHANGE if differing(columns, before) else Act.LEAVE
    return Plan(act, before["id"], columns, before)


async def _require_units(view: Reading, caller: Caller, plans: Sequence[Plan]) -> None:
    """Units within reach where somebody is new or moved; past posts anywhere in the register. Who fails is refused."""
    moved = [plan for plan in plans if plan.act is Act.CREATE or "unit_id" in plan.changed]
    reached = await _reached(view, caller, {plan.columns["unit_id"] for plan in moved})
    posted = [plan for plan in plans if plan.act in (Act.CREATE, Act.CHANGE) and plan.columns["posts"]]
    named = {UUID(post["unit"]) for plan in posted for post in plan.columns["posts"]}
    known = set(await view.connection.scalars(select(unit.c.id).where(unit.c.id.in_(named)))) if named else set()
    for plan in moved:
        if plan.columns["unit_id"] not in reached:
            plan.faults.append(unknown_unit("/unit"))
    for plan in posted:
        posts = enumerate(plan.columns["posts"])
        plan.faults += [unknown_unit(f"/posts/{place}/unit") for place, post in posts if UUID(post["unit"]) not in known]
    for plan in plans:
        plan.refuse()
