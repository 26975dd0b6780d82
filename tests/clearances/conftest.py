"""The same commission as when reviewing."""

from tests.reviews.conftest import commission, office, travel

__all__ = ["commission", "office", "travel"]
