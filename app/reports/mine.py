"""What concerns the caller: who I am, what I have to do by when, my year's totals."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.ledger.unit_of_work import Reading
from app.people.models import person, unit
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.screening.declarant import read_declarant
from app.screening.judging import AnyMatter, Judging
from app.screening.totals import render_totals

from .tasks import Concerns, Desk, for_hr, tasks_of
from .telling import in_yuan

BY_THE_YEAR = "gift.annual-cap"
"""The running sum that starts anew each year; others run over all that one giver gave."""


class Mine:
    """One caller's own affairs, in the declarant's view: nothing that the commission keeps to itself."""

    def __init__(self, view: Reading, book: Book, caller: Caller, *, english: bool) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english

    async def everything(self) -> dict[str, Any]:
        """The answer of `GET /v1/me`; own declarations only for who may read them."""
        return {
            "person": await self._person(),
            "scopes": sorted(self.caller.scopes),
            "units": None if self.caller.roots is None else sorted(self.caller.roots),
            "tasks": [task.told() for task in await self.tasks()],
            "year": await self._year() if self._reads_own else None,
        }

    @property
    def _reads_own(self) -> bool:
        return self.caller.person is not None and self.caller.may(Scope.DECLARATIONS_WRITE)

    async def tasks(self) -> Concerns:
        """What the caller has to do, the most urgent first: of oneself for who may read own declarations, and what waits for one's office."""
        if self.caller.person is None:
            return []
        desk = Desk(self.view, self.book, english=self.english)
        own = await tasks_of(desk, self.caller.person) if self._reads_own else []
        office = await for_hr(desk, self.caller) if self.caller.may(Scope.PEOPLE_WRITE) else []
        return sorted([*own, *office], key=lambda one: one.urgency)

    def _own(self, *which: ColumnElement[bool]) -> ColumnElement[bool]:
        """The caller's own declarations, those that the commission discovered excepted."""
        own = declaration.c.declarant_id == self.caller.person
        for condition in (declaration.c.source != Source.COMMISSION, *which):
            own &= condition
        return own

    async def _person(self) -> dict[str, Any] | None:
        if self.caller.person is None:
            return None
        asked = (
            select(person.c.id, person.c.name, person.c.employee_number, person.c.unit_id.label("unit"), unit.c.name.label("unit_name"))
            .join_from(person, unit, unit.c.id == person.c.unit_id)
            .where(person.c.id == self.caller.person)
        )
        row = (await self.connection.execute(asked)).mappings().first()
        return dict(row) if row else None

    async def _year(self) -> dict[str, Any]:
        """This year's declarations by kind, and the sums that run by the year."""
        year = clock.today().year
        begun = declaration.c.occurred_from.between(date(year, 1, 1), date(year, 12, 31))
        told = (declaration.c[name] for name in ("id", "kind", "worth_cents", "occurred_from", "declared_on", "created_at"))
        asked = select(*told).where(self._own(declaration.c.status == Status.SUBMITTED, begun))
        rows = (await self.connection.execute(asked)).mappings().all()
        by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in sorted({row["kind"] for row in rows})}
        kinds = [
            {"kind": kind, "declarations": len(filed), "worth": in_yuan(sum(row["worth_cents"] or 0 for row in filed))}
            for kind, filed in by_kind.items()
        ]
        return {"year": year, "kinds": kinds, "totals": await self._sums(by_kind.get("gift", []), year)}

    async def _sums(self, gifts: Sequence[RowMapping], year: int) -> list[dict[str, Any]]:
        """The yearly sum as the newest gift that adds to it left it.

        It is chosen among the person's own here: a database asked for the newest may go through everybody's, newest first.
        """
        if not gifts:
            return []
        newest = max(gifts, key=itemgetter("occurred_from", "declared_on", "created_at"))
        row = (await self.connection.execute(select(declaration).where(declaration.c.id == newest["id"]))).mappings().one()
        judging = Judging(self.view, self.book)
        declarant = await read_declarant(self.connection, row["declarant_id"], lock=False)
        matter: AnyMatter = (await judging.judge(judging.matter_of(dict(row)), declarant)).shown_matter
        yearly = (total for one in _back_through(matter, year) for total in self.book.totals(one) if total.id == BY_THE_YEAR)
        return render_totals([*islice(yearly, 1)], self.book, english=self.english)


def _back_through(matter: AnyMatter, year: int) -> Iterator[AnyMatter]:
    """The matter and those of the year before it, newest first, each with what came before it in turn."""
    yield matter
    for earlier in reversed(matter.history.earlier):
        if earlier.window.start.year == year:
            earlier.history = matter.history.before(earlier)
            yield earlier
