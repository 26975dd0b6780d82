"""What was late and has been put right: marked, kept apart in the two views, and kept as a column that can be counted."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.ledger.unit_of_work import reading
from app.screening.models import finding as finding_table

from .declaring import Office, finding, gift, line, rules

KEPT = "gift.duty-related-kept"
LATE = gift("2026-08-01", line(action="returned", on="2026-10-12"))


async def columns(app: FastAPI) -> dict[tuple[str, bool, bool], bool]:
    """The mark as kept, by rule and by the views in which a current finding stands."""
    kept = finding_table.c
    asked = select(kept.rule, kept.for_declarant, kept.for_commission, kept.own_accord).where(kept.current)
    async with reading(app.state.database) as view:
        rows = (await view.connection.execute(asked)).all()
    return {(row.rule, row.for_declarant, row.for_commission): row.own_accord for row in rows if row.rule == KEPT}


async def test_a_late_return_that_was_declared_is_marked_and_no_lighter(app: FastAPI, office: Office) -> None:
    filed = await office.file(LATE, by=office.declarant)
    for by in (office.declarant, office.commission):
        found = finding(await office.read(filed, by), KEPT)
        assert (found["level"], found["evidence"]["own_accord"], found["confidential"]) == ("breach", True, False)
        assert "主动" in found["message"]
    assert await columns(app) == {(KEPT, True, True): True}


@pytest.mark.parametrize("opened_first", [True, False])
async def test_an_inquiry_before_the_return_takes_the_mark_in_the_commission_s_view_alone(
    app: FastAPI, office: Office, *, opened_first: bool
) -> None:
    if opened_first:
        await office.inquire("2026-10-01")
    filed = await office.file(LATE, by=office.declarant)
    before, tag = await office.read(filed, office.declarant), await office.etag(filed, office.declarant)
    if not opened_first:
        await office.inquire("2026-10-01")
    assert (await office.read(filed, office.declarant), await office.etag(filed, office.declarant)) == (before, tag)
    shown, known = finding(before, KEPT), finding(await office.read(filed, office.commission), KEPT)
    assert (shown["evidence"]["own_accord"], known["evidence"]["own_accord"]) == (True, False)
    assert known["evidence"]["inquiry_opened_on"] == "2026-10-01"
    assert "2026-10-01" not in str(before)
    assert "核查" not in shown["message"]
    assert "核查已于2026年10月1日开始" in known["message"]
    assert (known["level"], known["confidential"]) == (shown["level"], True)
    assert await columns(app) == {(KEPT, True, False): True, (KEPT, False, True): False}


async def test_each_act_stands_by_itself_returned_before_an_inquiry_and_registered_after_it(app: FastAPI, office: Office) -> None:
    filed = await office.file(LATE, by=office.declarant)
    before = finding(await office.read(filed, office.commission), KEPT)
    await office.inquire("2026-10-13")
    known = await office.read(filed, office.commission)
    assert finding(known, KEPT) == before
    assert finding(known, "gift.registered-late")["evidence"]["own_accord"] is False
    assert finding(await office.read(filed, office.declarant), "gift.registered-late")["evidence"]["own_accord"] is True
    assert await columns(app) == {(KEPT, True, True): True}


async def test_what_the_commission_discovered_was_not_put_right_of_one_s_own_accord(app: FastAPI, office: Office) -> None:
    found = await office.discover(LATE)
    assert finding(found, KEPT)["evidence"]["own_accord"] is False
    assert await columns(app) == {(KEPT, True, True): False}


@pytest.mark.parametrize("details", [gift("2026-08-01"), gift("2026-08-01", line(action="kept"))])
async def test_what_is_still_held_bears_no_mark(app: FastAPI, office: Office, details: dict[str, Any]) -> None:
    filed = await office.file(details, by=office.declarant)
    assert rules(filed)[KEPT] == "breach"
    assert "own_accord" not in finding(filed, KEPT)["evidence"]
    assert await columns(app) == {(KEPT, True, True): False}
