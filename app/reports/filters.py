"""The filters of declaration lists, each a condition on an index where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import and_, exists, literal, not_, or_, true
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.declarations.searching import says
from app.declarations.visibility import as_commission
from app.kit.errors import Fault, Words, invalid
from app.people.models import unit_ancestor
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Name
from app.screening.models import finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of declarations is narrowed to; what is None does not narrow."""

    kind: str | None
    declarant: UUID | None
    unit: UUID | None
    counterparty: UUID | None
    rule: str | None
    ban: int | None
    min_level: Level | None
    status: Status | None
    occurred_from: date | None
    occurred_until: date | None
    min_worth: Decimal | None
    q: str | None

    def conditions(self, caller: Caller) -> list[ColumnElement[bool]]:
        """The filters as SQL; findings that the caller may not know of do not count."""
        row = declaration.c
        asked: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
            (self.kind, lambda kind: row.kind == kind),
            (self.declarant, lambda declarant: row.declarant_id == declarant),
            (self.unit, _within),
            (self.counterparty, lambda party: or_(row.counterparty_id == party, row.further_counterparty_id == party)),
            (self.status, lambda status: row.status == status),
            (self.occurred_from, lambda day: or_(row.occurred_until.is_(None), row.occurred_until >= day)),
            (self.occurred_until, lambda day: row.occurred_from <= day),
            (self.min_worth, lambda worth: row.worth_cents >= int(worth * 100)),
            (self.rule, lambda rule: self._found(caller, finding.c.rule == rule)),
            (self.ban, lambda ban: self._found(caller, finding.c.ban == ban)),
            (self.min_level, lambda level: self._at_least(caller, level)),
            (self.q, says),
        ]
        return [condition(value) for value, condition in asked if value is not None]

    @staticmethod
    def _found(caller: Caller, which: ColumnElement[bool]) -> ColumnElement[bool]:
        commission = as_commission(caller)
        if commission is true():
            view: ColumnElement[bool] = finding.c.for_commission
        else:
            view = or_(and_(finding.c.for_commission, commission), and_(finding.c.for_declarant, not_(commission)))
        return exists().where(finding.c.declaration_id == declaration.c.id, finding.c.current, which, view)

    @staticmethod
    def _at_least(caller: Caller, level: Level) -> ColumnElement[bool]:
        """The weight is a literal, so that the planner sees how rare the level is."""
        least = literal(level.weight, literal_execute=True)
        commission = as_commission(caller)
        if commission is true():
            return declaration.c.outcome >= least
        return or_(and_(commission, declaration.c.outcome >= least), and_(not_(commission), declaration.c.shown_outcome >= least))


def _within(unit: UUID) -> ColumnElement[bool]:
    """The declaration's unit is the given one or below it."""
    return exists().where(unit_ancestor.c.unit_id == declaration.c.unit_id, unit_ancestor.c.ancestor_id == unit)


def _filters(  # noqa: PLR0913, PLR0917  # one parameter for each filter of the API
    kind: Annotated[str | None, Query(description="类别。Kind.", json_schema_extra={"enum": [*KINDS]})] = None,
    declarant: Annotated[UUID | None, Query(description="申报人。Declarant.")] = None,
    unit: Annotated[UUID | None, Query(description="单位及其下级。Unit, with all below it.")] = None,
    counterparty: Annotated[UUID | None, Query(description="往来对象。The other side.")] = None,
    rule: Annotated[str | None, Query(max_length=60, description="规则编号。Rule id.", examples=["gift.cash-like"])] = None,
    ban: Annotated[int | None, Query(ge=1, le=11, description="十一个不准的序号。Number of the ban.")] = None,
    min_level: Annotated[Level | None, Query(description="最低等级。Least level of a finding.")] = None,
    status: Annotated[Status | None, Query(description="状态。Status.")] = None,
    occurred_from: Annotated[Day | None, Query(description="发生日不早于（行为持续的，以末日计）。Conduct on or after.")] = None,
    occurred_until: Annotated[Day | None, Query(description="发生日不晚于。Conduct that began on or before.")] = None,
    min_worth: Annotated[str | None, Query(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", description="价值不低于（人民币元）。Least worth in CNY.")] = None,
    q: Annotated[Name | None, Query(description="名称、描述、地点、说明中的文字。Text within names, descriptions, places, notes.")] = None,
) -> Filters:
    if kind is not None and kind not in KINDS:
        raise invalid([Fault("/query/kind", "enum", Words("须为以下之一：" + "、".join(KINDS), "Must be one of " + ", ".join(KINDS)))])
    return Filters(
        kind=kind, declarant=declarant, unit=unit, counterparty=counterparty, rule=rule, ban=ban, min_level=min_level, status=status,
        occurred_from=occurred_from, occurred_until=occurred_until, min_worth=Decimal(min_worth) if min_worth else None, q=q,
    )


AskedFilters = Annotated[Filters, Depends(_filters)]
