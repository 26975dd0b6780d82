"""The tables are what the code says, forward and back, on both databases."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import DBAPIError

from app.kit.database import Database
from app.kit.migrations import OtherReleaseError, configuration, head, is_current, migrating, upgrade
from app.kit.searching import grams
from app.kit.tables import metadata, tables_of
from app.settings import Settings

Answer = TypeVar("Answer")


def ask(url: str, question: Callable[[Connection], Answer]) -> Answer:
    async def connected() -> Answer:
        async with migrating(url) as connection:
            answer = await connection.run_sync(question)
            await connection.commit()
            return answer

    return asyncio.run(connected())


def tables(url: str) -> set[str]:
    """All but those of the libraries that keep their own beside ours."""
    found = ask(url, lambda connection: set(inspect(connection).get_table_names()))
    return found - {"alembic_version", *(f"procrastinate_{name}" for name in ("workers", "events", "periodic_defers"))}


def described(url: str) -> set[str]:
    return {table.name for table in tables_of(url.partition(":")[0])}


def stands(url: str) -> bool:
    async def connected() -> bool:
        database = Database(url)
        async with database.reading() as connection:
            current = await is_current(connection)
        await database.close()
        return current

    return asyncio.run(connected())


def test_every_table_of_the_application_is_made_and_unmade(empty_url: str) -> None:
    upgrade(empty_url)
    assert tables(empty_url) == described(empty_url)
    command.downgrade(configuration(empty_url), "base")
    assert ask(empty_url, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    upgrade(empty_url)
    assert tables(empty_url) == described(empty_url)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_tables_are_those_that_the_code_describes(empty_url: str) -> None:
    upgrade(empty_url)
    command.check(configuration(empty_url))


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    upgrade(empty_url)
    upgrade(empty_url)
    assert stands(empty_url)


def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(_in_a_process, empty_url) for _ in range(2)]:
            assert done.result() == 0
    assert stands(empty_url)


def _in_a_process(url: str) -> int:
    upgrading = "import sys; from app.kit.migrations import upgrade; upgrade(sys.argv[1])"
    return subprocess.run([sys.executable, "-c", upgrading, url], check=False).returncode


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    ask(empty_url, lambda connection: connection.execute(text("CREATE TABLE unit (id INTEGER)")))
    with pytest.raises(DBAPIError):
        upgrade(empty_url)
    assert tables(empty_url) == {"unit"}


def test_a_database_is_current_only_at_the_newest_revision(empty_url: str) -> None:
    assert not stands(empty_url)
    upgrade(empty_url)
    assert stands(empty_url)
    ask(empty_url, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'later'")))
    assert not stands(empty_url)


def test_tables_of_a_later_release_are_left_alone(empty_url: str) -> None:
    upgrade(empty_url)
    ask(empty_url, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'later'")))
    with pytest.raises(OtherReleaseError):
        upgrade(empty_url)


def test_the_tree_is_one_line_and_its_newest_file_is_its_head() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert scripts.get_heads() == [head()]


def test_alembic_on_the_command_line_takes_the_database_of_the_settings(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINQING_DATABASE_URL", empty_url)
    assert Settings().database_url == empty_url
    command.upgrade(configuration(None), "head")
    assert stands(empty_url)


def test_psycopg_can_migrate_and_serve_too(postgresql_url: str) -> None:
    url = postgresql_url.replace("postgresql://", "postgresql+psycopg://")
    upgrade(url)
    assert stands(url)


def test_what_is_on_record_already_is_found_after_the_migration(empty_url: str) -> None:
    command.upgrade(configuration(empty_url), "0004")
    ask(empty_url, enter_before_there_was_an_index)
    upgrade(empty_url)
    assert ask(empty_url, names_kept) == {"曾国藩\ncgf\ncengguofan\nzgf\nzengguofan", "恒远\nhy\nhengyuan", "ABC".lower()}
    assert ask(empty_url, lambda connection: connection.scalar(text("SELECT search_text FROM declaration"))) == "恒远\n龙井\nhr-7"
    if empty_url.startswith("sqlite"):
        kept = ask(empty_url, lambda connection: connection.scalars(text("SELECT gram FROM declaration_gram")).all())
        assert set(kept) == set(grams("恒远\n龙井\nhr-7\n"))


def enter_before_there_was_an_index(connection: Connection) -> None:
    own = uuid4()
    moment = {"created_at": datetime(2026, 1, 1, tzinfo=UTC), "version": 1}
    person = {"employee_number": "1", "name": "曾国藩", "staff_class": "civil_servant", "rank": "none", "posts": [], "relatives": []}
    rows: list[tuple[str, dict[str, Any]]] = [
        ("unit", {"id": own, "name": "局", "kind": "government", "jurisdiction": [], **moment}),
        ("person", {"id": own, "unit_id": own, **person, "party_member": True, "is_leader": False, "inside_information": [], **moment}),
        ("counterparty", {"id": own, "name": "恒远", "name_key": "恒远", "aliases": [], "parents": [], "registered": True, **moment}),
        ("counterparty_name", {"counterparty_id": own, "name_key": "恒远"}),
        ("counterparty_name", {"counterparty_id": own, "name_key": "ABC"}),
        ("declaration", {**_DECLARED, "id": own, "declarant_id": own, "unit_id": own, **moment}),
    ]
    for table, row in rows:
        connection.execute(insert(metadata.tables[table]).values(row))


_DECLARED = {
    "kind": "gift", "status": "submitted", "source": "self", "details": {}, "revision": 1, "declared_on": date(2026, 1, 1),
    "client_reference": "HR-7", "occurred_from": date(2026, 1, 1), "search_text": "恒远\n龙井", "created_by": "x", "outcome": 0,
    "shown_outcome": 0, "counted_cents": 0, "receipt": {},
}  # fmt: skip


def names_kept(connection: Connection) -> set[str]:
    return {kept for table in ("person", "counterparty_name") for kept in connection.scalars(text(f"SELECT search_text FROM {table}"))}  # noqa: S608
