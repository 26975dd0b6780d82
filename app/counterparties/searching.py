"""Counterparties by what they are called, how that is read, and their identifiers."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import Select, not_, select

from app.access.caller import Caller
from app.kit.searching import How, holds, near, nearest
from app.ledger.unit_of_work import Reading

from .identifiers import INDIVIDUALS
from .models import counterparty, counterparty_name
from .visibility import READERS

_IDENTIFIER = re.compile("[0-9a-z]{6,18}", re.ASCII)
_MOST_LIKE = 5_000


def bearing(kept: str, how: How) -> Select[Any]:
    """The ids of those whose name or alias holds the text, or is read like it."""
    return select(counterparty_name.c.counterparty_id).where(how(counterparty_name.c.search_text, kept))


def identified(caller: Caller, kept: str) -> Select[Any] | None:
    """The ids of those whose identifier begins with the text; None when the text is none.

    Who merely picks is not shown citizens' numbers, so cannot find by them: one could be guessed digit by digit.
    """
    if not _IDENTIFIER.fullmatch(kept):
        return None
    asked = select(counterparty.c.id).where(counterparty.c.identifier.like(kept.upper() + "%"))
    if caller.may(*READERS):
        return asked
    return asked.where(counterparty.c.registered, not_(counterparty.c.type.in_(INDIVIDUALS)))


def meant(caller: Caller, kept: str, how: How = holds) -> Any:
    """The ids of those that the text finds, by what they are called or by their identifier."""
    called, known = bearing(kept, how), identified(caller, kept)
    return called if known is None else called.union(known)


async def nearly_bearing(view: Reading, kept: str) -> list[UUID]:
    """The ids of those with a name that holds the text but for one character, most alike first."""
    names = counterparty_name.c
    alike = near(names.search_text, kept)
    if alike is None:
        return []
    asked = select(names.counterparty_id, names.search_text).where(alike).order_by(names.counterparty_id.desc()).limit(_MOST_LIKE)
    rows = (await view.connection.execute(asked)).all()
    return [rows[place].counterparty_id for place in nearest(kept, [row.search_text for row in rows])]
