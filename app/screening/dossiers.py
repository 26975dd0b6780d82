"""All that persons have filed, read at once, and each declaration made a matter once: how a pass over many of them judges.

What it comes to is what judging one declaration by itself comes to: the same rows, the same relations between them, the same rules.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.approvals.covering import Grant
from app.approvals.grants import grants_of_many
from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit.database import locked
from app.kit.tables import as_text
from app.people.models import person
from app.rulebook.book import Book
from app.rulebook.facts import Circumstances, Declared, Party, Source
from app.rulebook.local import LocalLimits
from app.rulebook.matter import History
from app.rulebook.money import Rates

from .declarant import PERSONS, Declarant, as_declarant, units_above, units_of_posts
from .facts import as_declared, read_parties, read_rates
from .judging import AnyMatter, counted_cents
from .models import inquiry


@dataclass(frozen=True, slots=True)
class Filed:
    """A filed declaration's row, and the declaration as its rules see it."""

    row: RowMapping
    matter: AnyMatter


class Shelf:
    """One person's filed declarations as matters, in order, each with how it stands to the others."""

    def __init__(self, filed: Iterable[Filed]) -> None:
        self.filed = sorted(filed, key=lambda each: each.matter.order)
        self._by_owner = defaultdict[str, list[int]](list)
        self._by_owner_of_shares = defaultdict[str, list[int]](list)
        self._in_run = defaultdict[tuple[str, int], list[int]](list)
        self._orders = [each.matter.order for each in self.filed]
        for place, each in enumerate(self.filed):
            for owner in each.matter.party.owners:
                self._by_owner[owner].append(place)
            if each.row["kind"] == "shareholding":
                for owner in each.matter.declared.parties["issuer"].owners:
                    self._by_owner_of_shares[owner].append(place)
            if each.row["kind"] in _IN_RUNS:
                self._in_run[_run(each.row)].append(place)

    @cached_property
    def _cents(self) -> list[int]:
        return [counted_cents(each.matter) for each in self.filed]

    @cached_property
    def _sum_cents(self) -> int:
        return sum(self._cents)

    def history(self, place: int) -> History:
        """What rules sum over for the declaration at a place: those of the giver's group, shares in it, the year's gifts, the other posts.

        What comes later is left out: it is judged in its turn.
        """
        filed = self.filed[place]
        owners = filed.matter.party.owners
        group = {other for owner in owners for other in self._by_owner[owner]}
        every = group.union(*(self._by_owner_of_shares.get(owner, ()) for owner in owners))
        if filed.row["kind"] in _IN_RUNS:
            every.update(self._in_run[_run(filed.row)])
        group.add(place)
        beside = self._sum_cents - sum([self._cents[other] for other in group])
        first = bisect_left(self._orders, self._orders[place])
        earlier = sorted([other for other in every if other < first])
        of_group = self._matters([other for other in earlier if other in group])
        return History(self._matters(earlier) if len(earlier) > len(of_group) else of_group, of_group, (), Decimal(beside) / 100)

    def close(self) -> None:
        """Let go of what the matters know of each other, which would keep all of them until the garbage collector comes."""
        for each in self.filed:
            each.matter.__dict__.pop("history", None)

    def _matters(self, places: Iterable[int]) -> tuple[AnyMatter, ...]:
        return tuple([self.filed[place].matter for place in places])


_IN_RUNS = frozenset({"gift", "outside_post"})


def _run(row: RowMapping) -> tuple[str, int]:
    """What a declaration is looked at together with, whoever gave: a gift with those of its year, a post with all posts."""
    return row["kind"], row["occurred_from"].year if row["kind"] == "gift" else 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person with all that is filed, as far as it can be read by itself."""

    declarant: Declarant
    rows: Sequence[RowMapping]
    inquiries: tuple[date, ...]
    archive: "Archive"

    @property
    def secrets(self) -> bool:
        """Whether there is anything that the declarant may not know of."""
        return bool(self.inquiries) or any(row["source"] == Source.COMMISSION for row in self.rows)

    def shelf(self, book: Book, judged_on: date, local: LocalLimits, *, openly: bool) -> Shelf:
        """The declarations in the light of the circumstances; `openly` without what the declarant may not know of."""
        circumstances = Circumstances(
            person=self.declarant.facts,
            judged_on=judged_on,
            inquiries=() if openly else self.inquiries,
            rates=self.archive.rates,
            local=local,
        )
        rows = [row for row in self.rows if not (openly and row["source"] == Source.COMMISSION)]
        return Shelf(Filed(row, book.matter(self.archive.declared(book, row, self.declarant.grants), circumstances)) for row in rows)


@dataclass(frozen=True, slots=True)
class Archive:
    """What the declarations of many persons refer to: the other sides as the register knows them, and the rates of currencies."""

    parties: Mapping[UUID, Party]
    rates: Rates

    def declared(self, book: Book, row: RowMapping, grants: Sequence[Grant]) -> Declared:
        """A row as the rules take it; read when its person's turn comes, so that it is judged while it is at hand."""
        return as_declared(row, book.details(row["kind"]).model_validate_json(row["details"]), self.parties, grants)


def lasting_from(shelf: Shelf, since: date | None) -> range:
    """The places of conduct that lasted to a day or beyond, and of all that may sum over it."""
    first = 0
    if since is not None:
        lasting = (place for place, each in enumerate(shelf.filed) if (each.row["occurred_until"] or date.max) >= since)
        first = next(lasting, len(shelf.filed))
    return range(first, len(shelf.filed))


async def read_dossiers(connection: AsyncConnection, who: ColumnElement[bool], judged_on: date, *, lock: bool) -> list[Dossier]:
    """Those of some persons who have filed anything, in as many statements as for one of them.

    With `lock`, they are held until commit, so that whoever files waits, and what is just being filed is waited for.
    """
    asked = PERSONS.where(who).order_by(person.c.id)
    persons = (await connection.execute(locked(asked, of=person) if lock else asked)).mappings().all()
    above = await units_above(connection, units_of_posts(persons) | {row["unit_id"] for row in persons})
    rows = (await connection.execute(_filed(who))).mappings().all()
    asked_inquiries = select(inquiry.c.person_id, inquiry.c.opened_on).join(person, person.c.id == inquiry.c.person_id).where(who)
    inquiries = _grouped((row.person_id, row.opened_on) for row in await connection.execute(asked_inquiries))
    grants = await grants_of_many(connection, who)
    archive = await _archive(connection, rows, judged_on)
    filed = _grouped((row["declarant_id"], row) for row in rows)
    return [
        Dossier(
            as_declarant(row, above, grants.get(row["id"], ())), filed[row["id"]], tuple(sorted(set(inquiries.get(row["id"], ())))), archive
        )
        for row in persons
        if row["id"] in filed
    ]


_COLUMNS = (
    "id", "kind", "source", "status", "revision", "version", "declarant_id", "unit_id", "counterparty_id", "further_counterparty_id",
    "declared_on", "created_at", "occurred_from", "occurred_until", "counted_cents", "worth_cents", "outcome", "shown_outcome", "due_on",
    "substance", "screening_id", "capture",
)  # fmt: skip


def _filed(who: ColumnElement[bool]) -> Select[Any]:
    """What some persons have filed, its details as text."""
    columns = (declaration.c[name] for name in _COLUMNS)
    return (
        select(*columns, as_text(declaration.c.details).label("details"))
        .join_from(declaration, person, person.c.id == declaration.c.declarant_id)
        .where(who, declaration.c.status == Status.SUBMITTED)
        .order_by(declaration.c.declarant_id)
    )


async def _archive(connection: AsyncConnection, rows: Sequence[RowMapping], judged_on: date) -> Archive:
    wanted = {row[name] for row in rows for name in ("counterparty_id", "further_counterparty_id")} - {None}
    parties = await read_parties(connection, wanted)
    first = min((row["occurred_from"] for row in rows), default=judged_on)
    currencies = {code for row in rows for code in _CURRENCY.findall(row["details"])}
    rates = await read_rates(connection, currencies, first, judged_on)
    return Archive(parties, rates)


_CURRENCY = re.compile(r'"currency": ?"([A-Z]{3})"')


def _grouped(pairs: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
