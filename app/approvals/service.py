"""Approvals: read, decided, withdrawn, revoked. What changes what rules are told has the person's declarations judged again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, func, select, update

from app.access.caller import Caller
from app.jobs.deferring import defer
from app.kit import clock
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.people.models import unit, unit_ancestor

from .models import approval
from .records import approval_digest
from .schemas import ApprovalDecision, ApprovalDecisionIn
from .states import MOVES, ApprovalState, state_on
from .visibility import as_head, decidable, in_state, visible, waits_for

FOLLOW = "approvals.follow"
"""The task by which a person's declarations are judged again, whom it names."""

Values: TypeAlias = Mapping[str, Any]
_APPROVAL = Words("报批事项", "approval")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFilter:
    """Which approvals a list shows."""

    state: ApprovalState | None = None
    person: UUID | None = None
    waiting_for_me: bool = False

    def conditions(self, caller: Caller) -> list[ColumnElement[bool]]:
        """What must hold."""
        today, found = clock.today(), list[ColumnElement[bool]]()
        if self.state is not None:
            found.append(in_state(self.state, today))
        if self.person is not None:
            found.append(approval.c.person_id == self.person)
        if self.waiting_for_me:
            found.append(waits_for(caller, today))
        return found


class Approvals:
    """The approvals that a caller sees."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, approval_id: UUID) -> RowMapping:
        """One of them.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(approval.c.id == approval_id))).mappings().first()
        if row is None:
            raise not_found(_APPROVAL)
        return row

    async def list(self, page: Page, asked: ApprovalFilter) -> Sequence[RowMapping]:
        """A page of them, one more than asked for."""
        seen = self._seen().where(*asked.conditions(self.caller))
        return list((await self.connection.execute(page.of(seen, approval.c.id))).mappings())

    async def among(self, ids: Sequence[UUID]) -> Sequence[RowMapping]:
        """Those of these that the caller sees."""
        return list((await self.connection.execute(self._seen().where(one_of(approval.c.id, list(ids))))).mappings())

    async def count(self, asked: ApprovalFilter) -> int:
        """How many there are in all."""
        seen = select(func.count()).select_from(approval).where(visible(self.caller, clock.today()), *asked.conditions(self.caller))
        return await self.connection.scalar(seen) or 0

    async def decide(self, work: Work, approval_id: UUID, if_match: str, body: ApprovalDecisionIn) -> RowMapping:
        """Grant a request or refuse it, once.

        Raises:
            Problem: 403 for who may not decide it; 404, 412; 409 when it is decided, withdrawn or too late; 422.
        """
        row = await self._for_decision(approval_id, if_match)
        state = ApprovalState.GRANTED if body.decision is ApprovalDecision.GRANTED else ApprovalState.REFUSED
        _require_move(row, state)
        decided = {
            "state": state.value,
            "decided_at": clock.now(),
            "decided_by": work.actor,
            "decider_id": self.caller.person,
            "as_head": bool(row["is_head"]),
            "office": await self._office(row),
            "decision_note": body.note,
            **_validity(row, body),
        }
        return await self._change(work, row, decided)

    async def withdraw(self, work: Work, approval_id: UUID, if_match: str, reason: str) -> RowMapping:
        """Take a request back, as who asked or for whom it was asked.

        Raises:
            Problem: 403 for others; 404, 412; 409 when it is decided.
        """
        row = await self.get(approval_id)
        if self.caller.person != row["person_id"] and self.caller.actor != row["requested_by"]:
            raise _not_yours("撤回", "withdraw")
        require_match(if_match, row["version"])
        _require_move(row, ApprovalState.WITHDRAWN)
        return await self._end(work, row, ApprovalState.WITHDRAWN, reason)

    async def revoke(self, work: Work, approval_id: UUID, if_match: str, reason: str) -> RowMapping:
        """Take an approval back: what comes after it is not covered, what went before stays so.

        Raises:
            Problem: 403 for who may not decide it; 404, 412; 409 unless it stands.
        """
        row = await self._for_decision(approval_id, if_match)
        _require_move(row, ApprovalState.REVOKED)
        return await self._end(work, row, ApprovalState.REVOKED, reason)

    async def _for_decision(self, approval_id: UUID, if_match: str) -> RowMapping:
        row = await self.get(approval_id)
        if not row["may_decide"]:
            raise _not_yours("决定", "decide")
        require_match(if_match, row["version"])
        return row

    async def _office(self, row: RowMapping) -> str:
        """In whose name it is decided: the nearest unit whose head it is, else the asker's, with HR named."""
        if not row["is_head"]:
            name = await self.connection.scalar(select(unit.c.name).where(unit.c.id == row["unit_id"]))
            return f"{name}（人事）"
        led = (
            select(unit.c.name)
            .join(unit_ancestor, unit_ancestor.c.ancestor_id == unit.c.id)
            .where(unit_ancestor.c.unit_id == row["unit_id"], unit.c.head_id == self.caller.person)
            .order_by(unit_ancestor.c.distance)
            .limit(1)
        )
        return await self.connection.scalar(led) or ""

    async def _end(self, work: Work, row: RowMapping, state: ApprovalState, reason: str) -> RowMapping:
        ended = {"ended_at": clock.now(), "ended_by": work.actor, "ender_id": self.caller.person, "end_reason": reason}
        return await self._change(work, row, {"state": state.value, **ended})

    async def _change(self, work: Work, row: RowMapping, changes: Values) -> RowMapping:
        """A new version with its line, from the one that was read."""
        version, state = row["version"] + 1, ApprovalState(changes["state"])
        same = (approval.c.id == row["id"]) & (approval.c.version == row["version"])
        if not (await self.connection.execute(update(approval).where(same).values(**changes, version=version))).rowcount:
            raise stale()
        work.record(f"approval.{state}", row["id"], {"version": version, "digest": approval_digest({**row, **changes})})
        if state in (ApprovalState.GRANTED, ApprovalState.REVOKED):
            await defer(work, FOLLOW, {"person": str(row["person_id"])})
        return await self.get(row["id"])

    def _seen(self) -> Select[Any]:
        today = clock.today()
        return select(
            approval, decidable(self.caller, today).label("may_decide"), as_head(self.caller, today).label("is_head")
        ).where(visible(self.caller, today))  # fmt: skip


def _require_move(row: RowMapping, to: ApprovalState) -> None:
    """Hold a move against the table, from the state as of today."""
    state = state_on(row["state"], row["first_on"], row["expires_on"], clock.today())
    if to in MOVES[state]:
        return
    if state is ApprovalState.EXPIRED and row["state"] == ApprovalState.REQUESTED:
        said = Words(
            "所报批事项的首日已过，事后批准不算数；请如实申报。",
            "Its first day has passed, and an approval given later counts for nothing; have it declared as it is.",
        )
        raise conflict("approval-too-late", Words("已过报批时限", "It is too late to approve it"), said)
    said = Words(
        f"该事项现为 {state}，不能再改为 {to}；请重新报批。", f"It is {state} now and cannot become {to}; a new request can be made."
    )
    raise conflict("approval-state", Words("状态不允许此操作", "Its state does not allow this"), said)


def _validity(row: RowMapping, body: ApprovalDecisionIn) -> dict[str, Any]:
    """The days and the conditions of an approval; a refusal has none.

    Raises:
        Problem: 422.
    """
    if body.decision is ApprovalDecision.REFUSED:
        set_anyway = {"conditions": body.conditions, "valid_from_on": body.valid_from_on, "expires_on": body.expires_on}
        said = Words("不批准的无须填写，请删除。", "A refusal has none; remove it.")
        faults = [Fault(f"/{name}", "not-for-refusals", said) for name, value in set_anyway.items() if value is not None]
        if faults:
            raise invalid(faults)
        return {}
    today, worth = clock.today(), body.conditions.max_worth if body.conditions else None
    first, last = body.valid_from_on or today, body.expires_on or row["last_on"]
    faults = []
    if first < today:
        faults.append(Fault("/valid_from_on", "day-passed", Words(f"不得早于今天（{today}）。", f"Not before today, {today}.")))
    if last < first:
        faults.append(Fault("/expires_on", "expires-before-valid", Words("不得早于生效之日。", "Not before its first day.")))
    if worth is not None and worth.currency != "CNY":
        faults.append(Fault("/conditions/max_worth/currency", "currency-not-cny", Words("上限须以人民币填写。", "Give the worth in CNY.")))
    if faults:
        raise invalid(faults)
    return {"valid_from_on": first, "expires_on": last, "max_worth_cents": None if worth is None else int(worth.amount * 100)}


def _not_yours(zh: str, en: str) -> Problem:
    return Problem(
        403,
        "approval-not-yours",
        Words("无权办理该报批事项", "This is not yours to act on"),
        Words(
            f"您可以查看，但不能{zh}：本人或者本人提交的申请由他人决定；请联系单位负责人或者人事部门。",
            f"You may read it, but not {en} it: what concerns oneself, or what one asked for, others decide; turn to the head of the unit or to HR.",
        ),
    )
