"""The office, on a day that a test may choose."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
import time_machine

from tests.factories import Factory

from .declaring import Office, open_office

Travel = Callable[[str], None]


@pytest.fixture(autouse=True)
def travel() -> Iterator[Travel]:
    """It is the 20th of October 2026, noon in Shanghai; `travel(day)` makes it another."""
    with time_machine.travel("2026-10-20T12:00:00+08:00") as traveller:
        yield lambda day: traveller.move_to(f"{day}T12:00:00+08:00" if len(day) == len("2026-10-20") else day)


@pytest.fixture
async def office(factory: Factory, make_key: Callable[..., Awaitable[str]], travel: Travel) -> Office:
    """An office with everybody who might want to look."""
    del travel
    return await open_office(factory, make_key)
