"""Callers of the counterparties' room."""

from tests.people.conftest import calling

__all__ = ["calling"]
