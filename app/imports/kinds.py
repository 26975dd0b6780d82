"""The kinds of import."""

from collections.abc import Mapping

from app.rulebook.contents import KINDS as DECLARED

from .counterparties import CounterpartyRows
from .declarations import DeclarationRows
from .people import PersonRows
from .schemas import ImportKind
from .tables import Kind
from .units import UnitRows

KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.UNITS: UnitRows(),
    ImportKind.PEOPLE: PersonRows(),
    ImportKind.COUNTERPARTIES: CounterpartyRows(),
    **{ImportKind(kind): DeclarationRows(kind) for kind in DECLARED},
}
"""By name; a new one is a class and a line here, a new kind of declaration nothing."""
