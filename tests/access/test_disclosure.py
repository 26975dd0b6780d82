"""A door that shows personal records has to say whose they are."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import select

from app.access.caller import Caller, Scope
from app.access.dependencies import Disclosing
from app.access.disclosure import Disclosure, write_down
from app.access.models import access
from app.kit.database import Database
from app.ledger.unit_of_work import reading, work

OWN, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
async def disclosure(database: Database) -> AsyncIterator[Disclosure]:
    """A reading that has noted nothing yet."""
    async with reading(database) as view:
        yield Disclosure(view.connection)


def caller(*scopes: Scope, person: UUID | None = OWN) -> Caller:
    return Caller("key:x", frozenset(scopes), person, None)


async def test_only_who_holds_an_office_is_shown_records_of_others(disclosure: Disclosure) -> None:
    disclosure.disclose([(OWN, True), (OTHER, True)])
    assert disclosure.of_others(caller(Scope.DECLARATIONS_WRITE)) == {}
    assert disclosure.of_others(caller(Scope.DECLARATIONS_READ)) == {OTHER: True}
    assert disclosure.of_others(caller(Scope.PEOPLE_READ, person=None)) == {OWN: True, OTHER: True}


async def test_who_may_know_of_one_record_in_an_answer_is_told_of_it(disclosure: Disclosure) -> None:
    disclosure.disclose([(OTHER, False), (THIRD, False), (OTHER, True)])
    disclosure.disclose([(OTHER, False)])
    assert disclosure.of_others(caller(Scope.REVIEWS_WRITE)) == {OTHER: True, THIRD: False}


async def test_an_empty_answer_is_about_nobody(disclosure: Disclosure) -> None:
    disclosure.disclose([])
    assert disclosure.of_others(caller(Scope.REVIEWS_WRITE)) == {}


async def test_a_door_that_forgets_to_say_whose_records_it_shows_gives_no_answer(app: FastAPI, as_root: dict[str, str]) -> None:
    @app.get("/v1/forgetful")
    async def forgetful(view: Disclosing) -> str:
        del view
        return "somebody's record"

    async with AsyncClient(transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://test") as client:
        answer = await client.get("/v1/forgetful", headers=as_root)
    assert answer.status_code == 500
    assert "record" not in answer.json()["detail"]


async def test_an_export_may_hold_more_persons_than_any_page(database: Database) -> None:
    persons = {UUID(int=number): True for number in range(40_000)}
    async with work(database, "worker") as unit:
        await write_down(unit, caller(Scope.DECLARATIONS_READ), persons, "create_export", "test")
    async with reading(database) as view:
        assert await view.connection.scalar(select(access.c.persons)) == 40_000
