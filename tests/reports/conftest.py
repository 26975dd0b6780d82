"""The same office as when judging."""

from tests.screening.conftest import office, travel

__all__ = ["office", "travel"]
