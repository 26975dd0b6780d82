"""Ids that clients make: the same filing is one declaration however often it comes, and every door knows it by either id."""

import asyncio
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from app.kit.database import Database
from tests.bodies import filed, gift, meal
from tests.conftest import Make

from .desk import Calling, Desk, faults, made, refusal, rows


def _named(**over: Any) -> dict[str, Any]:
    return filed(gift(), client_id=str(uuid4()), **over)


async def test_a_filing_bears_the_id_that_its_client_made(desk: Desk) -> None:
    body = _named()
    declared = await desk.filed(body)
    assert declared["client_id"] == body["client_id"] != declared["id"]
    assert (await desk.filed(meal()))["client_id"] is None


async def test_every_door_takes_either_id(desk: Desk) -> None:
    declared = await desk.filed(_named(status="draft"))
    own = {"id": declared["client_id"]}
    assert await desk.read(own) == declared
    assert made(await desk.patch(own, {"note": "补充"}))["id"] == declared["id"]
    assert made(await desk.submit(own))["status"] == "submitted"
    for below in ("/revisions", "/screenings"):
        assert made(await desk.look(own, below=below)) == made(await desk.look(declared, below=below))
    assert made(await desk.withdraw(own))["status"] == "withdrawn"


async def test_the_same_filing_again_is_the_same_declaration(desk: Desk, database: Database) -> None:
    body = _named()
    first = await desk.post(body)
    before = await rows(database)
    again = await desk.post(body)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()
    assert (again.headers["location"], again.headers["etag"]) == (first.headers["location"], first.headers["etag"])
    keyed = await desk.post(body, {**desk.official, "Idempotency-Key": "another"})
    assert keyed.json() == first.json()
    after = await rows(database)
    assert {name: count - before[name] for name, count in after.items() if count != before[name]} == {"idempotency_key": 1}


async def test_two_at_once_are_one(desk: Desk) -> None:
    body = _named()
    answers = await asyncio.gather(*(desk.post(body) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_something_else_under_the_same_id_is_refused_with_the_remedy(desk: Desk) -> None:
    body = _named()
    await desk.filed(body)
    refused = await desk.post({**body, "note": "另有说明"}, {**desk.official, "Accept-Language": "en"})
    assert refusal(refused) == (409, "client-id-taken")
    assert "amend" in refused.json()["detail"]


async def test_somebody_else_learns_nothing_but_that_the_id_is_taken(desk: Desk, calling: Calling, make_person: Make) -> None:
    body = _named()
    await desk.filed(body)
    stranger = await calling("declarations:write", person=await make_person(desk.unit))
    same, other = await desk.post(body, stranger), await desk.post({**body, "note": "无关"}, stranger)
    assert refusal(same) == refusal(other) == (409, "client-id-taken")
    assert same.json()["detail"] == other.json()["detail"]
    assert body["client_id"] not in same.text
    assert (await desk.look({"id": body["client_id"]}, stranger)).status_code == 404


async def test_two_persons_at_once_with_one_id_are_one_filing_and_one_refusal(desk: Desk, calling: Calling, make_person: Make) -> None:
    stranger = await calling("declarations:write", person=await make_person(desk.unit))
    for _ in range(3):
        body = _named()
        answers = await asyncio.gather(desk.post(body), desk.post(body, stranger))
        assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_nobody_stands_before_a_declaration_by_calling_theirs_like_it(desk: Desk, calling: Calling, make_person: Make) -> None:
    mine = await desk.filed(gift())
    other = await calling("declarations:write", person=await make_person(desk.unit))
    await desk.filed(filed(meal(), client_id=mine["id"]), other)
    assert (await desk.read(mine))["kind"] == (await desk.read(mine, desk.commission))["kind"] == "gift"


async def test_what_no_uuid_is_is_refused(desk: Desk) -> None:
    assert faults(await desk.post(filed(gift(), client_id="手机一号"))) == [("/client_id", "uuid-parsing")]


async def test_who_names_nothing_pays_no_statement_for_it(desk: Desk, database: Database) -> None:
    async def cost(body: dict[str, Any]) -> int:
        told = list[str]()
        engine = database._writers.sync_engine  # to count

        def note(*asked: Any) -> None:
            told.append(asked[2])

        event.listen(engine, "before_cursor_execute", note)
        await desk.filed(body)
        event.remove(engine, "before_cursor_execute", note)
        return len([statement for statement in told if "SAVEPOINT" not in statement])

    await desk.filed(gift())
    plain, named = await cost(gift()), await cost(_named())
    assert named == plain + 1
