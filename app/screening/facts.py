"""Rows to facts: who declared, who stands on the other side, and what else of the person the rules sum over.

One statement reads the person, one the approvals granted where there are any, one the related declarations, one everybody on the other side, and one the rates where
there are foreign currencies: their number does not grow with the register.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, RowMapping, Select, Uuid, and_, bindparam, case, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.approvals.covering import NO_GRANTS, Grant, with_approval
from app.counterparties.groups import in_one_group
from app.counterparties.models import counterparty, counterparty_owner, counterparty_relation
from app.declarations.capture import Document, captured
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit.statements import one_of
from app.policies.local import local_limits, newest_digest
from app.rulebook.book import Book
from app.rulebook.facts import NOBODY, Declared, Facts, KnownRelation, Party, Source
from app.rulebook.money import RATE_STANDS_FOR, Rate, Rates
from app.rulebook.statement import Details, PartyType, Relation

from .declarant import Declarant
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
    capture: Document | None = None

    @property
    def main_party(self) -> UUID | None:
        """The one whose group is summed over."""
        return next(iter(self.parties.values()), None)


async def read_facts(connection: AsyncConnection, book: Book, matter: Matter, declarant: Declarant, judged_on: date) -> tuple[Facts, Facts]:
    """All that one judgement rests on: (as the register knows it, as the declarant may know it).

    The second leaves out inquiries and what the commission discovered; where there is neither, both are one object.
    """
    read = (await connection.execute(_related(matter.kind), _asked(matter, declarant.id))).mappings().all()
    sums, rows = read[0], list({row["id"]: row for row in read if row["id"]}.values())
    inquiries = tuple(sorted({row["inquiry_opened_on"] for row in read if row["inquiry_opened_on"]}))
    stated = [(row, book.details(row["kind"]).model_validate(row["details"])) for row in rows]
    details, approval = with_approval(declarant.grants, matter.kind, matter.details, matter.main_party, matter.recorded_at)
    wanted = {party for party in matter.parties.values() if party}
    wanted |= {row[name] for row in rows for name in ("counterparty_id", "further_counterparty_id") if row[name]}
    parties = await read_parties(connection, wanted)
    known = Facts(
        declared=Declared(
            id=str(matter.id) if matter.id else None,
            kind=matter.kind,
            details=details,
            approval=approval,
            source=matter.source,
            declared_on=matter.declared_on,
            recorded_at=matter.recorded_at,
            parties=_known(matter.parties, parties),
            captured=captured(matter.capture),
        ),
        person=declarant.facts,
        judged_on=judged_on,
        related=[as_declared(row, said, parties, declarant.grants, same_group=bool(row["same_group"])) for row, said in stated],
        duty_related_cny=_beside(sums["all_counted"], rows, matter),
        inquiries=inquiries,
        local=await local_limits(connection, sums["local_digest"]),
        rates=await read_rates(
            connection,
            _currencies([matter.details.model_dump(mode="json"), *(row["details"] for row in rows)]),
            min(said.span()[0] for said in [matter.details, *(said for _, said in stated)]),
            judged_on,
        ),
    )
    secrets = inquiries or sums["all_counted"] != sums["open_counted"]
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


@cache
def _related(kind: str) -> Select[Any]:
    """The person's sums, and beside them the other filed declarations that rules may sum over, and the inquiries.

    The declarations are those of the giver's group, shares in it included, for a gift also the gifts of the year, for a post the other posts. Where there
    are none, one row holds the sums alone; where there are several inquiries, each declaration comes once with each. The statement
    is built once a kind, because building it takes longer than asking it; `_asked` gives its parameters.
    """
    row, declarant = declaration.c, bindparam("declarant", type_=Uuid)
    filed = and_(row.declarant_id == declarant, row.status == Status.SUBMITTED)
    sums = select(
        func.coalesce(func.sum(row.counted_cents), 0).label("all_counted"),
        func.coalesce(func.sum(case((row.source != Source.COMMISSION, row.counted_cents))), 0).label("open_counted"),
        newest_digest().label("local_digest"),
    ).where(filed)
    party = bindparam("party", type_=Uuid)
    same_group = in_one_group(party, row.counterparty_id)
    ways: list[ColumnElement[bool]] = [same_group, and_(row.kind == "shareholding", in_one_group(party, row.further_counterparty_id))]
    if kind == "outside_post":
        ways.append(row.kind == kind)
    if kind == "gift":
        ways.append(
            and_(row.kind == kind, row.occurred_from.between(bindparam("year_from", type_=Date), bindparam("year_until", type_=Date)))
        )
    others = select(
        row.id,
        row.kind,
        row.source,
        row.details,
        row.declared_on,
        row.created_at,
        row.counterparty_id,
        row.further_counterparty_id,
        row.counted_cents,
        same_group.label("same_group"),
    ).where(filed, row.id != bindparam("own", type_=Uuid), or_(*ways))
    sum_row, related = sums.subquery(), others.subquery()
    return (
        select(sum_row, related, inquiry.c.opened_on.label("inquiry_opened_on"))
        .join_from(sum_row, related, true(), isouter=True)
        .join(inquiry, inquiry.c.person_id == declarant, isouter=True)
    )


_NONE = UUID(int=0)
"""The id of no declaration."""


def _asked(matter: Matter, declarant: UUID) -> dict[str, Any]:
    year_from, year_until = _year(matter.details.span()[0])
    return {
        "declarant": declarant,
        "party": matter.main_party,
        "own": matter.id or _NONE,
        "year_from": year_from,
        "year_until": year_until,
    }


def _year(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def parties_by_field(details: Details, ids: Sequence[UUID | None]) -> dict[str, UUID | None]:
    """The counterparties on record for the fields of a statement that name somebody."""
    return {field: party for (field, _), party in zip(details.parties_named(), ids, strict=False)}


_PARTIES = (
    select(
        counterparty.c.id,
        counterparty.c.name,
        counterparty.c.aliases,
        counterparty.c.type,
        counterparty.c.region,
        counterparty_owner.c.owner_id,
        counterparty_relation.c.unit_id,
        counterparty_relation.c.relation,
        counterparty_relation.c.from_on,
        counterparty_relation.c.until_on,
    )
    .join_from(counterparty, counterparty_owner, counterparty_owner.c.counterparty_id == counterparty.c.id)
    .join(counterparty_relation, counterparty_relation.c.counterparty_id == counterparty_owner.c.owner_id, isouter=True)
    .where(one_of(counterparty.c.id, "wanted"))
    .order_by(counterparty.c.id, counterparty_relation.c.id)
)


async def read_parties(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, Party]:
    """Counterparties with their owners, and the relations of themselves and these."""
    found: dict[UUID, list[Any]] = {}
    wanted = list(ids)
    if wanted:
        for row in (await connection.execute(_PARTIES, {"wanted": wanted})).mappings():
            found.setdefault(row["id"], []).append(row)
    return {party: _party(rows) for party, rows in found.items()}


def _party(rows: Sequence[Mapping[str, Any]]) -> Party:
    first = rows[0]
    relations = tuple(
        KnownRelation(unit=str(row["unit_id"]), relation=_RELATIONS[row["relation"]], from_on=row["from_on"], until_on=row["until_on"])
        for row in rows
        if row["relation"]
    )
    return Party(
        id=str(first["id"]),
        names=frozenset([first["name"], *first["aliases"]]),
        type=PartyType(first["type"]) if first["type"] else None,
        region=first["region"],
        relations=relations,
        owners=frozenset(str(row["owner_id"]) for row in rows),
    )


def as_declared(
    row: RowMapping, details: Details, parties: Mapping[UUID, Party], grants: Sequence[Grant] = NO_GRANTS, *, same_group: bool = True
) -> Declared:
    """A filed declaration as the rules take it, with the approval on record that covers it where it states none."""
    ids = (row["counterparty_id"], row["further_counterparty_id"])
    approval: str | None = None
    if grants:
        details, approval = with_approval(grants, row["kind"], details, ids[0], row["created_at"])
    return Declared(
        id=str(row["id"]),
        kind=row["kind"],
        details=details,
        approval=approval,
        source=_SOURCES[row["source"]],
        declared_on=row["declared_on"],
        recorded_at=row["created_at"],
        parties=_known(parties_by_field(details, ids), parties),
        same_group=same_group,
        captured=captured(row.get("capture")),
    )


_SOURCES = {source.value: source for source in Source}
_RELATIONS = {relation.value: relation for relation in Relation}


def _known(named: Mapping[str, UUID | None], parties: Mapping[UUID, Party]) -> dict[str, Party]:
    """Those on the other side by the field that names them; of whom nothing is on record, nothing is known."""
    return {field: parties.get(party, NOBODY) if party else NOBODY for field, party in named.items()}


async def read_rates(connection: AsyncConnection, currencies: set[str], first: date, judged_on: date) -> Rates:
    """The rates of some currencies that stood from the first day of conduct on; no query where there are none but CNY."""
    if not currencies - {"CNY"}:
        return Rates()
    of_them = exchange_rate.c.currency.in_(currencies), exchange_rate.c.on.between(first - RATE_STANDS_FOR, judged_on)
    rows = (await connection.execute(select(exchange_rate).where(*of_them))).mappings()
    return Rates(Rate(row["currency"], row["on"], row["rate"]) for row in rows)


def _currencies(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        own = {value["currency"]} if "currency" in value else set()
        return own.union(*(_currencies(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_currencies(inner) for inner in value))
    return set()
