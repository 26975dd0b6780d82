"""HR systems of various reach."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from .asking import Hr

Hiring = Callable[..., Awaitable[Hr]]


@pytest.fixture
async def hr(client: httpx.AsyncClient, make_key: Callable[..., Awaitable[str]]) -> Hr:
    """An HR system of the whole register."""
    return Hr(client, {"Authorization": f"Bearer {await make_key('people:write')}"})


@pytest.fixture
def hr_of(client: httpx.AsyncClient, make_key: Callable[..., Awaitable[str]]) -> Hiring:
    """`await hr_of(*scopes, unit=, person=)`: a caller with these scopes."""

    async def make(*scopes: str, **over: Any) -> Hr:
        return Hr(client, {"Authorization": f"Bearer {await make_key(*scopes, **over)}"})

    return make
