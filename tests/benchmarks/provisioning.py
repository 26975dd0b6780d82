"""`python -m tests.benchmarks.provisioning`: what an HR system waits for at SCIM, over a register of many persons.

The service runs in a process of its own; one client asks for what lies anywhere in the register, one request after the other, then pushes over some connections at once.
"""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import httpx
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text

from app.access.caller import Scope
from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.kit.logs import configure_logs
from app.kit.migrations import upgrade
from app.kit.searching import sounding
from app.ledger.unit_of_work import work
from app.people.models import person, unit, unit_ancestor
from app.people.scim.resources import OfficialUser, User
from tests.factories import insert_key

from .__main__ import _databases
from .service import serving

console = Console(width=150)
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂"
_OFFICIAL = {"staffClass": "civil_servant", "rank": "none", "isLeader": False, "partyMember": True}


def run(
    persons: Annotated[int, typer.Option(help="Persons on record.")] = 100_000,
    units: Annotated[int, typer.Option(help="Units, the first of which has a tenth of the persons.")] = 500,
    store: Annotated[list[str] | None, typer.Option(help="postgresql, sqlite; may be repeated.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each act is repeated.")] = 5.0,
) -> None:
    """Measure; prints a Markdown table for each database."""
    configure_logs("WARNING")
    for kind in store or ["postgresql"]:
        with _databases(kind, None) as fresh:
            place = fresh()
            upgrade(place)
            key, ids = asyncio.run(_fill(place, persons, units))
            with serving(place, 1) as service:
                asyncio.run(_measure(kind, persons, service.port, key, ids, seconds))


async def _fill(url: str, persons: int, units: int) -> tuple[str, list[UUID]]:
    """Units with their persons; the secret of a key of the whole register, and the units' ids."""
    database, chance, now = Database(url), random.Random(1), clock.now()  # noqa: S311  # the same register each time
    ids = [new_id() for _ in range(units)]
    kept = {"jurisdiction": [], "created_at": now, "version": 1}
    tops = [{"id": one, "name": f"第{number}局", "code": f"U{number}", "kind": "government", **kept} for number, one in enumerate(ids)]
    try:
        async with work(database, "benchmark") as unit_of_work:
            await unit_of_work.connection.execute(insert(unit), tops)
            await unit_of_work.connection.execute(
                insert(unit_ancestor), [{"unit_id": one, "ancestor_id": one, "distance": 0} for one in ids]
            )
            for start in range(0, persons, 5_000):
                rows = [_person(number, ids, chance, now) for number in range(start, min(start + 5_000, persons))]
                await unit_of_work.connection.execute(insert(person), rows)
        async with work(database, "benchmark") as unit_of_work:
            await unit_of_work.connection.execute(text("ANALYZE"))
        return await insert_key(database, Scope.PEOPLE_WRITE), ids
    finally:
        await database.close()


def _person(number: int, units: list[UUID], chance: random.Random, now: Any) -> dict[str, Any]:
    name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
    return {
        "id": new_id(),
        "employee_number": f"E{number:06d}",
        "name": name,
        "search_text": sounding(name),
        "unit_id": units[0] if number % 10 == 0 else chance.choice(units),
        "party_member": True,
        "staff_class": "civil_servant",
        "rank": "none",
        "is_leader": False,
        "inside_information": [],
        "relatives": [],
        "posts": [],
        "external_id": f"hr-{number}",
        "created_at": now,
        "version": 1,
    }


async def _measure(kind: str, persons: int, port: int, key: str, units: list[UUID], seconds: float) -> None:
    chance = random.Random(2)  # noqa: S311  # as above
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/scim+json"}
    numbers = iter(range(persons, 10_000_000))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/scim/v2", headers=headers, timeout=120) as client:

        def get(path: Callable[[], str]) -> Callable[[], Awaitable[httpx.Response]]:
            return lambda: client.get(path())

        def called(operator: str, name: str) -> str:
            asked = quote(f'displayName {operator} "{name}"')
            return f"/Users?count=20&filter={asked}"

        def number() -> int:
            return chance.randrange(persons)

        def new() -> dict[str, Any]:
            official = {**_OFFICIAL, "unit": str(chance.choice(units[1:]))}
            schemas = [str(User.__schema__), str(OfficialUser.__schema__)]
            return {
                "schemas": schemas,
                "userName": f"E{next(numbers)}",
                "displayName": "张明",
                "active": True,
                str(OfficialUser.__schema__): official,
            }

        def post() -> Awaitable[httpx.Response]:
            return client.post("/Users", json=new())

        def many() -> Awaitable[httpx.Response]:
            operations = [{"method": "POST", "path": "/Users", "bulkId": str(one), "data": new()} for one in range(100)]
            return client.post("/Bulk", json={"schemas": [], "Operations": operations})

        somebody = (await client.get("/Users?count=1")).json()["Resources"][0]["id"]
        member = {"op": "add", "path": "members", "value": [{"value": somebody}]}

        def move(to: Callable[[], UUID]) -> Callable[[], Awaitable[httpx.Response]]:
            return lambda: client.patch(f"/Groups/{to()}", content=json.dumps({"schemas": [], "Operations": [member]}))

        acts: dict[str, tuple[Callable[[], Awaitable[httpx.Response]], int]] = {
            "userName eq": (get(lambda: f'/Users?filter=userName eq "E{number():06d}"'), 1),
            "externalId eq": (get(lambda: f'/Users?filter=externalId eq "hr-{number()}"'), 1),
            "displayName eq": (get(lambda: called("eq", chance.choice(_SURNAMES) + chance.choice(_GIVEN) + "英")), 1),
            "displayName co": (get(lambda: called("co", chance.choice(_GIVEN) + "明")), 1),
            "title pr and active eq true": (get(lambda: "/Users?filter=title pr and active eq true"), 1),
            "first 100": (get(lambda: "/Users?count=100"), 1),
            "any 100, by number": (get(lambda: f"/Users?count=100&startIndex={number()}"), 1),
            "any 100, by displayName": (get(lambda: f"/Users?count=100&sortBy=displayName&startIndex={number()}"), 1),
            "first 100, by cursor": (get(lambda: "/Users?count=100&cursor="), 1),
            "group, without members": (get(lambda: f"/Groups/{chance.choice(units)}?excludedAttributes=members"), 1),
            "group of 200": (get(lambda: f"/Groups/{chance.choice(units[1:])}"), 1),
            "group of 10,000": (get(lambda: f"/Groups/{units[0]}"), 1),
            "move to a group of 200": (move(lambda: chance.choice(units[1:])), 1),
            "move to a group of 10,000": (move(lambda: units[0]), 1),
            "POST, 1 connection": (post, 1),
            "POST, 8 connections": (post, 8),
            "bulk of 100 POSTs": (many, 1),
        }
        table = Table("act", "p50 ms", "p95 ms", "a second", box=box.MARKDOWN, title=f"{kind}, {persons:,} persons")
        for name, (act, connections) in acts.items():
            took = await _repeated(act, connections, seconds)
            slow = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
            rate = len(took) / seconds if connections > 1 else 1 / statistics.mean(took)
            table.add_row(
                name, f"{1000 * statistics.median(took):.1f}", f"{1000 * slow:.1f}", f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
            )
        console.print(table)


async def _repeated(act: Callable[[], Awaitable[httpx.Response]], connections: int, seconds: float) -> list[float]:
    """The seconds that each request took."""
    took: list[float] = []
    until = time.perf_counter() + seconds

    async def one_after_the_other() -> None:
        while time.perf_counter() < until or not took:
            begun = time.perf_counter()
            answer = await act()
            took.append(time.perf_counter() - begun)
            assert answer.status_code < 300, answer.text

    await asyncio.gather(*(one_after_the_other() for _ in range(connections)))
    return took


if __name__ == "__main__":
    typer.run(run)
