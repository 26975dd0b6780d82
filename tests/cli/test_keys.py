"""`qinqing keys create`: the first key, and any other, from the operator's own terminal."""

import asyncio

import httpx
import pytest
from sqlalchemy import select

from app.kit.database import Database
from app.ledger.models import ledger_line

from .conftest import Shell


@pytest.mark.parametrize("store", ["sqlite_url", "postgresql_url"])
def test_stdout_holds_the_key_alone_and_the_key_works(shell: Shell, store: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(store)
    done = shell.qinqing("keys", "create", "--name", "人事系统", "--scope", "people:read", "--scope", "people:write", database_url=url)
    assert (done.returncode, done.stderr) == (0, "")
    key = done.stdout.removesuffix("\n")
    assert key.startswith("qq_")
    assert len(key.split()) == 1
    with shell.serving(database_url=url) as served:
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{served.url}/v1/units", headers=headers).status_code == 200
        assert httpx.get(f"{served.url}/v1/api-keys", headers=headers).status_code == 403


def test_the_ledger_says_that_it_was_made_on_the_command_line(shell: Shell, sqlite_url: str) -> None:
    shell.qinqing("keys", "create", "--name", "人事系统", "--all-scopes", database_url=sqlite_url)

    async def lines() -> list[tuple[str, str]]:
        database = Database(sqlite_url)
        async with database.reading() as connection:
            found = [(row.actor, row.action) for row in await connection.execute(select(ledger_line))]
        await database.close()
        return found

    assert asyncio.run(lines()) == [("cli", "api-key.created")]


def test_a_key_can_be_made_while_the_service_runs(shell: Shell) -> None:
    with shell.serving() as served:
        key = shell.qinqing("keys", "create", "--name", "人事系统", "--scope", "people:read").stdout.strip()
        assert httpx.get(f"{served.url}/v1/units", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_key_is_given_its_unit_and_its_last_day(shell: Shell) -> None:
    root = shell.qinqing("keys", "create", "--name", "管理员", "--all-scopes").stdout.strip()
    with shell.serving() as served:
        headers = {"Authorization": f"Bearer {root}"}
        unit = httpx.post(f"{served.url}/v1/units", json={"name": "某局", "kind": "government"}, headers=headers).json()["id"]
        shell.qinqing("keys", "create", "--name", "某局", "--scope", "people:read", "--unit", unit, "--expires-on", "2099-12-31")
        made = httpx.get(f"{served.url}/v1/api-keys", headers=headers).json()["items"][0]
    assert (made["name"], made["scopes"], made["unit"], made["expires_on"]) == ("某局", ["people:read"], unit, "2099-12-31")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--name", "x"], "--scope"),
        (["--name", "", "--all-scopes"], "--name"),
        (["--all-scopes"], "--name"),
        (["--name", "x", "--scope", "nothing"], "--scope"),
        (["--name", "x", "--all-scopes", "--unit", ""], "--unit"),
        (["--name", "x", "--all-scopes", "--unit", "某局"], "--unit"),
        (["--name", "x", "--all-scopes", "--unit", "01a20b8f-9ed5-779b-8160-aff36880b500"], "单位"),
        (["--name", "x", "--all-scopes", "--person", "01a20b8f-9ed5-779b-8160-aff36880b500"], "person"),
        (["--name", "x", "--all-scopes", "--expires-on", "31.12.2099"], "--expires-on"),
        (["--name", "x", "--all-scopes", "--expires-on", "2020-01-01"], "last day is past"),
    ],
)
def test_what_is_wrong_is_named_and_no_key_is_made(shell: Shell, arguments: list[str], named: str) -> None:
    done = shell.qinqing("keys", "create", *arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
