"""Persons, units and counterparties that were changed behind the register's back are found, each by its id and its line."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, insert, select, text, update

from app.audit.verification import Difference
from app.counterparties.models import counterparty, counterparty_name, counterparty_owner, counterparty_relation
from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.lines import Line
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import reading, work
from app.people.models import person, unit
from app.reports.verification import RECORDS
from tests.conftest import Make
from tests.people.asking import match
from tests.screening.declaring import Json, Office, gift

TABLES: dict[str, Table] = {"Person": person, "Unit": unit, "Counterparty": counterparty}


async def found(database: Database) -> list[Difference]:
    """All that is said of records, in order."""
    async with reading(database) as view:
        return [one for records in RECORDS for one in [each async for each in records.differences(view)]]


async def told(database: Database) -> list[str]:
    return [one.what.en for one in await found(database)]


async def tamper(database: Database, *statements: Any) -> None:
    async with work(database, "tamperer") as unit_of_work:
        for statement in statements:
            await unit_of_work.connection.execute(statement)


@pytest.fixture
async def records(office: Office, make_counterparty: Make, database: Database) -> dict[str, UUID]:
    """A person, a unit and a counterparty, each changed more than once, among others; all is as it was written."""
    relation = {"unit": office.bureau["id"], "relation": "supervised_current", "from_on": "2024-01-01", "until_on": None}
    company = await make_counterparty(relations=[relation, {**relation, "unit": office.sister["id"]}], aliases=["恒远"])
    posts = [{"unit": office.sister["id"], "rank": "none", "is_leader": False, "staff_class": "civil_servant", "from_on": "2020-01-01"}]
    information = [{"issuer": "某公司", "from_on": "2024-01-01"}]
    for path, changes in (
        (f"persons/{office.official['id']}", ({"birth_on": "1980-02-29", "posts": posts}, {"inside_information": information})),
        (f"units/{office.bureau['id']}", ({"jurisdiction": ["建筑业"], "code": "ZJ"}, {"parent": office.sister["id"]})),
        (f"counterparties/{company['id']}", ({"relations": [relation]}, {"region": None, "aliases": None})),
    ):
        for version, change in enumerate(changes, 1):
            answer = await office.client.patch(f"/v1/{path}", json=change, headers={**office.root, **match(version)})
            assert answer.status_code == 200, answer.text
    assert await told(database) == []
    return {"Person": UUID(office.official["id"]), "Unit": UUID(office.bureau["id"]), "Counterparty": UUID(company["id"])}


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("Person", {"rank": "bureau_chief"}),
        ("Person", {"prior_graft_sanction": True}),
        ("Person", {"birth_on": date(1981, 1, 1)}),
        ("Person", {"posts": []}),
        ("Person", {"relatives": [{"name": "某人", "relation": "spouse"}]}),
        ("Person", {"version": 2}),
        ("Unit", {"name": "别的局"}),
        ("Unit", {"parent_id": None}),
        ("Unit", {"jurisdiction": []}),
        ("Counterparty", {"type": "individual"}),
        ("Counterparty", {"parents": [str(UUID(int=7))]}),
        ("Counterparty", {"registered": False}),
    ],
)
async def test_a_changed_column_is_found_at_the_newest_line(
    records: dict[str, UUID], database: Database, what: str, changes: dict[str, Any]
) -> None:
    own, table = records[what], TABLES[what]
    await tamper(database, update(table).where(table.c.id == own).values(changes))
    (one,) = await found(database)
    assert one.what.en == f"{what} {own} is not what was last written of it."
    assert str(own) in one.what.zh
    async with reading(database) as view:
        line = Line.of((await view.connection.execute(select(ledger_line).where(ledger_line.c.id == one.line))).mappings().one())
    assert (line.subject, line.action, line.content["version"]) == (own, f"{what.lower()}.changed", 3)


@pytest.mark.parametrize("change", ["relation", "from_on", "unit_id", "gone", "slipped in"])
async def test_a_changed_relation_of_a_counterparty_is_found(
    records: dict[str, UUID], database: Database, office: Office, change: str
) -> None:
    own, related = records["Counterparty"], counterparty_relation.c
    values: dict[str, Any] = {"relation": "unrelated", "from_on": date(2025, 1, 1), "unit_id": UUID(office.city["id"])}
    of_it = related.counterparty_id == own
    statement: Any = update(counterparty_relation).where(of_it).values({change: values.get(change)})
    if change == "gone":
        statement = delete(counterparty_relation).where(of_it)
    elif change == "slipped in":
        statement = insert(counterparty_relation).values(id=new_id(), counterparty_id=own, **values)
    await tamper(database, statement)
    assert await told(database) == [f"Counterparty {own} is not what was last written of it."]


async def test_what_declarations_enter_and_identify_is_held_against_its_lines_too(office: Office, database: Database) -> None:
    company = {"name": "青禾农业有限公司"}
    await office.file(gift("2026-10-01", giver=company))
    await office.file(gift("2026-10-02", giver={**company, "identifier": "91110000600037341L"}))
    assert await told(database) == []
    registered = await office.client.post(
        "/v1/counterparties",
        json={**company, "type": "enterprise", "region": "CN", "identifier": "91110000600037341L"},
        headers=office.root,
    )
    assert registered.status_code == 201, registered.text
    assert await told(database) == []
    own = UUID(registered.json()["id"])
    await tamper(database, update(counterparty).where(counterparty.c.id == own).values(name="别的公司"))
    assert await told(database) == [f"Counterparty {own} is not what was last written of it."]


async def test_who_is_gone_or_was_slipped_in_is_found(office: Office, make_person: Make, database: Database) -> None:
    extra = await make_person(office.bureau)
    own = UUID(extra["id"])
    async with reading(database) as view:
        row = dict((await view.connection.execute(select(person).where(person.c.id == own))).mappings().one())
    await tamper(database, delete(person).where(person.c.id == own))
    (gone,) = await found(database)
    assert (gone.what.en, gone.line is not None) == (f"Person {own} is gone.", True)
    stranger = new_id()
    await tamper(database, insert(person).values(row), insert(person).values({**row, "id": stranger, "employee_number": "X"}))
    assert await told(database) == [f"Person {stranger} has no line."]


async def test_what_was_removed_is_not_missed_until_it_is_there_again(office: Office, make_unit: Make, database: Database) -> None:
    empty = await make_unit()
    own = UUID(empty["id"])
    async with reading(database) as view:
        row = dict((await view.connection.execute(select(unit).where(unit.c.id == own))).mappings().one())
    removed = await office.client.delete(f"/v1/units/{own}", headers={**office.root, **match()})
    assert removed.status_code == 204
    assert await told(database) == []
    await tamper(database, insert(unit).values(row))
    assert await told(database) == [f"Unit {own} was removed and is there all the same."]


async def test_a_line_of_an_earlier_release_proves_no_counterparty_and_accuses_none(database: Database) -> None:
    own, now = new_id(), datetime.now(UTC)
    row: Json = {
        "id": own, "name": "某公司", "name_key": "某公司", "aliases": [], "parents": [], "registered": False, "created_at": now, "version": 1,
    }  # fmt: skip
    names = {"counterparty_id": own, "name_key": "某公司", "search_text": ""}
    async with work(database, "test") as unit_of_work:
        await unit_of_work.connection.execute(insert(counterparty).values(row))
        await unit_of_work.connection.execute(insert(counterparty_name).values(names))
        await unit_of_work.connection.execute(insert(counterparty_owner).values(counterparty_id=own, owner_id=own))
        unit_of_work.record("counterparty.entered", own, {"digest": "of what was stated"})
    assert await told(database) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_record_that_cannot_be_read_does_not_end_the_search(office: Office, database: Database) -> None:
    own, other = UUID(office.official["id"]), UUID(office.bureau["id"])
    await tamper(
        database,
        text(f"UPDATE person SET birth_on = '?' WHERE id = '{own.hex}'"),  # noqa: S608
        update(unit).where(unit.c.id == other).values(name="别的局"),
    )
    assert await told(database) == [f"Person {own} cannot be read.", f"Unit {other} is not what was last written of it."]
