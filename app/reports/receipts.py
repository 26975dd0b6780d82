"""Proofs of receipts: a declarant proves that their own line is in the ledger, without reading it."""

from uuid import UUID

from sqlalchemy import exists, or_, select

from app.access.caller import Caller, Scope
from app.audit.schemas import ProofOut
from app.audit.service import Audit
from app.declarations.models import declaration
from app.declarations.repository import STATED
from app.declarations.visibility import visible
from app.kit.errors import Words, not_found
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Reading
from app.obligations.models import nil_return
from app.obligations.nil_returns import STATED as RETURNED
from app.obligations.nil_returns import visible as visible_returns


async def prove(view: Reading, caller: Caller, line_id: UUID, size: int | None) -> ProofOut:
    """That a line is sealed: any line for an auditor, for others the receipt of a declaration or a nil return that they see.

    Raises:
        Problem: 403, 404, 409, 422.
    """
    if not caller.may(Scope.AUDIT_READ) and not await _is_of_a_receipt(view, caller, line_id):
        raise not_found(Words("台账记录", "line of the ledger"))
    return await Audit(view, caller).proof(line_id, size)


async def _is_of_a_receipt(view: Reading, caller: Caller, line_id: UUID) -> bool:
    """The line tells of a statement, for which there is a receipt: not of a screening, nor of anything of the commission's."""
    line = ledger_line.c
    seen = exists().where(line.id == line_id, line.action.in_(STATED), declaration.c.id == line.subject, visible(caller))
    returned = exists().where(line.id == line_id, line.action.in_(RETURNED), nil_return.c.id == line.subject, visible_returns(caller))
    return bool(await view.connection.scalar(select(or_(seen, returned))))
