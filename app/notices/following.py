"""Whom lines of the ledger concern: those after which something may be new for an official, and of these none that the official may not know of."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, Select, select

from app.approvals.models import approval
from app.approvals.visibility import head_of
from app.declarations.models import declaration
from app.kit import clock
from app.kit.statements import one_of
from app.ledger.models import ledger_line
from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import Reading
from app.obligations.models import obligation
from app.people.models import person
from app.reviews.models import review
from app.rulebook.facts import Source
from app.screening.models import finding

LINES = 500
WINDOW = 20_000
"""Lines that one step follows at most, and positions that it looks through."""


def _declarants(ids: list[UUID]) -> Select[Any]:
    return select(declaration.c.declarant_id).where(one_of(declaration.c.id, ids), declaration.c.source != Source.COMMISSION)


def _shown(ids: list[UUID]) -> Select[Any]:
    of_it = select(declaration.c.declarant_id).join_from(finding, declaration, declaration.c.id == finding.c.declaration_id)
    return of_it.where(one_of(finding.c.id, ids), finding.c.for_declarant, declaration.c.source != Source.COMMISSION)


def _owing(ids: list[UUID]) -> Select[Any]:
    return select(obligation.c.person_id).where(one_of(obligation.c.id, ids))


def _asked(ids: list[UUID]) -> Select[Any]:
    return select(review.c.person_id).where(one_of(review.c.id, ids))


def _deciding(ids: list[UUID]) -> Select[Any]:
    return select(head_of(approval.c.unit_id, approval.c.person_id, clock.today())).where(one_of(approval.c.id, ids))


def _asking(ids: list[UUID]) -> Select[Any]:
    return select(approval.c.person_id).where(one_of(approval.c.id, ids))


FOLLOWED: Mapping[str, Callable[[list[UUID]], Select[Any]]] = {
    "declaration.screened": _declarants,
    "finding.raised": _shown,
    "obligation.opened": _owing,
    "obligation.reopened": _owing,
    "obligation.overdue": _owing,
    "review.requested": _asked,
    "approval.requested": _deciding,
    "approval.granted": _asking,
    "approval.refused": _asking,
    "approval.revoked": _asking,
}
"""The actions that are followed, and whom their subjects concern. A source of tasks that leaves lines adds a line here; without one its tasks are found at the
next midnight."""


class Followed(NamedTuple):
    """Whom the next lines concern, and the position before which all is followed."""

    persons: list[UUID]
    position: int


async def next_lines(view: Reading, position: int) -> Followed:
    """The next sealed lines from a position on; sealed, as only those have none that could still come between."""
    head = await sealed_lines(view)
    end, line = min(head, position + WINDOW), ledger_line.c
    asked = (
        select(line.action, line.subject, line.position, line.content)
        .where(line.position >= position, line.position < end, line.action.in_(FOLLOWED))
        .order_by(line.position)
        .limit(LINES)
    )
    lines = (await view.connection.execute(asked)).mappings().all() if position < end else []
    return Followed(await _persons(view, lines), lines[-1]["position"] + 1 if len(lines) == LINES else max(end, position))


async def _persons(view: Reading, lines: Sequence[RowMapping]) -> list[UUID]:
    """Each once. A judgement that its declarant cannot notice is followed by nothing, so that no notice comes at its moment."""
    subjects = defaultdict[Callable[[list[UUID]], Select[Any]], set[UUID]](set)
    for line in lines:
        if line["action"] != "declaration.screened" or line["content"]["visible"]:
            subjects[FOLLOWED[line["action"]]].add(line["subject"])
    found = set[UUID]()
    for whose, ids in subjects.items():
        found.update(one for one in await view.connection.scalars(whose(sorted(ids))) if one is not None)
    return sorted(found)


async def next_persons(view: Reading, after: UUID, most: int) -> list[UUID]:
    """The next persons of the register, by their ids."""
    return list(await view.connection.scalars(select(person.c.id).where(person.c.id > after).order_by(person.c.id).limit(most)))
