"""A small register to call from, and two doors of the tests' own: one that says who is calling, one that writes when it is let."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel
from sqlalchemy import insert

from app.access.caller import Caller, Scope
from app.access.dependencies import AnyCaller, Requires, Writing
from app.kit import clock
from app.kit.database import Database
from app.kit.door import Door
from app.kit.ids import new_id
from app.ledger.unit_of_work import Work, work
from app.people.models import person, unit, unit_ancestor

from .issuer import LoopbackIssuer, loopback_issuer

MakeKey = Callable[..., Awaitable[str]]
KEYS = "/v1/api-keys"


def bearer(secret: str) -> dict[str, str]:
    """The header of a caller with that key or token."""
    return {"Authorization": f"Bearer {secret}"}


@dataclass(frozen=True, slots=True)
class Register:
    """A city with a district below it and a county beside it, and one official in each; ids by name."""

    city: UUID
    district: UUID
    county: UUID
    mayor: UUID
    clerk: UUID
    neighbour: UUID
    retired: UUID


CLERK, MAYOR, NEIGHBOUR, RETIRED = "D-017", "C-001", "N-004", "D-003"
"""Employee numbers."""


@pytest.fixture
async def register(database: Database) -> Register:
    """Written past the rooms above: access stands below them and is tested without them."""
    city, district, county = new_id(), new_id(), new_id()
    async with work(database, "test") as unit_of_work:
        await _add_units(unit_of_work, {city: None, district: city, county: None})
        return Register(
            city,
            district,
            county,
            mayor=await _add_person(unit_of_work, city, MAYOR),
            clerk=await _add_person(unit_of_work, district, CLERK),
            neighbour=await _add_person(unit_of_work, county, NEIGHBOUR),
            retired=await _add_person(unit_of_work, district, RETIRED, left_on=date(2020, 6, 30), left_reason="retired"),
        )


async def _add_units(unit_of_work: Work, parents: Mapping[UUID, UUID | None]) -> None:
    for unit_id, parent in parents.items():
        row = {
            "id": unit_id,
            "name": "某单位",
            "parent_id": parent,
            "kind": "government",
            "jurisdiction": [],
            "created_at": clock.now(),
            "version": 1,
        }
        await unit_of_work.connection.execute(insert(unit).values(row))
        for ancestor in {unit_id, parent} - {None}:
            await unit_of_work.connection.execute(
                insert(unit_ancestor).values(unit_id=unit_id, ancestor_id=ancestor, distance=int(ancestor != unit_id))
            )


async def _add_person(unit_of_work: Work, unit_id: UUID, employee_number: str, **over: Any) -> UUID:
    row = {
        "id": new_id(),
        "employee_number": employee_number,
        "name": "张明",
        "unit_id": unit_id,
        "party_member": True,
        "staff_class": "civil_servant",
        "rank": "section_chief",
        "is_leader": False,
        "prior_graft_sanction": False,
        "inside_information": [],
        "relatives": [],
        "posts": [],
        "created_at": clock.now(),
        "version": 1,
        **over,
    }
    await unit_of_work.connection.execute(insert(person).values(row))
    person_id: UUID = row["id"]
    return person_id


class Seen(BaseModel):
    """The caller as an endpoint gets it."""

    actor: str
    scopes: list[Scope]
    person: UUID | None
    roots: list[UUID] | None


class Note(BaseModel):
    """Something to write."""

    text: str


@dataclass(slots=True)
class Gate:
    """Holds the writing endpoint until it is let go on; `entered` says that a request has come that far."""

    closed: bool = False
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def gate(app: FastAPI) -> Gate:
    """`GET /caller` answers who is calling; `POST /notes` writes a ledger line, once the gate lets it."""
    gate, router = Gate(), APIRouter(route_class=Door)

    @router.get("/caller")
    async def read_caller(caller: AnyCaller) -> Seen:
        roots = None if caller.roots is None else sorted(caller.roots)
        return Seen(actor=caller.actor, scopes=sorted(caller.scopes), person=caller.person, roots=roots)

    @router.post("/notes", status_code=201)
    async def create_note(
        body: Note, caller: Annotated[Caller, Requires(Scope.DECLARATIONS_WRITE)], work: Writing, response: Response
    ) -> dict[str, str]:
        note = new_id()
        work.record("note.written", note, {"length": len(body.text)})
        if gate.closed:
            gate.entered.set()
            await gate.opened.wait()
        response.headers.update({"Location": f"/notes/{note}", "ETag": '"1"'})
        return {"id": str(note), "text": body.text, "by": caller.actor}

    app.include_router(router)
    return gate


@pytest.fixture
def issuer() -> Iterator[LoopbackIssuer]:
    """An issuer of this test's own."""
    with loopback_issuer() as running:
        yield running
