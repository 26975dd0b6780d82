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

from sqlalchemy import RowMapping, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from app.counterparties.models import counterparty, counterparty_owner, counterparty_relation
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.rulebook.book import Book
from app.rulebook.facts import Declared, Facts, KnownRelation, Party, Source
from app.rulebook.money import Rate, Rates
from app.rulebook.statement import Details, PartyType, Relation

from .declarant import Declarant
from .models import exchange_rate


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


async def read_facts(connection: AsyncConnection, book: Book, matter: Matter, declarant: Declarant, judged_on: date) -> tuple[Facts, Facts]:
    """All that one judgement rests on: (as the register knows it, as the declarant may know it).

    The second leaves out inquiries and what the commission discovered; where there is neither, both are one object.
    """
    read = (await connection.execute(_related(matter, declarant.id))).mappings().all()
    sums, rows = read[0], [row for row in read if row["id"]]
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
        duty_related_cny=_beside(sums["all_counted"], rows, matter),
        inquiries=declarant.inquiries,
        rates=await _rates(connection, [matter.details, *(details for _, details in stated)]),
    )
    secrets = declarant.inquiries or sums["all_counted"] != sums["open_counted"]
    open_rows = [row for row in rows if row["source"] != Source.COMMISSION]
    if matter.source is Source.COMMISSION or not (secrets or len(open_rows) < len(rows)):
        return known, known
    in_the_open = [declared for declared in known.related if declared.source is not Source.COMMISSION]
    beside = _beside(sums["open_counted"], open_rows, matter)
    return known, replace(known, inquiries=(), related=in_the_open, duty_related_cny=beside)


def _beside(counted_cents: Any, rows: Sequence[RowMapping], matter: Matter) -> Decimal:
    """The person's sum over all duty-related givers without the group's and the matter's own part, in CNY."""
    of_group = sum(row["counted_cents"] for row in rows if row["same_group"])
    return Decimal(int(counted_cents) - of_group - matter.counted_cents) / 100


def _related(matter: Matter, declarant: UUID) -> Select[Any]:
    """The person's sums, and beside them the other filed declarations that rules may sum over.

    Those are of the giver's group, for a gift also the gifts of the year, for a post the other posts. Without any, one row
    holds the sums alone.
    """
    filed = and_(declaration.c.declarant_id == declarant, declaration.c.status == Status.SUBMITTED)
    cents = declaration.c.counted_cents
    sums = select(
        func.coalesce(func.sum(cents), 0).label("all_counted"),
        func.coalesce(func.sum(case((declaration.c.source != Source.COMMISSION, cents))), 0).label("open_counted"),
    ).where(filed)
    same_group = _in_group(matter.main_party)
    ways: list[ColumnElement[bool]] = [same_group]
    if matter.kind == "outside_post":
        ways.append(declaration.c.kind == "outside_post")
    if matter.kind == "gift":
        ways.append(and_(declaration.c.kind == "gift", declaration.c.occurred_from.between(*_year(matter.details.span()[0]))))
    others = select(declaration, same_group.label("same_group")).where(filed, or_(*ways))
    if matter.id:
        others = others.where(declaration.c.id != matter.id)
    sum_row, related = sums.subquery(), others.subquery()
    return select(sum_row, related).join_from(sum_row, related, true(), isouter=True)


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
