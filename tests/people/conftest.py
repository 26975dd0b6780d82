"""Callers of the people's room."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .asking import Calling, Headers


@pytest.fixture
def calling(make_key: Callable[..., Awaitable[str]]) -> Calling:
    """`await calling(*scopes, unit=, person=)`: the headers of such a caller."""

    async def make(*scopes: str, **over: Any) -> Headers:
        return {"Authorization": f"Bearer {await make_key(*scopes, **over)}"}

    return make
