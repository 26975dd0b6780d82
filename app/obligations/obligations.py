"""Who owes what: read by the official, by HR and by the commission within reach, and waived with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, or_, select, true

from app.access.caller import COMMISSION, CONSOLE, OFFICES, Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match
from app.kit.pages import Page
from app.kit.statements import one_of
from app.kit.tables import as_text
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.people.models import unit_ancestor
from app.people.visibility import in_reach, own
from app.rulebook.book import Book
from app.screening.findings import read_findings

from .accounting import COLUMNS, Account, accounts_of, outstanding
from .models import absence, obligation
from .moving import move
from .naming import About, about_each
from .schemas import ObligationOut
from .states import DONE, MOVES, UNMET, ObligationState

Found: TypeAlias = list[RowMapping]
Told: TypeAlias = dict[str, Any]
AllTold: TypeAlias = list[Told]
"""One obligation as answers show it, and several."""
_OBLIGATION = Words("应报事项", "obligation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationFilter:
    """Which obligations a list shows; `unit` stands for its whole subtree."""

    person: UUID | None = None
    unit: UUID | None = None
    campaign: UUID | None = None
    type: str | None = None
    state: ObligationState | None = None
    due_until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What must hold."""
        said: list[ColumnElement[bool]] = []
        equal = {"person_id": self.person, "campaign_id": self.campaign, "type": self.type, "state": self.state}
        said += [obligation.c[name] == value for name, value in equal.items() if value is not None]
        if self.unit is not None:
            said.append(obligation.c.unit_id.in_(select(unit_ancestor.c.unit_id).where(unit_ancestor.c.ancestor_id == self.unit)))
        if self.due_until is not None:
            said.append(obligation.c.due_on <= self.due_until)
        return said


def visible(caller: Caller) -> ColumnElement[bool]:
    """One's own and those of whom one acts for; for HR and the commission those of units within reach."""
    mine = own(caller, obligation.c.person_id)
    return or_(mine, in_reach(caller, obligation.c.unit_id)) if caller.may(*OFFICES) else mine


class Obligations:
    """The obligations that a caller sees, each told in one language."""

    def __init__(self, view: Reading, book: Book, caller: Caller, *, english: bool) -> None:
        self.connection = view.connection
        self.book = book
        self.caller = caller
        self.english = english

    async def list(self, page: Page, asked: ObligationFilter) -> Found:
        """A page of rows, one more than asked for."""
        statement = self._columns().where(visible(self.caller), *asked.conditions())
        return list((await self.connection.execute(page.of(statement, obligation.c.id))).mappings())

    async def list_own(self, page: Page, state: ObligationState | None) -> Found:
        """A page of what the caller owes, and nobody else."""
        statement = self._columns().where(self._mine(), *ObligationFilter(state=state).conditions())
        return list((await self.connection.execute(page.of(statement, obligation.c.id))).mappings())

    async def count(self, asked: ObligationFilter) -> int:
        """How many there are in all."""
        counted = select(func.count()).select_from(obligation).where(visible(self.caller), *asked.conditions())
        return await self.connection.scalar(counted) or 0

    async def count_own(self, state: ObligationState | None) -> int:
        """How many of the caller's own."""
        counted = select(func.count()).select_from(obligation).where(self._mine(), *ObligationFilter(state=state).conditions())
        return await self.connection.scalar(counted) or 0

    async def get(self, obligation_id: UUID) -> RowMapping:
        """One of them.

        Raises:
            Problem: 404.
        """
        asked = self._columns().where(obligation.c.id == obligation_id, visible(self.caller))
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(_OBLIGATION)
        return row

    async def among(self, ids: Sequence[UUID]) -> Found:
        """Those of the ids that the caller sees."""
        asked = self._columns().where(one_of(obligation.c.id, list(ids)), visible(self.caller))
        return list((await self.connection.execute(asked)).mappings())

    async def waive(self, work: Work, obligation_id: UUID, if_match: str, reason: str) -> RowMapping:
        """Let somebody off, with a reason; final.

        Raises:
            Problem: 403 for one's own, 404, 409 when nothing is owed any more, 412.
        """
        seen = select(*COLUMNS).where(obligation.c.id == obligation_id, in_reach(self.caller, obligation.c.unit_id))
        row = (await self.connection.execute(locked(seen, of=obligation))).mappings().first()
        if row is None:
            raise not_found(_OBLIGATION)
        if row["person_id"] == self.caller.person:
            raise _ones_own()
        require_match(if_match, row["version"])
        if ObligationState.WAIVED not in MOVES[ObligationState(row["state"])]:
            raise _nothing_owed()
        said = {"digest": digest({"obligation": obligation_id, "reason": reason})}
        await move(work, [row], ObligationState.WAIVED, {"waiver_reason": reason, "waived_by": work.actor, "remind_on": None}, said)
        return await self.get(obligation_id)

    async def told(self, rows: Sequence[RowMapping]) -> AllTold:
        """Rows with what they are called, what is outstanding and what was found absent; three statements for a page, none where there is nothing."""
        if not rows:
            return []
        ids = [row["id"] for row in rows]
        about = await about_each(self.connection, self.book, rows)
        accounts = await accounts_of(self.connection, ids)
        absences = await self._absences(ids)
        return [self._told(row, about[row["id"]], accounts.get(row["id"], []), absences.get(row["id"], [])) for row in rows]

    def _told(self, row: RowMapping, about: About, accounts: Sequence[Account], absences: Sequence[Told]) -> Told:
        said = {
            "title": about.title.en if self.english else about.title.zh,
            "basis": about.basis,
            "outstanding_kinds": [] if row["state"] in DONE else outstanding(row["kinds"], accounts),
            "days_late": _days_late(row),
            "absences": absences,
            "declaration": row["declaration_id"] if row["knows"] else None,
            "nil_return": row["nil_return_id"] if row["knows"] else None,
            "person": row["person_id"],
            "unit": row["unit_id"],
            "campaign": row["campaign_id"],
        }
        return {name: said[name] if name in said else row[name] for name in ObligationOut.model_fields}

    async def _absences(self, ids: Sequence[UUID]) -> dict[UUID, AllTold]:
        asked = select(absence.c.obligation_id, absence.c.recorded_at, absence.c.current, as_text(absence.c.document).label("document"))
        asked = asked.where(one_of(absence.c.obligation_id, list(ids))).order_by(absence.c.obligation_id, absence.c.id.desc())
        found = dict[UUID, AllTold]()
        for row in (await self.connection.execute(asked)).mappings():
            shown = read_findings(row["document"], english=self.english)[0]
            found.setdefault(row["obligation_id"], []).append({**shown, "recorded_at": row["recorded_at"], "current": row["current"]})
        return found

    def _columns(self) -> Select[Any]:
        """All columns, and whether the caller may know by what an obligation was met: HR reads no declarations."""
        mine = own(self.caller, obligation.c.person_id)
        reads = or_(mine, in_reach(self.caller, obligation.c.unit_id)) if self.caller.may(*COMMISSION) else mine
        return select(obligation, reads.label("knows"))

    def _mine(self) -> ColumnElement[bool]:
        return false() if self.caller.person is None else obligation.c.person_id == self.caller.person


async def unmet_of(
    view: Reading, book: Book, of: Callable[[ColumnElement[UUID]], ColumnElement[bool]], most: int, *, english: bool
) -> AllTold:
    """What persons still owe, the oldest first, as each of them is told of it, with its version; `of` says whose."""
    asked = select(obligation, true().label("knows")).where(of(obligation.c.person_id), obligation.c.state.in_(UNMET))
    rows = (await view.connection.execute(asked.order_by(obligation.c.id).limit(most))).mappings().all()
    told = await Obligations(view, book, CONSOLE, english=english).told(rows)
    return [{**one, "version": row["version"]} for one, row in zip(told, rows, strict=True)]


def _days_late(row: RowMapping) -> int | None:
    """How late it is, or was when it was done."""
    until = row["met_on"] if row["state"] in DONE else clock.today() if row["state"] in UNMET else None
    late = (until - row["due_on"]).days if until else 0
    return late if late > 0 else None


def _ones_own() -> Problem:
    return Problem(
        403,
        "own-obligation",
        Words("不得豁免本人的应报事项", "Nobody waives what they owe themselves"),
        Words("请由其他人事或纪检人员办理。", "A colleague of HR or of the commission must do it."),
    )


def _nothing_owed() -> Problem:
    return conflict(
        "obligation-not-owed",
        Words("该事项已不需豁免", "Nothing is owed any more"),
        Words("已完成、已豁免或已失效的事项不能豁免。", "What is done, waived or void cannot be waived."),
    )
