"""One way to open obligations and to move them on: each row with its line, and what was found absent no longer current once it is not overdue."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Update, bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import WORKER, Work, work

from .models import absence, obligation
from .states import MOVES, ObligationState

Values: TypeAlias = dict[str, Any]
Row: TypeAlias = RowMapping | Mapping[str, Any]


OWED = "obligations.follow"
"""The task that brings what is owed into line with the personnel record and with the day."""

BATCH = 1_000
"""How many obligations one transaction of the background work opens or moves: a fifth of a second, so that others who write on SQLite do not wait long."""

SAID = {
    ObligationState.OPEN: "obligation.reopened",
    ObligationState.MET: "obligation.met",
    ObligationState.LATE_MET: "obligation.met",
    ObligationState.OVERDUE: "obligation.overdue",
    ObligationState.WAIVED: "obligation.waived",
    ObligationState.VOID: "obligation.voided",
}


async def in_batches(database: Database, act: Callable[[Work], Awaitable[int]]) -> int:
    """Do an act, a transaction each, until a batch is not full; how many obligations it touched."""
    touched, full = 0, True
    while full:
        async with work(database, WORKER) as unit:
            done = await act(unit)
        touched, full = touched + done, done == BATCH
    return touched


async def open_all(unit: Work, rows: Iterable[Values]) -> list[Values]:
    """Enter new obligations with their lines; the caller has made sure that none of them is there."""
    opened = [{**_EMPTY, "id": new_id(), "opened_at": clock.now(), **row} for row in rows]
    for row in opened:
        unit.record("obligation.opened", row["id"], told(row))
    await unit.insert((obligation, opened))
    return opened


_EMPTY: Values = {
    **dict.fromkeys(("met_on", "declaration_id", "nil_return_id", "waiver_reason", "waived_by", "void_reason", "lawful_until")),
    "state": ObligationState.OPEN.value,
    "version": 1,
}


async def move(
    unit: Work, rows: Sequence[Row], to: ObligationState, values: Mapping[str, Any], said: Mapping[str, Any] | None = None
) -> None:
    """Move obligations that are locked, all to one state with the same values."""
    if not rows:
        return
    require_allowed(rows, to)
    changed = update(obligation).where(one_of(obligation.c.id, [row["id"] for row in rows]))
    await unit.connection.execute(changed.values(**values, state=to.value, version=obligation.c.version + 1))
    if to is not ObligationState.OVERDUE:
        await settle_absences(unit.connection, [row["id"] for row in rows if row["state"] == ObligationState.OVERDUE])
    for row in rows:
        unit.record(SAID[to], row["id"], told({**row, **values}) | {"state": to.value} | dict(said or {}))


async def move_each(unit: Work, moves: Sequence[tuple[Row, ObligationState, Mapping[str, Any]]]) -> None:
    """Move obligations that are locked, each to a state and with values of its own, named alike in all."""
    if not moves:
        return
    for row, to, _ in moves:
        require_allowed([row], to)
    await unit.connection.execute(_each(tuple(moves[0][2])), [{"of_id": row["id"], "to": to.value, **values} for row, to, values in moves])
    await settle_absences(
        unit.connection,
        [row["id"] for row, to, _ in moves if row["state"] == ObligationState.OVERDUE and to is not ObligationState.OVERDUE],
    )
    for row, to, values in moves:
        unit.record(SAID[to], row["id"], told({**row, **values}) | {"state": to.value})


@cache
def _each(names: tuple[str, ...]) -> Update:
    """The statement that sets these columns, the state and the version of one obligation."""
    changed: dict[str, Any] = {name: bindparam(name) for name in names}
    return (
        update(obligation)
        .where(obligation.c.id == bindparam("of_id"))
        .values(**changed, state=bindparam("to"), version=obligation.c.version + 1)
    )


def require_allowed(rows: Iterable[Row], to: ObligationState) -> None:
    """Whoever calls has asked for rows that may be moved there; a mistake must not be written."""
    wrong = {row["state"] for row in rows if to not in MOVES[ObligationState(row["state"])]}
    if wrong:
        raise RuntimeError(f"an obligation does not go from {sorted(wrong)} to {to}")


async def settle_absences(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    """What was found absent stands no longer; it stays to be read."""
    if ids:
        standing = one_of(absence.c.obligation_id, list(ids)) & absence.c.current
        await connection.execute(update(absence).where(standing).values(current=False))


def told(row: Row) -> dict[str, Any]:
    """What lines tell of an obligation: whose, which, and by when; no word of what was or was not declared."""
    due: date = row["due_on"]
    return {"person": row["person_id"], "type": row["type"], "campaign": row["campaign_id"], "due_on": due.isoformat()}


async def remind(unit: Work, reminders: Sequence[tuple[Row, date | None]]) -> None:
    """Tell of reminders, and of none twice: with the line goes the day of the next."""
    if not reminders:
        return
    await unit.connection.execute(_NEXT, [{"of_id": row["id"], "next": following} for row, following in reminders])
    for row, _ in reminders:
        unit.record("obligation.reminded", row["id"], told(row) | {"days": (row["due_on"] - clock.today()).days})


_NEXT = update(obligation).where(obligation.c.id == bindparam("of_id")).values(remind_on=bindparam("next"))
