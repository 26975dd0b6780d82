"""A change from a version that stands no more: what the other side did, field by field, and what can be kept."""

from typing import Any

from tests.bodies import filed, gift, meal
from tests.conftest import Make

from .desk import Calling, Desk, Headers, Json, Response, made, refusal

ENGLISH = {"Accept-Language": "en"}


def conflict(answer: Response) -> Json:
    """What a 412 explains."""
    assert refusal(answer) == (412, "precondition-failed")
    told: Json = answer.json()["conflict"]
    assert answer.headers["etag"] == told["etag"]
    return told


def fields(told: Json) -> dict[str, tuple[str, bool, Any, Any, Any]]:
    """By pointer: who changed it, whether it collides, base, yours, theirs."""
    return {one["pointer"]: (one["changed_by"], one["collides"], one["base"], one["yours"], one["theirs"]) for one in told["fields"]}


async def other_device(desk: Desk, calling: Calling) -> Headers:
    """The same official with another key."""
    return await calling("declarations:write", person=desk.person)


async def test_fields_that_do_not_collide_can_be_resent(desk: Desk, calling: Calling) -> None:
    declared = await desk.filed(meal())
    tablet = await other_device(desk, calling)
    made(await desk.patch(declared, {"details": {"guests": 6}}, tablet, '"1"'))
    change = {"details": {"place": "二楼"}, "note": "补记"}
    told = conflict(await desk.patch(declared, change, {**desk.official, **ENGLISH}, '"1"'))
    assert (told["based_on"], told["stands"], told["changed_by"]) == (1, 2, "yourself")
    assert "another device" in told["changed_by_words"]
    assert fields(told) == {
        "/details/guests": ("theirs", False, None, None, 6),
        "/details/place": ("yours", False, None, "二楼", None),
        "/note": ("yours", False, None, "补记", None),
    }
    assert "resend" in told["remedy"]
    amended = made(await desk.patch(declared, change, match=told["etag"]))
    assert (amended["details"]["guests"], amended["details"]["place"], amended["note"]) == (6, "二楼", "补记")


async def test_a_field_that_both_have_changed_is_for_a_person_to_choose(desk: Desk) -> None:
    declared = await desk.filed(filed(meal(guests=2), declarant=desk.person["id"]), desk.hr)
    made(await desk.patch(declared, {"details": {"guests": 6, "place": "二楼"}}, desk.hr, '"1"'))
    told = conflict(await desk.patch(declared, {"details": {"guests": 5, "place": "二楼"}}, match='"1"'))
    assert told["changed_by"] == "hr"
    assert fields(told) == {"/details/guests": ("both", True, 2, 5, 6), "/details/place": ("both", False, None, "二楼", "二楼")}


async def test_it_says_whether_it_was_a_delegate(desk: Desk, calling: Calling, make_person: Make) -> None:
    secretary = await make_person(desk.unit)
    body = {"delegate": secretary["id"], "from_on": "2026-01-01"}
    made(await desk.client.post("/v1/delegations", json=body, headers=desk.official), 201)
    by = await calling("declarations:write", person=secretary)
    declared = await desk.filed(meal())
    made(await desk.patch(declared, {"note": "代改"}, by, '"1"'))
    assert conflict(await desk.patch(declared, {"note": "自改"}, match='"1"'))["changed_by"] == "delegate"
    made(await desk.patch(declared, {"note": "自改"}))
    assert conflict(await desk.patch(declared, {"note": "代改"}, by, '"2"'))["changed_by"] == "declarant"


async def test_a_new_judgement_is_no_change_of_what_was_said(desk: Desk) -> None:
    """An earlier gift makes the sum of this one pass the yearly cap, which its declarant is shown."""
    later = await desk.filed(gift(relation="colleague", received_on="2026-03-09", items=[_goods("190.00")]))
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        await desk.filed(gift(relation="colleague", received_on=day, items=[_goods("190.00")]))
    told = conflict(await desk.patch(later, {"note": "补记"}, match='"1"'))
    assert (told["based_on"], told["stands"], told["changed_by"], told["changed_at"]) == (1, 1, "register", None)
    assert fields(told) == {"/note": ("yours", False, None, "补记", None)}


async def test_where_the_start_is_unknown_it_says_so(desk: Desk) -> None:
    declared = await desk.filed(meal())
    told = conflict(await desk.patch(declared, {"note": "补记"}, {**desk.official, **ENGLISH}, '"abc"'))
    assert told["based_on"] is None
    assert "cannot tell" in told["remedy"]
    assert fields(told) == {"/note": ("yours", True, None, "补记", None)}


async def test_submitting_and_withdrawing_explain_it_too(desk: Desk) -> None:
    draft = await desk.drafted(meal())
    made(await desk.patch(draft, {"note": "改"}))
    assert fields(conflict(await desk.submit(draft, match='"1"'))) == {"/note": ("theirs", False, None, None, "改")}
    made(await desk.submit(draft))
    told = conflict(await desk.withdraw(draft, match='"2"'))
    assert fields(told)["/status"] == ("theirs", False, "draft", None, "submitted")


async def test_who_does_not_see_it_is_told_nothing(desk: Desk, calling: Calling, make_person: Make) -> None:
    declared = await desk.filed(meal())
    stranger = await calling("declarations:write", person=await make_person(desk.unit))
    assert refusal(await desk.patch(declared, {"note": "无关"}, stranger, '"9"')) == (404, "not-found")


async def test_what_is_kept_in_confidence_shows_in_no_conflict(desk: Desk, as_root: Headers) -> None:
    declared = await desk.filed(meal())
    inquiry = {"person": desk.person["id"], "opened_on": "2026-01-05", "reference": "核字第1号"}
    made(await desk.client.post("/v1/inquiries", json=inquiry, headers=as_root), 201)
    discovered = filed(meal(), declarant=desk.person["id"], source="commission")
    await desk.filed(discovered, desk.commission)
    assert made(await desk.patch(declared, {"note": "一"}, match='"1"'))["revision"] == 2


def _goods(worth: str) -> Json:
    return {
        "category": "goods", "description": "茶叶", "worth": {"amount": worth, "currency": "CNY"}, "worth_basis": "market",
        "disposition": {"action": "kept"},
    }  # fmt: skip
