"""All or nothing: a crash between the insert and the commit leaves no trace, and the retry works."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.kit.database import Database
from app.screening.service import Screening
from tests.bodies import gift

from .desk import Desk, made, refusal, rows


@pytest.fixture
async def brave(app: FastAPI, desk: Desk) -> AsyncIterator[Desk]:
    """The desk of a client that takes a crash for an answer."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test") as client:
        yield replace(desk, client=client)


@pytest.fixture
def crash_at_commit(database: Database) -> Callable[[], None]:
    """Lets the next commit fail."""

    def arm() -> None:
        def fail(_connection: Any) -> None:
            event.remove(database._writers.sync_engine, "commit", fail)
            raise RuntimeError("the power went")

        event.listen(database._writers.sync_engine, "commit", fail)

    return arm


async def test_a_crash_before_the_commit_leaves_nothing_and_the_retry_works(
    brave: Desk, database: Database, crash_at_commit: Callable[[], None]
) -> None:
    before = await rows(database)
    headers = {**brave.official, "Idempotency-Key": "a7c0-1"}
    crash_at_commit()
    assert refusal(await brave.post(gift(), headers)) == (500, "internal-error")
    assert await rows(database) == before
    retried = await brave.post(gift(), headers)
    assert (retried.status_code, retried.headers.get("idempotent-replayed")) == (201, None)
    assert (await rows(database))["declaration"] == 1


async def test_a_crash_while_amending_leaves_what_stood(brave: Desk, database: Database, crash_at_commit: Callable[[], None]) -> None:
    declared = await brave.filed(gift())
    before = await rows(database)
    crash_at_commit()
    assert refusal(await brave.patch(declared, {"note": "?"}, match='"1"')) == (500, "internal-error")
    assert await rows(database) == before
    assert await brave.read(declared) == declared
    assert made(await brave.patch(declared, {"note": "改"}, match='"1"'))["revision"] == 2


async def test_what_cannot_be_judged_is_not_filed(brave: Desk, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no room on the disk")

    before = await rows(database)
    with monkeypatch.context() as broken:
        broken.setattr(Screening, "judge", fail)
        assert refusal(await brave.post(gift())) == (500, "internal-error")
    assert await rows(database) == before
    assert (await brave.post(gift())).status_code == 201
