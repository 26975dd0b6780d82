"""What is to be done for one of many records, before it is done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, bindparam, update

from app.kit import clock
from app.kit.errors import Fault
from app.kit.etags import stale
from app.ledger.unit_of_work import Work


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


async def write_changes(
    work: Work, table: Table, changes: Sequence[tuple[Plan, Mapping[str, Any]]], digest: Callable[[Mapping[str, Any]], str]
) -> None:
    """Change the rows of plans to these columns, a version on, with a line for each.

    Raises:
        Problem: 412 when somebody else was faster.
    """
    rows = []
    for plan, columns in changes:
        before: Any = plan.before
        version = before["version"] + 1
        rows.append({**columns, "changed_at": clock.now(), "version": version, "this": before["id"], "was": before["version"]})
        work.record(f"{table.name}.changed", before["id"], {"fields": plan.changed, "version": version, "digest": digest(columns)})
    if rows:
        same = (table.c.id == bindparam("this")) & (table.c.version == bindparam("was"))
        values: Any = {name: bindparam(name) for name in rows[0] if name not in ("this", "was")}
        done = await work.connection.execute(update(table).where(same).values(values), rows)
        if done.rowcount not in (len(rows), -1):
            raise stale()
