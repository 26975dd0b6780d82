"""Drafts: kept unjudged, seen by their declarant and their author alone, and filed on the day of submission."""

from datetime import timedelta

import time_machine

from app.kit import clock
from app.kit.database import Database
from app.ledger.models import ledger_line
from tests.bodies import ago, filed, gift, item, meal, named
from tests.tags import version

from .desk import Desk, faults, found, made, refusal


async def test_a_draft_is_kept_without_being_judged(desk: Desk) -> None:
    answer = await desk.post({**gift(), "status": "draft"})
    draft = made(answer, 201)
    assert (draft["status"], draft["revision"], draft["screening"], version(answer)) == ("draft", 1, None, 1)
    assert await desk.read(draft) == draft
    assert made(await desk.look(draft, below="/screenings"))["items"] == []


async def test_a_draft_is_nobody_else_s_business(desk: Desk) -> None:
    own, by_hr = await desk.drafted(gift()), await desk.drafted(filed(gift(), declarant=desk.person["id"]), desk.hr)
    for draft in (own, by_hr):
        assert refusal(await desk.look(draft, desk.commission)) == (404, "not-found")
    assert made(await desk.client.get("/v1/declarations", headers=desk.commission))["items"] == []
    assert refusal(await desk.look(own, desk.hr)) == (404, "not-found")
    assert await desk.read(by_hr, desk.hr) == await desk.read(by_hr)
    assert made(await desk.submit(by_hr))["status"] == "submitted"
    assert (await desk.look(by_hr, desk.commission)).status_code == 200


async def test_a_draft_is_edited_as_often_as_one_likes(desk: Desk) -> None:
    draft = await desk.drafted(gift(relation="unknown"))
    answer = await desk.patch(draft, {"details": {"relation": "colleague"}, "note": "待核对"}, match='"1"')
    edited = made(answer)
    assert (edited["status"], edited["revision"], edited["note"], version(answer)) == ("draft", 2, "待核对", 2)
    assert edited["details"] == {**draft["details"], "relation": "colleague"}
    assert edited["screening"] is None
    assert edited["receipt"]["leaf_hash"] != draft["receipt"]["leaf_hash"]
    revisions = made(await desk.look(draft, below="/revisions"))["items"]
    assert [(kept["revision"], kept["status"], kept["details"]["relation"]) for kept in revisions] == [
        (2, "draft", "colleague"),
        (1, "draft", "unknown"),
    ]


async def test_a_draft_enters_no_giver_until_it_is_filed(desk: Desk) -> None:
    draft = await desk.drafted(gift(giver=named("从未听说的公司")))
    assert draft["counterparty"] is None
    assert made(await desk.submit(draft))["counterparty"] is not None


async def test_a_draft_must_be_well_formed(desk: Desk) -> None:
    assert faults(await desk.post({**gift(relation="lover"), "status": "draft"})) == [("/details/relation", "enum")]
    draft = await desk.drafted(gift())
    assert faults(await desk.patch(draft, {"details": {"items": [item(quantity=0)]}})) == [
        ("/details/items/0/quantity", "greater-than-equal")
    ]


async def test_what_is_submitted_was_declared_that_day(desk: Desk) -> None:
    draft = await desk.drafted(gift(received_on=ago(2)))
    with time_machine.travel(clock.now() + timedelta(days=3)):
        answer = await desk.submit(draft, match='"1"')
        declared = made(answer)
        assert (declared["status"], declared["revision"], declared["declared_on"]) == ("submitted", 2, str(clock.today()))
        assert declared["screening"]["judged_on"] == str(clock.today())
    assert version(answer) == 2
    assert found(declared)["gift.not-surrendered"] == "notice"


async def test_the_day_of_a_paper_record_stands(desk: Desk) -> None:
    draft = await desk.drafted(filed(gift(received_on=ago(40)), declarant=desk.person["id"], source="self", declared_on=ago(30)), desk.hr)
    assert draft["declared_on"] == ago(30)
    assert made(await desk.submit(draft, desk.hr))["declared_on"] == ago(30)


async def test_a_draft_may_be_prepared_ahead_but_not_submitted_before_its_day(desk: Desk) -> None:
    draft = await desk.drafted(meal(occurred_on=ago(-2)))
    assert faults(await desk.submit(draft)) == [("/details/occurred_on", "day-in-the-future")]
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert made(await desk.submit(draft))["status"] == "submitted"
    paper = filed(gift(), declarant=desk.person["id"], status="draft", declared_on=ago(-1))
    assert faults(await desk.post(paper, desk.hr)) == [("/declared_on", "day-in-the-future")]


async def test_only_a_draft_can_be_submitted_and_only_once(desk: Desk) -> None:
    draft = await desk.drafted(gift())
    assert refusal(await desk.submit(draft, match='"7"')) == (412, "precondition-failed")
    unconditional = await desk.client.post(f"/v1/declarations/{draft['id']}/submission", headers=desk.official)
    assert refusal(unconditional) == (428, "precondition-required")
    assert (await desk.submit(draft)).status_code == 200
    assert refusal(await desk.submit(draft)) == (409, "declaration-not-a-draft")
    withdrawn = await desk.drafted(gift())
    assert made(await desk.withdraw(withdrawn))["screening"] is None
    assert refusal(await desk.submit(withdrawn)) == (409, "declaration-not-a-draft")


async def test_a_draft_counts_for_nothing_until_it_is_filed(desk: Desk) -> None:
    draft = await desk.drafted(gift(received_on=ago(20)))
    later = await desk.filed(gift(received_on=ago(10)))
    assert "combined.split-or-repeated" not in found(later)
    assert made(await desk.submit(draft))["status"] == "submitted"
    assert found(await desk.read(later))["combined.split-or-repeated"] == "notice"


async def test_every_step_of_a_draft_leaves_its_line(desk: Desk, database: Database) -> None:
    draft = await desk.drafted(gift())
    await desk.amended(draft, relation="colleague")
    await desk.submit(draft)
    async with database.reading() as connection:
        lines = (await connection.execute(ledger_line.select().order_by(ledger_line.c.id))).mappings().all()
    acts = [line["action"] for line in lines if str(line["subject"]) == draft["id"]]
    assert acts == ["declaration.drafted", "declaration.redrafted", "declaration.submitted", "declaration.screened"]
