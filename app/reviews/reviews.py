"""Reading reviews: the commission sees all of those within its reach, the official what was asked and told; nobody sees more of their own."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, false, func, literal, not_, null, select, union_all
from sqlalchemy.types import Boolean

from app.access.caller import COMMISSION, Caller, Scope
from app.counterparties.groups import in_one_group
from app.kit import clock
from app.kit.errors import Words, not_found
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading
from app.people.models import unit_ancestor
from app.people.visibility import in_reach, of_others, own
from app.rulebook.finding import Level
from app.screening.models import finding

from .events import ReviewEventType
from .models import review, review_event
from .rendering import readable, stands, told, with_documents
from .workflow import Disposition, ReviewState

MOST_INSIDE = 200
"""How many findings and events a review is shown with."""

REVIEW = Words("审查", "review")

_NONE = false()

Rows: TypeAlias = list[dict[str, Any]]
Findings: TypeAlias = list[RowMapping]
Ids: TypeAlias = list[UUID]


def as_commission(caller: Caller) -> ColumnElement[bool]:
    """The reviews that the caller sees with the commission's eyes: within reach, never one's own."""
    if not caller.may(*COMMISSION):
        return _NONE
    return and_(in_reach(caller, review.c.unit_id), of_others(caller, review.c.person_id))


def as_official(caller: Caller) -> ColumnElement[bool]:
    """Those that the caller, or whom the caller acts for, was asked or told something in."""
    if not caller.may(Scope.DECLARATIONS_WRITE) or caller.person is None:
        return _NONE
    return and_(review.c.shown_state.is_not(None), own(caller, review.c.person_id))


def under_review(rows: Iterable[Mapping[str, Any] | RowMapping]) -> Iterator[tuple[UUID, bool]]:
    """Whom reviews, or what else the commission writes for itself, are about, and that they may not know of its being read."""
    return ((row["person_id"], False) for row in rows)


def _whole() -> Select[Any]:
    """A review in the commission's view."""
    row = review.c
    plain = row["id", "person_id", "unit_id", "counterparty_id", "kind", "state", "assignee_id", "due_on"]
    kept = row["disposition", "decision", "opened_at", "closed_at", "version"]
    return select(*plain, *kept, literal(value=True, type_=Boolean).label("as_commission"))


def _shown() -> Select[Any]:
    """The same columns in the official's view, from what was shown alone: nothing else may be filtered by, counted or told."""
    row = review.c
    nothing = {name: null().cast(row[name].type).label(name) for name in row.keys()}  # noqa: SIM118  # a collection of columns
    waits = case((row.shown_state == ReviewState.WAITING, row.due_on))
    return select(
        row.id,
        row.person_id,
        *(nothing[name] for name in ("unit_id", "counterparty_id", "kind")),
        row.shown_state.label("state"),
        nothing["assignee_id"],
        waits.label("due_on"),
        nothing["disposition"],
        row.shown_decision.label("decision"),
        nothing["opened_at"],
        nothing["closed_at"],
        row.shown_version.label("version"),
        literal(value=False, type_=Boolean).label("as_commission"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """Which reviews a list shows; what is None does not narrow."""

    state: ReviewState | None = None
    assignee: UUID | None = None
    person: UUID | None = None
    unit: UUID | None = None
    counterparty: UUID | None = None
    min_level: Level | None = None
    disposition: Disposition | None = None
    overdue: bool | None = None

    def conditions(self, caller: Caller, seen: Any) -> list[ColumnElement[bool]]:
        """The filters as SQL over what the caller sees of reviews."""
        same = {"state": self.state, "assignee_id": self.assignee, "person_id": self.person, "disposition": self.disposition}
        asked = [seen[name] == value for name, value in same.items() if value is not None]
        if self.unit is not None:
            asked.append(exists().where(unit_ancestor.c.unit_id == seen.unit_id, unit_ancestor.c.ancestor_id == self.unit))
        if self.counterparty is not None:
            asked.append(in_one_group([self.counterparty], seen.counterparty_id))
        if self.min_level is not None:
            grave = readable(caller, finding.c.id).where(stands(caller), finding.c.level >= self.min_level.weight)
            asked += [seen.as_commission, grave.where(finding.c.review_id == seen.id).exists()]
        if self.overdue is not None:
            late = and_(seen.state == ReviewState.WAITING, seen.due_on.is_not(None), seen.due_on < clock.today())
            asked.append(late if self.overdue else not_(late))
        return asked


class Reviews:
    """The reviews that one caller sees, each in the view that is theirs."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, review_id: UUID) -> dict[str, Any]:
        """One review with what its findings come to.

        Raises:
            Problem: 404.
        """
        for seen in self._views():
            row = (await self.connection.execute(select(seen).where(seen.c.id == review_id))).mappings().first()
            if row is not None:
                return (await self._reckoned([row]))[0]
        raise not_found(REVIEW)

    async def list(self, page: Page, asked: ReviewFilter) -> Rows:
        """A page of reviews, one more than asked for: of each view, then of both."""
        parts = [page.of(self._narrowed(seen, asked, *seen.c), seen.c.id) for seen in self._views()]
        both = union_all(*(select(part.subquery()) for part in parts)).subquery()
        chosen = parts[0] if len(parts) == 1 else page.of(select(both), both.c.id)
        return await self._reckoned((await self.connection.execute(chosen)).mappings().all())

    async def count(self, asked: ReviewFilter) -> int:
        """How many there are in all."""
        each = [self._narrowed(seen, asked, func.count()) for seen in self._views()]
        return sum([await self.connection.scalar(how_many) or 0 for how_many in each])

    async def findings(self, row: Mapping[str, Any]) -> Findings:
        """What a review is about, as far as the caller may know: to the official, what was asked about."""
        of_it = told(self.caller)
        if row["as_commission"]:
            of_it = of_it.where(finding.c.review_id == row["id"])
        else:
            of_it = of_it.where(one_of(finding.c.id, await self._asked_about(row["id"])))
        chosen = with_documents(of_it.order_by(stands(self.caller).desc(), finding.c.id.desc()).limit(MOST_INSIDE))
        rows = (await self.connection.execute(chosen)).mappings().all()
        return sorted(rows, key=lambda found: not found["current"])

    async def events(self, row: Mapping[str, Any], page: Page) -> Rows:
        """A page of what happened, newest first, one more than asked for; the official learns neither who acted nor what was before."""
        rows = (await self.connection.execute(page.of(select(review_event).where(*_of(row)), review_event.c.id))).mappings()
        return [dict(one) if row["as_commission"] else {**one, "actor": None, "old": None} for one in rows]

    async def count_events(self, row: Mapping[str, Any]) -> int:
        """How many events the caller may know of."""
        return await self.connection.scalar(select(func.count()).select_from(review_event).where(*_of(row))) or 0

    def _views(self) -> Sequence[Any]:
        """What the caller sees in the commission's view, and in the official's what is not among that."""
        commission, official = as_commission(self.caller), as_official(self.caller)
        whole, shown = _whole().where(commission).subquery("whole"), _shown().where(official, not_(commission)).subquery("shown")
        if not self.caller.may(*COMMISSION):
            return [shown]
        return [whole] if official is _NONE else [whole, shown]

    def _narrowed(self, seen: Any, asked: ReviewFilter, *columns: Any) -> Select[Any]:
        return select(*columns).select_from(seen).where(*asked.conditions(self.caller, seen.c))

    async def _reckoned(self, rows: Sequence[RowMapping]) -> Rows:
        """The reviews with the level of what stands, how much of it, and how much of that is of own accord; nothing of it to the official."""
        whole = [row["id"] for row in rows if row["as_commission"]]
        numbers = (
            readable(self.caller, finding.c.review_id, func.max(finding.c.level).label("level"), func.count().label("standing"))
            .add_columns(func.count(case((finding.c.own_accord, 1))).label("own_accord"))
            .where(one_of(finding.c.review_id, whole), finding.c.review_id.is_not(None), stands(self.caller))
            .group_by(finding.c.review_id)
        )
        found = {one["review_id"]: one for one in (await self.connection.execute(numbers)).mappings()} if whole else {}
        none = {"level": None, "standing": 0, "own_accord": 0}
        hidden = dict.fromkeys(none)
        return [{**row, **(found.get(row["id"], none) if row["as_commission"] else hidden)} for row in rows]

    async def _asked_about(self, review_id: UUID) -> Ids:
        """The findings that the official was asked about."""
        asked = select(review_event.c.new).where(review_event.c.review_id == review_id, review_event.c.shown)
        return [UUID(one) for new in await self.connection.scalars(asked) for one in (new or {}).get("findings", ())]


def _of(row: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    of_it = review_event.c.review_id == row["id"]
    return (of_it,) if row["as_commission"] else (of_it, review_event.c.shown)


def waiting_requests(of: Callable[[ColumnElement[UUID]], ColumnElement[bool]]) -> Select[Any]:
    """The requests that wait for an official's own answer, each with its newest event, as the official sees it; `of` says of whom."""
    row, newest = review.c, review_event.alias()
    asked = (
        select(newest.c.id)
        .where(newest.c.review_id == row.id, newest.c.type == ReviewEventType.REQUESTED)
        .order_by(newest.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    said = review_event.c.id.label("event"), review_event.c.at.label("since"), review_event.c.text
    columns = row.id, row.person_id, row.due_on, row.shown_version.label("version"), *said
    found = select(*columns).join_from(review, review_event, review_event.c.id == asked)
    return found.where(of(row.person_id), row.shown_state == ReviewState.WAITING).order_by(row.id.desc())
