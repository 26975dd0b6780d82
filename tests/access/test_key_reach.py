"""Where a key reaches, and which keys an operator of part of the register sees and makes."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.kit.database import Database
from app.people.models import person, unit

from .conftest import KEYS, MakeKey, Register, bearer

pytestmark = pytest.mark.usefixtures("gate")
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def as_city(make_key: MakeKey, register: Register) -> dict[str, str]:
    """An operator of the city and what lies below it."""
    return bearer(await make_key("admin", unit=register.city))


@pytest.fixture
def make(client: httpx.AsyncClient) -> Ask:
    """`await make(headers, unit=, person=)`: the answer to a request for a new key."""

    async def ask(headers: dict[str, str], **over: Any) -> httpx.Response:
        body = {"name": "x", "scopes": ["people:read"], **{name: str(value) for name, value in over.items()}}
        return await client.post(KEYS, json=body, headers=headers)

    return ask


def _faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


REACHES: list[tuple[dict[str, str], list[str] | None]] = [
    ({}, None),
    ({"unit": "district"}, ["district"]),
    ({"person": "clerk"}, ["district"]),
    ({"person": "clerk", "unit": "county"}, ["county"]),
]


async def test_a_key_reaches_from_its_unit_else_from_its_persons(
    client: httpx.AsyncClient, make_key: MakeKey, register: Register, subtests: pytest.Subtests
) -> None:
    for of, roots in REACHES:
        with subtests.test(ascii(of)):
            secret = await make_key("people:read", **{name: getattr(register, value) for name, value in of.items()})
            seen = (await client.get("/caller", headers=bearer(secret))).json()
            assert seen["roots"] == (None if roots is None else [str(getattr(register, root)) for root in roots])
            assert seen["person"] == (str(register.clerk) if "person" in of else None)


async def test_a_persons_key_moves_with_the_person(
    client: httpx.AsyncClient, make_key: MakeKey, register: Register, database: Database
) -> None:
    headers = bearer(await make_key("people:read", person=register.clerk))
    async with database.writing() as connection:
        await connection.execute(update(person).where(person.c.id == register.clerk).values(unit_id=register.county))
    assert (await client.get("/caller", headers=headers)).json()["roots"] == [str(register.county)]


async def test_an_operator_makes_keys_within_reach(make: Ask, as_city: dict[str, str], register: Register) -> None:
    for of in (
        {"unit": register.city},
        {"unit": register.district},
        {"person": register.clerk},
        {"unit": register.city, "person": register.clerk},
    ):
        assert (await make(as_city, **of)).status_code == 201


async def test_an_operator_makes_no_key_beyond_reach(make: Ask, as_city: dict[str, str], register: Register) -> None:
    assert _faults(await make(as_city, unit=register.county)) == [("/unit", "unit-unknown")]
    assert _faults(await make(as_city, person=register.neighbour)) == [("/person", "person-unknown")]
    assert _faults(await make(as_city, unit=register.city, person=register.neighbour)) == [("/person", "person-unknown")]
    assert _faults(await make(as_city, unit=register.county, person=register.clerk)) == [("/unit", "unit-unknown")]


async def test_beyond_reach_and_not_there_are_answered_alike(make: Ask, as_city: dict[str, str], register: Register) -> None:
    there, nowhere = await make(as_city, unit=register.county), await make(as_city, unit="01999999-9999-7999-8999-999999999999")
    assert there.json()["errors"] == nowhere.json()["errors"]


async def test_only_the_whole_registers_operator_makes_a_key_for_all_units(
    make: Ask, as_city: dict[str, str], as_root: dict[str, str]
) -> None:
    assert _faults(await make(as_city)) == [("/unit", "unit-required")]
    assert (await make(as_root)).status_code == 201


async def test_an_operator_of_a_district_does_not_reach_up(make: Ask, make_key: MakeKey, register: Register) -> None:
    headers = bearer(await make_key("admin", person=register.clerk))
    assert _faults(await make(headers, unit=register.city)) == [("/unit", "unit-unknown")]
    assert (await make(headers, unit=register.district)).status_code == 201


async def test_keys_beyond_reach_are_in_no_list_no_count_and_404(
    client: httpx.AsyncClient, make: Ask, as_root: dict[str, str], as_city: dict[str, str], register: Register
) -> None:
    kinds: tuple[dict[str, Any], ...] = (
        {"unit": register.district},
        {"person": register.clerk},
        {"unit": register.county},
        {"person": register.neighbour},
        {},
    )
    below, of_clerk, beside, of_neighbour, whole = [(await make(as_root, **of)).json()["id"] for of in kinds]
    page = (await client.get(f"{KEYS}?count=true", headers=as_city)).json()
    listed = {item["id"] for item in page["items"]}
    assert {below, of_clerk} < listed
    assert listed.isdisjoint({beside, of_neighbour, whole})
    assert page["count"] == len(listed) == 3, "the two and the operator's own"
    for key_id in (below, of_clerk):
        assert (await client.get(f"{KEYS}/{key_id}", headers=as_city)).status_code == 200
    for key_id in (beside, of_neighbour, whole):
        assert (await client.get(f"{KEYS}/{key_id}", headers=as_city)).status_code == 404
        assert (await client.delete(f"{KEYS}/{key_id}", headers={**as_city, "If-Match": "*"})).status_code == 404
        assert (await client.get(f"{KEYS}/{key_id}", headers=as_root)).json()["revoked_at"] is None


async def test_an_operator_revokes_within_reach(client: httpx.AsyncClient, make: Ask, as_city: dict[str, str], register: Register) -> None:
    made = (await make(as_city, unit=register.district)).json()
    assert (await client.delete(f"{KEYS}/{made['id']}", headers={**as_city, "If-Match": '"1"'})).status_code == 204


@pytest.mark.parametrize(("of", "table"), [({"unit": "county"}, unit), ({"person": "neighbour"}, person)])
async def test_what_a_key_stands_on_cannot_be_deleted_under_it(
    make_key: MakeKey, register: Register, database: Database, of: dict[str, str], table: Any
) -> None:
    (subject,) = [getattr(register, name) for name in of.values()]
    await make_key("people:read", **dict.fromkeys(of, subject))
    with pytest.raises(IntegrityError):
        async with database.writing() as connection:
            await connection.execute(delete(table).where(table.c.id == subject))


async def test_a_key_whose_person_is_gone_reaches_nothing_rather_than_everything(
    client: httpx.AsyncClient, make_key: MakeKey, register: Register, database: Database
) -> None:
    headers = bearer(await make_key("admin", person=register.neighbour))
    _tear_out(database, register)
    assert (await client.get("/caller", headers=headers)).json()["roots"] == []
    assert (await client.get(f"{KEYS}?count=true", headers=headers)).json() == {"items": [], "next": None, "count": 0}


def _tear_out(database: Database, register: Register) -> None:
    """Delete a person past the foreign keys, as a careless restore of part of a backup would."""
    if database.file is not None:
        with closing(sqlite3.connect(database.file)) as torn:
            torn.execute("DELETE FROM person WHERE id = ?", [register.neighbour.hex])
            torn.commit()
        return
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as torn_there:
        torn_there.execute("SET session_replication_role = replica")
        torn_there.execute("DELETE FROM person WHERE id = %s", [register.neighbour])
