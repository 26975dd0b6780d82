"""An office where somebody raises notices, with a key to keep tokens under."""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from app.settings import Settings
from tests.factories import Factory
from tests.obligations.conftest import desk
from tests.reviews.cases import Commission, open_commission
from tests.screening.conftest import office, travel
from tests.screening.declaring import Office
from tests.webhooks.conftest import _impatient, exchange, receiver

from .hearing import Town

__all__ = ["_impatient", "desk", "exchange", "office", "receiver", "travel"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with which messages may go to loopback."""
    key_file = tmp_path / "webhook-key"
    key_file.write_text(base64.b64encode(bytes(range(32))).decode() + "\n", encoding="ascii")
    return Settings(
        database_url=database_url,
        database_pool=4,
        key_cache_seconds=0,
        webhook_key_file=key_file,
        webhook_allowed_networks="127.0.0.0/8",
    )


@pytest.fixture
async def town(office: Office, app: FastAPI, database: Database) -> Town:
    """An office where notices have been raised since it was opened."""
    made = Town(office, database, app.state.book)
    assert await made.look() == 0
    return made


@pytest.fixture
async def commission(office: Office, factory: Factory, make_key: Callable[..., Awaitable[str]]) -> Commission:
    """Reviewers at work."""
    return await open_commission(office, factory, make_key)
