"""The declarant as the rules see it: post, units above, inquiries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.people.models import person, unit_ancestor
from app.rulebook.facts import EmployerKind, LeftReason, Person, Post, Rank, StaffClass

from .models import inquiry


@dataclass(frozen=True, slots=True)
class Declarant:
    """The person as the rules see it, with what only the register needs."""

    id: UUID
    name: str
    unit_id: UUID
    facts: Person
    inquiries: tuple[date, ...]


async def read_declarant(connection: AsyncConnection, person_id: UUID, *, lock: bool) -> Declarant:
    """The person with the units above and the inquiries, in one statement.

    With `lock`, the row is held until commit: two filings of one person at once would each miss the other in their sums.

    Raises:
        Problem: 404.
    """
    statement = (
        select(person, unit_ancestor.c.ancestor_id, inquiry.c.opened_on)
        .join_from(person, unit_ancestor, unit_ancestor.c.unit_id == person.c.unit_id)
        .join(inquiry, inquiry.c.person_id == person.c.id, isouter=True)
        .where(person.c.id == person_id)
    )
    rows = (await connection.execute(locked(statement, of=person) if lock else statement)).mappings().all()
    if not rows:
        raise not_found(Words("申报人", "declarant"))
    row = rows[0]
    posts = await _posts(connection, row["posts"])
    facts = Person(
        party_member=row["party_member"],
        staff_class=StaffClass(row["staff_class"]),
        rank=Rank(row["rank"]),
        is_leader=row["is_leader"],
        units=frozenset(str(other["ancestor_id"]) for other in rows),
        birth_on=row["birth_on"],
        prior_graft_sanction=row["prior_graft_sanction"],
        left_on=row["left_on"],
        left_reason=LeftReason(row["left_reason"]) if row["left_reason"] else None,
        inside_information=tuple((i["issuer"], _day(i["from_on"]), _day(i["until_on"])) for i in row["inside_information"]),
        relatives_employers=tuple(EmployerKind(r["employer_kind"]) for r in row["relatives"] if r.get("employer_kind")),
        posts=tuple(posts),
    )
    inquiries = tuple(sorted({other["opened_on"] for other in rows if other["opened_on"]}))
    return Declarant(row["id"], row["name"], row["unit_id"], facts, inquiries)


async def _posts(connection: AsyncConnection, posts: Sequence[Mapping[str, Any]]) -> list[Post]:
    """The history of posts with the units above each, newest first."""
    if not posts:
        return []
    units = {UUID(post["unit"]) for post in posts}
    rows = await connection.execute(select(unit_ancestor).where(unit_ancestor.c.unit_id.in_(units)))
    above: dict[UUID, set[str]] = {}
    for unit_id, ancestor_id in rows:
        above.setdefault(unit_id, set()).add(str(ancestor_id))
    found = [
        Post(
            from_on=_day(post["from_on"]),
            until_on=_day(post["until_on"]),
            units=frozenset(above.get(UUID(post["unit"]), ())),
            rank=Rank(post["rank"]),
            is_leader=post["is_leader"],
            staff_class=StaffClass(post["staff_class"]),
        )
        for post in posts
    ]
    return sorted(found, key=lambda post: post.from_on, reverse=True)


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None
