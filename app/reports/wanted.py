"""What somebody looks for by words: what holds them, or else what is nearly called so."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.declarations.searching import nearly_says, says
from app.ledger.unit_of_work import Reading

Found = TypeVar("Found")
Asking: TypeAlias = Callable[[Sequence[ColumnElement[bool]]], Awaitable[Found]]


async def wanted(view: Reading, caller: Caller, q: str | None, ask: Asking[Found]) -> Found:
    """The answer for those that hold the words; where it is empty, for those whose other side is called so but for one character.

    What decides is what the caller sees alone: were it whether the register knows the name, a slip of the pen would tell who else was declared.
    """
    if q is None:
        return await ask([])
    found = await ask([await says(view, caller, q)])
    if found:
        return found
    near = await nearly_says(view, q)
    return found if near is None else await ask([near])
