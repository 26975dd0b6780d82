"""What is to be done for one of many records, before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from app.kit.errors import Fault


class Act(StrEnum):
    """What is to be done for a record."""

    CREATE = "created"
    CHANGE = "changed"
    LEAVE = "unchanged"
    REFUSE = "failed"


@dataclass(slots=True)
class Plan:
    """What is to be done for one record; nothing where there are faults."""

    act: Act
    id: UUID | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    before: RowMapping | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        """The columns that become others."""
        return sorted(differing(self.columns, self.before)) if self.before is not None else []

    def refuse(self) -> None:
        """Do nothing where there are faults."""
        if self.faults:
            self.act = Act.REFUSE


def refused(*faults: Fault) -> Plan:
    """Nothing is to be done, for these faults."""
    return Plan(Act.REFUSE, faults=list(faults))


def differing(columns: Mapping[str, Any], before: RowMapping) -> set[str]:
    """The columns whose values are not those on record; what is kept for searching follows from others."""
    return {name for name, value in columns.items() if before[name] != value} - {"search_text"}
