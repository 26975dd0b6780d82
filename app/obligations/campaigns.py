"""Campaigns (集中申报): opened, read, put off and closed by HR or the commission, for units within their reach."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, or_, select, true, update

from app.access.caller import Caller, Scope
from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work
from app.people.models import unit_ancestor
from app.people.visibility import in_reach, units_in_reach, unknown_unit

from .accounting import COLUMNS
from .models import campaign, obligation
from .moving import BATCH, OWED, Row, move
from .schemas import CampaignChange, CampaignIn
from .states import ObligationState, VoidReason, next_reminder
from .templates import open_campaign

MANAGERS = (Scope.PEOPLE_WRITE, Scope.REVIEWS_WRITE)
"""Who opens campaigns and grants waivers: HR and the commission."""

_CAMPAIGN = Words("集中申报", "campaign")


def visible(caller: Caller) -> ColumnElement[bool]:
    """Campaigns of the units in reach, and those of units above, which bind people here; those over the whole register for everybody."""
    if caller.roots is None:
        return true()
    above = exists().where(unit_ancestor.c.unit_id.in_(caller.roots), unit_ancestor.c.ancestor_id == campaign.c.unit_id)
    return or_(campaign.c.unit_id.is_(None), in_reach(caller, campaign.c.unit_id), above)


class Campaigns:
    """The campaigns that a caller sees."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, campaign_id: UUID) -> RowMapping:
        """One campaign.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(campaign.c.id == campaign_id))).mappings().first()
        if row is None:
            raise not_found(_CAMPAIGN)
        return row

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of campaigns, one more than asked for."""
        return list((await self.connection.execute(page.of(self._seen(), campaign.c.id))).mappings())

    async def count(self) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._seen().subquery())) or 0

    def _seen(self) -> Select[Any]:
        return select(campaign).where(visible(self.caller))

    async def open(self, work: Work, body: CampaignIn) -> RowMapping:
        """Open a campaign and enter the first thousand whom it binds; the others follow in the background.

        Raises:
            Problem: 422 for a unit out of reach, or none where the caller does not reach the whole register.
        """
        self.require_reach_of_register(body.unit)
        if body.unit is not None and not await units_in_reach(self.connection, self.caller, [body.unit]):
            raise invalid([unknown_unit("/unit")])
        stated = body.model_dump(exclude={"unit", "circles", "basis"})
        lists = body.model_dump(mode="json", include={"circles", "basis"})
        row = {"id": new_id(), "template": None, **stated, "unit_id": body.unit, "bound": lists["circles"], "basis": lists["basis"]}
        return await self.get(await open_campaign(work, row))

    def require_reach_of_register(self, unit_id: UUID | None) -> None:
        """A campaign over the whole register is for who reaches all of it.

        Raises:
            Problem: 422.
        """
        if unit_id is None and self.caller.roots is not None:
            raise invalid([_UNIT_NEEDED])

    async def change(self, work: Work, campaign_id: UUID, if_match: str, change: CampaignChange) -> RowMapping:
        """Change the fields that were sent; nobody puts off the day that the law sets.

        Raises:
            Problem: 404, 409 when it is closed, 412, 422 for an earlier last day.
        """
        row = await self._managed(campaign_id, if_match)
        changes = change.model_dump(exclude_unset=True)
        due_on: date = changes.get("due_on", row["due_on"])
        if due_on < row["due_on"]:
            raise invalid([_EARLIER])
        await self._update(row, changes)
        if {"due_on", "remind_days"} & changes.keys():
            await self._put_off(work, row, {**row, **changes})
        told = {"fields": sorted(change.model_fields_set), "due_on": due_on, "version": row["version"] + 1}
        work.record("campaign.changed", campaign_id, told)
        return await self.get(campaign_id)

    async def close(self, work: Work, campaign_id: UUID, if_match: str) -> RowMapping:
        """Close a campaign: who is still in time owes nothing more, at once or in the background where they are many; what is overdue stays.

        Raises:
            Problem: 404, 409 when it is closed, 412.
        """
        row = await self._managed(campaign_id, if_match)
        await self._update(row, {"closed_at": clock.now()})
        work.record("campaign.closed", campaign_id, {"version": row["version"] + 1})
        still = select(*COLUMNS).where(obligation.c.campaign_id == campaign_id, obligation.c.state == ObligationState.OPEN).limit(BATCH)
        rows = (await self.connection.execute(locked(still, of=obligation))).mappings().all()
        await move(work, rows, ObligationState.VOID, {"void_reason": VoidReason.CAMPAIGN_CLOSED.value})
        if len(rows) == BATCH:
            defer_once(work, OWED)
        return await self.get(campaign_id)

    async def _managed(self, campaign_id: UUID, if_match: str) -> RowMapping:
        """A campaign that the caller may change: one of a unit within reach, not one of a unit above."""
        row = await self.get(campaign_id)
        if row["unit_id"] is None:
            managed = self.caller.roots is None
        else:
            managed = bool(await units_in_reach(self.connection, self.caller, [row["unit_id"]]))
        if not managed:
            raise not_found(_CAMPAIGN)
        require_match(if_match, row["version"])
        if row["closed_at"] is not None:
            raise _closed()
        return row

    async def _update(self, row: RowMapping, changes: Mapping[str, Any]) -> None:
        same = (campaign.c.id == row["id"]) & (campaign.c.version == row["version"])
        changed = await self.connection.execute(update(campaign).where(same).values(**changes, version=row["version"] + 1))
        if not changed.rowcount:
            raise stale()

    async def _put_off(self, work: Work, before: Row, after: Row) -> None:
        """The new last day for those who had the old one, and the reminders of it; who was overdue is in time again. The day of the law stays where it is."""
        due, remind = after["due_on"], next_reminder(after["due_on"], after["remind_days"], clock.today())
        values: dict[str, Any] = {"due_on": due, "remind_on": remind}
        ours = obligation.c.campaign_id == before["id"], obligation.c.due_on == before["due_on"]
        kept = update(obligation).where(*ours, obligation.c.state == ObligationState.OPEN)
        await self.connection.execute(kept.values(**values, version=obligation.c.version + 1))
        late = select(*COLUMNS).where(*ours, obligation.c.state.in_((ObligationState.OVERDUE, ObligationState.LATE_MET)))
        rows = (await self.connection.execute(locked(late, of=obligation))).mappings().all()
        await move(work, [row for row in rows if row["state"] == ObligationState.OVERDUE], ObligationState.OPEN, values)
        await move(
            work, [row for row in rows if row["state"] == ObligationState.LATE_MET and row["met_on"] <= due], ObligationState.MET, values
        )


_UNIT_NEEDED = Fault(
    "/unit",
    "unit-needed",
    Words("您不管辖全册，请填写单位。", "You do not reach the whole register; name a unit."),
)
_EARLIER = Fault(
    "/due_on",
    "due-day-earlier",
    Words("截止日只可延后：人员已被告知原截止日。", "The last day can only be put off: people were told the earlier one."),
)


def _closed() -> Problem:
    return conflict(
        "campaign-closed",
        Words("该集中申报已关闭", "The campaign is closed"),
        Words("已关闭的集中申报不再更改，请另行开启。", "A closed campaign no longer changes; open another."),
    )
