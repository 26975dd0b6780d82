"""The yearly report (年度报告), a campaign that the law has already written: it opens on its day each year by itself, or by one call before."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.database import Database, lock
from app.kit.errors import Fault, Words, invalid
from app.kit.ids import new_id
from app.ledger.unit_of_work import WORKER, Work, reading, work
from app.rulebook.book import Book

from .duties import REMIND_DAYS, YEARLY_REPORT, duties, of_year
from .enrolling import enrol_some
from .models import campaign
from .moving import BATCH, OWED, Values


async def open_due_reports(database: Database, book: Book) -> None:
    """Open the report on last year from its first day to its last, unless somebody has."""
    year = clock.today().year - 1
    version = duties()[YEARLY_REPORT].on(clock.today())
    if version is None:
        return
    opens, due = of_year(version, year)
    if opens <= clock.today() <= due:
        async with reading(database) as view:
            there = await view.connection.scalar(_of(year))
        if there is None:
            async with work(database, WORKER) as unit:
                await open_report(unit, book, year)


async def open_report(unit: Work, book: Book, year: int) -> UUID:
    """The report on a year over the whole register, opened if it is not; the same for everybody who asks at once.

    Raises:
        Problem: 422 for a year that has not begun, or whose last day has passed.
    """
    duty, today = duties()[YEARLY_REPORT], clock.today()
    version = duty.on(today)
    due_on = of_year(version, year)[1] if version else today
    await lock(unit.connection, "yearly report")
    there: UUID | None = await unit.connection.scalar(_of(year))
    if there is not None:
        return there
    if version is None or year > today.year or due_on < today:
        raise invalid([_NOT_NOW])
    row = {
        "id": new_id(),
        "title": f"{duty.title}（{year}年度）",
        "title_en": f"{duty.title_en}: {year}",
        "template": YEARLY_REPORT,
        "kinds": duty.kinds,
        "period_from": date(year, 1, 1),
        "period_until": date(year, 12, 31),
        "due_on": due_on,
        "lawful_until": due_on,
        "unit_id": None,
        "bound": [circle.model_dump(mode="json") for circle in duty.circles],
        "basis": duty.cited(today, book),
        "remind_days": list(REMIND_DAYS),
    }
    return await open_campaign(unit, row)


async def open_campaign(unit: Work, row: Values) -> UUID:
    """Enter a campaign with its line and the first of its persons; the others follow in the background."""
    opened: Values = {**row, "opened_at": clock.now(), "opened_by": unit.actor, "enrolled_at": None, "closed_at": None, "version": 1}
    await unit.connection.execute(insert(campaign).values(opened))
    told: dict[str, Any] = {
        "template": row["template"],
        "kinds": row["kinds"],
        "due_on": row["due_on"],
        "unit": row["unit_id"],
        "version": 1,
    }
    unit.record("campaign.opened", row["id"], told)
    if len(await enrol_some(unit, row["id"])) == BATCH:
        defer_once(unit, OWED)
    campaign_id: UUID = row["id"]
    return campaign_id


def _of(year: int) -> Any:
    return select(campaign.c.id).where(campaign.c.template == YEARLY_REPORT, campaign.c.period_from == date(year, 1, 1))


_NOT_NOW = Fault(
    "/year",
    "year-not-open",
    Words(
        "该年度尚未开始，或报告期限已过，不能开启。", "That year has not begun, or its report was due before today; it cannot be opened."
    ),
)
