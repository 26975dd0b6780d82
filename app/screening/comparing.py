"""What judging anew would change, without changing it: the difference between what stands and what the law says today."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.declarations.models import declaration
from app.ledger.unit_of_work import Reading
from app.rulebook.book import Book

from .declarant import read_declarant
from .findings import Document, known_findings
from .judging import Judging
from .models import screening


class Move(NamedTuple):
    """A rule whose finding would come, go or change its level; None where there is no finding."""

    rule: str
    before: str | None
    after: str | None


_STANDING = select(declaration, screening.c.findings, screening.c.commission_findings).join_from(
    declaration, screening, screening.c.id == declaration.c.screening_id
)


async def moves(view: Reading, book: Book, declaration_id: UUID) -> Counter[Move]:
    """How the findings on a filed declaration would move if it were judged now, in the commission's view; nothing is written."""
    row = (await view.connection.execute(_STANDING.where(declaration.c.id == declaration_id))).mappings().one()
    declarant = await read_declarant(view.connection, row["declarant_id"], lock=False)
    judging = Judging(view, book)
    screened = await judging.judge(judging.matter_of(dict(row)), declarant)
    before = _levels(known_findings(row))
    after = _levels(screened.known)
    rules = sorted(before.keys() | after.keys())
    return Counter(Move(rule, before.get(rule), after.get(rule)) for rule in rules if before.get(rule) != after.get(rule))


def _levels(documents: Sequence[Document]) -> dict[str, str]:
    return {kept["rule"]: kept["level"] for kept in documents}
