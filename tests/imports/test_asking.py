"""Asking for imports: who may, what is refused, what a repeat gets, how far it has come, and stopping it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.imports import carrying
from app.main import create_app
from app.settings import Settings
from tests.working import work_off

from .importing import PATH, Desk, counts, faults, people, person, table

MakeKey = Callable[..., Awaitable[str]]


async def bearer(make_key: MakeKey, *scopes: str, **over: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {await make_key(*scopes, **over)}"}


async def test_the_worker_takes_a_file_in(desk: Desk, app: FastAPI) -> None:
    await desk.factory.unit(code="U-1")
    waiting = await desk.handed_in(people(person("E1")), file_name="人员.csv")
    assert (waiting["state"], waiting["file_name"], waiting["rows"]["expected"]) == ("waiting", "人员.csv", None)
    await work_off(app)
    done = await desk.read(waiting)
    assert (done["state"], counts(done), done["report"]) == ("completed", (1, 0, 0, 0), None)
    assert [one["id"] for one in (await desk.get(f"{PATH}?count=true"))["items"]] == [waiting["id"]]


@pytest.mark.parametrize("of", ["people", "units", "counterparties"])
async def test_nobody_imports_without_the_scope(desk: Desk, make_key: MakeKey, of: str) -> None:
    by = await bearer(make_key, "declarations:file-for-others")
    answer = await desk.post(b"x", of, by)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    assert (await desk.client.get(f"{PATH}/templates/{of}", headers=by)).status_code == 403
    assert (await desk.post(b"x", of, await bearer(make_key, "people:read"))).status_code == 403
    assert (await desk.client.post(f"{PATH}?of={of}", content=b"x")).status_code == 401


async def test_somebody_else_s_import_is_not_found(desk: Desk, make_key: MakeKey) -> None:
    waiting = await desk.handed_in(people())
    other = await bearer(make_key, "people:write")
    await desk.read(waiting, other, 404)
    assert (await desk.get(PATH, other))["items"] == []
    assert (await desk.client.get(f"{PATH}/{waiting['id']}/report", headers=other)).status_code == 404
    assert (await desk.client.delete(f"{PATH}/{waiting['id']}", headers={**other, "If-Match": "*"})).status_code == 404


async def test_the_same_key_and_file_give_the_first_answer_and_another_file_is_refused(desk: Desk) -> None:
    by = {**desk.root, "Idempotency-Key": "one"}
    first, again = await desk.post(people(person("E1")), by=by), await desk.post(people(person("E1")), by=by)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = await desk.post(people(person("E2")), by=by)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len((await desk.get(PATH))["items"]) == 1


async def test_an_empty_body_and_forms_around_a_file_are_refused(desk: Desk) -> None:
    empty = await desk.post(b"")
    assert (empty.status_code, empty.json()["errors"][0]["code"]) == (422, "file-empty")
    form = await desk.client.post(f"{PATH}?of=people", files={"file": b"x"}, headers=dict(desk.root))
    assert (form.status_code, form.json()["code"]) == (415, "unsupported-media-type")
    assert (await desk.client.post(f"{PATH}?of=nothing", content=b"x", headers=dict(desk.root))).status_code == 422


async def test_files_have_a_limit_of_their_own(desk: Desk, database_url: str) -> None:
    service = create_app(Settings(database_url=database_url, database_pool=2, key_cache_seconds=0, body_limit=1_000, import_bytes=5_000))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://test") as client:

        async def send(size: int, *, told: bool) -> httpx.Response:
            async def parts() -> Any:
                for _ in range(size // 100):
                    yield b"x" * 100

            content: Any = b"x" * size if told else parts()
            return await client.post(f"{PATH}?of=people", content=content, headers=dict(desk.root))

        assert (await send(4_000, told=True)).status_code == 202
        for told in (True, False):
            refused = await send(9_000, told=told)
            assert (refused.status_code, refused.json()["code"]) == (413, "body-too-large")
    await service.state.database.close()


async def test_what_has_not_changed_is_not_told_again(desk: Desk) -> None:
    waiting = await desk.handed_in(people())
    address = f"{PATH}/{waiting['id']}"
    read = await desk.client.get(address, headers=dict(desk.root))
    same = await desk.client.get(address, headers={**desk.root, "If-None-Match": read.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", read.headers["etag"])
    await desk.carry_out(waiting)
    other = await desk.client.get(address, headers={**desk.root, "If-None-Match": read.headers["etag"]})
    assert (other.status_code, other.json()["state"]) == (200, "completed")


async def test_an_import_is_cancelled_between_two_chunks_and_what_was_taken_in_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.factory.unit(code="U-1")
    monkeypatch.setattr("app.imports.people.PersonRows.batch", 2)
    waiting = await desk.handed_in(people(*(person(f"E{number}") for number in range(6))))
    chunk = carrying._chunk

    async def cancelled(job: Any, survey: Any, rows: Any) -> None:
        await chunk(job, survey, rows)
        answer = await desk.client.post(f"{PATH}/{waiting['id']}/cancellation", headers={**desk.root, "If-Match": "*"})
        assert answer.status_code == 200, answer.text

    monkeypatch.setattr(carrying, "_chunk", cancelled)
    await desk.carry_out(waiting)
    done = await desk.read(waiting)
    assert (done["state"], counts(done)) == ("cancelled", (2, 0, 0, 0))
    assert set(await desk.persons()) == {"E0", "E1"}
    again = await desk.client.post(f"{PATH}/{waiting['id']}/cancellation", headers={**desk.root, "If-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (409, "import-ended")


async def test_an_import_is_erased_once_it_has_ended(desk: Desk) -> None:
    waiting = await desk.handed_in(people(person("E1", "没有")))
    early = await desk.client.delete(f"{PATH}/{waiting['id']}", headers={**desk.root, "If-Match": "*"})
    assert (early.status_code, early.json()["code"]) == (409, "import-under-way")
    await desk.carry_out(waiting)
    assert (await desk.client.delete(f"{PATH}/{waiting['id']}", headers=dict(desk.root))).status_code == 428
    assert (await desk.client.delete(f"{PATH}/{waiting['id']}", headers={**desk.root, "If-Match": '"0"'})).status_code == 412
    gone = await desk.client.delete(f"{PATH}/{waiting['id']}", headers={**desk.root, "If-Match": "*"})
    assert gone.status_code == 204
    await desk.read(waiting, expected=404)


async def test_a_report_holds_no_formulas_and_speaks_the_reader_s_language(desk: Desk) -> None:
    done = await desk.taken_in(people(person("=cmd|' /C calc'!A0", "+没有", 职务="@SUM(A1)")))
    lines = await desk.report(done)
    assert [cell for line in lines for cell in line if cell.startswith(("=", "+", "@", "-"))] == []
    assert lines[0][4] == "'=cmd|' /C calc'!A0"
    english = await desk.report(done, {**desk.root, "Accept-Language": "en"})
    assert english[0][1] == "Unit"
    assert english[0][3].isascii()
    assert not lines[0][3].isascii()


async def test_the_rows_of_other_units_are_out_of_reach(desk: Desk, make_key: MakeKey) -> None:
    mine, other = await desk.factory.unit(code="MINE"), await desk.factory.unit(code="OTHER")
    theirs = await desk.factory.person(other, employee_number="T1")
    by = await bearer(make_key, "people:write", unit=mine)
    file = people(person("E1", "MINE"), person("E2", "OTHER"), person("T1", "MINE"), person("E3", "MINE"))
    for dry in (True, False):
        done = await desk.taken_in(file, by=by, dry_run=dry)
        assert counts(done) == (2, 0, 0, 2)
        assert faults(await desk.report(done, by)) == [("3", "单位", "unit-unknown"), ("4", "工号", "employee-number-taken")]
    assert (await desk.persons())["T1"] == theirs


async def test_the_right_is_that_of_the_asking(desk: Desk, make_key: MakeKey) -> None:
    unit = await desk.factory.unit(code="U-1")
    by = await bearer(make_key, "people:write", unit=unit)
    waiting = await desk.handed_in(people(person("E1")), by=by)
    keys = (await desk.get("/v1/api-keys"))["items"]
    own = next(key for key in keys if key["unit"] == unit["id"])
    read = await desk.client.get(f"/v1/api-keys/{own['id']}", headers=dict(desk.root))
    etag = read.headers.get("etag", "*")
    assert (await desk.client.delete(f"/v1/api-keys/{own['id']}", headers={**desk.root, "If-Match": etag})).status_code == 204
    await desk.carry_out(waiting)
    assert set(await desk.persons()) == {"E1"}


async def test_a_dry_run_tells_what_a_run_would_do_and_writes_nothing(desk: Desk) -> None:
    unit = await desk.factory.unit(code="U-1")
    await desk.factory.person(unit, employee_number="E1", name="张明", position="科长")
    await desk.factory.person(unit, employee_number="E2", name="李四", position="科长")
    file = people(person("E1"), person("E2", 姓名="李五"), person("E3"), person("E3"), person("E4", 职级="不存在"))
    before = await desk.persons()
    dry = await desk.taken_in(file, dry_run=True)
    assert await desk.persons() == before
    wet = await desk.taken_in(file)
    assert counts(dry) == counts(wet) == (1, 1, 1, 2)
    assert await desk.report(dry) == await desk.report(wet)
    assert faults(await desk.report(wet)) == [("5", "", "row-repeated"), ("6", "职级", "word-unknown")]


async def test_what_a_file_does_not_say_stays_and_an_empty_cell_empties(desk: Desk) -> None:
    unit = await desk.factory.unit(code="U-1")
    await desk.factory.person(unit, employee_number="E1", birth_on="1980-01-01", post_from_on="2020-01-01")
    done = await desk.taken_in(table(("工号", "出生日期", "姓名"), ("E1", "", "")).encode())
    assert counts(done) == (0, 1, 0, 0)
    now = (await desk.persons())["E1"]
    assert (now["birth_on"], now["post_from_on"], now["name"]) == (None, "2020-01-01", "张明")
