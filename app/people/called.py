"""Units as people write them: by id, by code, by name, or by a path of names from above (某市财政局/办公室)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.access.caller import Caller
from app.kit.ids import as_id
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading

from .models import unit, unit_ancestor
from .visibility import in_reach

_STEP = re.compile(r"\s*[/／>＞\\]\s*")


def path_of(written: str) -> list[str]:
    """The names of a path, the topmost first; one name where it is none."""
    return [step for step in _STEP.split(written.strip()) if step]


async def units_called(view: Reading, caller: Caller | None, written: Iterable[str]) -> dict[str, list[UUID]]:
    """Which units are meant by each of the words, none, one or several; within the caller's reach, unless there is no caller to ask about.

    An id or a code goes before a name, a name before a path that ends in it.
    """
    wanted = sorted(set(written))
    if not wanted:
        return {}
    last = {words: path_of(words)[-1] for words in wanted if len(path_of(words)) > 1}
    found = await _candidates(view, caller, wanted, [*wanted, *last.values()])
    by = {kind: _grouped(found, kind) for kind in ("code", "name")}
    ids = {str(row.id): [row.id] for row in found}
    meant = {words: ids.get(words.lower()) or by["code"].get(_narrow(words)) or by["name"].get(words) or [] for words in wanted}
    paths = {words: by["name"].get(name, []) for words, name in last.items() if not meant[words]}
    if any(paths.values()):
        above = await _names_above(view, {one for some in paths.values() for one in some})
        for words, some in paths.items():
            meant[words] = [one for one in some if _leads_to(path_of(words)[:-1], above[one])]
    return meant


async def _candidates(view: Reading, caller: Caller | None, codes: Sequence[str], names: Sequence[str]) -> list[Any]:
    ways: list[Any] = [one_of(unit.c.code, [_narrow(code) for code in codes]), one_of(unit.c.name, list(names))]
    ids = [one for code in codes if (one := as_id(code)) is not None]
    if ids:
        ways.append(one_of(unit.c.id, ids))
    asked = select(unit.c.id, unit.c.code, unit.c.name).where(or_(*ways))
    if caller is not None:
        asked = asked.where(in_reach(caller, unit.c.id))
    return list((await view.connection.execute(asked.order_by(unit.c.id))).all())


async def _names_above(view: Reading, ids: set[UUID]) -> dict[UUID, list[str]]:
    """The names of all above each unit, the topmost first."""
    asked = (
        select(unit_ancestor.c.unit_id, unit.c.name)
        .join(unit, unit.c.id == unit_ancestor.c.ancestor_id)
        .where(one_of(unit_ancestor.c.unit_id, list(ids)), unit_ancestor.c.distance > 0)
        .order_by(unit_ancestor.c.distance.desc())
    )
    above: dict[UUID, list[str]] = {one: [] for one in ids}
    for unit_id, name in await view.connection.execute(asked):
        above[unit_id].append(name)
    return above


def _leads_to(path: Sequence[str], above: Sequence[str]) -> bool:
    """Whether the names of a path stand above in this order, with others between them or not."""
    steps = iter(above)
    return all(name in steps for name in path)


def _grouped(rows: Sequence[Any], column: str) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row.id)
    return found


def _narrow(code: str) -> str:
    return unicodedata.normalize("NFKC", code)
