"""The access log: an answer with somebody else's records leaves a row for each person and a line in the ledger, before it leaves itself."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, Uuid, bindparam, delete, insert, select

from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Problem, Words
from app.kit.ids import new_id
from app.kit.statements import one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work, work

from .caller import COMMISSION, OFFICES, Caller
from .models import access, access_person
from .reach import person

KEPT_DAYS = 1095
"""How long accesses are kept unless the operator says otherwise: three years."""

log = logging.getLogger("qinqing.disclosure")


@dataclass(slots=True)
class Disclosure(Reading):
    """A reading whose answer holds personal records; its door says whose."""

    _persons: dict[UUID, bool] | None = None
    _led: set[UUID] = field(default_factory=set)

    def disclose(self, records: Iterable[tuple[UUID, bool]], *, as_head: bool = False) -> None:
        """These are in the answer: whose each record is, and whether that person may know that it exists.

        `as_head` of those that the caller is shown as the head of a unit, which is no office that scopes tell of.
        """
        persons = self._persons = self._persons or {}
        for whose, known in records:
            persons[whose] = known or persons.get(whose, False)
            if as_head:
                self._led.add(whose)

    def of_others(self, caller: Caller) -> dict[UUID, bool]:
        """Whose records the answer holds besides the caller's own, and whether they may know of them.

        Nobody's for a caller without an office, who sees own records alone, and those of persons for whom the caller acts.

        Raises:
            RuntimeError: the door has not said whose records it shows.
        """
        if self._persons is None:
            raise RuntimeError("an answer with personal records must say whose they are")
        shown = self._persons if caller.may(*OFFICES) else {whose: self._persons[whose] for whose in self._led}
        return {whose: known for whose, known in shown.items() if whose != caller.person}


async def keep(database: Database, caller: Caller, persons: Mapping[UUID, bool], operation: str, request_id: str) -> None:
    """Write down that the caller is about to be shown these persons' records.

    Raises:
        Problem: 503 when it cannot be written: then there is no answer either.
    """
    try:
        async with work(database, caller.actor) as unit:
            await write_down(unit, caller, persons, operation, request_id)
    except Exception as error:  # whatever keeps the database from writing
        log.exception("access not recorded")
        raise _unrecorded() from error


async def write_down(unit: Work, caller: Caller, persons: Mapping[UUID, bool], operation: str, request_id: str) -> None:
    """The ledger is told how many they were and a digest of their ids; what they may not know of is kept nowhere by person."""
    row: dict[str, Any] = {
        "id": new_id(),
        "at": clock.now(),
        "actor": caller.actor,
        "person_id": caller.person,
        "commission": caller.may(*COMMISSION),
        "operation": operation,
        "request_id": request_id,
        "persons": len(persons),
    }
    told = {"operation": operation, "persons": len(persons), "digest": digest(sorted(persons))}
    unit.record("record.read", row["id"], told)
    await unit.insert((access, [row]))
    known = [whose for whose, may_know in persons.items() if may_know]
    if known:
        await unit.connection.execute(_NAMED, {"access": row["id"], "persons": known})


def _named() -> Insert:
    """One statement with one parameter for however many persons there are."""
    whose = select(bindparam("access", type_=Uuid), person.c.id).where(one_of(person.c.id, "persons"))
    return insert(access_person).from_select(["access_id", "person_id"], whose)


_NAMED = _named()


async def forget_old(work: Work, days: int) -> int:
    """Drop accesses that are older than so many days; their lines in the ledger stay. How many there were."""
    old = access.c.at < clock.now() - timedelta(days=days)
    await work.connection.execute(delete(access_person).where(access_person.c.access_id.in_(select(access.c.id).where(old))))
    return (await work.connection.execute(delete(access).where(old))).rowcount


def _unrecorded() -> Problem:
    return Problem(
        503,
        "access-not-recorded",
        Words("查阅未能留痕，不予答复", "The access could not be recorded"),
        Words(
            "查阅他人档案须先留痕。请稍后重试；如持续出现，请将 instance 告知管理员。",
            "Who reads others' records leaves a trace first. Try again shortly; if it stays, tell the operator the `instance`.",
        ),
        headers={"Retry-After": "1"},
    )
