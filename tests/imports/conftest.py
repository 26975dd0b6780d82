"""Where files are handed in, and whoever takes them in."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.factories import Factory

from .importing import Desk


@pytest.fixture
def desk(app: FastAPI, client: AsyncClient, factory: Factory, as_root: dict[str, str]) -> Desk:
    """The desk, with a caller who may do everything."""
    return Desk(app.state.database, app.state.book, client, factory, as_root)
