"""Declarations added up: how many, by how many officials, of which kinds, what is known of their worth, and how grave what was found is."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from app.declarations.models import declaration
from app.rulebook.finding import OUTCOMES
from app.screening.models import finding

from ..telling import in_yuan


def numbered(*key: ColumnElement[Any]) -> Select[Any]:
    """Declarations counted by this key, to be narrowed to those that are meant.

    The level is that of the gravest finding that stands: of a rule, which is the outcome, or raised by hand, of which there are few.
    """
    row, kept = declaration.c, finding.c
    by_hand = select(kept.declaration_id, func.max(kept.level).label("level")).group_by(kept.declaration_id)
    raised = by_hand.where(kept.screening_id.is_(None), kept.current, kept.for_commission).subquery("raised")
    by_rules, by_reviewers = func.max(row.outcome), func.max(raised.c.level)
    numbers = [
        func.count().label("declarations"),
        func.count(row.worth_cents).label("valued"),
        func.coalesce(func.sum(row.worth_cents), 0).label("cents"),
        func.min(row.occurred_from).label("first_on"),
        func.max(row.occurred_from).label("last_on"),
        case((by_reviewers > by_rules, by_reviewers), else_=by_rules).label("level"),
    ]
    return select(*key, *numbers).join_from(declaration, raised, raised.c.declaration_id == row.id, isouter=True).group_by(*key)


@dataclass(slots=True)
class Tally:
    """Rows of such numbers, added up."""

    kinds: Counter[str] = field(default_factory=Counter)
    declarants: set[UUID] = field(default_factory=set)
    valued: int = 0
    cents: int = 0
    level: int = 0
    days: list[date] = field(default_factory=list)

    def add(self, row: RowMapping) -> None:
        """Take over what one row counted."""
        self.kinds[row["kind"]] += row["declarations"]
        self.declarants.add(row["declarant_id"])
        self.valued += row["valued"]
        self.cents += int(row["cents"])
        self.level = max(self.level, row["level"])
        self.days += (row["first_on"], row["last_on"])

    def shown(self) -> dict[str, Any]:
        """All of it as answers show it."""
        return {"kinds": dict(sorted(self.kinds.items())), **self.weight()}

    def weight(self) -> dict[str, Any]:
        """The numbers as answers show them; a worth is null where none is known."""
        declared = self.kinds.total()
        return {
            "declarations": declared,
            "worth": in_yuan(self.cents) if self.valued else None,
            "worth_unknown": declared - self.valued,
            "first_on": min(self.days, default=None),
            "last_on": max(self.days, default=None),
            "level": OUTCOMES[self.level],
        }
