"""Databases that nobody has migrated yet."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.kit.ids import new_id
from tests.postgresql import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; a test that asks for it runs once on each of the two."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = f"empty_{new_id().hex}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield server.url(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
