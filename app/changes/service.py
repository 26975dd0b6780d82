"""What changed of a person's own affairs, read from the sealed lines of their own records.

The tables of the rooms know which records are a person's; the ledger's index by subject knows the lines of each. So a look costs as much as the person has
records, whatever the size of the register, and writing costs nothing. Lines of which the person may not know are left out where they are read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.access.caller import Caller
from app.approvals.models import approval
from app.attachments.models import attachment
from app.declarations.models import declaration
from app.declarations.repository import STATED
from app.ledger.models import ledger_line
from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import Reading
from app.obligations.models import nil_return, obligation
from app.people.models import delegation
from app.reviews.models import raised_finding, review
from app.rulebook.book import Book
from app.rulebook.facts import Source
from app.screening.models import finding

from .cursors import NOTHING, ahead, read, written
from .records import Records
from .schemas import ChangedType

_line = ledger_line.c
_ASKED = ("review.requested", "review.answered")
"""What an official is always shown of a review, in lines older than their mark as well."""


class Changed(NamedTuple):
    """What has changed since a cursor: records, the cursor after them, whether there is more."""

    items: list[dict[str, Any]]
    next: str
    more: bool


class Changes:
    """The changes of one caller's own affairs; the caller speaks for a person."""

    def __init__(self, view: Reading, book: Book, caller: Caller, person: UUID, *, english: bool) -> None:
        self.connection = view.connection
        self.view = view
        self.person = person
        self.records = Records(view, book, caller, english=english)

    async def since(self, cursor: str | None, limit: int) -> Changed:
        """Each record that changed once, in the order of the newest changes; a cursor goes no further than what was shown.

        Raises:
            Problem: 422 for a cursor that is not theirs.
        """
        position = NOTHING if cursor is None else read(self.person, cursor)
        if position != NOTHING and position >= await sealed_lines(self.view):
            raise ahead()
        asked = {"person": self.person, "position": position, "most": limit + 1}
        rows = (await self.connection.execute(_changed(), asked)).mappings().all()
        page = rows[:limit]
        reached = page[-1]["position"] if page else position
        return Changed(await self._told(page), written(self.person, reached), len(rows) > limit)

    async def _told(self, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
        by_type = defaultdict[str, list[UUID]](list)
        for row in rows:
            by_type[row["type"]].append(row["id"])
        found = {of: await self.records.read(ChangedType(of), ids) for of, ids in by_type.items()}
        return [_told(row, found[row["type"]].get(row["id"])) for row in rows]


def _told(row: RowMapping, record: Any) -> dict[str, Any]:
    plain = {name: row[name] for name in ("type", "id", "client_id", "changed_at")}
    return {**plain, "gone": record is None, "record": record}


@cache
def _changed() -> Select[Any]:
    """(type, id, client_id, position, changed_at) of the records of a person with a line after a position of which the person may know.

    Built once, because building it takes longer than asking it.
    """
    after = _line.position > bindparam("position", type_=BigInteger)
    parts = union_all(*(part.where(after) for part in _lines(bindparam("person", type_=Uuid)))).subquery()
    row = parts.c
    newest = func.max(row.position).label("position")
    return (
        select(row.type, row.id, row.client_id, newest, func.max(row.changed_at).label("changed_at"))
        .group_by(row.type, row.id, row.client_id)
        .order_by(newest)
        .limit(bindparam("most", type_=Integer))
    )


def _lines(person: ColumnElement[UUID]) -> Iterable[Select[Any]]:
    """For each sort of record, the lines of a person's own that the person may know of."""
    own = (declaration.c.declarant_id == person, declaration.c.source != Source.COMMISSION)
    judged = (_line.action == "declaration.screened") & _line.content["visible"].as_boolean()
    yield _of(ChangedType.DECLARATION, declaration, declaration.c.client_id).where(*own, or_(_line.action.in_(STATED), judged))
    by_hand = (*own, declaration.c.id == finding.c.declaration_id, raised_finding.c.finding_id == finding.c.id, finding.c.for_declarant)
    yield _of(ChangedType.FINDING, finding).where(*by_hand)
    restated = func.coalesce(_line.action, "").in_(STATED)  # no index by action: the planner would look through everybody's
    yield _of(ChangedType.FINDING, finding, subject=finding.c.declaration_id).where(*by_hand, restated)
    told = or_(_line.action.in_(_ASKED), _line.content["shown"].as_boolean())
    yield _of(ChangedType.REVIEW, review).where(review.c.person_id == person, review.c.shown_state.is_not(None), told)
    yield _of(ChangedType.OBLIGATION, obligation).where(obligation.c.person_id == person)
    yield _of(ChangedType.NIL_RETURN, nil_return).where(nil_return.c.person_id == person)
    yield _of(ChangedType.APPROVAL, approval, approval.c.client_id).where(approval.c.person_id == person)
    attached = _of(ChangedType.ATTACHMENT, attachment, attachment.c.client_id)
    yield attached.join(declaration, declaration.c.id == attachment.c.declaration_id).where(*own)
    for whose in (delegation.c.person_id, delegation.c.delegate_id):
        yield _of(ChangedType.DELEGATION, delegation).where(whose == person)


def _of(
    of: ChangedType, table: Any, client_id: ColumnElement[Any] | None = None, *, subject: ColumnElement[Any] | None = None
) -> Select[Any]:
    """Records with their lines."""
    made = cast(null(), Uuid) if client_id is None else client_id
    return select(
        literal(of.value).label("type"),
        table.c.id,
        made.label("client_id"),
        _line.position,
        _line.at.label("changed_at"),
    ).join_from(table, ledger_line, _line.subject == (table.c.id if subject is None else subject))
