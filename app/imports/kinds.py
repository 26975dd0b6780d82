"""The kinds of import."""

from collections.abc import Mapping

from .counterparties import CounterpartyRows
from .people import PersonRows
from .schemas import ImportKind
from .tables import Kind
from .units import UnitRows

KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.UNITS: UnitRows(),
    ImportKind.PEOPLE: PersonRows(),
    ImportKind.COUNTERPARTIES: CounterpartyRows(),
}
"""By name; a new one is a class and a line here."""
