"""The acts of a batch, each done as its own door does it, and each from what it names as its base."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import msgspec
from fastapi import Request, Response

from app.access.caller import Caller
from app.declarations.capture import CapturedAt, Device
from app.intake.conflicts import Base
from app.intake.endpoints import as_it_stands, submit_declaration
from app.intake.service import Intake
from app.kit import idempotency
from app.kit.answers import answer
from app.kit.errors import Fault, Problem, Words, invalid
from app.kit.etags import missing
from app.ledger.unit_of_work import Work
from app.obligations.endpoints import file_nil_return, withdraw_nil_return
from app.obligations.nil_returns import FILERS
from app.obligations.schemas import NilReturnOut
from app.reviews.endpoints import OFFICIALS, answer_request

from .schemas import AnswerRequestAct, DeclarationAct, FileAct, NilReturnAct, SubmitAct, WithdrawAct, WithdrawNilReturnAct

AnyAct: TypeAlias = FileAct | DeclarationAct | NilReturnAct | WithdrawNilReturnAct | AnswerRequestAct


@dataclass(frozen=True, slots=True)
class Acts:
    """Does acts in one caller's name, each within the unit of work that it is given."""

    request: Request
    caller: Caller
    device: Device

    async def do(self, work: Work, act: AnyAct) -> Response:
        """The answer that the act's own door would have given.

        Raises:
            Problem: as that door would have; 424 when what the act builds upon is not there.
        """
        if isinstance(act, FileAct | DeclarationAct):
            return await self._on_a_declaration(work, act)
        if isinstance(act, AnswerRequestAct):
            self.caller.require(*OFFICIALS)
            said = act.body.model_copy(update={"captured_at": _captured(act, act.body)})
            return await answer_request(act.review, said, act.if_match or missing(), self.caller, work, self.device, self.request)
        self.caller.require(*FILERS)
        return await self._on_a_nil_return(work, act)

    async def _on_a_declaration(self, work: Work, act: FileAct | DeclarationAct) -> Response:
        desk = Intake(work, self.request.app.state.book, self.caller, self.device)
        if isinstance(act, FileAct):
            filing = act.body.model_copy(update={"captured_at": act.body.captured_at or act.captured_at})
            return await submit_declaration(filing, desk, self.request)
        named, base = await self._start(work, act, act.declaration, "declaration")
        if isinstance(act, SubmitAct):
            changed = await desk.submit_draft(named, base, _captured(act, act.body))
        elif isinstance(act, WithdrawAct):
            changed = await desk.withdraw(named, act.body.reason, base, act.captured_at)
        else:
            changed = await desk.amend(named, act.body, base, act.captured_at)
        return await as_it_stands(desk, changed["id"], self.request)

    async def _on_a_nil_return(self, work: Work, act: NilReturnAct | WithdrawNilReturnAct) -> Response:
        told = Response()
        if isinstance(act, NilReturnAct):
            body = act.body.model_copy(update={"captured_at": _captured(act, act.body)})
            returned: NilReturnOut = await file_nil_return(body, self.caller, work, self.device, told)
        else:
            named, base = await self._start(work, act, act.nil_return, "nil_return")
            returned = await withdraw_nil_return(named, act.body, str(base), self.caller, work, told)
        carried = {name: value for name, value in told.headers.items() if name in ("etag", "location")}
        return answer(returned.model_dump(mode="json"), told.status_code, carried)

    async def _start(self, work: Work, act: DeclarationAct | WithdrawNilReturnAct, named: UUID | None, field: str) -> tuple[UUID, Base]:
        """(the record that an act is on, what it starts from)."""
        if act.after is None:
            if named is None:
                raise invalid([Fault(f"/act/{field}", "missing", _NAMED_BY_NEITHER)])
            return named, act.if_match or missing()
        if act.if_match is not None:
            raise invalid([Fault("/act/after", "base-given-twice", _GIVEN_TWICE)])
        left = await idempotency.kept(work.connection, self.caller.actor, act.after)
        if left is None:
            raise earlier_unknown()
        record: Mapping[str, Any] = msgspec.json.decode(left.body)
        if ("revision" in record) != (field == "declaration") or named not in (None, *_ids(record)):
            raise invalid([Fault("/act/after", "after-of-another-record", _OF_ANOTHER)])
        return UUID(record["id"]), record["revision"] if field == "declaration" else left.headers["etag"]


def _captured(act: AnyAct, body: Any) -> CapturedAt:
    """When an act was recorded: as its body says, else as the act does."""
    said: CapturedAt = body and body.captured_at
    return said or act.captured_at


def _ids(record: Mapping[str, Any]) -> list[UUID]:
    """The ids by which a record is known."""
    return [UUID(record[name]) for name in ("id", "client_id") if record.get(name)]


def earlier_failed() -> Problem:
    """424: what comes before it in the batch was not done."""
    return Problem(
        424,
        "earlier-act-failed",
        Words("此前的行为未办成", "An earlier act was not done"),
        Words(
            "本批中同一记录此前的行为未办成，此项因而未办。请先处理该项，再以相同的 key 重发此项。",
            "An earlier act of this batch on the same record failed, so that this one was not tried. Settle that one, and send this again with the same key.",
        ),
    )


def earlier_unknown() -> Problem:
    """424: the act that it builds upon is not on record under that key, or no longer."""
    return Problem(
        424,
        "earlier-act-unknown",
        Words("未找到 after 所指的行为", "The act named in `after` is not known"),
        Words(
            "该 key 之下没有办成的行为，或已逾七日。请读取该记录，改以其 ETag（if_match）重新提交。",
            "Nothing was done under that key, or more than seven days ago. Read the record and send the act with its ETag in `if_match`.",
        ),
    )


_NAMED_BY_NEITHER = Words("须填写记录的编号，或者 after。", "Name the record by its id, or give `after`.")
_GIVEN_TWICE = Words("if_match 与 after 二者填一。", "Give `if_match` or `after`, not both.")
_OF_ANOTHER = Words("after 所指的行为涉及另一记录，请核对。", "That act is about another record; check both.")
