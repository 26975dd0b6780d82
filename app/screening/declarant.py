"""The declarant as the rules see it: the post and the units above."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, String, Uuid, bindparam, column, exists, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.approvals.covering import Grant
from app.approvals.grants import HAS_GRANTS, grants_of
from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.kit.statements import one_of
from app.people.models import person, unit_ancestor
from app.rulebook.facts import EmployerKind, LeftReason, Person, Post, Rank, StaffClass


@dataclass(frozen=True, slots=True)
class Declarant:
    """The person as the rules see it, with what only the register needs."""

    id: UUID
    name: str
    unit_id: UUID
    facts: Person
    owes: bool = False
    """Whether anything is owed that a declaration may account for; known of a person read alone."""
    grants: tuple[Grant, ...] = ()
    """The approvals that were granted to the person."""


_STATED = person.c[
    "id", "name", "unit_id", "party_member", "staff_class", "rank", "is_leader", "birth_on", "prior_graft_sanction", "left_on",
    "left_reason", "inside_information", "relatives", "posts",
]  # fmt: skip

PERSONS = select(*_STATED)
"""Persons with what `as_declarant` asks for."""

_obligation = table("obligation", column("person_id", Uuid), column("state", String))
"""What persons owe is kept by a room above this one; asked here, it costs a filing no statement of its own."""

_OWES = exists().where(_obligation.c.person_id == person.c.id, _obligation.c.state.in_(("open", "overdue"))).label("owes")

_PERSON = (
    PERSONS.add_columns(unit_ancestor.c.ancestor_id, _OWES, HAS_GRANTS)
    .join(unit_ancestor, unit_ancestor.c.unit_id == person.c.unit_id)
    .where(person.c.id == bindparam("person"))
    .order_by(unit_ancestor.c.distance)
)
"""One person as often as there are units above, from the nearest up."""

_LOCKED = locked(_PERSON, of=person)


async def read_declarant(connection: AsyncConnection, person_id: UUID, *, lock: bool) -> Declarant:
    """The person with the units above, in one statement; in another those above earlier posts, and the approvals of a person who has any.

    With `lock`, the row is held until commit: two filings of one person at once would each miss the other in their sums.
    Whatever else is to be seen under the lock must be read after it, as a statement that waits sees what stood when it began.

    Raises:
        Problem: 404.
    """
    rows = (await connection.execute(_LOCKED if lock else _PERSON, {"person": person_id})).mappings().all()
    if not rows:
        raise not_found(Words("申报人", "declarant"))
    above = await units_above(connection, units_of_posts(rows[:1]))
    grants = await grants_of(connection, person_id) if rows[0]["has_grants"] else ()
    return as_declarant(rows[0], {**above, rows[0]["unit_id"]: tuple(str(row["ancestor_id"]) for row in rows)}, grants)


def as_declarant(row: RowMapping, above: Mapping[UUID, tuple[str, ...]], grants: tuple[Grant, ...] = ()) -> Declarant:
    """The person of a row; `above` are the units over the person's own and over those of earlier posts."""
    facts = Person(
        party_member=row["party_member"],
        staff_class=_STAFF_CLASSES[row["staff_class"]],
        rank=_RANKS[row["rank"]],
        is_leader=row["is_leader"],
        units=above[row["unit_id"]],
        birth_on=row["birth_on"],
        prior_graft_sanction=row["prior_graft_sanction"],
        left_on=row["left_on"],
        left_reason=LeftReason(row["left_reason"]) if row["left_reason"] else None,
        inside_information=tuple((i["issuer"], _day(i["from_on"]), _day(i["until_on"])) for i in row["inside_information"]),
        relatives_employers=tuple(EmployerKind(r["employer_kind"]) for r in row["relatives"] if r.get("employer_kind")),
        posts=_posts(row["posts"], above),
    )
    return Declarant(row["id"], row["name"], row["unit_id"], facts, row.get("owes", False), grants)


_STAFF_CLASSES = {staff_class.value: staff_class for staff_class in StaffClass}
_RANKS = {rank.value: rank for rank in Rank}


def units_of_posts(persons: Iterable[RowMapping]) -> set[UUID]:
    """The units of the persons' earlier posts."""
    return {UUID(post["unit"]) for row in persons for post in row["posts"]}


async def units_above(connection: AsyncConnection, units: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Each of the units with all above it, nearest first; no query where there are none."""
    if not units:
        return {}
    above: dict[UUID, list[str]] = {}
    for row in (await connection.execute(_ABOVE, {"units": list(units)})).mappings():
        above.setdefault(row["unit_id"], []).append(str(row["ancestor_id"]))
    return {unit: tuple(ancestors) for unit, ancestors in above.items()}


_ABOVE = (
    select(unit_ancestor.c.unit_id, unit_ancestor.c.ancestor_id)
    .where(one_of(unit_ancestor.c.unit_id, "units"))
    .order_by(unit_ancestor.c.unit_id, unit_ancestor.c.distance)
)


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
