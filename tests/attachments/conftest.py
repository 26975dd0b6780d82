"""An office whose register keeps attachments in a folder."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests.factories import Factory
from tests.screening.declaring import Office, open_office

from .attaching import Desk


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for tests, with a folder for attachments."""
    return Settings(database_url=database_url, database_pool=4, key_cache_seconds=0, attachments_url=(tmp_path / "attached").as_uri())


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done at once is done at once on a busy machine too."""
    monkeypatch.setattr("app.attachments.settling.AT_ONCE_SECONDS", 60.0)


@pytest.fixture
async def office(factory: Factory, make_key: Callable[..., Awaitable[str]]) -> Office:
    """An office with everybody who might want to look."""
    return await open_office(factory, make_key)


@pytest.fixture
def desk(office: Office, app: FastAPI, tmp_path: Path) -> Desk:
    """Where things are attached."""
    return Desk(office, app, tmp_path / "attached")
