"""What concerns the caller: who I am, what I have to do by when, my year's totals."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.tables import as_text
from app.ledger.unit_of_work import Reading
from app.obligations.absences import REMEDY
from app.obligations.obligations import Obligations, Told
from app.people.models import person, unit
from app.reviews.models import raised_finding
from app.reviews.reviews import waiting_requests
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.screening.declarant import read_declarant
from app.screening.findings import read_findings
from app.screening.judging import AnyMatter, Judging
from app.screening.models import finding, screening
from app.screening.totals import render_totals

from .telling import in_yuan

BY_THE_YEAR = "gift.annual-cap"
"""The running sum that starts anew each year; others run over all that one giver gave."""

ANSWER_REQUEST = "answer-request"

_MOST_TASKS = 500
_AT_ONCE = frozenset({Level.BREACH, Level.SERIOUS, Level.REFER})


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
        reads_own = self.caller.person is not None and self.caller.may(Scope.DECLARATIONS_WRITE)
        return {
            "person": await self._person(),
            "scopes": sorted(self.caller.scopes),
            "units": None if self.caller.roots is None else sorted(self.caller.roots),
            "tasks": await self._tasks() if reads_own else [],
            "year": await self._year() if reads_own else None,
        }

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

    async def _tasks(self) -> list[dict[str, Any]]:
        """Remedies of standing findings, those that a reviewer raised included, and drafts; the most urgent first."""
        about = (declaration.c.id, declaration.c.kind, declaration.c.status)
        found = (declaration.c.status == Status.SUBMITTED) & (declaration.c.shown_outcome >= Level.NOTICE.weight)
        judged = (
            select(*about, as_text(screening.c.findings).label("findings"))
            .join_from(declaration, screening, screening.c.id == declaration.c.screening_id, isouter=True)
            .where(self._own(or_(declaration.c.status == Status.DRAFT, found)))
            .order_by(declaration.c.id.desc())
            .limit(_MOST_TASKS)
        )
        raised = (
            select(*about, as_text(raised_finding.c.document).label("findings"))
            .join_from(declaration, finding, finding.c.declaration_id == declaration.c.id)
            .join(raised_finding, raised_finding.c.finding_id == finding.c.id)
            .where(self._own(finding.c.current, finding.c.for_declarant))
            .order_by(finding.c.id.desc())
            .limit(_MOST_TASKS)
        )
        rows = [row for asked in (judged, raised) for row in (await self.connection.execute(asked)).mappings()]
        tasks = [task for row in rows for task in self._tasks_of(row)]
        return sorted([*tasks, *await self._requests(), *await self._owed()], key=_urgency)

    async def _requests(self) -> list[dict[str, Any]]:
        """What a reviewer asks for and waits to be answered, in the reviewer's words."""
        today, about = clock.today(), dict.fromkeys(("declaration", "kind", "rule", "level", "obligation"))
        return [
            {
                **about,
                "review": row["id"],
                "action": ANSWER_REQUEST,
                "text": row["text"],
                "due_on": row["due_on"].isoformat(),
                "overdue": row["due_on"] < today,
            }
            for row in (await self.connection.execute(waiting_requests(self.caller))).mappings()
        ]

    async def _owed(self) -> list[dict[str, Any]]:
        """What is to be accounted for by a day, or was: by a declaration of each kind or a nil return."""
        obligations = Obligations(self.view, self.book, self.caller, english=self.english)
        return [self._task_of(one) for one in await obligations.unmet_of_oneself(_MOST_TASKS) if one["outstanding_kinds"]]

    def _task_of(self, owed: Told) -> dict[str, Any]:
        kinds = [self.book.kinds[kind].title for kind in owed["outstanding_kinds"]]
        zh, en = "、".join(kind.zh for kind in kinds), ", ".join(kind.en for kind in kinds)
        said = f"{owed['title']}: declare or return nil: {en}." if self.english else f"「{owed['title']}」：请申报或作零报告：{zh}。"
        return {
            **dict.fromkeys(("declaration", "kind", "rule", "review")),
            "obligation": owed["id"],
            "level": next((absent["level"] for absent in owed["absences"] if absent["current"]), None),
            "action": REMEDY,
            "text": said,
            "due_on": owed["due_on"].isoformat(),
            "overdue": owed["days_late"] is not None,
        }

    def _tasks_of(self, row: RowMapping) -> list[dict[str, Any]]:
        about = {"declaration": row["id"], "kind": row["kind"], "review": None, "obligation": None}
        if row["status"] == Status.DRAFT:
            said = "Check the draft and submit it." if self.english else "请核对草稿并提交。"
            return [{**about, "rule": None, "level": None, "action": "submit-draft", "text": said, "due_on": None, "overdue": False}]
        today = clock.today().isoformat()
        asking = [found for found in read_findings(row["findings"], english=self.english) if found["remedy"]]
        return [
            {
                **about,
                "rule": found["rule"],
                "level": found["level"],
                **found["remedy"],
                "overdue": (found["remedy"]["due_on"] or "9999") < today,
            }
            for found in asking
        ]

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


def _urgency(task: Mapping[str, Any]) -> tuple[int, str, str]:
    """What is to be done at once, what has a day, what has none, drafts; those alike by the age of the declaration."""
    at_once = task["due_on"] is None and task["level"] in _AT_ONCE
    place = 0 if at_once else 1 if task["due_on"] else 2 if task["level"] else 3
    return place, task["due_on"] or "", str(task["declaration"] or task["review"] or task["obligation"])
