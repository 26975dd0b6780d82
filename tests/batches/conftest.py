"""The desk of one unit, and a device before it."""

import httpx
import pytest

from tests.conftest import Make
from tests.intake.desk import Calling, Desk
from tests.people.conftest import calling

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
