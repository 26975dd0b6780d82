"""Who sees which counterparties, and how much of them."""

from sqlalchemy import Uuid, column, exists, or_, table, true
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.people.visibility import in_reach

from .models import counterparty

READERS = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE, Scope.DECLARATIONS_READ)
"""They see relations, and the names that are known from declarations of their units."""

PICKERS = (*READERS, Scope.DECLARATIONS_WRITE, Scope.DECLARATIONS_FILE_FOR_OTHERS)
"""Who declares must find the registered counterparty that a declaration means."""

_declaration = table("declaration", column("unit_id", Uuid), column("counterparty_id", Uuid), column("further_counterparty_id", Uuid))


def visible(caller: Caller) -> ColumnElement[bool]:
    """The directory is open to all who declare; an unregistered name tells of a declaration, so it is seen where that lies in reach."""
    if not caller.may(*READERS):
        return counterparty.c.registered.is_(True)
    if caller.roots is None:
        return true()
    named = or_(_declaration.c.counterparty_id == counterparty.c.id, _declaration.c.further_counterparty_id == counterparty.c.id)
    return or_(counterparty.c.registered.is_(True), exists().where(named, in_reach(caller, _declaration.c.unit_id)))
