"""Who may change a declaration: its declarant, a delegate, HR in its units; the commission what it has discovered."""

from uuid import UUID

from sqlalchemy import select

from app.access.caller import Caller, Scope
from app.kit.errors import Words, not_found
from app.ledger.unit_of_work import Reading
from app.people.visibility import in_reach, own
from app.rulebook.facts import Source

from .models import declaration
from .visibility import visible

_DECLARATION = Words("申报", "declaration")


async def may_change(view: Reading, caller: Caller, declaration_id: UUID) -> UUID:
    """The declarant of a declaration that the caller may change.

    Raises:
        Problem: 404 when the caller does not see it, or may only read there; 403 naming the scope.
    """
    asked = select(
        declaration.c.source,
        declaration.c.declarant_id,
        own(caller, declaration.c.declarant_id).label("is_own"),
        in_reach(caller, declaration.c.unit_id).label("reached"),
    ).where(declaration.c.id == declaration_id, visible(caller))
    row = (await view.connection.execute(asked)).first()
    if row is None:
        raise not_found(_DECLARATION)
    if row.source == Source.COMMISSION:
        caller.require(Scope.REVIEWS_WRITE)
    elif not (row.is_own and caller.may(Scope.DECLARATIONS_WRITE)):
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
        if not row.reached:
            raise not_found(_DECLARATION)
    declarant: UUID = row.declarant_id
    return declarant
