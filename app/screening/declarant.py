"""The declarant as the rules see it: the post and the units above."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.people.models import person, unit_ancestor
from app.rulebook.facts import EmployerKind, LeftReason, Person, Post, Rank, StaffClass


@dataclass(frozen=True, slots=True)
class Declarant:
    """The person as the rules see it, with what only the register needs."""

    id: UUID
    name: str
    unit_id: UUID
    facts: Person


PERSONS_WITH_UNITS = (
    select(person, unit_ancestor.c.ancestor_id)
    .join_from(person, unit_ancestor, unit_ancestor.c.unit_id == person.c.unit_id)
    .order_by(person.c.id, unit_ancestor.c.distance)
)
"""Each person as often as there are units above, from the nearest up."""

_PERSON = PERSONS_WITH_UNITS.where(person.c.id == bindparam("person"))
_LOCKED = locked(_PERSON, of=person)


async def read_declarant(connection: AsyncConnection, person_id: UUID, *, lock: bool) -> Declarant:
    """The person with the units above, in one statement, and in a second one those above earlier posts.

    With `lock`, the row is held until commit: two filings of one person at once would each miss the other in their sums.
    Whatever else is to be seen under the lock must be read after it, as a statement that waits sees what stood when it began.

    Raises:
        Problem: 404.
    """
    rows = (await connection.execute(_LOCKED if lock else _PERSON, {"person": person_id})).mappings().all()
    if not rows:
        raise not_found(Words("申报人", "declarant"))
    return as_declarant(rows, await units_above(connection, [rows[0]]))


def as_declarant(rows: Sequence[RowMapping], above: Mapping[UUID, tuple[str, ...]]) -> Declarant:
    """The person of such rows; `above` are the units over those of earlier posts."""
    row = rows[0]
    facts = Person(
        party_member=row["party_member"],
        staff_class=StaffClass(row["staff_class"]),
        rank=Rank(row["rank"]),
        is_leader=row["is_leader"],
        units=tuple(str(other["ancestor_id"]) for other in rows),
        birth_on=row["birth_on"],
        prior_graft_sanction=row["prior_graft_sanction"],
        left_on=row["left_on"],
        left_reason=LeftReason(row["left_reason"]) if row["left_reason"] else None,
        inside_information=tuple((i["issuer"], _day(i["from_on"]), _day(i["until_on"])) for i in row["inside_information"]),
        relatives_employers=tuple(EmployerKind(r["employer_kind"]) for r in row["relatives"] if r.get("employer_kind")),
        posts=_posts(row["posts"], above),
    )
    return Declarant(row["id"], row["name"], row["unit_id"], facts)


async def units_above(connection: AsyncConnection, persons: Iterable[RowMapping]) -> dict[UUID, tuple[str, ...]]:
    """Each unit of the persons' earlier posts with all above it, nearest first; no query where there are none."""
    units = {UUID(post["unit"]) for row in persons for post in row["posts"]}
    if not units:
        return {}
    asked = select(unit_ancestor).where(unit_ancestor.c.unit_id.in_(units)).order_by(unit_ancestor.c.unit_id, unit_ancestor.c.distance)
    above: dict[UUID, list[str]] = {}
    for row in (await connection.execute(asked)).mappings():
        above.setdefault(row["unit_id"], []).append(str(row["ancestor_id"]))
    return {unit: tuple(ancestors) for unit, ancestors in above.items()}


def _posts(posts: Sequence[Mapping[str, Any]], above: Mapping[UUID, tuple[str, ...]]) -> tuple[Post, ...]:
    """The history of posts, newest first."""
    found = (
        Post(
            from_on=_day(post["from_on"]),
            until_on=_day(post["until_on"]),
            units=above.get(UUID(post["unit"]), ()),
            rank=Rank(post["rank"]),
            is_leader=post["is_leader"],
            staff_class=StaffClass(post["staff_class"]),
        )
        for post in posts
    )
    return tuple(sorted(found, key=lambda post: post.from_on, reverse=True))


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None
