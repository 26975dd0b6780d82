"""A register as it looks after ten years: people, units, counterparties, and as many judged declarations as asked for.

One declaration of each sort is filed and judged by the service's own desk; the others are copies of its rows with another
declarant, counterparty, day and id.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from app.access.caller import CONSOLE, Scope
from app.access.keys import ApiKeys, KeyRequest
from app.counterparties.names import name_key, name_row
from app.declarations.schemas import DeclarationIn
from app.intake.service import Intake
from app.kit import clock
from app.kit.database import Database
from app.kit.searching import sounding
from app.ledger.unit_of_work import work
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS

from .numbering import COUNTERPARTIES, PERSONS, UNITS, above, company, identifier, later, record, unit_of
from .statements import GIVEN, given, sorts
from .stores import Row, Store, open_store

YEARS = 10
_BATCH = 10_000
_TABLES = ("declaration", "declaration_revision", "screening", "finding", "ledger_line")
_DAY = date(2025, 3, 14)
"""The day that the patterns state; copies have another in its place."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows that one filed declaration left, by table."""

    rows: dict[str, list[Row]]


async def fill(url: str, declarations: int) -> str:
    """Fill an empty, migrated register; the secret of a key that may do everything."""
    store = await open_store(url)
    await _directory(store)
    database = Database(url)
    try:
        async with work(database, "benchmark") as unit:
            _, secret = await ApiKeys(unit).add(unit, KeyRequest(name="benchmark", scopes=frozenset(Scope)), CONSOLE)
        patterns, weights = await _patterns(database, store)
    finally:
        await database.close()
    await _copies(store, patterns, weights, declarations)
    await store.settle()
    await store.close()
    return secret


async def _directory(store: Store) -> None:
    """Units as a tree, people spread over them, companies that every unit supervises."""
    now = datetime.now(UTC)
    units = [
        (record("unit", n), f"某市第{n}局", record("unit", above(n)[1]) if n else None, "government", "[]", now, 1) for n in range(UNITS)
    ]
    await store.add("unit", ("id", "name", "parent_id", "kind", "jurisdiction", "created_at", "version"), units)
    closure = [(record("unit", n), record("unit", one), distance) for n in range(UNITS) for distance, one in enumerate(above(n))]
    await store.add("unit_ancestor", ("unit_id", "ancestor_id", "distance"), closure)
    await store.add("person", tuple(_person(0, now)), [tuple(_person(n, now).values()) for n in range(PERSONS)])
    await store.add("counterparty", tuple(_company(0, now)), [tuple(_company(n, now).values()) for n in range(COUNTERPARTIES)])
    ids = [record("counterparty", n) for n in range(COUNTERPARTIES)]
    await store.add(
        "counterparty_name", tuple(name_row(ids[0], "")), [tuple(name_row(one, name_key(company(n))).values()) for n, one in enumerate(ids)]
    )
    await store.add("counterparty_owner", ("counterparty_id", "owner_id"), [(one, one) for one in ids])
    relations = [(later(0, 9, n), one, record("unit", n % UNITS), "supervised_current") for n, one in enumerate(ids)]
    await store.add("counterparty_relation", ("id", "counterparty_id", "unit_id", "relation"), relations)


def _person(n: int, now: datetime) -> Row:
    return {
        "id": record("person", n),
        "employee_number": f"B{n:05d}",
        "name": f"张{n}",
        "search_text": sounding(f"张{n}"),
        "unit_id": record("unit", unit_of(n)),
        "party_member": True,
        "staff_class": "civil_servant",
        "rank": "section_chief",
        "is_leader": False,
        "prior_graft_sanction": False,
        "inside_information": "[]",
        "relatives": "[]",
        "posts": "[]",
        "created_at": now,
        "version": 1,
    }


def _company(n: int, now: datetime) -> Row:
    return {
        "id": record("counterparty", n),
        "name": company(n),
        "name_key": name_key(company(n)),
        "aliases": "[]",
        "type": "enterprise",
        "identifier": identifier(n),
        "region": "CN",
        "parents": "[]",
        "registered": True,
        "created_at": now,
        "version": 1,
    }


async def _patterns(database: Database, store: Store) -> tuple[list[Pattern], list[int]]:
    """What filing one declaration of each sort wrote, each for another person, and how often it shall be copied."""
    book, filed, weights = Book(CHAPTERS), [], []
    for number, (weight, kind, details) in enumerate(sorts(_DAY, {"name": company(0)})):
        body = {"kind": kind, "declarant": record("person", number), "details": details, "source": "self"}
        async with work(database, "benchmark") as unit:
            declared, _ = await Intake(unit, book, CONSOLE).submit(TypeAdapter(DeclarationIn).validate_python(body))
            filed.append(declared["id"])
        weights.append(weight)
    return [await _pattern(store, declaration) for declaration in filed], weights


async def _pattern(store: Store, declaration: UUID) -> Pattern:
    keys = {"declaration": "id", "ledger_line": "subject"}
    return Pattern({table: await store.rows(table, keys.get(table, "declaration_id"), declaration) for table in _TABLES})


async def _copies(store: Store, patterns: list[Pattern], weights: list[int], declarations: int) -> None:
    columns = {table: next(tuple(p.rows[table][0]) for p in patterns if p.rows[table]) for table in _TABLES}
    chance, bounds = random.Random(20261124), list(accumulate(weights))  # noqa: S311  # the same register each time
    for first in range(0, declarations, _BATCH):
        batch: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _TABLES}
        for number in range(first, min(first + _BATCH, declarations)):
            at = _written_at(number, declarations)
            pattern = patterns[bisect(bounds, chance.randrange(bounds[-1]))]
            for table, row in _copy(pattern, number, at, chance):
                batch[table].append(tuple(row.values()))
        for table, rows in batch.items():
            await store.add(table, columns[table], rows)
        await store.index(batch["declaration"], columns["declaration"])


def own_id(number: int, declarations: int) -> UUID:
    """The id of the n-th declaration of a register."""
    return later(int(_written_at(number, declarations).timestamp() * 1000), 1, number)


def _written_at(number: int, declarations: int) -> datetime:
    """Ten years of filings, evenly, up to the day before yesterday."""
    end = datetime.combine(clock.today(), time(), UTC) - timedelta(days=2)
    return end - timedelta(days=365 * YEARS) * (1 - number / declarations)


def _copy(pattern: Pattern, number: int, at: datetime, chance: random.Random) -> Iterator[tuple[str, Row]]:
    """The rows of one more declaration of this sort."""
    person, party, moment = chance.randrange(PERSONS), chance.randrange(COUNTERPARTIES), int(at.timestamp() * 1000)
    day = clock.day_of(at)
    own, screening = later(moment, 1, number), later(moment, 2, number)
    fresh: Row = {
        "declaration_id": own,
        "subject": own,
        "screening_id": screening,
        "declarant_id": record("person", person),
        "unit_id": record("unit", unit_of(person)),
        "declared_on": day,
        "created_at": at,
        "made_at": at,
        "at": at,
        "judged_at": at,
        "judged_on": day,
        "occurred_from": day,
        "due_on": None,
    }
    for table in _TABLES:
        for place, row in enumerate(pattern.rows[table]):
            ids = {
                "declaration": own,
                "screening": screening,
                "finding": later(moment, 3 + place, number),
                "ledger_line": later(moment, 20 + place, number),
            }
            changed = {**fresh, "id": ids.get(table)}
            copied = {name: changed.get(name, value) for name, value in row.items()}
            if table in ("declaration", "declaration_revision"):
                copied["counterparty_id"] = row["counterparty_id"] and record("counterparty", party)
                copied["occurred_until"] = row["occurred_until"] and day
            if table == "declaration":
                copied["search_text"] = _renamed(row["search_text"], party, number)
            if "details" in copied:
                copied["details"] = _renamed(row["details"].replace(_DAY.isoformat(), day.isoformat()), party, number)
            yield table, copied


def _renamed(words: str, party: int, number: int) -> str:
    """What a copy says: another company, and one gift in a thousand is another thing."""
    return words.replace(company(0), company(party)).replace(GIVEN, given(number))
