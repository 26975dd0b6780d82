"""The filters of lists of declarations and findings, and of statistics, each a condition on an index where there is one."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import and_, exists, literal, literal_column, not_, or_, select, union_all
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.capture import CaptureCounts
from app.declarations.models import WORTH, declaration
from app.declarations.schemas import Status
from app.declarations.visibility import as_commission, in_view
from app.kit.errors import Fault, Words, invalid
from app.kit.statements import among
from app.people.models import unit_ancestor
from app.reviews.rendering import Origin, stands
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Name
from app.screening.judging import MOST_CENTS
from app.screening.models import finding
from app.screening.past import THEN

from .moments import AskedInstant

SUM = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
"""What a sum in yuan looks like."""

_ASKED_FOR = finding.alias("asked_for")
_EACH = declaration.alias("each")


Stated: TypeAlias = Sequence[tuple[Any, Callable[[Any], ColumnElement[bool]]]]
"""Values that a caller may have given, each with the condition that it makes."""


def _given(stated: Stated) -> list[ColumnElement[bool]]:
    """The conditions of those values that were given."""
    return [condition(value) for value, condition in stated if value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Whose conduct is asked for, of which kind, with whom and when; what is None does not narrow."""

    kind: str | None = None
    declarant: UUID | None = None
    unit: UUID | None = None
    counterparty: UUID | None = None
    occurred_from: date | None = None
    occurred_until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters as SQL over `declaration`."""
        return [*self._of(declaration.c), *self._during()]

    def conditions_then(self) -> list[ColumnElement[bool]]:
        """The filters as SQL over what `declaration` stated in the revision that stood."""
        began, ended = THEN.occurred_from, THEN.occurred_until
        asked: Stated = (
            (self.occurred_from, lambda first: or_(ended.is_(None), ended >= first)),
            (self.occurred_until, lambda last: began <= last),
        )
        return [*self._of(THEN), *_given(asked)]

    def _of(self, stated: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[bool]]:
        row = declaration.c
        asked: Stated = (
            (self.kind, lambda kind: row.kind == kind),
            (self.declarant, lambda declarant: row.declarant_id == declarant),
            (self.unit, within),
            (self.counterparty, lambda party: or_(stated.counterparty_id == party, stated.further_counterparty_id == party)),
        )
        return _given(asked)

    def _during(self) -> list[ColumnElement[bool]]:
        """Conduct that reaches into the asked days: it began within them, or before and lasted; each of the three is a range of an index."""
        first, last, row = self.occurred_from, self.occurred_until, _EACH.c
        if first is None or last is None:
            begun = [declaration.c.occurred_from <= last] if last else []
            return [*begun, or_(declaration.c.occurred_until.is_(None), declaration.c.occurred_until >= first)] if first else begun
        lasting = or_(row.occurred_until.is_(None), row.occurred_until > row.occurred_from)
        earlier = select(row.id).where(lasting, row.occurred_from < first, row.occurred_from <= last)
        begun_within = select(row.id).where(row.occurred_from.between(first, last))
        ids = union_all(begun_within, earlier.where(row.occurred_until >= first), earlier.where(row.occurred_until.is_(None)))
        return [among(declaration.c.id, ids)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """What a finding is asked for by, all of one and the same finding; what is None does not narrow."""

    rule: str | None = None
    ban: int | None = None
    min_level: Level | None = None

    def conditions(self, row: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[bool]]:
        """The filters as SQL over `finding`, by whatever name it goes in the statement."""
        asked: Stated = (
            (self.rule, lambda rule: row.rule == rule),
            (self.ban, lambda ban: row.ban == ban),
            (self.min_level, lambda level: _at_least(level, row.level)),
        )
        return _given(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What declarations are narrowed to; what is None does not narrow. `q` is for `wanted` to answer. With `as_at`, as they stood then."""

    conduct: Conduct
    suspicion: Suspicion
    status: Status | None = None
    min_worth: Decimal | None = None
    capture: CaptureCounts | None = None
    q: str | None = None
    as_at: datetime | None = None

    @property
    def key(self) -> ColumnElement[UUID]:
        """The declaration's id by which the list is ordered: the finding's own where a rule is asked for, so that its index gives the order.

        Of the past it is the revision's, as the databases otherwise sort all that stood.
        """
        if self.as_at is not None:
            stood: ColumnElement[UUID] = THEN.declaration_id
            return stood
        return declaration.c.id if self.suspicion.rule is None else _ASKED_FOR.c.declaration_id

    def conditions(self, caller: Caller) -> list[ColumnElement[bool]]:
        """The filters as SQL; findings that the caller may not know of do not count."""
        if self.as_at is not None:
            return [*self.conduct.conditions_then(), *self._of(THEN, THEN.worth_cents)]
        return [*self.conduct.conditions(), *self._of(declaration.c, WORTH), *self._of_findings(as_commission(caller))]

    def _of(self, row: ReadOnlyColumnCollection[str, Any], known_worth: ColumnElement[int]) -> list[ColumnElement[bool]]:
        asked: Stated = (
            (self.status, lambda status: row.status == status),
            (self.min_worth, lambda worth: min(int(worth * 100), MOST_CENTS) <= known_worth),
            (self.capture, lambda counts: and_(row.capture.is_not(None), row.capture["counts"].as_string() == counts.value)),
        )
        return _given(asked)

    def _of_findings(self, commission: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """Rule, ban and level are asked of one and the same finding; a level alone, of the outcome.

        A rule has one finding in each view, so that it can be joined; a ban may have several.
        """
        asked = self.suspicion
        if asked.rule is None and asked.ban is None:
            return _outcome_at_least(commission, asked.min_level) if asked.min_level else []
        row = _ASKED_FOR.c
        found = [row.declaration_id == declaration.c.id, row.current, in_view(commission, row.for_commission, row.for_declarant)]
        found += asked.conditions(row)
        return [exists().where(*found)] if asked.rule is None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilters:
    """What a list of findings is narrowed to; what is None does not narrow. `q` is for `wanted` to answer."""

    conduct: Conduct
    suspicion: Suspicion
    declaration: UUID | None = None
    origin: Origin | None = None
    current: bool = True
    q: str | None = None

    def conditions(self, caller: Caller) -> list[ColumnElement[bool]]:
        """The filters as SQL over `finding` and its `declaration`."""
        row = finding.c
        asked: Stated = (
            (self.declaration, lambda declared: row.declaration_id == declared),
            (self.origin, lambda origin: row.screening_id.is_(None) if origin is Origin.HAND else row.screening_id.is_not(None)),
        )
        standing = stands(caller) if self.current else not_(stands(caller))
        return [standing, *self.conduct.conditions(), *self.suspicion.conditions(row), *_given(asked)]


def _outcome_at_least(commission: ColumnElement[bool], level: Level) -> list[ColumnElement[bool]]:
    """The weights are literals, so that the planner sees how rare the level is, and that the index of the grave ones will do.

    It goes by age as the list does; the one by level is kept from the planner, which would take both and sort what it finds.
    """
    known, shown = declaration.c.outcome, declaration.c.shown_outcome
    nought: ColumnElement[int] = literal_column("0")
    least, serious = _weights(level)
    grave = [or_(known >= serious, shown >= serious)] if level.weight >= Level.SERIOUS.weight else []
    return [*grave, in_view(commission, known + nought >= least, shown + nought >= least)]


def _at_least(level: Level, of_finding: ColumnElement[int]) -> ColumnElement[bool]:
    """As for outcomes: a grave level says that it is one, for the index of those."""
    least, serious = _weights(level)
    return and_(of_finding >= serious, of_finding >= least) if level.weight >= Level.SERIOUS.weight else of_finding >= least


def _weights(level: Level) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """(the weight of a level, that of the first grave one)."""
    return literal(level.weight, literal_execute=True), literal(Level.SERIOUS.weight, literal_execute=True)


def within(unit: UUID) -> ColumnElement[bool]:
    """The declaration's unit is the given one or below it."""
    return exists().where(unit_ancestor.c.unit_id == declaration.c.unit_id, unit_ancestor.c.ancestor_id == unit)


def answerable(asked: Filters, place: str) -> Filters:
    """The same filters, if the register keeps what answers them; `place` is the pointer to where they stand.

    Raises:
        Problem: 422 that names each that is not kept of the past.
    """
    sought = {**asdict(asked.suspicion), "q": asked.q}
    if asked.as_at is not None and any(value is not None for value in sought.values()):
        raise invalid([Fault(f"{place}/{name}", *NOT_KEPT) for name, value in sought.items() if value is not None])
    return asked


NOT_KEPT = (
    "not-kept-of-the-past",
    Words(
        "与 as_at 并用时不能按此项筛选、排序或者计数：历史索引未予保存。请删除本项，在结果的 screening 与 details 中自行查找，或者不填 as_at。",
        "Cannot be asked together with `as_at`, as no index of the past is kept. Leave it out and look into `screening` and `details` of what is found, "
        "or ask without `as_at`.",
    ),
)
"""The code and the words for what only today's register can answer."""


Kind = Annotated[str | None, Query(description="类别。Kind.", json_schema_extra={"enum": [*KINDS]})]
Unit = Annotated[UUID | None, Query(description="单位及其下级。Unit, with all below it.")]
OccurredFrom = Annotated[Day | None, Query(description="行为末日不早于该日；持续中的均计入。Conduct that lasts to this day or beyond.")]
OccurredUntil = Annotated[Day | None, Query(description="行为首日不晚于该日。Conduct that began by this day.")]

SaidWords = Annotated[
    Name | None,
    Query(
        description="名称（含别名、申报人姓名）、描述、地点、说明、来件编号中的文字，不分全半角与大小写；姓名、名称亦可用全拼或首字母，证照号码可填前 6 位以上。"
        "均无所得时，列出往来对象名称仅差一字的。Text within names, aliases, descriptions, places, notes and the client's reference; names also by pinyin or its "
        "initials, identifiers by 6 characters or more from their beginning. Where nothing is found, those whose other side's name differs by one character."
    ),
]


async def _conduct_in(
    kind: Kind = None, unit: Unit = None, occurred_from: OccurredFrom = None, occurred_until: OccurredUntil = None
) -> Conduct:
    if kind is not None and kind not in KINDS:
        raise invalid([Fault("/query/kind", "enum", Words("须为以下之一：" + "、".join(KINDS), "Must be one of " + ", ".join(KINDS)))])
    return Conduct(kind=kind, unit=unit, occurred_from=occurred_from, occurred_until=occurred_until)


ConductIn = Annotated[Conduct, Depends(_conduct_in)]


async def _conduct(
    conduct: ConductIn,
    declarant: Annotated[UUID | None, Query(description="申报人。Declarant.")] = None,
    counterparty: Annotated[
        UUID | None,
        Query(description="往来对象，含股权转让方等次要一方。The other side, a second one (as who transferred shares) included."),
    ] = None,
) -> Conduct:
    return replace(conduct, declarant=declarant, counterparty=counterparty)


async def _suspicion(
    rule: Annotated[str | None, Query(max_length=60, description="规则编号。Rule id.", examples=["gift.cash-like"])] = None,
    ban: Annotated[int | None, Query(ge=1, le=11, description="十一个不准的序号。Number of the ban.")] = None,
    min_level: Annotated[
        Level | None,
        Query(description="最低等级；与 rule、ban 并用时指同一疑点。Least level of a finding; with `rule` or `ban`, of that same finding."),
    ] = None,
) -> Suspicion:
    return Suspicion(rule=rule, ban=ban, min_level=min_level)


AskedConduct = Annotated[Conduct, Depends(_conduct)]
AskedSuspicion = Annotated[Suspicion, Depends(_suspicion)]


async def _filters(
    conduct: AskedConduct,
    suspicion: AskedSuspicion,
    as_at: AskedInstant,
    status: Annotated[Status | None, Query(description="状态。Status.")] = None,
    min_worth: Annotated[str | None, Query(pattern=SUM, description="已知价值不低于（人民币元）。Least known worth in CNY.")] = None,
    capture: Annotated[
        CaptureCounts | None,
        Query(
            description="离线申报：以记录之日、收到之日或所填之日为申报日的。What was recorded without a network, by the day that counts.",
            examples=["capture"],
        ),
    ] = None,
    q: SaidWords = None,
) -> Filters:
    worth = Decimal(min_worth) if min_worth else None
    asked = Filters(conduct=conduct, suspicion=suspicion, status=status, min_worth=worth, capture=capture, q=q, as_at=as_at)
    return answerable(asked, "/query")


async def _counted(conduct: ConductIn, suspicion: AskedSuspicion) -> Filters:
    return Filters(conduct=conduct, suspicion=suspicion, status=Status.SUBMITTED)


async def _finding_filters(
    conduct: AskedConduct,
    suspicion: AskedSuspicion,
    declaration: Annotated[UUID | None, Query(description="所涉申报。The declaration concerned.")] = None,
    origin: Annotated[Origin | None, Query(description="规则筛查所得，或由人提出。Found by a rule, or raised by hand.")] = None,
    q: SaidWords = None,
    *,
    current: Annotated[
        bool, Query(description="现行疑点；false 则为已被取代或撤销的。Findings that stand; with false, those superseded or withdrawn.")
    ] = True,
) -> FindingFilters:
    return FindingFilters(conduct=conduct, suspicion=suspicion, declaration=declaration, origin=origin, current=current, q=q)


AskedFilters = Annotated[Filters, Depends(_filters)]
AskedFindingFilters = Annotated[FindingFilters, Depends(_finding_filters)]
CountedFilters = Annotated[Filters, Depends(_counted)]
"""The filters of statistics, which count what is filed and not withdrawn."""
