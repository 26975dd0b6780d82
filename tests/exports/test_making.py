"""Making exports: whoever is killed leaves the work to the next, and what is read is one moment of the register."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.exports import download, making
from app.exports.making import ExportMaker, Job
from app.exports.models import export_piece
from app.exports.reading import Contents
from app.kit import clock
from app.ledger.unit_of_work import reading
from app.worker import run_for_ever
from tests.screening.declaring import Json, Office, gift, meal

from .exporting import PATH, Desk, as_csv, as_ndjson


class Killed(BaseException):
    """The process is no more."""


async def pieces(desk: Desk) -> int:
    """How many pieces are kept, of whatever export."""
    async with reading(desk.maker.database) as view:
        return await view.connection.scalar(select(func.count()).select_from(export_piece)) or 0


async def held(desk: Desk) -> Job:
    """A job that somebody holds."""
    job = await desk.maker.take()
    assert job is not None
    return job


async def test_a_killed_maker_leaves_its_export_to_the_next(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = await office.file(gift("2026-10-05"), by=office.declarant)
    waiting = await desk.asked(office.commission)
    for module in (making, download):
        monkeypatch.setattr(module, "PIECE_BYTES", 100)
    hold, steps = ExportMaker._hold, 0

    async def killed(self: ExportMaker, unit: Any, job: Job, **changes: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == 4:
            raise Killed
        await hold(self, unit, job, **changes)

    with monkeypatch.context() as during:
        during.setattr(ExportMaker, "_hold", killed)
        job = await held(desk)
        with pytest.raises(Killed):
            await desk.maker._make(job)
    assert await pieces(desk) == 3
    assert (await desk.read(waiting, office.commission))["state"] == "running"
    assert await desk.maker.work_off() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=making.HELD_SECONDS + 1)):
        assert await desk.maker.work_off() == 1
        ready = await desk.read(waiting, office.commission)
        content = (await desk.download(ready, office.commission)).content
    assert ready["state"] == "ready"
    assert hashlib.sha256(content).hexdigest() == ready["digest"]
    assert as_csv(content).column("申报编号") == [filed["id"]]


async def test_who_was_given_up_for_dead_can_write_nothing_more(desk: Desk, office: Office) -> None:
    await office.file(gift("2026-10-05"), by=office.declarant)
    waiting = await desk.asked(office.commission)
    late = await held(desk)
    with time_machine.travel(clock.now() + timedelta(seconds=making.HELD_SECONDS + 1)):
        assert await desk.maker.work_off() == 1
        ready = await desk.read(waiting, office.commission)
        await desk.maker.carry_out(late)
        assert await desk.read(waiting, office.commission) == ready
        answer = await desk.download(ready, office.commission)
    assert hashlib.sha256(answer.content).hexdigest() == ready["digest"]


async def test_two_makers_take_each_export_once(desk: Desk, office: Office) -> None:
    for _ in range(3):
        await desk.asked(office.commission)
    other = ExportMaker(desk.maker.database, desk.maker.book)
    assert sum(await asyncio.gather(desk.maker.work_off(), other.work_off())) == 3
    assert {one["state"] for one in (await office.get(PATH, office.commission))["items"]} == {"ready"}


async def test_an_export_is_one_moment_of_the_register(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exports.reading.BATCH", 1)
    before = [(await office.file(meal("2026-10-05"), "meal", by=office.declarant))["id"] for _ in range(3)]
    waiting = await desk.asked(office.commission, format="ndjson")
    batches = Contents.batches

    async def disturbed(self: Contents) -> AsyncIterator[list[dict[str, Any]]]:
        async for batch in batches(self):
            yield batch
            await office.file(meal("2026-10-05"), "meal", by=office.declarant)
            headers = {**office.declarant, "If-Match": "*"}
            await office.client.post(f"/v1/declarations/{before[0]}/withdrawal", json={"reason": "重复"}, headers=headers)

    monkeypatch.setattr(Contents, "batches", disturbed)
    assert await desk.maker.work_off() == 1
    _, items = as_ndjson((await desk.download(waiting, office.commission)).content)
    assert [(item["id"], item["status"]) for item in items] == [(one, "submitted") for one in before[::-1]]


async def test_progress_shows_while_it_is_made(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exports.reading.BATCH", 1)
    monkeypatch.setattr(making, "RENEW_SECONDS", 0.01)
    for _ in range(2):
        await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    waiting, seen, batches = await desk.asked(office.commission), list[Json](), Contents.batches

    async def slow(self: Contents) -> AsyncIterator[list[dict[str, Any]]]:
        async for batch in batches(self):
            yield batch
            await asyncio.sleep(0.2)
            seen.append(await desk.read(waiting, office.commission))

    monkeypatch.setattr(Contents, "batches", slow)
    await desk.maker.work_off()
    assert [(one["state"], one["rows"], one["expected"]) for one in seen] == [("running", 1, 2), ("running", 2, 2)]


async def test_one_that_is_discarded_while_it_is_made_is_given_up(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    waiting, batches = await desk.asked(office.commission), Contents.batches

    async def discarded(self: Contents) -> AsyncIterator[list[dict[str, Any]]]:
        async for batch in batches(self):
            gone = await office.client.delete(f"{PATH}/{waiting['id']}", headers={**office.commission, "If-Match": "*"})
            assert gone.status_code == 204
            yield batch

    monkeypatch.setattr(Contents, "batches", discarded)
    assert await desk.maker.work_off() == 1
    await desk.read(waiting, office.commission, 404)
    assert await pieces(desk) == 0


async def test_what_fails_again_and_again_is_told_to_who_asked(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = await desk.asked(office.commission)

    async def broken(_: Contents) -> AsyncIterator[list[dict[str, Any]]]:
        raise OSError("no space")
        yield []

    with monkeypatch.context() as during:
        during.setattr(Contents, "batches", broken)
        assert await desk.maker.work_off() == making.ATTEMPTS
    failed = await desk.read(waiting, office.commission)
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "not-made")
    assert await desk.maker.work_off() == 0


async def test_the_background_work_makes_what_is_asked_for(desk: Desk, office: Office) -> None:
    waiting, stopping = await desk.asked(office.commission), asyncio.Event()
    background = asyncio.create_task(run_for_ever(desk.maker.database, desk.maker.book, stopping))
    for _ in range(100):
        if (await desk.read(waiting, office.commission))["state"] == "ready":
            break
        await asyncio.sleep(0.05)
    stopping.set()
    await background
    assert (await desk.read(waiting, office.commission))["state"] == "ready"


async def test_a_workbook_that_has_outgrown_its_sheet_says_so(desk: Desk, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = await desk.asked(office.commission, format="xlsx")
    for _ in range(2):
        await office.file(meal("2026-10-05"), "meal", by=office.declarant)
    monkeypatch.setattr(making, "XLSX_ROWS", 1)
    await desk.maker.work_off()
    failed = await desk.read(waiting, {**office.commission, "Accept-Language": "en"})
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "too-many-rows")
    assert "csv" in failed["failure"]["detail"]
    assert await pieces(desk) == 0


@pytest.mark.parametrize("asked", [{}, {"of": "findings"}, {"as_at": "2026-10-20T03:59:00Z"}])
async def test_the_officials_see_that_their_records_were_taken_away(desk: Desk, office: Office, asked: Json) -> None:
    await office.file(gift("2026-01-05"), by=office.declarant)
    if "as_at" in asked:
        asked = {"as_at": clock.now().isoformat()}
    await desk.made(office.commission, **asked)
    (seen,) = (await office.get("/v1/me/accesses", office.declarant))["items"]
    assert seen["operation"] == "create_export"
    assert seen["what"] == "请求导出"
