"""The office of the other rooms, with HR that opens campaigns, and days that pass."""

from tests.obligations.conftest import desk
from tests.screening.conftest import office, travel

__all__ = ["desk", "office", "travel"]
