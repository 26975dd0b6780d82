"""What reviews came to, beside statistics: how often a rule's suspicion was upheld, and how long the matters of a unit took."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, Select, case, func, select

from app.access.caller import Caller
from app.declarations.models import declaration
from app.declarations.visibility import counted
from app.kit.statements import days_between
from app.ledger.unit_of_work import Reading
from app.reviews.models import review
from app.reviews.workflow import Disposition, ReviewState
from app.screening.models import finding

from .filters import Filters
from .groups import By, Group
from .small_numbers import FEWEST

_NOTHING: Mapping[str, Any] = {"upheld": 0, "no_issue": 0, "reviews": 0, "days": None}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """By key, what closed reviews came to; `small` where small numbers may be shown."""

    by: By
    rows: Mapping[Any, Mapping[str, Any]]
    small: bool

    def shown(self, group: Group) -> dict[str, Any]:
        """Of a rule how many of its suspicions were upheld and how many came to nothing, of a unit the mean of days; of other groups nothing."""
        row, hidden = self.rows.get(group.key, _NOTHING), group.hidden or group.reduced
        upheld, no_issue = row["upheld"], row["no_issue"]
        told = self.by is By.RULE and not hidden and (self.small or not any(0 < number < FEWEST for number in (upheld, no_issue)))
        dated = self.by is By.UNIT and not hidden and row["reviews"] >= (1 if self.small else FEWEST)
        return {
            "upheld": upheld if told else None,
            "no_issue": no_issue if told else None,
            "days_to_review": f"{Decimal(row['days']):.1f}" if dated else None,
        }


async def read_reviewed(view: Reading, caller: Caller, by: By, filters: Filters, *, small: bool) -> Reviewed:
    """Of the declarations that are counted, those that closed reviews are about."""
    if by not in (By.RULE, By.UNIT):
        return Reviewed(by, {}, small)
    asked = _of_rules(caller, filters) if by is By.RULE else _of_units(caller, filters)
    rows: list[RowMapping] = list((await view.connection.execute(asked)).mappings())
    return Reviewed(by, {row["key"]: {**_NOTHING, **row} for row in rows}, small)


def _of_rules(caller: Caller, filters: Filters) -> Select[Any]:
    """A suspicion that was judged several times is one."""
    came_to_nothing = review.c.disposition == Disposition.NO_ISSUE
    return (
        _closed(caller, filters, finding.c.rule.label("key"))
        .add_columns(
            func.count(case((came_to_nothing, declaration.c.id)).distinct()).label("no_issue"),
            func.count(case((~came_to_nothing, declaration.c.id)).distinct()).label("upheld"),
        )
        .group_by(finding.c.rule)
    )


def _of_units(caller: Caller, filters: Filters) -> Select[Any]:
    columns = declaration.c.unit_id.label("key"), review.c.id, days_between(review.c.opened_at, review.c.closed_at).label("days")
    each = _closed(caller, filters, *columns).distinct().subquery("each_review")
    return select(each.c.key, func.count().label("reviews"), func.avg(each.c.days).label("days")).group_by(each.c.key)


def _closed(caller: Caller, filters: Filters, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join_from(finding, declaration, declaration.c.id == finding.c.declaration_id)
        .join(review, review.c.id == finding.c.review_id)
        .where(review.c.state == ReviewState.CLOSED, counted(caller), *filters.conditions(caller), *filters.suspicion.conditions(finding.c))
    )
