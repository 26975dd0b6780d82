"""How far a campaign has come, unit by unit, each with all below it.

Who may ask may list each of these obligations anyway (`Obligations.list`, by the same reach), so no number here is small enough to need hiding.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.access.caller import Caller
from app.kit.pages import Place, PlacedPage
from app.ledger.unit_of_work import Reading
from app.people.models import unit, unit_ancestor
from app.people.visibility import in_reach

from .models import obligation
from .states import ObligationState

_STATES = (ObligationState.MET, ObligationState.LATE_MET, ObligationState.OPEN, ObligationState.OVERDUE, ObligationState.WAIVED)


class Completion:
    """What one caller may count: obligations of the units within reach."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def page(self, campaign_id: UUID, page: PlacedPage) -> tuple[dict[str, Any], str | None]:
        """(the answer, the cursor of the next page); units with the most overdue come first."""
        each = self._each(campaign_id)
        rows = (await self.connection.execute(_rolled_up(each, self.caller))).mappings().all()
        totals = (await self.connection.execute(select(each.c.state, func.sum(each.c.number).label("number")).group_by(each.c.state))).all()
        units = _by_unit(rows)
        shown, following = page.of(list(units), lambda one: Place(-units[one].get(ObligationState.OVERDUE, 0), str(one)))
        names = await self._names(shown)
        answer = {
            "items": [{"unit": one, **names[one], **numbers(units[one])} for one in shown],
            "totals": numbers({row.state: int(row.number) for row in totals}),
            "next": following,
            "count": len(units) if page.count else None,
        }
        return answer, following

    def _each(self, campaign_id: UUID) -> Any:
        """How many of each state in each very unit within reach: the rest is added up over far fewer rows."""
        counted = select(obligation.c.unit_id, obligation.c.state, func.count().label("number"))
        counted = counted.where(obligation.c.campaign_id == campaign_id, obligation.c.state != ObligationState.VOID)
        grouped = counted.group_by(obligation.c.unit_id, obligation.c.state).subquery("very")
        return select(grouped).where(in_reach(self.caller, grouped.c.unit_id)).cte("each")

    async def _names(self, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
        asked = select(unit.c.id, unit.c.name, unit.c.parent_id.label("parent")).where(unit.c.id.in_(ids))
        return {row["id"]: {"name": row["name"], "parent": row["parent"]} for row in (await self.connection.execute(asked)).mappings()}


def _rolled_up(each: Any, caller: Caller) -> Select[Any]:
    """By unit within reach, everything in it and below."""
    above = unit_ancestor.alias("above")
    rolled = select(above.c.ancestor_id.label("unit"), each.c.state, func.sum(each.c.number).label("number"))
    rolled = rolled.join_from(each, above, above.c.unit_id == each.c.unit_id).where(in_reach(caller, above.c.ancestor_id))
    return rolled.group_by(above.c.ancestor_id, each.c.state)


def _by_unit(rows: Any) -> dict[UUID, dict[str, int]]:
    units = dict[UUID, dict[str, int]]()
    for row in rows:
        units.setdefault(row["unit"], {})[row["state"]] = int(row["number"])
    return units


def numbers(counts: Mapping[str, int]) -> dict[str, Any]:
    """What is counted, and the percentage of what is owed that is done: rounded down, so that 100.0 means everybody."""
    counted: dict[str, Any] = {state.value: counts.get(state, 0) for state in _STATES}
    owed = sum(counted[state] for state in _STATES if state is not ObligationState.WAIVED)
    tenths = 1_000 * (counted["met"] + counted["late_met"]) // owed if owed else None
    return {"owed": owed, **counted, "percent": None if tenths is None else f"{tenths // 10}.{tenths % 10}"}
