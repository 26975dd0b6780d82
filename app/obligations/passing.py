"""What time does to obligations: last days that pass, absences that become graver, reminders, and yearly reports that open by themselves.

Each step marks its rows in the transaction that tells of it, and takes rows that nobody else is at: so every reminder and every passing of a last day is told
once, however many workers there are and whenever one is killed.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, exists, insert, select

from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.ids import new_id
from app.ledger.unit_of_work import Work
from app.rulebook.book import Book
from app.rulebook.finding import Level

from .absences import absence_document
from .accounting import COLUMNS, accounts_of, outstanding, settle
from .following import follow
from .models import absence, obligation
from .moving import BATCH, Row, in_batches, move, remind, settle_absences
from .naming import about_each
from .states import ObligationState, next_reminder
from .templates import open_due_reports


async def do_what_is_due(database: Database, book: Book) -> int:
    """All that the day asks for; how many obligations it touched. Done again on the same day, it finds nothing more to do."""
    await open_due_reports(database, book)
    touched, passing = await follow(database), Passing(book)
    for act in (passing.overdue, passing.graver, passing.reminders):
        touched += await in_batches(database, act)
    return touched


class Passing:
    """The steps, each on one batch; how many rows it took."""

    def __init__(self, book: Book) -> None:
        self.book = book

    async def overdue(self, unit: Work) -> int:
        """The last day has passed: what is accounted for after all is met, the rest is overdue and found absent. The last day itself is in time."""
        rows = await _taken(unit, obligation.c.state == ObligationState.OPEN, obligation.c.due_on < clock.today())
        left = await settle(unit, rows)
        await move(unit, left, ObligationState.OVERDUE, {"remind_on": None})
        await self._find_absent(unit, left)
        return len(rows)

    async def graver(self, unit: Work) -> int:
        """The last day by law has passed as well: the notice gives way to a suspected breach."""
        noticed = exists().where(absence.c.obligation_id == obligation.c.id, absence.c.current, absence.c.level == Level.NOTICE.weight)
        rows = await _taken(unit, obligation.c.state == ObligationState.OVERDUE, obligation.c.lawful_until < clock.today(), noticed)
        left = await settle(unit, rows)
        await settle_absences(unit.connection, [row["id"] for row in left])
        await self._find_absent(unit, left)
        return len(rows)

    async def reminders(self, unit: Work) -> int:
        """A day of a reminder has come; when several have passed, as while no worker ran, one reminder does for all."""
        today = clock.today()
        rows = await _taken(unit, obligation.c.state == ObligationState.OPEN, obligation.c.remind_on <= today, obligation.c.due_on >= today)
        left = await settle(unit, rows)
        about = await about_each(unit.connection, self.book, left)
        await remind(unit, [(row, next_reminder(row["due_on"], about[row["id"]].remind_days, today)) for row in left])
        return len(rows)

    async def _find_absent(self, unit: Work, rows: Sequence[Row]) -> None:
        if not rows:
            return
        about = await about_each(unit.connection, self.book, rows)
        accounts = await accounts_of(unit.connection, [row["id"] for row in rows])
        found = [self._absent(row, about[row["id"]]._asdict(), outstanding(row["kinds"], accounts.get(row["id"], []))) for row in rows]
        await unit.connection.execute(insert(absence), found)

    def _absent(self, row: Row, about: Mapping[str, Any], kinds: Sequence[str]) -> dict[str, Any]:
        absence_id: UUID = new_id()
        document = absence_document(row, absence_id, about, kinds, clock.today())
        return {
            "id": absence_id,
            "obligation_id": row["id"],
            "level": Level(document["level"]).weight,
            "document": document,
            "recorded_at": clock.now(),
            "current": True,
        }


async def _taken(unit: Work, *which: ColumnElement[bool]) -> Sequence[RowMapping]:
    """A batch of obligations that nobody else is at, held until commit."""
    asked = select(*COLUMNS).where(*which).order_by(obligation.c.id).limit(BATCH)
    return (await unit.connection.execute(claimed(asked, of=obligation))).mappings().all()
