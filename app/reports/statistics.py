"""What was declared and found, counted by unit, month, rule, ban, kind, level or counterparty (统计), in the commission's view."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from app.access.caller import Caller, Scope
from app.counterparties.models import counterparty
from app.declarations.models import declaration
from app.declarations.visibility import counted
from app.kit import clock
from app.kit.pages import PlacedPage
from app.kit.statements import month_of
from app.ledger.unit_of_work import Reading
from app.people.models import person, unit
from app.people.visibility import in_reach
from app.rulebook.book import Book
from app.rulebook.finding import Level
from app.screening.models import finding

from .filters import Filters
from .groups import DECLARED, FOUND, By, Group
from .naming import Naming, place
from .reviewed import read_reviewed
from .small_numbers import hide_small

Numbers: TypeAlias = dict[str, ColumnElement[Any]]
"""What is counted, by its name in a group."""


_OF_DECLARATION: dict[By, ColumnElement[Any]] = {
    By.UNIT: declaration.c.unit_id,
    By.MONTH: month_of(declaration.c.occurred_from),
    By.KIND: declaration.c.kind,
    By.LEVEL: declaration.c.outcome,
    By.COUNTERPARTY: declaration.c.counterparty_id,
}
_OF_FINDING: dict[By, ColumnElement[Any]] = {By.RULE: finding.c.rule, By.BAN: finding.c.ban}


class Statistics:
    """What one caller may count: the commission's view of what is within reach, their own declarations left out."""

    def __init__(self, view: Reading, book: Book, caller: Caller) -> None:
        self.view = view
        self.connection = view.connection
        self.book = book
        self.caller = caller

    async def page(self, by: By, filters: Filters, page: PlacedPage, *, english: bool) -> tuple[dict[str, Any], str | None]:
        """(the answer, the cursor of the next page)."""
        reads_each = await self._reads_each(filters)
        groups, totals = await self._count(by, filters, reads_each=reads_each)
        reviewed = await read_reviewed(self.view, self.caller, by, filters, small=reads_each)
        shown, following = page.of(groups, lambda group: place(by, group))
        naming = Naming(by, self.book, await self._names(by, shown), english)
        items = [
            {
                "key": naming.code(group.key),
                "label": naming.label(group.key),
                **group.shown(),
                **naming.staff(group),
                **reviewed.shown(group),
            }
            for group in shown
        ]
        count = len(groups) if page.count else None
        return {"by": by, "items": items, "totals": totals.shown(), "next": following, "count": count}, following

    async def _count(self, by: By, filters: Filters, *, reads_each: bool) -> tuple[list[Group], Group]:
        """(the groups in no order, everything asked for together), marked for what the caller may not be told."""
        groups, totals = dict[Any, Group](), Group()
        for row in (await self.connection.execute(_numbers(self.caller, by, filters))).mappings():
            group = totals if row["together"] else groups.setdefault(row["key"], Group(row["key"]))
            group.add(row)
        if not reads_each:
            hide_small(list(groups.values()), totals)
        return list(groups.values()), totals

    async def _names(self, by: By, groups: Sequence[Group]) -> dict[Any, dict[str, Any]]:
        """By key, the name of each unit or counterparty; of a unit also how many staff it has now."""
        if by not in (By.UNIT, By.COUNTERPARTY):
            return {}
        named, staff = (unit, [_staff()]) if by is By.UNIT else (counterparty, [])
        asked = select(named.c.id, named.c.name, *staff).where(named.c.id.in_([group.key for group in groups if group.key]))
        return {row["id"]: dict(row) for row in (await self.connection.execute(asked)).mappings()}

    async def _reads_each(self, filters: Filters) -> bool:
        """Whether the caller may read each declaration of the units asked for: with that scope, and with all of them within reach."""
        if not self.caller.may(Scope.DECLARATIONS_READ) or filters.conduct.unit is None or self.caller.roots is None:
            return self.caller.may(Scope.DECLARATIONS_READ)
        return (
            await self.connection.scalar(select(unit.c.id).where(unit.c.id == filters.conduct.unit, in_reach(self.caller, unit.c.id)))
            is not None
        )


def _numbers(caller: Caller, by: By, filters: Filters) -> CompoundSelect[Any]:
    """Declarations and findings, by key and all together, in one statement: what is asked for is found once and counted four times."""
    of_declaration, kept = _OF_DECLARATION.get(by), finding.c
    key = null() if of_declaration is None else of_declaration
    asked = (
        select(declaration.c.id, declaration.c.declarant_id, declaration.c.worth_cents, key.label("key"))
        .where(counted(caller), *filters.conditions(caller))
        .cte("asked")
    )
    found = (
        select(*asked.c["id", "declarant_id", "worth_cents"], _OF_FINDING.get(by, asked.c.key).label("key"), kept.level, kept.own_accord)
        .join_from(asked, finding, kept.declaration_id == asked.c.id)
        .where(kept.current, kept.for_commission, *filters.suspicion.conditions(kept))
        .cte("found")
    )
    each = select(*found.c["id", "declarant_id", "worth_cents", "key"]).distinct().subquery() if of_declaration is None else asked
    return union_all(
        _sums(each, _declared(each), each.c.key),
        _sums(found, _found(found), found.c.key),
        _sums(asked, _declared(asked)),
        _sums(found, _found(found)),
    )


def _declared(of: FromClause) -> Numbers:
    return {
        "declarations": func.count(),
        "declarants": func.count(of.c.declarant_id.distinct()),
        "valued": func.count(of.c.worth_cents),
        "cents": func.coalesce(func.sum(of.c.worth_cents), 0),
    }


def _found(of: FromClause) -> Numbers:
    levels = {level.value: func.count(case((of.c.level == level.weight, 1))) for level in Level}
    return {**levels, "own_accord": func.count(case((of.c.own_accord, 1)))}


def _sums(of: FromClause, numbers: Numbers, key: ColumnElement[Any] | None = None) -> Select[Any]:
    """One row a key, or one row together; what is counted elsewhere is nought."""
    together = (true(), null()) if key is None else (false(), key)
    columns = [numbers.get(name, literal_column("0")).label(name) for name in (*DECLARED, *FOUND)]
    sums = select(together[0].label("together"), together[1].label("key"), *columns).select_from(of)
    return sums if key is None else sums.group_by(key)


def _staff() -> ColumnElement[int]:
    here = person.c.unit_id == unit.c.id, or_(person.c.left_on.is_(None), person.c.left_on >= clock.today())
    return select(func.count()).select_from(person).where(*here).correlate(unit).scalar_subquery().label("persons")
