"""A fresh migrated database per test, on SQLite and on PostgreSQL, and the application over it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from app.access.caller import Scope
from app.kit.database import Database
from app.kit.migrations import upgrade
from app.kit.tables import tables_of
from app.main import close, create_app
from app.settings import Settings

from .factories import Factory, insert_key
from .postgresql import Server, postgresql

Make = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    """The tests' settings are their own."""
    for name in [name for name in os.environ if name.upper().startswith("QINQING_")]:
        del os.environ[name]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that the service runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """PostgreSQL, started when the first test asks for it."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: Server) -> Iterator[psycopg.Connection]:
    """A migrated database, and a connection to empty it with."""
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE qinqing")
    upgrade(postgresql_server.url("qinqing"))
    with psycopg.connect(postgresql_server.url("qinqing"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    file = tmp_path_factory.mktemp("migrated") / "qinqing.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A fresh migrated SQLite database."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'qinqing.sqlite3')}"


@pytest.fixture
def postgresql_url(postgresql_server: Server, migrated_postgresql: psycopg.Connection) -> str:
    """A migrated PostgreSQL database without rows. Emptying one takes a millisecond, copying one a hundred."""
    migrated_postgresql.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    migrated_postgresql.execute("; ".join(str(table.delete()) for table in tables_of("postgresql")).encode())
    return postgresql_server.url("qinqing")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; a test that asks for it runs once on each of the two."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings for tests; keys are looked up anew each time."""
    return Settings(database_url=database_url, database_pool=4, key_cache_seconds=0)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The service, without the background work that its lifespan would start: a test says itself when time passes."""
    service = create_app(settings)
    yield service
    await close(service)


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The service's database."""
    served: Database = app.state.database
    return served


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service, without credentials."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as asking:
        yield asking


@pytest.fixture
def make_key(database: Database) -> Callable[..., Awaitable[str]]:
    """`await make_key(*scopes, unit=, person=, expires_on=)`: the secret of a new key with exactly these scopes."""

    async def make(*scopes: str, **over: Any) -> str:
        return await insert_key(database, *scopes, **over)

    return make


@pytest.fixture
async def as_root(make_key: Callable[..., Awaitable[str]]) -> dict[str, str]:
    """Headers of a caller with every scope, over the whole register."""
    return {"Authorization": f"Bearer {await make_key(*Scope)}"}


@pytest.fixture
def factory(client: httpx.AsyncClient, as_root: dict[str, str]) -> Factory:
    """Makes records through the API."""
    return Factory(client, as_root)


@pytest.fixture
def make_unit(factory: Factory) -> Make:
    """`await make_unit(**over)`: the JSON of a new unit."""
    return factory.unit


@pytest.fixture
def make_person(factory: Factory) -> Make:
    """`await make_person(unit, **over)`: the JSON of a new person."""
    return factory.person


@pytest.fixture
def make_counterparty(factory: Factory) -> Make:
    """`await make_counterparty(**over)`: the JSON of a new counterparty."""
    return factory.counterparty
