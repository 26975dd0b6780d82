"""The desk of one unit, and what was filed there as a device catches up with it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.kit.database import Database
from app.ledger.sealing import Sealer
from tests.intake.conftest import desk
from tests.intake.desk import Desk, Headers, Json, made
from tests.people.conftest import calling

__all__ = ["calling", "desk"]

CatchUp = Callable[..., Awaitable[Json]]


@pytest.fixture
def catch_up(desk: Desk, database: Database) -> CatchUp:
    """`await catch_up(since, by=, **asked)`: what has changed, once all that was done is sealed."""

    async def ask(since: str | None = None, by: Headers | None = None, **asked: Any) -> Json:
        await Sealer(database, None).seal()
        given = {"since": since} if since else {}
        return made(await desk.client.get("/v1/changes", params={**given, **asked}, headers=by or desk.official))

    return ask
