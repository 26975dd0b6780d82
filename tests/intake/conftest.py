"""The desk of one unit."""

import httpx
import pytest

from tests.conftest import Make
from tests.people.conftest import calling

from .desk import Calling, Desk

__all__ = ["calling"]


@pytest.fixture
async def desk(client: httpx.AsyncClient, calling: Calling, make_unit: Make, make_person: Make) -> Desk:
    """A unit with an official, its HR and its commission."""
    unit = await make_unit()
    person = await make_person(unit)
    return Desk(
        client=client,
        unit=unit,
        person=person,
        official=await calling("declarations:write", person=person),
        hr=await calling("declarations:file-for-others", unit=unit),
        commission=await calling("declarations:read", "reviews:write", unit=unit),
    )
