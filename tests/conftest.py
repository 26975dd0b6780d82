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
from app.kit.ids import new_id
from app.kit.migrations import upgrade
from app.main import create_app
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
def migrated_postgresql(postgresql_server: Server) -> str:
    """The name of a migrated database that others are copied from."""
    _execute(postgresql_server, "CREATE DATABASE migrated")
    upgrade(postgresql_server.url("migrated"))
    return "migrated"


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
def postgresql_url(postgresql_server: Server, migrated_postgresql: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    name = f"test_{new_id().hex}"
    _execute(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {migrated_postgresql}")
    yield postgresql_server.url(name)
    _execute(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


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
    """The service."""
    service = create_app(settings)
    async with service.router.lifespan_context(service):
        yield service


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


def _execute(server: Server, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
