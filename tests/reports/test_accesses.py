"""Whoever reads somebody's records leaves a trace that the person sees: who and when, and nothing that would tell of an inquiry."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.access import disclosure
from app.access.models import access, access_person
from app.kit.database import Database
from app.ledger.lines import digest
from app.ledger.models import ledger_line
from app.ledger.unit_of_work import Work, reading
from app.worker import run_once
from tests.factories import Factory, id_of
from tests.people.asking import match
from tests.reviews.raising import put
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, meal

Keys = Callable[..., Awaitable[str]]


async def seen(office: Office, by: Headers | None = None, **params: Any) -> list[tuple[str | None, str]]:
    """(who, which operation) of each access that the official, or somebody else, is told of; the count is the same."""
    body = await office.get("/v1/me/accesses", by or office.declarant, limit=200, count=True, **params)
    assert body["count"] == len(body["items"])
    return [(item["name"], item["operation"]) for item in body["items"]]


async def kept(database: Database) -> list[Any]:
    """The rows of the log, and the lines that tell of them, the newest first."""
    async with reading(database) as view:
        rows = (await view.connection.execute(select(access).order_by(access.c.id.desc()))).mappings().all()
        lines = select(ledger_line).where(ledger_line.c.action == "record.read").order_by(ledger_line.c.id.desc())
        told = (await view.connection.execute(lines)).mappings().all()
    assert [row["id"] for row in rows] == [line["subject"] for line in told]
    return list(zip(rows, told, strict=True))


async def close(office: Office, inquiry: Json, day: str) -> None:
    """The commission closes the inquiry."""
    path, match_first = f"/v1/inquiries/{inquiry['id']}", {**office.commission, **match()}
    answer = await office.client.patch(path, json={"closed_on": day}, headers=match_first)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def declared(office: Office) -> Json:
    """A declaration of the official."""
    return await office.file(gift("2026-10-01"))


@pytest.fixture
async def reviewer(office: Office, factory: Factory, make_key: Keys) -> Headers:
    """A member of the commission by name."""
    member = await factory.person(office.city, name="周正")
    return {"Authorization": f"Bearer {await make_key('declarations:read', 'reviews:write', person=member)}"}


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/v1/declarations", "list_declarations"),
        ("/v1/declarations/{declaration}", "read_declaration"),
        ("/v1/declarations/{declaration}/revisions", "list_revisions"),
        ("/v1/declarations/{declaration}/screenings", "list_screenings"),
        ("/v1/findings", "list_findings"),
        ("/v1/findings/{finding}", "read_finding"),
    ],
)
async def test_the_official_sees_who_of_the_commission_looked_and_when(
    office: Office, declared: Json, reviewer: Headers, travel: Travel, path: str, operation: str
) -> None:
    found = declared["screening"]["findings"][0]["id"]
    travel("2026-10-20T15:04:05+08:00")
    await office.get(path.format(declaration=declared["id"], finding=found), reviewer)
    (told,) = (await office.get("/v1/me/accesses", office.declarant))["items"]
    assert (told["name"], told["unit"], told["operation"]) == ("周正", "某市", operation)
    assert told["accessed_at"].startswith("2026-10-20T07:04:05")
    english = (await office.get("/v1/me/accesses", {**office.declarant, "Accept-Language": "en"}))["items"][0]["what"]
    assert english.isascii()
    assert not told["what"].isascii()


async def test_a_key_that_speaks_for_nobody_is_told_by_its_name_and_unit(office: Office, declared: Json) -> None:
    await office.read(declared, office.commission)
    (told,) = (await office.get("/v1/me/accesses", office.declarant))["items"]
    assert {name: told[name] for name in ("name", "unit", "what")} == {"name": "测试", "unit": "某市", "what": "读取申报"}


async def test_everybody_in_a_list_sees_that_hr_read_it(office: Office, factory: Factory, make_key: Keys) -> None:
    colleagues = [await factory.person(office.bureau) for _ in range(3)]
    keys = [{"Authorization": f"Bearer {await make_key('declarations:write', person=one)}"} for one in colleagues]
    await office.get("/v1/persons", office.hr, limit=4)
    assert await seen(office) == [], "the official is on the second page"
    for key in keys:
        assert await seen(office, key) == [("测试", "list_persons")]
    await office.get("/v1/persons", office.hr)
    assert await seen(office) == [("测试", "list_persons")]
    assert await seen(office, office.stranger) == [], "somebody of another bureau"


async def test_a_preview_by_hr_tells_of_the_year_s_sums_and_so_is_an_access(office: Office, declared: Json) -> None:
    body = {"kind": "gift", "details": gift("2026-10-02")}
    for by, over in ((office.declarant, {}), (office.delegate, {"declarant": declared["declarant"], "source": "self"})):
        assert (await office.client.post("/v1/previews", json={**body, **over}, headers=by)).status_code == 200
    assert await seen(office) == []
    asked = {**body, "declarant": declared["declarant"]}
    assert (await office.client.post("/v1/previews", json=asked, headers=office.hr)).status_code == 200
    assert await seen(office) == [("测试", "preview_declaration")]


async def test_own_records_and_those_of_whom_one_acts_for_leave_no_trace(office: Office, declared: Json, database: Database) -> None:
    found = declared["screening"]["findings"][0]["id"]
    paths = [f"/v1/declarations/{declared['id']}{below}" for below in ("", "/revisions", "/screenings")]
    for path in (
        *paths,
        "/v1/declarations",
        "/v1/findings",
        f"/v1/findings/{found}",
        "/v1/persons",
        f"/v1/persons/{office.official['id']}",
    ):
        for by in (office.declarant, office.delegate):
            await office.get(path, by)
    assert await kept(database) == []


async def test_who_holds_an_office_leaves_no_trace_of_own_records(
    office: Office, declared: Json, make_key: Keys, database: Database
) -> None:
    both = {
        "Authorization": f"Bearer {await make_key('declarations:write', 'declarations:read', person=office.official, unit=office.city)}"
    }
    await office.read(declared, both)
    await office.get("/v1/declarations", both)
    assert await kept(database) == []


async def test_what_is_not_found_and_what_is_refused_leaves_no_trace(office: Office, declared: Json, database: Database) -> None:
    await office.read(declared, office.sister_commission, 404)
    await office.get("/v1/declarations", office.commission, 422, kind="bribe")
    await office.get("/v1/inquiries", office.declarant, 403)
    assert (await office.get("/v1/declarations", office.sister_commission))["items"] == []
    assert await kept(database) == []


async def test_the_ledger_is_told_how_many_they_were_and_nothing_of_whom(office: Office, declared: Json, database: Database) -> None:
    headers = {**office.commission, "X-Request-Id": "request-0017"}
    await office.get(f"/v1/declarations/{declared['id']}", headers)
    ((row, line),) = await kept(database)
    told = {"operation": "read_declaration", "persons": 1, "digest": digest([id_of(office.official)])}
    assert (line["actor"], line["content"]) == (row["actor"], told)
    assert (row["request_id"], row["persons"], row["commission"]) == ("request-0017", 1, True)


async def test_what_the_commission_reads_during_an_inquiry_is_withheld_until_it_closes(
    office: Office, declared: Json, travel: Travel
) -> None:
    await office.read(declared, office.commission)
    travel("2026-10-21")
    inquiry = await office.inquire("2026-08-01")
    assert await seen(office) == [("测试", "read_declaration")], "what was there stays: nothing moves when an inquiry is opened"
    travel("2026-10-22")
    await office.read(declared, office.commission)
    await office.get("/v1/declarations", office.commission)
    await office.get(f"/v1/persons/{office.official['id']}", office.hr)
    assert await seen(office) == [("测试", "read_person"), ("测试", "read_declaration")]
    await close(office, inquiry, "2026-10-22")
    assert [operation for _, operation in await seen(office)] == [
        "read_person",
        "list_declarations",
        "read_declaration",
        "read_declaration",
    ]


async def test_a_mistaken_inquiry_that_is_removed_withholds_nothing(office: Office, declared: Json) -> None:
    inquiry = await office.inquire("2026-08-01")
    await office.read(declared, office.commission)
    assert await seen(office) == []
    path = f"/v1/inquiries/{inquiry['id']}"
    assert (await office.client.delete(path, headers={**office.commission, **match()})).status_code == 204
    assert await seen(office) == [("测试", "read_declaration")]


async def test_pages_go_on_as_if_what_is_withheld_were_not_there(office: Office, declared: Json) -> None:
    for _ in range(2):
        await office.read(declared, office.hr, 404)
        await office.get(f"/v1/persons/{office.official['id']}", office.hr)
    before = await office.get("/v1/me/accesses", office.declarant, limit=1, count=True)
    await office.inquire("2026-08-01")
    for _ in range(3):
        await office.read(declared, office.commission)
    assert await office.get("/v1/me/accesses", office.declarant, limit=1, count=True) == before
    second = await office.get("/v1/me/accesses", office.declarant, limit=1, after=before["next"])
    assert (len(second["items"]), second["next"]) == (1, None)
    exact = await office.get("/v1/me/accesses", office.declarant, limit=2)
    assert exact["next"] is None, "no cursor to what is withheld"


async def test_a_list_about_many_is_about_nobody_and_its_absence_would_tell(office: Office, factory: Factory, make_key: Keys) -> None:
    everybody = {"Authorization": f"Bearer {await make_key('declarations:read', 'people:read', unit=office.city)}"}
    await office.inquire("2026-08-01")
    await office.get("/v1/persons", everybody, q="李明")
    assert await seen(office) == []
    for _ in range(4):
        await factory.person(office.bureau)
    await office.get("/v1/persons", everybody)
    assert await seen(office) == [("测试", "list_persons")]
    assert await seen(office, office.stranger) == [("测试", "list_persons")], "and the others in it see the same"


async def test_records_that_an_official_may_not_know_of_are_not_told_of(office: Office, declared: Json, database: Database) -> None:
    discovered = await office.discover(meal("2026-07-01"), kind="meal")
    hidden = await put(office, declared)
    inquiry = await office.inquire("2026-08-01")
    await close(office, inquiry, "2026-10-20")
    for path in (f"declarations/{discovered['id']}", f"findings/{hidden['id']}", f"inquiries/{inquiry['id']}", "inquiries"):
        await office.get(f"/v1/{path}", office.commission)
    await office.get("/v1/declarations", office.commission, kind="meal")
    assert await seen(office) == []
    assert [line["content"]["persons"] for _, line in await kept(database)] == [1, 1, 1, 1, 1], "but the ledger has their lines"


async def test_an_answer_that_cannot_be_recorded_is_not_given(
    office: Office, declared: Json, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def broken(*_: Any) -> AsyncIterator[Work]:
        raise OSError("the disk is full")
        yield

    monkeypatch.setattr(disclosure, "work", broken)
    for path in ("/v1/declarations", f"/v1/declarations/{declared['id']}"):
        answer = await office.client.get(path, headers=office.commission)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "access-not-recorded", "1")
        assert str(declared["id"]) not in answer.text
        await office.get(path, office.declarant)
    monkeypatch.undo()
    assert await kept(database) == []


async def test_many_reads_at_once_all_leave_their_line(office: Office, declared: Json, database: Database) -> None:
    await asyncio.gather(*(office.read(declared, office.commission) for _ in range(20)))
    assert len(await kept(database)) == len(await seen(office)) == 20


async def test_whoever_speaks_for_nobody_has_no_records(office: Office) -> None:
    refused = await office.get("/v1/me/accesses", office.commission, 403)
    assert refused["code"] == "key-with-person-needed"


async def test_a_delegate_is_not_told_who_looked_at_the_other(office: Office, declared: Json) -> None:
    await office.read(declared, office.commission)
    assert await seen(office, office.delegate) == []


async def test_accesses_are_forgotten_after_their_time_and_their_lines_stay(
    app: FastAPI, office: Office, declared: Json, travel: Travel
) -> None:
    await office.read(declared, office.commission)
    travel("2026-11-18")
    await office.read(declared, office.commission)
    await run_once(app.state.database, app.state.book, 30)
    assert len(await seen(office)) == 2, "twenty-nine days are not thirty"
    travel("2026-11-20")
    await run_once(app.state.database, app.state.book, 30)
    assert len(await seen(office)) == 1
    async with reading(app.state.database) as view:
        assert await view.connection.scalar(select(func.count()).select_from(access_person)) == 1
        read = select(func.count()).where(ledger_line.c.action == "record.read")
        assert await view.connection.scalar(read) == 2


async def test_a_person_who_was_only_looked_at_can_still_be_removed(office: Office, factory: Factory) -> None:
    mistaken = await factory.person(office.bureau)
    path = f"/v1/persons/{mistaken['id']}"
    await office.get(path, office.hr)
    assert (await office.client.delete(path, headers={**office.root, **match()})).status_code == 204
