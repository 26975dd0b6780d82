"""Delegations (代办委托): who may file and read in whose name; ended at once, never erased."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, exists, false, func, insert, or_, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.kit import clock
from app.kit.database import held, locked
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work

from .models import delegation, person
from .persons import READERS
from .schemas import DelegationIn
from .visibility import in_reach, unknown_person

Rows: TypeAlias = list[RowMapping]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationFilter:
    """Which delegations a list shows."""

    person: UUID | None = None
    delegate: UUID | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these delegations alone."""
        if self.person is not None:
            statement = statement.where(delegation.c.person_id == self.person)
        if self.delegate is not None:
            statement = statement.where(delegation.c.delegate_id == self.delegate)
        return statement


class Delegations:
    """The delegations that a caller sees: those it gave or was given, and with a scope those of its units."""

    def __init__(self, reading: Reading, caller: Caller) -> None:
        self.connection = reading.connection
        self.caller = caller

    async def get(self, delegation_id: UUID) -> RowMapping:
        """One delegation.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(delegation.c.id == delegation_id))).mappings().first()
        if row is None:
            raise not_found(Words("委托", "delegation"))
        return row

    async def list(self, page: Page, asked: DelegationFilter) -> list[RowMapping]:
        """A page of delegations, one more than asked for."""
        return list((await self.connection.execute(page.of(asked.narrow(self._seen()), delegation.c.id))).mappings())

    async def count(self, asked: DelegationFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(asked.narrow(self._seen()).subquery())) or 0

    async def among(self, ids: Iterable[UUID]) -> Rows:
        """Those of the ids that the caller sees."""
        return list((await self.connection.execute(self._seen().where(one_of(delegation.c.id, list(ids))))).mappings())

    async def add(self, work: Work, body: DelegationIn) -> RowMapping:
        """Let the delegate act for the person.

        Raises:
            Problem: 403 for somebody else's affairs without the scope; 409 when the two have one for those days; 422.
        """
        delegator = self._delegator(body)
        await self._require_both(delegator, body.delegate)
        if await self.connection.scalar(select(exists().where(*_overlapping(delegator, body)))):
            raise _exists_already()
        row: dict[str, Any] = {
            "id": new_id(),
            "person_id": delegator,
            "delegate_id": body.delegate,
            "from_on": body.from_on,
            "until_on": body.until_on,
            "created_at": clock.now(),
            "created_by": work.actor,
            "version": 1,
        }
        await self.connection.execute(insert(delegation).values(row))
        told = {"person": delegator, "delegate": body.delegate, "from_on": body.from_on, "until_on": body.until_on}
        work.record("delegation.created", row["id"], told)
        return await self.get(row["id"])

    async def end(self, work: Work, delegation_id: UUID, if_match: str) -> None:
        """End a delegation at once; ending it twice is no error.

        Raises:
            Problem: 403, 404, 412.
        """
        row = await self.get(delegation_id)
        if not self._speaks_for(row["person_id"]):
            self.caller.require(Scope.PEOPLE_WRITE)
            if not await self._reached(row["person_id"]):
                raise not_found(Words("委托", "delegation"))
        require_match(if_match, row["version"])
        if row["ended_at"] is not None:
            return
        same = (delegation.c.id == delegation_id) & (delegation.c.version == row["version"])
        changed = await self.connection.execute(update(delegation).where(same).values(ended_at=clock.now(), version=row["version"] + 1))
        if not changed.rowcount:
            raise stale()
        work.record("delegation.ended", delegation_id, {})

    def _seen(self) -> Select[Any]:
        ways: list[ColumnElement[bool]] = [false()]
        if self.caller.person is not None:
            ways += [delegation.c.person_id == self.caller.person, delegation.c.delegate_id == self.caller.person]
        if self.caller.may(*READERS):
            ways.append(in_reach(self.caller, person.c.unit_id))
        return select(delegation).join(person, person.c.id == delegation.c.person_id).where(or_(*ways))

    def _speaks_for(self, person_id: UUID) -> bool:
        """The officials themselves; a delegate cannot pass the office on."""
        return person_id == self.caller.person and self.caller.may(Scope.DECLARATIONS_WRITE)

    def _delegator(self, body: DelegationIn) -> UUID:
        """Who delegates."""
        delegator = body.person or self.caller.person
        if delegator is None:
            raise invalid(
                [
                    Fault(
                        "/person",
                        "missing",
                        Words("此密钥不代表任何人员，请填写委托人。", "This key speaks for nobody; name who delegates."),
                    )
                ]
            )
        if not self._speaks_for(delegator):
            self.caller.require(Scope.PEOPLE_WRITE)
            if body.delegate == self.caller.person:
                raise invalid([_SELF_APPOINTED])
        if body.delegate == delegator:
            raise invalid([_ONESELF])
        return delegator

    async def _require_both(self, delegator: UUID, delegate: UUID) -> None:
        """Both are known to the caller and stay; the delegator's row is locked, so that of two like delegations at once one is refused."""
        known = true() if self._speaks_for(delegator) else in_reach(self.caller, person.c.unit_id)
        delegating = await self.connection.scalar(locked(select(person.c.id).where(person.c.id == delegator, known)))
        faults = [] if delegating else [unknown_person("/person")]
        if not await self._reached(delegate):
            faults.append(unknown_person("/delegate"))
        if faults:
            raise invalid(faults)

    async def _reached(self, person_id: UUID) -> bool:
        seen = select(person.c.id).where(person.c.id == person_id, in_reach(self.caller, person.c.unit_id))
        return await self.connection.scalar(held(seen)) is not None


def _overlapping(delegator: UUID, body: DelegationIn) -> list[ColumnElement[bool]]:
    """The same two, on at least one of the same days, and not ended."""
    running = [
        delegation.c.person_id == delegator,
        delegation.c.delegate_id == body.delegate,
        delegation.c.ended_at.is_(None),
        or_(delegation.c.until_on.is_(None), delegation.c.until_on >= body.from_on),
    ]
    return running if body.until_on is None else [*running, delegation.c.from_on <= body.until_on]


_ONESELF = Fault("/delegate", "delegate-is-person", Words("代办人不能是本人。", "Nobody needs to act for themselves; name somebody else."))
_SELF_APPOINTED = Fault(
    "/delegate",
    "delegate-is-caller",
    Words(
        "不能为他人指定自己为代办人；请由委托人本人或其他人事人员设立。",
        "You cannot make yourself somebody's delegate; they themselves or a colleague must do it.",
    ),
)


def _exists_already() -> Problem:
    return conflict(
        "delegation-exists",
        Words("委托已存在", "There is such a delegation"),
        Words(
            "同一委托人与代办人在这些日期内已有委托；请先撤销或更改日期。",
            "These two have one for some of these days; end it first or choose other days.",
        ),
    )
