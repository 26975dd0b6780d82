"""The desk of one unit, and a device before it."""

from tests.intake.conftest import desk
from tests.people.conftest import calling

__all__ = ["calling", "desk"]
