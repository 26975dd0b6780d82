"""The office of the other rooms, with HR that manages, and days that pass."""

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from tests.factories import Factory
from tests.screening.conftest import office, travel
from tests.screening.declaring import Office

from .owing import Desk

__all__ = ["office", "travel"]


@pytest.fixture
async def desk(office: Office, factory: Factory, app: FastAPI, database: Database, make_key: Callable[..., Awaitable[str]]) -> Desk:
    """HR of the city and of the bureau, who may open campaigns, and the background work."""

    async def manager(unit: object) -> dict[str, str]:
        scopes = ("people:write", "people:read", "declarations:file-for-others")
        return {"Authorization": f"Bearer {await make_key(*scopes, unit=unit)}"}

    return Desk(office, factory, database, app.state.book, await manager(office.city), await manager(office.bureau))
