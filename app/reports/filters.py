"""The filters of declaration lists and of statistics, each a condition on an index where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import and_, exists, literal, not_, or_, select, true, union_all
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.searching import says
from app.declarations.visibility import as_commission
from app.kit.errors import Fault, Words, invalid
from app.kit.statements import among
from app.people.models import unit_ancestor
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Name
from app.screening.judging import MOST_CENTS
from app.screening.models import finding

_ASKED_FOR = finding.alias("asked_for")
_EACH = declaration.alias("each")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What declarations are narrowed to; what is None does not narrow."""

    kind: str | None = None
    declarant: UUID | None = None
    unit: UUID | None = None
    counterparty: UUID | None = None
    rule: str | None = None
    ban: int | None = None
    min_level: Level | None = None
    status: Status | None = None
    occurred_from: date | None = None
    occurred_until: date | None = None
    min_worth: Decimal | None = None
    q: str | None = None

    @property
    def key(self) -> ColumnElement[UUID]:
        """The declaration's id by which the list is ordered: the finding's own where a rule is asked for, so that its index gives the order."""
        return declaration.c.id if self.rule is None else _ASKED_FOR.c.declaration_id

    def conditions(self, caller: Caller) -> list[ColumnElement[bool]]:
        """The filters as SQL; findings that the caller may not know of do not count."""
        row = declaration.c
        asked: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
            (self.kind, lambda kind: row.kind == kind),
            (self.declarant, lambda declarant: row.declarant_id == declarant),
            (self.unit, _within),
            (self.counterparty, lambda party: or_(row.counterparty_id == party, row.further_counterparty_id == party)),
            (self.status, lambda status: row.status == status),
            (self.min_worth, lambda worth: row.worth_cents >= min(int(worth * 100), MOST_CENTS)),
            (self.q, says),
        ]
        stated = [condition(value) for value, condition in asked if value is not None]
        return [*stated, *self._during(), *self._of_findings(as_commission(caller))]

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

    def _of_findings(self, commission: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """Rule, ban and level are asked of one and the same finding; a level alone, of the outcome.

        A rule has one finding in each view, so that it can be joined; a ban may have several.
        """
        if self.rule is None and self.ban is None:
            return _outcome_at_least(commission, self.min_level) if self.min_level else []
        row = _ASKED_FOR.c
        found = [row.declaration_id == declaration.c.id, *self.of_finding(row, _either(commission, row.for_commission, row.for_declarant))]
        return [exists().where(*found)] if self.rule is None else found

    def of_finding(self, row: Any, seen: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """What is asked of one finding, by its columns: that it stands, that it is seen, and of which rule, ban and level it is."""
        asked = [row.current, seen]
        asked += [row.rule == self.rule] if self.rule is not None else []
        asked += [row.ban == self.ban] if self.ban is not None else []
        return [*asked, row.level >= self.min_level.weight] if self.min_level else asked


def _outcome_at_least(commission: ColumnElement[bool], level: Level) -> list[ColumnElement[bool]]:
    """The weights are literals, so that the planner sees how rare the level is, and that the index of the grave ones will do."""
    known, shown = declaration.c.outcome, declaration.c.shown_outcome
    least, serious = (literal(one.weight, literal_execute=True) for one in (level, Level.SERIOUS))
    grave = [or_(known >= serious, shown >= serious)] if level.weight >= Level.SERIOUS.weight else []
    return [*grave, _either(commission, known >= least, shown >= least)]


def _either(commission: ColumnElement[bool], known: ColumnElement[bool], shown: ColumnElement[bool]) -> ColumnElement[bool]:
    """What holds in the commission's view where the caller has it, and in the declarant's elsewhere; an index serves where there is one view."""
    if commission is true():
        return known
    return or_(and_(known, commission), and_(shown, not_(commission)))


def _within(unit: UUID) -> ColumnElement[bool]:
    """The declaration's unit is the given one or below it."""
    return exists().where(unit_ancestor.c.unit_id == declaration.c.unit_id, unit_ancestor.c.ancestor_id == unit)


Kind = Annotated[str | None, Query(description="类别。Kind.", json_schema_extra={"enum": [*KINDS]})]
Unit = Annotated[UUID | None, Query(description="单位及其下级。Unit, with all below it.")]
Rule = Annotated[str | None, Query(max_length=60, description="规则编号。Rule id.", examples=["gift.cash-like"])]
Ban = Annotated[int | None, Query(ge=1, le=11, description="十一个不准的序号。Number of the ban.")]
MinLevel = Annotated[
    Level | None,
    Query(description="最低等级；与 rule、ban 并用时指同一疑点。Least level of a finding; with `rule` or `ban`, of that same finding."),
]
OccurredFrom = Annotated[Day | None, Query(description="行为末日不早于该日；持续中的均计入。Conduct that lasts to this day or beyond.")]
OccurredUntil = Annotated[Day | None, Query(description="行为首日不晚于该日。Conduct that began by this day.")]


async def _filters(  # noqa: PLR0913, PLR0917  # one parameter for each filter of the API
    kind: Kind = None,
    declarant: Annotated[UUID | None, Query(description="申报人。Declarant.")] = None,
    unit: Unit = None,
    counterparty: Annotated[
        UUID | None,
        Query(description="往来对象，含股权转让方等次要一方。The other side, a second one (as who transferred shares) included."),
    ] = None,
    rule: Rule = None,
    ban: Ban = None,
    min_level: MinLevel = None,
    status: Annotated[Status | None, Query(description="状态。Status.")] = None,
    occurred_from: OccurredFrom = None,
    occurred_until: OccurredUntil = None,
    min_worth: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", description="已知价值不低于（人民币元）。Least known worth in CNY.")
    ] = None,
    q: Annotated[
        Name | None,
        Query(
            description="名称（含别名、申报人姓名）、描述、地点、说明中的文字，不分全半角与大小写。Text within names, aliases, descriptions, places, notes."
        ),
    ] = None,
) -> Filters:
    return Filters(
        kind=_known(kind),
        declarant=declarant,
        unit=unit,
        counterparty=counterparty,
        rule=rule,
        ban=ban,
        min_level=min_level,
        status=status,
        occurred_from=occurred_from,
        occurred_until=occurred_until,
        min_worth=Decimal(min_worth) if min_worth else None,
        q=q,
    )


AskedFilters = Annotated[Filters, Depends(_filters)]


async def _counted(
    kind: Kind = None,
    unit: Unit = None,
    rule: Rule = None,
    ban: Ban = None,
    min_level: MinLevel = None,
    occurred_from: OccurredFrom = None,
    occurred_until: OccurredUntil = None,
) -> Filters:
    return Filters(
        kind=_known(kind),
        unit=unit,
        rule=rule,
        ban=ban,
        min_level=min_level,
        status=Status.SUBMITTED,
        occurred_from=occurred_from,
        occurred_until=occurred_until,
    )


CountedFilters = Annotated[Filters, Depends(_counted)]
"""The filters of statistics, which count what is filed and not withdrawn."""


def _known(kind: str | None) -> str | None:
    if kind is not None and kind not in KINDS:
        raise invalid([Fault("/query/kind", "enum", Words("须为以下之一：" + "、".join(KINDS), "Must be one of " + ", ".join(KINDS)))])
    return kind
