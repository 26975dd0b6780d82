"""Catching up: every change of one's own affairs once, in its newest state, and nothing of anybody else's."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, event, update

from app.kit.database import Database
from app.ledger.models import ledger_checkpoint, ledger_line, ledger_tile
from app.ledger.unit_of_work import work
from tests.bodies import ago, filed, gift, item, meal
from tests.conftest import Make
from tests.intake.desk import Calling, Desk, Headers, Json, faults, made, refusal

from .conftest import CatchUp

SUSPECTED = {
    "ban": 6,
    "level": "notice",
    "title": "须说明",
    "message": "请说明。",
    "basis": [{"instrument": "条例", "since": "2020-01-01"}],
}


def told(caught: Json) -> list[tuple[str, str]]:
    """(type, id) of what has changed."""
    return [(one["type"], one["id"]) for one in caught["items"]]


async def test_a_new_device_gets_all_and_then_only_what_is_new(desk: Desk, catch_up: CatchUp) -> None:
    draft, filed_one = await desk.drafted(filed(meal(), client_id=str(uuid4()))), await desk.filed(gift())
    first = await catch_up()
    assert told(first) == [("declaration", draft["id"]), ("declaration", filed_one["id"])]
    assert [one["record"] for one in first["items"]] == [await desk.read(draft), await desk.read(filed_one)]
    assert first["items"][0]["client_id"] == draft["client_id"]
    assert not first["more"]
    assert await catch_up(first["next"]) == {"items": [], "next": first["next"], "more": False}
    made(await desk.patch(filed_one, {"note": "一"}))
    made(await desk.patch(filed_one, {"note": "二"}))
    second = await catch_up(first["next"])
    assert told(second) == [("declaration", filed_one["id"])]
    assert second["items"][0]["record"]["note"] == "二"
    made(await desk.withdraw(draft))
    third = await catch_up(second["next"])
    assert [one["record"]["status"] for one in third["items"]] == ["withdrawn"]
    assert told(await catch_up(first["next"])) == [("declaration", filed_one["id"]), ("declaration", draft["id"])]


async def test_pages_leave_nothing_out_whatever_their_size(desk: Desk, catch_up: CatchUp) -> None:
    made_ones = [await desk.filed(meal(place=f"第{number}处")) for number in range(7)]
    made(await desk.patch(made_ones[2], {"note": "改"}))
    seen, cursor, more = list[str](), None, True
    while more:
        page = await catch_up(cursor, limit=2)
        seen += [one["id"] for one in page["items"]]
        assert len(page["items"]) <= 2
        cursor, more = page["next"], page["more"]
    assert sorted(seen) == sorted(one["id"] for one in made_ones)
    assert seen[-1] == made_ones[2]["id"]


async def test_nothing_of_somebody_else_s_shows(desk: Desk, catch_up: CatchUp, calling: Calling, make_person: Make) -> None:
    await desk.filed(meal())
    stranger = await calling("declarations:write", "declarations:read", person=await make_person(desk.unit))
    assert (await catch_up(by=stranger))["items"] == []


async def test_what_the_commission_keeps_to_itself_moves_nothing(desk: Desk, catch_up: CatchUp, as_root: Headers) -> None:
    returned = item(disposition={"action": "returned", "on": ago(1)})
    declared = await desk.filed(gift(items=[returned], received_on=ago(40)))
    before = await catch_up()
    inquiry = {"person": desk.person["id"], "opened_on": ago(5), "reference": "核字第1号"}
    made(await desk.client.post("/v1/inquiries", json=inquiry, headers=as_root), 201)
    discovered = await desk.filed(filed(gift(), declarant=desk.person["id"], source="commission"), desk.commission)
    made(await desk.patch(discovered, {"note": "补"}, desk.commission))
    suspected = {**SUSPECTED, "declaration": declared["id"], "confidential": True}
    made(await desk.client.post("/v1/findings", json=suspected, headers=desk.commission), 201)
    await _open_review(desk)
    assert await catch_up(before["next"]) == {"items": [], "next": before["next"], "more": False}
    assert await catch_up() == before


@pytest.mark.parametrize("tell", [True, False])
async def test_of_a_review_comes_what_was_asked_and_told_and_no_more(desk: Desk, catch_up: CatchUp, tell: bool) -> None:
    await desk.filed(meal())
    before, review = await catch_up(), await _open_review(desk)
    await _act(desk, review, "request", text="请说明", due_on=ago(-30))
    shown = await catch_up(before["next"])
    assert told(shown) == [("review", review["id"])]
    assert shown["items"][0]["record"] == made(await desk.client.get(f"/v1/reviews/{review['id']}", headers=desk.official))
    await _act(desk, review, "disposition", disposition="no_issue", text="查无问题", tell=tell)
    assert told(await catch_up(shown["next"])) == ([("review", review["id"])] if tell else [])


async def _open_review(desk: Desk) -> Json:
    body = {"person": desk.person["id"], "kind": "activity", "text": "来信反映"}
    return made(await desk.client.post("/v1/reviews", json=body, headers=desk.commission), 201)


async def _act(desk: Desk, review: Json, act: str, **body: Any) -> None:
    at, asked = f"/v1/reviews/{review['id']}/{act}", {**desk.commission, "If-Match": "*"}
    made(await desk.client.post(at, json=body, headers=asked))


async def test_a_finding_raised_for_the_official_comes_and_is_superseded(desk: Desk, catch_up: CatchUp) -> None:
    declared = await desk.filed(meal())
    before = await catch_up()
    suspected = {**SUSPECTED, "declaration": declared["id"], "confidential": False}
    raised = made(await desk.client.post("/v1/findings", json=suspected, headers=desk.commission), 201)
    come = await catch_up(before["next"])
    assert told(come) == [("finding", raised["id"])]
    assert come["items"][0]["record"]["current"] is True
    made(await desk.patch(declared, {"note": "说明"}))
    gone_by = {one["type"]: one["record"] for one in (await catch_up(come["next"]))["items"]}
    assert set(gone_by) == {"declaration", "finding"}
    assert gone_by["finding"]["current"] is False


async def test_what_is_owed_returned_and_delegated_comes_too(desk: Desk, catch_up: CatchUp, make_person: Make, calling: Calling) -> None:
    people = await calling("people:write", "declarations:file-for-others", unit=desk.unit)
    campaign = {
        "title": "持股专项申报", "kinds": ["shareholding"], "period_from": "2026-01-01", "period_until": "2026-12-31",
        "due_on": "2099-11-30", "unit": desk.unit["id"],
    }  # fmt: skip
    opened = made(await desk.client.post("/v1/campaigns", json=campaign, headers=people), 201)
    owed = await catch_up()
    assert [one["type"] for one in owed["items"]] == ["obligation"]
    body = {"campaign": opened["id"], "kinds": ["shareholding"]}
    returned = made(await desk.client.post("/v1/nil-returns", json=body, headers=desk.official), 201)
    friend = await make_person(desk.unit)
    delegated = {"delegate": friend["id"], "from_on": "2026-01-01"}
    delegation = made(await desk.client.post("/v1/delegations", json=delegated, headers=desk.official), 201)
    since = await catch_up(owed["next"])
    records = {one["type"]: one["record"] for one in since["items"]}
    assert records["nil_return"] == returned
    assert records["obligation"] == made(await desk.client.get(f"/v1/obligations/{owed['items'][0]['id']}", headers=desk.official))
    assert records["obligation"]["state"] == "met"
    assert records["delegation"] == delegation
    theirs = await catch_up(by=await calling("declarations:write", person=friend))
    assert ("delegation", delegation["id"]) in told(theirs)


@pytest.mark.parametrize("since", ["x", "!!!!", "AQ", "a" * 64])
async def test_a_cursor_that_is_none_is_refused(desk: Desk, since: str) -> None:
    refused = await desk.client.get("/v1/changes", params={"since": since}, headers=desk.official)
    assert faults(refused) == [("/query/since", "cursor-invalid")]


async def test_somebody_else_s_cursor_is_refused(desk: Desk, catch_up: CatchUp, calling: Calling, make_person: Make) -> None:
    await desk.filed(meal())
    cursor = (await catch_up())["next"]
    other = await calling("declarations:write", person=await make_person(desk.unit))
    refused = await desk.client.get("/v1/changes", params={"since": cursor}, headers=other)
    assert faults(refused) == [("/query/since", "cursor-invalid")]


async def test_after_the_register_was_restored_a_cursor_from_before_is_told_apart(
    desk: Desk, catch_up: CatchUp, database: Database
) -> None:
    await desk.filed(meal())
    cursor = (await catch_up())["next"]
    async with work(database, "test") as unit:
        for table in (ledger_checkpoint, ledger_tile):
            await unit.connection.execute(delete(table))
        await unit.connection.execute(update(ledger_line).values(position=None))
    refused = await desk.client.get("/v1/changes", params={"since": cursor}, headers=desk.official)
    assert faults(refused) == [("/query/since", "cursor-ahead")]


async def test_a_key_that_speaks_for_nobody_has_no_affairs(desk: Desk, calling: Calling) -> None:
    nobody = await calling("declarations:write", unit=desk.unit)
    assert refusal(await desk.client.get("/v1/changes", headers=nobody)) == (403, "key-with-person-needed")
    reader = await calling("people:read", person=desk.person)
    assert refusal(await desk.client.get("/v1/changes", headers=reader)) == (403, "scope-missing")


async def test_a_look_at_nothing_new_costs_a_fixed_number_of_statements(desk: Desk, catch_up: CatchUp, database: Database) -> None:
    await desk.filed(meal())
    cursor = (await catch_up())["next"]
    counted = list[Any]()
    engine = database._readers.sync_engine  # to count
    event.listen(engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
    made(await desk.client.get("/v1/changes", params={"since": cursor}, headers=desk.official))
    asked = [statement for statement in counted if "ledger" in statement]
    assert len(asked) == 2
