"""Rows to facts: who declared, who stands on the other side, and what else of the person the rules sum over.

One statement reads the person, one the related declarations, one everybody on the other side: their number does not
grow with the register.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from app.counterparties.models import counterparty, counterparty_owner, counterparty_relation
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.people.models import person, unit_ancestor
from app.rulebook.book import Book
from app.rulebook.facts import Declared, EmployerKind, Facts, KnownRelation, LeftReason, Party, Person, Post, Rank, Source, StaffClass
from app.rulebook.money import Rate, Rates
from app.rulebook.statement import Details, PartyType, Relation

from .models import exchange_rate, inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A declaration about to be judged.

    `parties` are ids of counterparties by field, None where none is on record; `counted_cents` is what the declaration
    adds today to the person's sum, 0 while it is not filed.
    """

    id: UUID | None
    kind: str
    details: Details
    source: Source
    declared_on: date
    recorded_at: Any
    parties: Mapping[str, UUID | None]
    counted_cents: int = 0

    @property
    def main_party(self) -> UUID | None:
        """The one whose group is summed over."""
        return next(iter(self.parties.values()), None)


@dataclass(frozen=True, slots=True)
class Declarant:
    """The person with what only the register needs.

    That is the unit, and the sum counted for all duty-related givers, with and without what the commission discovered.
    """

    id: UUID
    name: str
    unit_id: UUID
    facts: Person
    inquiries: tuple[date, ...]
    counted_cents: int
    open_counted_cents: int


async def read_declarant(connection: AsyncConnection, person_id: UUID, *, lock: bool) -> Declarant:
    """The person with unit, inquiries and sums, in one statement.

    With `lock`, the row is held until commit: two filings of one person at once would each miss the other in their sums.

    Raises:
        Problem: 404.
    """
    filed = [declaration.c.declarant_id == person.c.id, declaration.c.status == Status.SUBMITTED]
    counted = select(func.coalesce(func.sum(declaration.c.counted_cents), 0)).where(*filed)
    in_the_open = counted.where(declaration.c.source != Source.COMMISSION)
    statement = (
        select(
            person, unit_ancestor.c.ancestor_id, inquiry.c.opened_on,
            counted.scalar_subquery().label("counted_cents"), in_the_open.scalar_subquery().label("open_counted_cents"),
        )
        .join_from(person, unit_ancestor, unit_ancestor.c.unit_id == person.c.unit_id)
        .join(inquiry, inquiry.c.person_id == person.c.id, isouter=True)
        .where(person.c.id == person_id)
    )
    if lock:
        await connection.execute(locked(select(person.c.id).where(person.c.id == person_id)))
    rows = (await connection.execute(statement)).mappings().all()
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
    return Declarant(row["id"], row["name"], row["unit_id"], facts, inquiries, int(row["counted_cents"]), int(row["open_counted_cents"]))


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


async def read_facts(connection: AsyncConnection, book: Book, matter: Matter, declarant: Declarant, judged_on: date) -> tuple[Facts, Facts]:
    """All that one judgement rests on: (as the register knows it, as the declarant may know it).

    The second leaves out inquiries and what the commission discovered; where there is neither, both are one object.
    """
    rows = (await connection.execute(_related(matter, declarant.id))).mappings().all()
    stated = [(row, book.details(row["kind"]).model_validate(row["details"])) for row in rows]
    wanted = {party for party in matter.parties.values() if party}
    wanted |= {row[name] for row in rows for name in ("counterparty_id", "further_counterparty_id") if row[name]}
    parties = await _parties(connection, wanted)
    known = Facts(
        declared=Declared(
            id=str(matter.id) if matter.id else None,
            kind=matter.kind,
            details=matter.details,
            source=matter.source,
            declared_on=matter.declared_on,
            recorded_at=matter.recorded_at,
            parties={name: parties.get(party, Party()) if party else Party() for name, party in matter.parties.items()},
        ),
        person=declarant.facts,
        judged_on=judged_on,
        related=[_declared(row, details, parties) for row, details in stated],
        duty_related_cny=_beside(declarant.counted_cents, rows, matter),
        inquiries=declarant.inquiries,
        rates=await _rates(connection, [matter.details, *(details for _, details in stated)]),
    )
    secrets = declarant.inquiries or declarant.counted_cents != declarant.open_counted_cents
    open_rows = [row for row in rows if row["source"] != Source.COMMISSION]
    if matter.source is Source.COMMISSION or not (secrets or len(open_rows) < len(rows)):
        return known, known
    in_the_open = [declared for declared in known.related if declared.source is not Source.COMMISSION]
    beside = _beside(declarant.open_counted_cents, open_rows, matter)
    return known, replace(known, inquiries=(), related=in_the_open, duty_related_cny=beside)


def _beside(counted_cents: int, rows: Sequence[RowMapping], matter: Matter) -> Decimal:
    """The person's sum over all duty-related givers without the group's and the matter's own part, in CNY."""
    of_group = sum(row["counted_cents"] for row in rows if row["same_group"])
    return Decimal(counted_cents - of_group - matter.counted_cents) / 100


def _related(matter: Matter, declarant: UUID) -> Select[Any]:
    """The person's other filed declarations that rules may sum over: of the giver's group, of the year, and outside posts."""
    same_group = _in_group(matter.main_party)
    ways: list[ColumnElement[bool]] = [same_group]
    if matter.kind == "outside_post":
        ways.append(declaration.c.kind == "outside_post")
    if matter.kind == "gift":
        ways.append(and_(declaration.c.kind == "gift", declaration.c.occurred_from.between(*_year(matter.details.span()[0]))))
    own = [declaration.c.declarant_id == declarant, declaration.c.status == Status.SUBMITTED, or_(*ways)]
    if matter.id:
        own.append(declaration.c.id != matter.id)
    return select(declaration, same_group.label("same_group")).where(*own)


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def parties_by_field(details: Details, ids: Sequence[UUID | None]) -> dict[str, UUID | None]:
    """The counterparties on record for the fields of a statement that name somebody."""
    return {field: party for (field, _), party in zip(details.parties_named(), ids, strict=False)}


def _in_group(party: UUID | None) -> ColumnElement[bool]:
    """The other side shares an owner, or itself, with the given counterparty."""
    ours, theirs = aliased(counterparty_owner), aliased(counterparty_owner)
    return exists().where(
        ours.c.counterparty_id == party, theirs.c.owner_id == ours.c.owner_id, theirs.c.counterparty_id == declaration.c.counterparty_id
    )


async def _parties(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Party]:
    """Counterparties with the relations of themselves and their owners, in one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    relation = counterparty_relation.c
    statement = (
        select(
            counterparty.c.id, counterparty.c.name, counterparty.c.aliases, counterparty.c.type, counterparty.c.region,
            relation.unit_id, relation.relation, relation.from_on, relation.until_on,
        )
        .join_from(counterparty, counterparty_owner, counterparty_owner.c.counterparty_id == counterparty.c.id)
        .join(counterparty_relation, relation.counterparty_id == counterparty_owner.c.owner_id, isouter=True)
        .where(counterparty.c.id.in_(wanted))
        .order_by(counterparty.c.id, relation.id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in (await connection.execute(statement)).mappings():
        found.setdefault(row["id"], []).append(row)
    return {party: _party(rows) for party, rows in found.items()}


def _party(rows: Sequence[Mapping[str, Any]]) -> Party:
    first = rows[0]
    relations = tuple(
        KnownRelation(unit=str(row["unit_id"]), relation=Relation(row["relation"]), from_on=row["from_on"], until_on=row["until_on"])
        for row in rows
        if row["relation"]
    )
    return Party(
        id=str(first["id"]),
        names=frozenset([first["name"], *first["aliases"]]),
        type=PartyType(first["type"]) if first["type"] else None,
        region=first["region"],
        relations=relations,
    )


def _declared(row: Mapping[str, Any], details: Details, parties: Mapping[UUID, Party]) -> Declared:
    ids = (row["counterparty_id"], row["further_counterparty_id"])
    fields = [field for field, _ in details.parties_named()]
    return Declared(
        id=str(row["id"]),
        kind=row["kind"],
        details=details,
        source=Source(row["source"]),
        declared_on=row["declared_on"],
        recorded_at=row["created_at"],
        parties={field: parties.get(party, Party()) for field, party in zip(fields, ids, strict=False) if party},
        same_group=bool(row["same_group"]),
    )


async def _rates(connection: AsyncConnection, stated: Iterable[Details]) -> Rates:
    """The register's rates of the foreign currencies that the statements name; no query when there is none."""
    currencies = {code for details in stated for code in _currencies(details.model_dump(mode="json"))} - {"CNY"}
    if not currencies:
        return Rates()
    rows = await connection.execute(select(exchange_rate).where(exchange_rate.c.currency.in_(currencies)))
    return Rates(Rate(row["currency"], row["on"], row["rate"]) for row in rows.mappings())


def _currencies(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        own = {value["currency"]} if "currency" in value else set()
        return own.union(*(_currencies(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_currencies(inner) for inner in value))
    return set()


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None
