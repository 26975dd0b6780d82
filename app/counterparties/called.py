"""Counterparties as people write them: by id, by identifier, or by a name or alias that one registered counterparty alone bears."""

import unicodedata
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit.ids import as_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading

from .models import counterparty, counterparty_name
from .names import name_key
from .visibility import visible


async def counterparties_called(view: Reading, caller: Caller, written: Iterable[str]) -> dict[str, list[UUID]]:
    """Which registered counterparties are meant by each of the words: none, one or several."""
    wanted = sorted(set(written))
    if not wanted:
        return {}
    codes = {words: unicodedata.normalize("NFKC", words).upper().strip() for words in wanted}
    keys = {words: name_key(words) for words in wanted}
    own, names = counterparty.c, counterparty_name.c
    seen: ColumnElement[bool] = own.registered & visible(caller)
    ids = {words: one for words in wanted if (one := as_id(words)) is not None}
    by_name = (
        select(own.id, names.name_key.label("said"))
        .join(counterparty_name, names.counterparty_id == own.id)
        .where(names.name_key.in_(keys.values()), seen)
    )
    by_code = select(own.id, own.identifier.label("said")).where(
        or_(own.identifier.in_(codes.values()), one_of(own.id, list(ids.values()))), seen
    )
    found: dict[str, list[UUID]] = {}
    known = set()
    for row in await view.connection.execute(union_all(by_code, by_name)):
        known.add(row.id)
        if row.said is not None:
            found.setdefault(row.said, []).append(row.id)
    by_id = {words: [one] for words, one in ids.items() if one in known}
    return {words: by_id.get(words) or found.get(codes[words]) or found.get(keys[words]) or [] for words in wanted}
