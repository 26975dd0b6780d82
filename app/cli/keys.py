"""What `qinqing keys` does: credentials from the operator's own terminal, the only way to the first one."""

from app.access.caller import CONSOLE
from app.access.keys import ApiKeys, KeyRequest
from app.ledger.unit_of_work import work

from .store import opened


async def create_key(url: str, request: KeyRequest) -> str:
    """Make a key; its secret.

    Raises:
        Problem: the unit or the person is unknown, or the last day is past.
    """
    async with opened(url) as database, work(database, CONSOLE.actor) as unit_of_work:
        _, secret = await ApiKeys(unit_of_work).add(unit_of_work, request, CONSOLE)
    return secret
