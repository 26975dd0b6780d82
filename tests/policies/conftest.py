"""Somebody who asks about the law: any caller will do."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def caller(make_key: Callable[..., Awaitable[str]]) -> dict[str, str]:
    """Headers of an integration that may do next to nothing."""
    return {"Authorization": f"Bearer {await make_key('people:read')}"}


@pytest.fixture
def ask(client: httpx.AsyncClient, caller: dict[str, str]) -> Ask:
    """`await ask(path, **query)`: the JSON of a 200."""

    async def get(path: str, **query: Any) -> dict[str, Any]:
        answer = await client.get(path, params=query, headers=caller)
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    return get


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """The law stands in files: one database is enough to know who asks."""
    del request
    return sqlite_url
