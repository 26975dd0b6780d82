"""An office that is listened to: a key to keep secrets under, loopback as an allowed network, and whoever delivers."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.webhooks import deliverer, schedule
from tests.factories import Factory
from tests.screening.declaring import Office, open_office

from .receiving import Receiver, listening
from .subscribing import Exchange

MakeKey = Callable[..., Awaitable[str]]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key as an operator makes it."""
    file = tmp_path / "webhook-key"
    file.write_text(base64.b64encode(bytes(range(32))).decode() + "\n", encoding="ascii")
    return file


@pytest.fixture
def settings(database_url: str, key_file: Path) -> Settings:
    """Settings with which messages may go to loopback."""
    return Settings(
        database_url=database_url,
        database_pool=4,
        key_cache_seconds=0,
        webhook_key_file=key_file,
        webhook_allowed_networks="127.0.0.0/8",
    )


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in service takes hundredths here."""
    monkeypatch.setattr(deliverer, "ROUND_SECONDS", 0.05)
    monkeypatch.setattr(deliverer, "WAKE_SECONDS", 0.02)
    monkeypatch.setattr(deliverer, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(schedule, "DELAYS_SECONDS", (0.02,) * 9)


@pytest.fixture
async def office(factory: Factory, make_key: MakeKey) -> Office:
    """An office with everybody who might want to look."""
    return await open_office(factory, make_key)


@pytest.fixture
async def exchange(app: FastAPI, client: httpx.AsyncClient, as_root: dict[str, str]) -> AsyncIterator[Exchange]:
    """Where webhooks are made and delivered."""
    made = Exchange(app, client, as_root)
    yield made
    await made.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that takes whatever it is sent."""
    async with listening() as one:
        yield one
