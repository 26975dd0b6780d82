"""Raising notices (提醒): after lines of the ledger, and for each new day over all persons, a few hundred at a time.

A step reads first, without holding anything, then writes marks, notices, lines and how far it has come in one short transaction, which counts only if nobody
has come further meanwhile. So a kill loses and repeats nothing, two workers tell nothing twice, and filing on SQLite waits for milliseconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, delete, exists, select, update

from app.kit import clock
from app.kit.database import Database, insert_unless_there
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.lines import digest
from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import WORKER, Reading, Work, reading, work
from app.reports.concerns import Concern, NoticeType
from app.reports.tasks import Desk, concerns_of
from app.rulebook.book import Book

from .entitlement import in_service_of
from .following import next_lines, next_persons
from .models import notice, notice_mark, notice_progress
from .stages import DAYS, Mark, mark_of, notice_for

RAISE = "notices.raise"
"""The task that raises them."""

KEPT_DAYS = 365
"""How long notices are kept unless the operator says otherwise; those of what still stands are kept longer."""

PERSONS = 500
"""How many persons one step looks at."""

_FIRST = UUID(int=0)

Progress: TypeAlias = RowMapping
Found: TypeAlias = tuple[Concern, Mark, NoticeType]


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """How many days before a last day notices are raised, and how long they are kept."""

    days: tuple[int, ...] = DAYS
    kept_days: int = KEPT_DAYS


class Raising:
    """One pass: all lines that are sealed, and what is left of today's."""

    def __init__(self, database: Database, book: Book, policy: NoticePolicy) -> None:
        self.database = database
        self.book = book
        self.policy = policy

    async def work_off(self) -> int:
        """Raise what is to be raised now; how many notices that were. What is new comes before what the day asks for."""
        raised = 0
        while (progress := await self._progress()) is not None:
            told = await self._follow(progress)
            if told is None:
                told = await self._pass(progress)
            if told is None:
                return raised
            raised += told
        await self._begin()
        return await self.work_off()

    async def _progress(self) -> Progress | None:
        async with reading(self.database) as view:
            return (await view.connection.execute(select(notice_progress))).mappings().first()

    async def _begin(self) -> None:
        """What was before is passed over."""
        async with reading(self.database) as view:
            position = await sealed_lines(view)
        async with work(self.database, WORKER) as unit:
            first = {"id": 1, "begun_at": clock.now(), "position": position, "day": None, "after_id": None}
            await unit.connection.execute(insert_unless_there(unit.connection, notice_progress).values(first))

    async def _follow(self, progress: Progress) -> int | None:
        """The next lines; None where there are none."""
        async with reading(self.database) as view:
            followed = await next_lines(view, progress["position"])
            if followed.position == progress["position"]:
                return None
            concerns = await self._concerns(view, followed.persons)
        return await self._step(progress, {"position": followed.position}, followed.persons, concerns)

    async def _pass(self, progress: Progress) -> int | None:
        """The next persons of today's pass; None once it is done. A pass that midnight overtakes gives way to that of the new day."""
        today = clock.today()
        if progress["day"] == today and progress["after_id"] is None:
            return None
        async with reading(self.database) as view:
            persons = await next_persons(view, progress["after_id"] if progress["day"] == today else _FIRST, PERSONS)
            concerns = await self._concerns(view, persons)
        after = persons[-1] if len(persons) == PERSONS else None
        return await self._step(progress, {"day": today, "after_id": after}, persons, concerns, tidy=True)

    async def _concerns(self, view: Reading, persons: Sequence[UUID]) -> list[Concern]:
        serving = await in_service_of(view, persons) if persons else []
        return await concerns_of(Desk(view, self.book, english=False), serving) if serving else []

    async def _step(
        self, progress: Progress, moved: Mapping[str, Any], persons: Sequence[UUID], concerns: Sequence[Concern], *, tidy: bool = False
    ) -> int:
        """Write what was found; nothing if somebody else has moved on from the same place, who has written it."""
        async with work(self.database, WORKER) as unit:
            same = [column.is_not_distinct_from(progress[column.name]) for column in notice_progress.c]
            if not (await unit.connection.execute(update(notice_progress).where(*same).values(**moved))).rowcount:
                return 0
            found = await self._news(unit, progress, concerns)
            raised = await tell(unit, found)
            if tidy and persons:
                await self._forget_old(unit, persons, concerns)
            return raised

    async def _news(self, unit: Work, progress: Progress, concerns: Sequence[Concern]) -> list[Found]:
        """Of what concerns people, what they are to be told."""
        if not concerns:
            return []
        persons = sorted({one.person for one in concerns})
        asked = select(notice_mark.c.task, notice_mark.c.mark).where(one_of(notice_mark.c.person_id, persons))
        told = defaultdict[UUID, list[Mark]](list)
        for row in await unit.connection.execute(asked):
            told[row.task].append(Mark.read(row.mark))
        marked = ((one, mark_of(one, self.policy.days)) for one in concerns)
        found = ((one, mark, notice_for(one, mark, told[one.id], progress["begun_at"])) for one, mark in marked)
        return [(one, mark, kind) for one, mark, kind in found if kind is not None]

    async def _forget_old(self, unit: Work, persons: Sequence[UUID], concerns: Iterable[Concern]) -> None:
        """Drop old notices, those of what still stands excepted, as it would be told of anew."""
        before, standing = clock.now() - timedelta(days=self.policy.kept_days), {one.id for one in concerns}
        of_these = one_of(notice_mark.c.person_id, list(persons)), notice_mark.c.told_at < before
        old = set(await unit.connection.scalars(select(notice_mark.c.task).where(*of_these))) - standing
        if not old:
            return
        await unit.connection.execute(delete(notice_mark).where(*of_these, one_of(notice_mark.c.task, sorted(old))))
        unmarked = ~exists().where(notice_mark.c.notice_id == notice.c.id)
        gone = one_of(notice.c.person_id, list(persons)), notice.c.raised_at < before, unmarked
        await unit.connection.execute(delete(notice).where(*gone))


async def tell(unit: Work, found: Sequence[Found]) -> int:
    """Raise a notice for all that is alike of one record, with its line; how many."""
    rows, marks = [], []
    for (person, subject, kind, due_on), alike in groupby(sorted(found, key=_order), key=_kind_of):
        same = list(alike)
        row = {
            "id": new_id(),
            "person_id": person,
            "type": kind.value,
            "task": same[0][0].id,
            "subject_type": subject[0],
            "subject_id": subject[1],
            "due_on": due_on,
            "raised_at": clock.now(),
            "read_at": None,
        }
        rows.append(row)
        one_mark = {"person_id": person, "notice_id": row["id"], "told_at": row["raised_at"]}
        marks += [{**one_mark, "task": one.id, "mark": str(mark)} for one, mark, _ in same]
        unit.record("notice.raised", row["id"], {"digest": digest({name: str(value) for name, value in row.items()})})
    await unit.insert((notice, rows), (notice_mark, list({(one["task"], one["mark"]): one for one in marks}.values())))
    return len(rows)


def _kind_of(found: Found) -> tuple[UUID, tuple[str, UUID], NoticeType, Any]:
    """What notices are alike by."""
    one, mark, kind = found
    return one.person, one.subject, kind, mark.due_on


def _order(found: Found) -> tuple[str, ...]:
    one, mark, kind = found
    return one.person.hex, *map(str, one.subject), kind, str(mark.due_on or ""), one.id.hex
