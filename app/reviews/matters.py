"""The matter of a review: what a person did with one counterparty and its group, or of one kind where there is nobody on the other side."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.counterparties.models import counterparty_owner
from app.kit.database import locked
from app.kit.statements import one_of

from .events import Values
from .models import review
from .workflow import ReviewState

_OF_PERSON = locked(select(review).where(review.c.person_id == bindparam("person", type_=Uuid)).order_by(review.c.id))
_OWNERS = select(counterparty_owner).where(one_of(counterparty_owner.c.counterparty_id, "parties"))


class Matters:
    """The reviews of one person, found by their matter; new ones are added as they are opened."""

    def __init__(self, reviews: Sequence[Values], owners: dict[UUID, set[UUID]]) -> None:
        self._owners = owners
        self._reviews = sorted(reviews, key=lambda row: (row["state"] == ReviewState.CLOSED, row["id"]))

    def find(self, counterparty_id: UUID | None, kind: str | None) -> Values | None:
        """The review of a matter: two counterparties are one matter where they share an owner, or one owns the other."""
        if counterparty_id is None:
            return next((row for row in self._reviews if row["counterparty_id"] is None and row["kind"] == kind), None)
        ours = self._group(counterparty_id)
        with_somebody = (row for row in self._reviews if row["counterparty_id"] is not None)
        return next((row for row in with_somebody if ours & self._group(row["counterparty_id"])), None)

    def add(self, row: Values) -> Values:
        """A review that was opened just now."""
        self._reviews.append(row)
        return row

    def _group(self, counterparty_id: UUID) -> set[UUID]:
        return self._owners.get(counterparty_id, {counterparty_id})


async def read_matters(connection: AsyncConnection, person_id: UUID, parties: Iterable[UUID | None]) -> Matters:
    """The person's reviews, locked until commit, with the groups of theirs and the given counterparties. The person is locked before."""
    rows: list[Values] = [dict(row) for row in (await connection.execute(_OF_PERSON, {"person": person_id})).mappings()]
    named = {party for party in (*parties, *(row["counterparty_id"] for row in rows)) if party is not None}
    return Matters(rows, await _owners_of(connection, named))


async def _owners_of(connection: AsyncConnection, parties: set[UUID]) -> dict[UUID, set[UUID]]:
    """With all that own them, as far as there is anything to compare: one alone is alike to itself."""
    found: dict[UUID, set[UUID]] = {}
    if len(parties) > 1:
        for party, owner in await connection.execute(_OWNERS, {"parties": [*parties]}):
            found.setdefault(party, set()).add(owner)
    return found
