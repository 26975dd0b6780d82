"""A bureau with its head, its HR, its commission and an official who asks."""

from collections.abc import Iterator

import httpx
import pytest
import time_machine
from fastapi import FastAPI

from tests.conftest import Make
from tests.people.conftest import calling
from tests.screening.conftest import Travel

from .asking import Bureau, Calling

__all__ = ["calling"]


@pytest.fixture(autouse=True)
def travel() -> Iterator[Travel]:
    """It is the 20th of October 2026, noon in Shanghai; `travel(day)` makes it another."""
    with time_machine.travel("2026-10-20T12:00:00+08:00") as traveller:
        yield lambda when: traveller.move_to(f"{when}T12:00:00+08:00" if len(when) == len("2026-10-20") else when)


@pytest.fixture
async def bureau(  # everybody who has a part in an approval
    app: FastAPI, client: httpx.AsyncClient, as_root: dict[str, str], calling: Calling, make_unit: Make, make_person: Make
) -> Bureau:
    """A city with a head, a bureau with a head, and an official in it."""
    city = await make_unit(name="某市")
    unit = await make_unit(name="住建局", parent=city["id"])
    person, head, mayor = [await make_person(where, name=name) for where, name in ((unit, "李明"), (unit, "王局长"), (city, "赵市长"))]
    bureau = Bureau(
        app=app,
        client=client,
        root=as_root,
        city=city,
        unit=unit,
        person=person,
        leader=head,
        mayor=mayor,
        official=await calling("declarations:write", person=person),
        head=await calling("declarations:write", person=head),
        chief=await calling("declarations:write", person=mayor),
        hr=await calling("people:write", unit=unit),
        commission=await calling("declarations:read", "reviews:write", unit=city),
        stranger=await calling("declarations:write", person=await make_person(unit, name="路人")),
    )
    await bureau.lead(unit, head)
    await bureau.lead(city, mayor)
    return bureau
