"""Which lines a webhook is told of: those within its units, and nothing that the commission alone may know where it is not the commission's.

The tables of rooms above are named lightly, with the columns that say where a record stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, RowMapping, String, Uuid, column, exists, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.models import api_key
from app.access.reach import key_unit, keys_and_persons, person, unit, unit_ancestor
from app.kit.statements import one_of
from app.rulebook.facts import Source

from .models import webhook
from .topics import Rights


def _named(name: str, *ids: str) -> Any:
    return table(name, column("id", Uuid), *(column(one, Uuid) for one in ids))


declaration = table("declaration", column("id", Uuid), column("unit_id", Uuid), column("source", String))
finding = _named("finding", "declaration_id")
approval = _named("approval", "unit_id")
review, reviewer, limit_draft = _named("review", "unit_id"), _named("reviewer", "unit_id"), _named("limit_draft", "unit_id")
campaign, obligation, nil_return = (_named(name, "unit_id") for name in ("campaign", "obligation", "nil_return"))
delegation, clearance, snooze = (_named(name, "person_id") for name in ("delegation", "clearance", "snooze"))
inquiry, notice = _named("inquiry", "person_id"), _named("notice", "person_id")


def _of_person(record: Any) -> tuple[ColumnElement[UUID], ColumnElement[UUID], FromClause]:
    return record.c.id, person.c.unit_id, record.join(person, person.c.id == record.c.person_id)


_STANDING: Mapping[str, tuple[ColumnElement[UUID], ColumnElement[UUID], FromClause]] = {
    "declaration": (declaration.c.id, declaration.c.unit_id, declaration),
    "finding": (finding.c.id, declaration.c.unit_id, finding.join(declaration, declaration.c.id == finding.c.declaration_id)),
    "approval": (approval.c.id, approval.c.unit_id, approval),
    "review": (review.c.id, review.c.unit_id, review),
    "reviewer": (reviewer.c.id, reviewer.c.unit_id, reviewer),
    "limit-draft": (limit_draft.c.id, limit_draft.c.unit_id, limit_draft),
    "campaign": (campaign.c.id, campaign.c.unit_id, campaign),
    "obligation": (obligation.c.id, obligation.c.unit_id, obligation),
    "nil-return": (nil_return.c.id, nil_return.c.unit_id, nil_return),
    "person": (person.c.id, person.c.unit_id, person),
    "unit": (unit.c.id, unit.c.id, unit),
    "api-key": (api_key.c.id, key_unit, keys_and_persons),
    "webhook": (webhook.c.id, webhook.c.unit_id, webhook),
    "delegation": _of_person(delegation),
    "clearance": _of_person(clearance),
    "snooze": _of_person(snooze),
    "inquiry": _of_person(inquiry),
    "notice": _of_person(notice),
}
"""Where the subjects of a sort stand: their id, their unit, and what it is read from. What is not named stands in no unit."""


def stands_in_units(noun: str) -> bool:
    """Whether records of a sort belong to a unit; others are told of by webhooks of the whole register alone."""
    return noun in _STANDING


@dataclass(frozen=True, slots=True)
class Sieve:
    """Keeps of sealed lines those that a webhook may tell of, by where their subjects stand now."""

    rights: Rights
    unit_id: UUID | None

    async def kept(self, connection: AsyncConnection, lines: Sequence[RowMapping]) -> list[RowMapping]:
        """Those of the lines, in their order."""
        hidden = set() if self.rights.as_commission else await _discovered(connection, _ids(lines).get("declaration", set()))
        kept = [line for line in lines if self.rights.as_commission or (line["subject"] not in hidden and _open(line))]
        if self.unit_id is None:
            return kept
        within = await self._within(connection, _ids(kept))
        return [line for line in kept if line["subject"] in within]

    async def _within(self, connection: AsyncConnection, subjects: Mapping[str, set[UUID]]) -> set[UUID]:
        found = set[UUID]()
        for noun, ids in subjects.items():
            if noun in _STANDING:
                key, place, source = _STANDING[noun]
                below = exists().where(unit_ancestor.c.unit_id == place, unit_ancestor.c.ancestor_id == self.unit_id)
                found.update(await connection.scalars(select(key).select_from(source).where(one_of(key, sorted(ids)), below)))
        return found


def _ids(lines: Iterable[RowMapping]) -> Mapping[str, set[UUID]]:
    by_noun = defaultdict[str, set[UUID]](set)
    for line in lines:
        by_noun[line["action"].partition(".")[0]].add(line["subject"])
    return by_noun


def _open(line: RowMapping) -> bool:
    """A judgement that the declarant cannot notice is the commission's alone."""
    return line["action"] != "declaration.screened" or bool(line["content"]["visible"])


async def _discovered(connection: AsyncConnection, declarations: set[UUID]) -> set[UUID]:
    """Those that the commission has discovered, of which their declarants do not know."""
    if not declarations:
        return set()
    asked = select(declaration.c.id).where(one_of(declaration.c.id, sorted(declarations)), declaration.c.source == Source.COMMISSION)
    return set(await connection.scalars(asked))
