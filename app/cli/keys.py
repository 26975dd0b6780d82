"""What `qinqing keys` does: credentials from the operator's own terminal, the only way to the first one."""

from app.access.caller import Caller, Scope
from app.access.keys import ApiKeys, KeyRequest
from app.ledger.unit_of_work import work

from .store import opened

OPERATOR = Caller("cli", frozenset(Scope), None, None)
"""Whoever reaches the database can do everything; the ledger says that it was done here."""


async def create_key(url: str, request: KeyRequest) -> str:
    """Make a key; its secret.

    Raises:
        Problem: the unit or the person is unknown, or the last day is past.
    """
    async with opened(url) as database, work(database, OPERATOR.actor) as unit_of_work:
        _, secret = await ApiKeys(unit_of_work).add(unit_of_work, request, OPERATOR)
    return secret
