"""Who may change a declaration: its declarant, a delegate, HR in its units; the commission what it has discovered."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.access.caller import Caller, Scope
from app.kit.errors import not_found
from app.ledger.unit_of_work import Reading
from app.people.visibility import in_reach, own
from app.rulebook.facts import Source

from .models import declaration
from .visibility import DECLARATION, by_either_id, visible


async def may_change(view: Reading, caller: Caller, named: UUID) -> tuple[UUID, UUID]:
    """(the id of a declaration that the caller may change, its declarant).

    Raises:
        Problem: 404 when the caller does not see it, or may only read there; 403 naming the scope.
    """
    asked = select(
        declaration.c.id,
        declaration.c.source,
        declaration.c.declarant_id,
        own(caller, declaration.c.declarant_id).label("is_own"),
        in_reach(caller, declaration.c.unit_id).label("reached"),
    ).where(visible(caller))

    async def read(declaration_id: UUID) -> Row[Any] | None:
        return (await view.connection.execute(asked.where(declaration.c.id == declaration_id))).first()

    row = await by_either_id(view, named, read)
    if row.source == Source.COMMISSION:
        caller.require(Scope.REVIEWS_WRITE)
    elif not (row.is_own and caller.may(Scope.DECLARATIONS_WRITE)):
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
        if not row.reached:
            raise not_found(DECLARATION)
    return row.id, row.declarant_id
