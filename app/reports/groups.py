"""A group of declarations in statistics: its numbers, as far as they are shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.rulebook.finding import Level

from .telling import in_yuan


class By(StrEnum):
    """What statistics are counted by."""

    UNIT = "unit"
    MONTH = "month"
    RULE = "rule"
    BAN = "ban"
    KIND = "kind"
    LEVEL = "level"
    COUNTERPARTY = "counterparty"


LEVELS = tuple(level.value for level in Level)
DECLARED = ("declarations", "declarants", "valued", "cents")
"""Of declarations: how many, by how many officials, how many of known worth, and that worth in hundredths of a yuan."""

FOUND = (*LEVELS, "own_accord")
"""Of findings: how many of each level, and how many tell of what was put right of one's own accord."""

DETAILS = (*FOUND, "valued")
"""What is counted besides declarations and declarants."""


@dataclass(slots=True, eq=False)
class Group:
    """One group, or everything together; `hidden` shows none of its numbers, `reduced` declarations and declarants alone."""

    key: Any = None
    numbers: Counter[str] = field(default_factory=Counter)
    hidden: bool = False
    reduced: bool = False

    def add(self, row: Mapping[str, Any]) -> None:
        """Take over what one row counted."""
        for name in (*DECLARED, *FOUND):
            self.numbers[name] += int(row[name])

    @property
    def declarations(self) -> int | None:
        """How many declarations, where that is shown."""
        return None if self.hidden else self.numbers["declarations"]

    def shown(self) -> dict[str, Any]:
        """The numbers as answers show them."""
        detailed = not (self.hidden or self.reduced)
        return {
            "declarations": self.declarations,
            "declarants": None if self.hidden else self.numbers["declarants"],
            "findings": {level: self.numbers[level] if detailed else None for level in LEVELS},
            "own_accord": self.numbers["own_accord"] if detailed else None,
            "worth": in_yuan(self.numbers["cents"]) if detailed else None,
            "suppressed": not detailed,
        }
