"""Amending what was filed: a new revision, judged anew, the old one kept."""

from uuid import UUID

from sqlalchemy import select

from app.kit.database import Database
from app.ledger.models import ledger_line
from tests.bodies import ago, filed, gift, item, loan, meal, named, shareholding, yuan
from tests.tags import version

from .desk import Desk, faults, found, made, refusal, rows

HANDED_IN = {"action": "surrendered", "on": ago(5), "receipt_number": "JJ-017"}


async def test_an_amendment_is_a_new_revision_judged_anew(desk: Desk) -> None:
    declared = await desk.filed(gift(giver=named("甲公司")))
    assert found(declared)["gift.not-surrendered"] == "notice"
    answer = await desk.patch(declared, {"details": {"items": [item(disposition=HANDED_IN)]}, "note": "已上交"}, match='"1"')
    amended = made(answer)
    assert (amended["revision"], amended["note"], version(answer)) == (2, "已上交", 2)
    assert "gift.not-surrendered" not in found(amended)
    assert amended["receipt"] != declared["receipt"]
    assert await desk.read(declared) == amended
    unchanged = {"id", "kind", "status", "source", "declarant", "unit", "counterparty", "declared_on", "created_at"}
    assert {name: amended[name] for name in unchanged} == {name: declared[name] for name in unchanged}


async def test_what_stood_before_is_kept(desk: Desk, database: Database) -> None:
    declared = await desk.filed(filed(gift(), note="初稿"))
    await desk.amended(declared, items=[item(disposition=HANDED_IN)])
    latest = await desk.amended(declared, relation="colleague")
    revisions = made(await desk.look(declared, below="/revisions"))["items"]
    assert [kept["revision"] for kept in revisions] == [3, 2, 1]
    assert revisions[2]["details"] == declared["details"]
    assert revisions[0]["details"] == latest["details"]
    assert [kept["note"] for kept in revisions] == ["初稿"] * 3
    screenings = made(await desk.look(declared, below="/screenings"))["items"]
    assert [kept["revision"] for kept in screenings] == [3, 2, 1]
    assert screenings[2]["findings"] == declared["screening"]["findings"]
    assert screenings[0]["findings"] == latest["screening"]["findings"]
    async with database.reading() as connection:
        asked = (
            select(ledger_line.c.action, ledger_line.c.content)
            .where(ledger_line.c.subject == UUID(declared["id"]))
            .order_by(ledger_line.c.id)
        )
        lines = (await connection.execute(asked)).all()
    assert [action for action, _ in lines] == [
        "declaration.submitted",
        "declaration.screened",
        *["declaration.amended", "declaration.screened"] * 2,
    ]
    assert [content["revision"] for _, content in lines[::2]] == [1, 2, 3]


async def test_a_field_is_replaced_whole_and_the_others_stay(desk: Desk) -> None:
    declared = await desk.filed(
        gift(giver=named(type="enterprise", region="CN"), items=[item(), item(description="酒")], reciprocated=yuan("50"))
    )
    amended = await desk.amended(declared, giver=named(), items=[item(description="茶")])
    assert amended["details"]["giver"] == {"id": None, **named(type=None, identifier=None, region=None)}
    assert [line["description"] for line in amended["details"]["items"]] == ["茶"]
    assert amended["details"]["reciprocated"] == yuan("50.00")


async def test_null_empties_what_may_be_empty(desk: Desk) -> None:
    declared = await desk.filed(filed(gift(aware_on=ago(9), receiver="spouse", solicited=False), note="说明", client_reference="A-1"))
    amended = made(await desk.patch(declared, {"details": {"aware_on": None, "solicited": None}, "note": None, "client_reference": None}))
    assert {amended["details"][name] for name in ("aware_on", "solicited")} == {None}
    assert (amended["note"], amended["client_reference"]) == (None, None)
    again = await desk.filed(meal(times=3, until_on=ago(8)))
    assert (await desk.amended(again, times=None, until_on=None))["details"]["times"] == 1


async def test_what_must_be_stated_cannot_be_emptied(desk: Desk) -> None:
    declared = await desk.filed(gift())
    for change, fault in (
        ({"details": {"received_on": None}}, ("/details/received_on", "missing")),
        ({"details": {"items": None}}, ("/details/items", "missing")),
        ({"details": None}, ("/details", "dict-type")),
    ):
        assert faults(await desk.patch(declared, change)) == [fault]


async def test_the_amended_whole_is_checked_as_what_is_filed(desk: Desk, database: Database) -> None:
    declared = await desk.filed(gift(aware_on=ago(9)))
    before = await rows(database)
    for change, fault in (
        ({"details": {"colour": "red"}}, ("/details/colour", "extra-forbidden")),
        ({"details": {"colour": None}}, ("/details/colour", "extra-forbidden")),
        ({"details": {"relation": "lover"}}, ("/details/relation", "enum")),
        ({"details": {"items": [item(), item(worth=yuan("-1"))]}}, ("/details/items/1/worth/amount", "amount-malformed")),
        ({"details": {"items": [item(until_on=ago(11))]}}, ("/details/items/0/until_on", "day-before-receipt")),
        ({"details": {"received_on": ago(8)}}, ("/details/aware_on", "day-before-receipt")),
        ({"details": {"received_on": ago(-1), "aware_on": None}}, ("/details/received_on", "day-in-the-future")),
        ({"details": {"giver": {"id": desk.unit["id"]}}}, ("/details/giver/id", "counterparty-unknown")),
        ({"details": {"giver": named(identifier="91110000600037341X")}}, ("/details/giver/identifier", "identifier-check-digit")),
        ({"details": {"giver": named("\x00")}}, ("/details/giver/name", "text-unreadable")),
        ({"details": ["relation"]}, ("/details", "dict-type")),
        ({"kind": "meal"}, ("/kind", "extra-forbidden")),
        ({"declarant": desk.person["id"]}, ("/declarant", "extra-forbidden")),
        ({"status": "draft"}, ("/status", "extra-forbidden")),
        ({"declared_on": ago(20)}, ("/declared_on", "extra-forbidden")),
        ({"note": "\x00"}, ("/note", "text-unreadable")),
    ):
        assert faults(await desk.patch(declared, change)) == [fault]
    assert await rows(database) == before
    assert await desk.read(declared) == declared


async def test_a_declaration_of_another_kind_is_amended_by_its_own_fields(desk: Desk) -> None:
    lent = await desk.filed(loan())
    assert (await desk.amended(lent, repaid_on=ago(1)))["details"]["repaid_on"] == ago(1)
    assert faults(await desk.patch(lent, {"details": {"items": []}})) == [("/details/items", "extra-forbidden")]
    held = await desk.filed(shareholding())
    sold = await desk.amended(held, disposed_on=ago(1), acquired_from=named("启明科技有限公司"))
    assert sold["counterparty"] != held["counterparty"]


async def test_an_amended_giver_is_another_side(desk: Desk) -> None:
    declared = await desk.filed(gift())
    amended = await desk.amended(declared, giver=named("启明科技有限公司"))
    assert amended["counterparty"] not in (None, declared["counterparty"])


async def test_an_amendment_changes_what_later_ones_sum_to(desk: Desk) -> None:
    first = await desk.filed(gift(received_on=ago(20), giver=named("甲公司")))
    later = await desk.filed(gift(received_on=ago(10), giver=named("乙公司")))
    assert "combined.split-or-repeated" not in found(later)
    await desk.amended(first, giver=named("乙公司"))
    answer = await desk.look(later)
    assert found(answer.json())["combined.split-or-repeated"] == "notice"
    assert (answer.json()["revision"], version(answer)) == (1, 2)
    await desk.amended(first, giver=named("甲公司"))
    assert found(await desk.read(later)) == found(later)


async def test_a_paper_record_is_amended_against_its_own_day(desk: Desk) -> None:
    paper = await desk.filed(filed(gift(received_on=ago(40)), declarant=desk.person["id"], declared_on=ago(30)), desk.hr)
    assert faults(await desk.patch(paper, {"details": {"received_on": ago(29)}})) == [("/details/received_on", "day-after-declaration")]
    assert (await desk.amended(paper, items=[item(disposition=HANDED_IN)]))["declared_on"] == ago(30)


async def test_a_change_starts_from_the_version_that_was_read(desk: Desk) -> None:
    declared = await desk.filed(gift())
    blind = await desk.client.patch(f"/v1/declarations/{declared['id']}", json={"note": "?"}, headers=desk.official)
    assert refusal(blind) == (428, "precondition-required")
    for match in ('"0"', '"2"', "1", 'W/"1"', '""'):
        stale = await desk.patch(declared, {"note": "?"}, match=match)
        assert refusal(stale) == (412, "precondition-failed")
    assert made(await desk.patch(declared, {"note": "一"}, match='"9", "1"'))["revision"] == 2
    stale = await desk.patch(declared, {"note": "二"}, match='"1"')
    assert (refusal(stale), version(stale)) == ((412, "precondition-failed"), 2)
    assert (await desk.read(declared))["note"] == "一"
