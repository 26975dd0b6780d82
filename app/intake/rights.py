"""Who may file and amend for whom: oneself, as a delegate, as HR in its units, as the commission."""

from uuid import UUID

from sqlalchemy import select

from app.access.caller import Caller, Scope
from app.declarations.models import declaration
from app.declarations.schemas import Filing
from app.declarations.visibility import visible
from app.kit import clock
from app.kit.errors import Fault, Words, invalid, not_found
from app.ledger.unit_of_work import Reading
from app.people.models import person
from app.people.visibility import in_reach, own
from app.rulebook.facts import Source

_DECLARANT = Words("申报人", "declarant")


async def may_file(view: Reading, caller: Caller, filing: Filing) -> tuple[UUID, Source]:
    """(the declarant, the capacity in which the caller files).

    Raises:
        Problem: 422 when nobody is named; 404 for a person out of reach; 403 naming the scope.
    """
    declarant = filing.declarant or caller.person
    if declarant is None:
        said = Words("此密钥不代表任何人员，请填写申报人。", "This key speaks for nobody; name the declarant.")
        raise invalid([Fault("/declarant", "missing", said)])
    is_own, reached = (True, False) if declarant == caller.person else await _standing(view, caller, declarant)
    source = filing.source or (Source.SELF if is_own else Source.HR)
    if source is Source.COMMISSION:
        caller.require(Scope.REVIEWS_WRITE)
    elif is_own and source is Source.SELF:
        caller.require(Scope.DECLARATIONS_WRITE, Scope.DECLARATIONS_FILE_FOR_OTHERS)
    else:
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
    if not (is_own and source is Source.SELF):
        reached = reached or (await _standing(view, caller, declarant))[1]
        if not reached:
            raise not_found(_DECLARANT)
    if filing.declared_on not in (None, clock.today()):
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS, Scope.REVIEWS_WRITE)
    return declarant, source


async def _standing(view: Reading, caller: Caller, declarant: UUID) -> tuple[bool, bool]:
    """(is the caller the person or the person's delegate, does the caller reach the person's unit)."""
    asked = select(own(caller, person.c.id).label("is_own"), in_reach(caller, person.c.unit_id).label("reached")).where(person.c.id == declarant)
    row = (await view.connection.execute(asked)).first()
    return (bool(row.is_own), bool(row.reached)) if row else (False, False)


async def may_change(view: Reading, caller: Caller, declaration_id: UUID) -> None:
    """Refuse a change by somebody who only reads.

    Raises:
        Problem: 404 when the caller does not see the declaration; 403 naming the scope.
    """
    asked = select(
        declaration.c.source,
        own(caller, declaration.c.declarant_id).label("is_own"),
        in_reach(caller, declaration.c.unit_id).label("reached"),
    ).where(declaration.c.id == declaration_id, visible(caller))
    row = (await view.connection.execute(asked)).first()
    if row is None:
        raise not_found(Words("申报", "declaration"))
    if row.source == Source.COMMISSION:
        caller.require(Scope.REVIEWS_WRITE)
    elif not (row.is_own and caller.may(Scope.DECLARATIONS_WRITE)):
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
        if not row.reached:
            raise not_found(Words("申报", "declaration"))
