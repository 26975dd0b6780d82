"""What persons have to do by when, and what is new to them, from every room that asks something of an official.

Each source answers for many persons in a fixed number of statements, so that one person's page and a pass over all of them are the same code. A new
source is one function and its place in `TASKS` or `NEWS`.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, exists, func, or_, select

from app.access.caller import Caller
from app.approvals.models import approval
from app.approvals.states import DECIDED
from app.approvals.visibility import AskedOf, decidable, head_of, waiting_of
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit import clock
from app.kit.pages import Place
from app.kit.statements import one_of
from app.kit.tables import as_text
from app.ledger.unit_of_work import Reading
from app.obligations.absences import REMEDY
from app.obligations.models import obligation
from app.obligations.obligations import Told, unmet_of
from app.obligations.states import UNMET
from app.people.models import unit, unit_ancestor
from app.reviews.models import raised_finding, review
from app.reviews.reviews import waiting_requests
from app.reviews.workflow import ReviewState
from app.rulebook.book import Book
from app.rulebook.facts import Source as Filed
from app.rulebook.finding import Level
from app.screening.findings import Document, read_findings
from app.screening.models import finding, screening

from .concerns import Act, ActMethod, Concern, NoticeType

ANSWER_REQUEST = "answer-request"
SUBMIT_DRAFT = "submit-draft"
DECIDE_APPROVAL = "decide-approval"

MOST_TASKS = 500
"""How many rows of each sort are looked at for a person."""

NEWS_LAST = timedelta(days=30)
"""For how long a decision is news."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What sources read from, and in which language they speak."""

    view: Reading
    book: Book
    english: bool


Concerns: TypeAlias = list[Concern]
Find: TypeAlias = Callable[[Desk, Sequence[UUID]], Awaitable[Concerns]]


class Source(NamedTuple):
    """Where tasks and news come from: what finds them, and whether one person has any there at all; None where that is as much work."""

    find: Find
    any_of: Callable[[UUID], ColumnElement[bool]] | None = None


async def concerns_of(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """All that concerns these persons, from every source, whoever of them it is about."""
    return [one for source in (*TASKS, *NEWS) for one in await source.find(desk, persons)]


async def tasks_of(desk: Desk, person: UUID) -> Concerns:
    """What one person has to do, the most urgent first; most people have nothing in most sources, which one statement tells."""
    asked = [source.any_of(person).label(str(place)) for place, source in enumerate(TASKS) if source.any_of]
    there = (await desk.view.connection.execute(select(*asked))).mappings().one()
    found = [source for place, source in enumerate(TASKS) if there.get(str(place), True)]
    concerns = [one for source in found for one in await source.find(desk, [person])]
    return sorted((one for one in concerns if one.action), key=lambda one: one.urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks a list shows; what is None does not narrow."""

    due_until: date | None = None
    overdue: bool | None = None
    action: str | None = None

    def fits(self, task: Concern) -> bool:
        """Whether the list shows it; what has no day is not due by any."""
        in_time = self.due_until is None or (task.due_on is not None and task.due_on <= self.due_until)
        return in_time and self.overdue in (None, task.overdue) and self.action in (None, task.action)


def place_of(task: Concern) -> Place:
    """Where a task stands in a list, the same as long as it is not changed."""
    place, day, alike = task.urgency
    return Place(place * 10_000_000 + day, alike)


def of_each(column: ColumnElement[UUID], persons: Sequence[UUID]) -> ColumnElement[bool]:
    """The row is one of these persons'; of one alone as the equality that an index with an order serves."""
    return column == persons[0] if len(persons) == 1 else one_of(column, list(persons))


def _own(persons: Sequence[UUID], *which: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Their own declarations, those that the commission discovered excepted."""
    return [of_each(declaration.c.declarant_id, persons), declaration.c.source != Filed.COMMISSION, *which]


_ABOUT = (*declaration.c["id", "kind", "status", "version", "created_at"], declaration.c.declarant_id.label("person_id"))


async def judged(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """Drafts, and what the newest screening of each declaration shows its declarant."""
    found = (declaration.c.status == Status.SUBMITTED) & (declaration.c.shown_outcome >= Level.NOTICE.weight)
    asked = (
        select(*_ABOUT, _shown_since().label("since"), as_text(screening.c.findings).label("findings"))
        .join_from(declaration, screening, screening.c.id == declaration.c.screening_id, isouter=True)
        .where(*_own(persons, or_(declaration.c.status == Status.DRAFT, found)))
        .order_by(declaration.c.id.desc())
        .limit(MOST_TASKS * len(persons))
    )
    return await _found(desk, asked)


def _shown_since() -> ScalarSelect[Any]:
    """When the declarant was last shown anything new: a later judgement that they cannot notice must not move it."""
    seen = screening.alias()
    newest = select(seen.c.judged_at).where(seen.c.declaration_id == declaration.c.id, seen.c.visible)
    return newest.order_by(seen.c.id.desc()).limit(1).scalar_subquery()


async def raised(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """What a reviewer has raised by hand for the declarant to read."""
    asked = (
        select(*_ABOUT, raised_finding.c.raised_at.label("since"), as_text(raised_finding.c.document).label("findings"))
        .join_from(declaration, finding, finding.c.declaration_id == declaration.c.id)
        .join(raised_finding, raised_finding.c.finding_id == finding.c.id)
        .where(*_own(persons, finding.c.current, finding.c.for_declarant))
        .order_by(finding.c.id.desc())
        .limit(MOST_TASKS * len(persons))
    )
    return await _found(desk, asked)


async def requests(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """What a reviewer asks for and waits to be answered, in the reviewer's words."""
    return [
        Concern(
            person=row["person_id"],
            about=f"request:{row['event']}",
            since=row["since"],
            version=row["version"],
            text=row["text"],
            notice=NoticeType.FACTS_REQUESTED,
            action=ANSWER_REQUEST,
            acts=(Act(ActMethod.POST, f"/v1/reviews/{row['id']}/answer"),),
            due_on=row["due_on"],
            review=row["id"],
        )
        for row in (await desk.view.connection.execute(waiting_requests(lambda whose: of_each(whose, persons)))).mappings()
    ]


async def owed(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """What is to be accounted for by a day, or was: by a declaration of each kind or a nil return."""
    unmet = await unmet_of(desk.view, desk.book, lambda whose: of_each(whose, persons), MOST_TASKS * len(persons), english=desk.english)
    return [_of_obligation(desk, one) for one in unmet if one["outstanding_kinds"]]


_REQUESTED = (*approval.c["id", "kind", "first_on", "requested_at", "version"],)


async def to_decide(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """Approvals that are asked of these persons as heads of units."""
    head, waiting = head_of(approval.c.unit_id, approval.c.person_id, clock.today()), waiting_of(AskedOf.UNIT_HEAD, clock.today())
    below = select(unit_ancestor.c.unit_id).join(unit, unit.c.id == unit_ancestor.c.ancestor_id).where(of_each(unit.c.head_id, persons))
    by_others = or_(approval.c.requester_id.is_(None), approval.c.requester_id != head)
    asked = select(*_REQUESTED, head.label("person_id")).where(waiting, approval.c.unit_id.in_(below), of_each(head, persons), by_others)
    rows = (await desk.view.connection.execute(asked.limit(MOST_TASKS * len(persons)))).mappings()
    return [_of_request(desk, row, row["person_id"]) for row in rows]


async def for_hr(desk: Desk, caller: Caller) -> Concerns:
    """Approvals that wait for the caller's HR office; whoever of it comes first decides."""
    if caller.person is None:
        return []
    today = clock.today()
    asked = select(*_REQUESTED).where(waiting_of(AskedOf.HR, today), decidable(caller, today)).order_by(approval.c.first_on)
    rows = (await desk.view.connection.execute(asked.limit(MOST_TASKS))).mappings()
    return [_of_request(desk, row, caller.person) for row in rows]


async def decided(desk: Desk, persons: Sequence[UUID]) -> Concerns:
    """What became of one's own requests of late: news that asks for nothing."""
    at = func.coalesce(approval.c.ended_at, approval.c.decided_at)
    asked = select(*approval.c["id", "kind", "person_id", "state", "version"], at.label("since")).where(
        of_each(approval.c.person_id, persons), approval.c.state.in_(DECIDED), at >= clock.now() - NEWS_LAST
    )
    return [
        Concern(
            person=row["person_id"],
            about=f"decision:{row['id']}:{row['state']}",
            since=row["since"],
            version=row["version"],
            text=f"A request for an approval was decided: {desk.book.kinds[row['kind']].title.en}."
            if desk.english
            else f"您的报批事项已有决定：{desk.book.kinds[row['kind']].title.zh}。",
            notice=NoticeType.APPROVAL_DECIDED,
            approval=row["id"],
            kind=row["kind"],
        )
        for row in (await desk.view.connection.execute(asked)).mappings()
    ]


def _raised_for(person: UUID) -> ColumnElement[bool]:
    of_it = exists().select_from(declaration.join(finding, finding.c.declaration_id == declaration.c.id))
    return of_it.where(*_own([person]), finding.c.screening_id.is_(None), finding.c.current, finding.c.for_declarant)


def _asked_of(person: UUID) -> ColumnElement[bool]:
    return exists().where(review.c.person_id == person, review.c.shown_state == ReviewState.WAITING)


def _owed_by(person: UUID) -> ColumnElement[bool]:
    return exists().where(obligation.c.person_id == person, obligation.c.state.in_(UNMET))


def _led_by(person: UUID) -> ColumnElement[bool]:
    return exists().where(unit.c.head_id == person)


TASKS = (
    Source(judged),
    Source(raised, _raised_for),
    Source(requests, _asked_of),
    Source(owed, _owed_by),
    Source(to_decide, _led_by),
)
NEWS = (Source(decided),)
"""What asks for something, and what is only told."""


def _of_request(desk: Desk, row: RowMapping, decider: UUID) -> Concern:
    """Whose it is stands in the approval, where reading it is written down."""
    kind = desk.book.kinds[row["kind"]].title
    return Concern(
        person=decider,
        about=f"approval:{row['id']}",
        since=row["requested_at"],
        version=row["version"],
        text=f"A request for an approval waits for you to decide: {kind.en}." if desk.english else f"有一项报批等您决定：{kind.zh}。",
        notice=NoticeType.APPROVAL_REQUESTED,
        action=DECIDE_APPROVAL,
        acts=(Act(ActMethod.POST, f"/v1/approvals/{row['id']}/decision"),),
        due_on=row["first_on"],
        approval=row["id"],
        kind=row["kind"],
    )


async def _found(desk: Desk, asked: Any) -> Concerns:
    rows = (await desk.view.connection.execute(asked)).mappings()
    return [one for row in rows for one in _of_declaration(row, english=desk.english)]


def _of_declaration(row: RowMapping, *, english: bool) -> Iterator[Concern]:
    """A draft to be submitted, or the findings that a declarant is shown, from a notice up; those without a remedy are news."""
    if row["status"] == Status.DRAFT:
        yield _of_draft(row, "Check the draft and submit it." if english else "请核对草稿并提交。")
        return
    for found in read_findings(row["findings"], english=english):
        if found["remedy"] or Level(found["level"]).weight >= Level.NOTICE.weight:
            yield _of_finding(row, found)


def _of_draft(row: RowMapping, said: str) -> Concern:
    """Whoever has written it knows of it: nobody is told."""
    return Concern(
        person=row["person_id"],
        about=f"draft:{row['id']}",
        since=row["created_at"],
        version=row["version"],
        text=said,
        notice=None,
        action=SUBMIT_DRAFT,
        acts=(Act(ActMethod.POST, f"/v1/declarations/{row['id']}/submission"),),
        declaration=row["id"],
        kind=row["kind"],
    )


def _of_finding(row: RowMapping, found: Document) -> Concern:
    """By its rule, as each judging gives it another id; one raised by hand by its own."""
    remedy: Mapping[str, Any] = found["remedy"] or {}
    due_on = remedy.get("due_on")
    return Concern(
        person=row["person_id"],
        about=f"finding:{row['id']}:{found['rule'] or found['id']}",
        since=row["since"],
        version=row["version"],
        text=remedy.get("text", found["title"]),
        notice=NoticeType.FINDING_SHOWN,
        action=remedy.get("action"),
        acts=(Act(ActMethod.PATCH, f"/v1/declarations/{row['id']}"),) if remedy else (),
        due_on=date.fromisoformat(due_on) if due_on else None,
        declaration=row["id"],
        kind=row["kind"],
        rule=found["rule"],
        level=Level(found["level"]),
    )


def _of_obligation(desk: Desk, one: Told) -> Concern:
    kinds = [desk.book.kinds[kind].title for kind in one["outstanding_kinds"]]
    zh, en = "、".join(kind.zh for kind in kinds), ", ".join(kind.en for kind in kinds)
    level = next((absent["level"] for absent in one["absences"] if absent["current"]), None)
    return Concern(
        person=one["person"],
        about=f"obligation:{one['id']}",
        since=one["opened_at"],
        version=one["version"],
        text=f"{one['title']}: declare or return nil: {en}." if desk.english else f"「{one['title']}」：请申报或作零报告：{zh}。",
        notice=NoticeType.TASK_ARISEN,
        action=REMEDY,
        acts=(Act(ActMethod.POST, "/v1/declarations"), Act(ActMethod.POST, "/v1/nil-returns")),
        due_on=one["due_on"],
        obligation=one["id"],
        level=Level(level) if level else None,
    )
