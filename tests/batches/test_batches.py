"""What a device sends together: each act is done as its own door does it, once, and alone."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from app.kit import clock
from tests.bodies import ago, filed, gift, meal
from tests.conftest import Make
from tests.intake.desk import PATH, Calling, Desk, Headers, Json, faults, made, refusal
from tests.tags import version

BATCHES = "/v1/batches"


async def send(desk: Desk, *acts: Json, by: Headers | None = None, **besides: Any) -> list[Json]:
    """The results of a batch."""
    answer = await desk.client.post(BATCHES, json={"acts": list(acts), **besides}, headers=by or desk.official)
    results: list[Json] = made(answer)["results"]
    assert [result["key"] for result in results] == [one["key"] for one in acts]
    return results


def act(of: str, **over: Any) -> Json:
    """An act with a key of its own."""
    return {"key": str(uuid4()), "act": of, **over}


def filing(status: str = "submitted", **over: Any) -> Json:
    """Filing a meal under an id of the client's."""
    return act("file", body=filed(meal(), client_id=str(uuid4()), status=status), **over)


def statuses(results: list[Json]) -> list[int]:
    return [result["status"] for result in results]


async def test_a_day_without_a_network_is_caught_up_with(desk: Desk) -> None:
    draft = filing("draft")
    amended = act("amend", after=draft["key"], body={"details": {"guests": 4}})
    submitted = act("submit", after=amended["key"])
    mistaken = filing()
    taken_back = act("withdraw", declaration=mistaken["body"]["client_id"], after=mistaken["key"], body={"reason": "重复申报"})
    results = await send(desk, draft, amended, submitted, mistaken, taken_back)
    assert statuses(results) == [201, 200, 200, 201, 200]
    assert [result["body"]["status"] for result in results] == ["draft", "draft", "submitted", "submitted", "withdrawn"]
    assert not any(result["replayed"] or result["problem"] for result in results)
    read = await desk.look(results[2]["body"])
    assert (read.json(), f'"{version(read)}"') == (results[2]["body"], results[2]["etag"])
    assert results[0]["location"] == f"{PATH}/{read.json()['id']}"


async def test_each_answer_is_that_of_its_own_door(desk: Desk) -> None:
    one, other = meal(), {"kind": "meal", "details": {"host": 7}}
    wrong_door = await desk.post(other)
    right, wrong = await send(desk, act("file", body=one), act("file", body=other))
    assert set(right["body"]) == set(await desk.filed(one))
    assert wrong["status"] == wrong_door.status_code == 422
    assert wrong["problem"]["errors"] == wrong_door.json()["errors"]


async def test_sent_again_or_cut_otherwise_nothing_is_done_twice(desk: Desk) -> None:
    acts = [filing("draft"), filing(), filing()]
    acts.append(act("submit", after=acts[0]["key"]))
    first = await send(desk, *acts)
    again = await send(desk, acts[1], acts[0]) + await send(desk, *acts[2:])
    by_key = {result["key"]: result for result in again}
    for result in first:
        assert by_key[result["key"]] == {**result, "replayed": True}
    listed = made(await desk.client.get(PATH, params={"count": True}, headers=desk.official))
    assert listed["count"] == 3


async def test_what_fails_undoes_nothing_and_stops_what_builds_upon_it(desk: Desk) -> None:
    good, bad = filing(), filing()
    bad["body"]["details"]["occurred_on"] = str(clock.today() + timedelta(days=3))
    named = bad["body"]["client_id"]
    by_name = act("amend", declaration=named, if_match='"1"', body={"note": "一"})
    by_key = act("withdraw", after=bad["key"], body={"reason": "误"})
    by_chain = act("withdraw", after=by_name["key"], body={"reason": "误"})
    last = filing()
    results = await send(desk, good, bad, by_name, by_key, by_chain, last)
    assert statuses(results) == [201, 422, 424, 424, 424, 201]
    assert {result["problem"]["code"] for result in results[2:5]} == {"earlier-act-failed"}
    bad["body"]["details"]["occurred_on"] = good["body"]["details"]["occurred_on"]
    by_name = {**by_name, "if_match": None, "after": bad["key"]}
    assert statuses(await send(desk, bad, {**by_name, "key": "new"}, by_key)) == [201, 200, 412]


async def test_either_id_counts_as_the_same_record_when_one_fails(desk: Desk) -> None:
    declared = await desk.filed(filed(meal(), client_id=str(uuid4())))
    stale = act("amend", declaration=declared["client_id"], if_match='"9"', body={"note": "一"})
    next_one = act("withdraw", declaration=declared["id"], if_match='"1"', body={"reason": "误"})
    assert statuses(await send(desk, stale, next_one)) == [412, 424]


async def test_after_stands_for_what_the_act_left_even_when_it_was_judged_anew(desk: Desk) -> None:
    def costly(day: str) -> Json:
        line = {"category": "goods", "description": "茶", "worth": {"amount": "190.00", "currency": "CNY"}, "worth_basis": "market"}
        return gift(relation="colleague", received_on=day, items=[{**line, "disposition": {"action": "kept"}}])

    later = act("file", body=costly("2026-03-09"))
    await send(desk, later, *(act("file", body=costly(f"2026-03-0{day}")) for day in (1, 2, 3)))
    read = await desk.look({"id": (await send(desk, later))[0]["body"]["id"]})
    assert read.headers["etag"] != '"1"'
    (done,) = await send(desk, act("amend", after=later["key"], body={"note": "一"}))
    assert (done["status"], done["body"]["revision"]) == (200, 2)


async def test_after_conflicts_with_what_another_device_changed(desk: Desk, calling: Calling) -> None:
    first = filing()
    (done,) = await send(desk, first)
    made(await desk.patch(done["body"], {"note": "平板改"}, await calling("declarations:write", person=desk.person)))
    (stale,) = await send(desk, act("amend", after=first["key"], body={"note": "手机改"}))
    assert (stale["status"], stale["problem"]["conflict"]["based_on"]) == (412, 1)
    (field,) = stale["problem"]["conflict"]["fields"]
    assert (field["pointer"], field["collides"], field["yours"], field["theirs"]) == ("/note", True, "手机改", "平板改")


async def test_what_an_act_starts_from_must_be_said_once(desk: Desk) -> None:
    first, other = filing(), filing()
    nowhere = act("submit", after="never-sent")
    nothing = act("withdraw", declaration=first["body"]["client_id"], body={"reason": "误"})
    nobody = act("withdraw", if_match="*", body={"reason": "误"})
    twice = act("amend", after=other["key"], if_match="*", body={"note": "一"})
    another = act("amend", after=other["key"], declaration=str(uuid4()), body={"note": "一"})
    results = await send(desk, first, other, nowhere, nothing, nobody, twice)
    assert [result["problem"] and result["problem"]["code"] for result in results] == [
        None, None, "earlier-act-unknown", "precondition-required", "invalid-request", "invalid-request",
    ]  # fmt: skip
    assert [error["pointer"] for result in results[4:] for error in result["problem"]["errors"]] == ["/act/declaration", "/act/after"]
    (wrong,) = await send(desk, another)
    assert wrong["problem"]["errors"][0]["code"] == "after-of-another-record"


async def test_a_key_stands_for_one_act(desk: Desk) -> None:
    first = filing()
    await send(desk, first)
    (other,) = await send(desk, {**filing(), "key": first["key"]})
    assert (other["status"], other["problem"]["code"]) == (422, "idempotency-key-reused")


async def test_keys_are_each_caller_s_own(desk: Desk, calling: Calling, make_person: Make) -> None:
    first = filing()
    await send(desk, first)
    other = await calling("declarations:write", person=await make_person(desk.unit))
    (hers,) = await send(desk, act("amend", after=first["key"], body={"note": "一"}), by=other)
    assert (hers["status"], hers["problem"]["code"]) == (424, "earlier-act-unknown")


async def test_two_copies_at_once_are_done_once(desk: Desk) -> None:
    acts = [filing() for _ in range(4)]
    await asyncio.gather(*(desk.client.post(BATCHES, json={"acts": acts}, headers=desk.official) for _ in range(3)))
    results = await send(desk, *acts)
    assert statuses(results) == [201] * 4
    assert made(await desk.client.get(PATH, params={"count": True}, headers=desk.official))["count"] == 4


async def test_an_act_that_cannot_be_read_is_answered_by_itself(desk: Desk) -> None:
    (odd,) = await send(desk, {"key": "k", "act": {"amend": []}, "declaration": [], "body": 7})
    assert (odd["act"], odd["status"]) == ("unknown", 422)
    strange, lame = act("marry", body={}), act("amend", if_match="*", body={"note": 7}, declaration="x")
    results = await send(desk, strange, lame, filing())
    assert [(result["act"], result["status"]) for result in results] == [("unknown", 422), ("amend", 422), ("file", 201)]
    assert [error["pointer"] for error in results[0]["problem"]["errors"]] == ["/act/act"]
    assert {error["pointer"] for error in results[1]["problem"]["errors"]} == {"/note", "/act/declaration"}


@pytest.mark.parametrize("acts", [[], [{"act": "submit"}], [{"key": "", "act": "submit"}], [{"key": "键", "act": "submit"}], [7]])
async def test_a_batch_that_cannot_be_answered_is_refused(desk: Desk, acts: list[Any]) -> None:
    refused = await desk.client.post(BATCHES, json={"acts": acts}, headers=desk.official)
    assert refused.status_code == 422
    assert all(pointer.startswith("/acts") for pointer, _ in faults(refused))


async def test_more_than_a_hundred_are_refused_whole(desk: Desk) -> None:
    refused = await desk.client.post(BATCHES, json={"acts": [filing() for _ in range(101)]}, headers=desk.official)
    assert faults(refused) == [("/acts", "too-long")]


async def test_scopes_hold_for_each_act(desk: Desk, calling: Calling) -> None:
    reader = await calling("people:read", person=desk.person)
    nil = act("nil_return", body={"campaign": str(uuid4()), "kinds": ["gift"]})
    answer = act("answer_request", review=str(uuid4()), if_match="*", body={"text": "已说明"})
    results = await send(desk, filing(), nil, answer, by=reader)
    assert [(result["status"], result["problem"]["code"]) for result in results] == [(403, "scope-missing")] * 3
    assert refusal(await desk.client.post(BATCHES, json={"acts": [filing()]})) == (401, "unauthenticated")


@pytest.mark.parametrize("wrong_by", [timedelta(days=3652), timedelta(days=-3652)])
async def test_the_clock_is_put_right_by_the_moment_of_sending(desk: Desk, wrong_by: timedelta) -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        captured = (now - timedelta(days=2) + wrong_by).isoformat()
        draft = filing("draft", captured_at=captured)
        submitted = act("submit", after=draft["key"], captured_at=captured)
        results = await send(desk, draft, submitted, filing(captured_at=captured), sent_at=(now + wrong_by).isoformat())
    for result in results[1:]:
        assert result["body"]["declared_on"] == str(clock.day_of(now - timedelta(days=2)))
        assert result["body"]["capture"]["counts"] == "capture"
    again = await send(desk, draft, submitted, sent_at=(now + wrong_by + timedelta(hours=5)).isoformat())
    assert [result["body"] for result in again] == [result["body"] for result in results[:2]]


async def test_seven_days_later_a_client_s_id_still_keeps_a_filing_from_being_done_twice(desk: Desk) -> None:
    first = filing()
    (done,) = await send(desk, first)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        (again,) = await send(desk, first)
    assert (again["status"], again["replayed"], again["body"]["id"]) == (200, True, done["body"]["id"])


async def test_nil_returns_and_answers_go_with_it(desk: Desk, calling: Calling) -> None:
    people = await calling("people:write", "declarations:file-for-others", unit=desk.unit)
    campaign = {
        "title": "持股专项申报",
        "kinds": ["shareholding"],
        "period_from": "2026-01-01",
        "period_until": "2026-12-31",
        "due_on": "2099-11-30",
        "unit": desk.unit["id"],
    }
    opened = made(await desk.client.post("/v1/campaigns", json=campaign, headers=people), 201)
    review = {"person": desk.person["id"], "kind": "meal", "text": "来信反映"}
    matter = made(await desk.client.post("/v1/reviews", json=review, headers=desk.commission), 201)
    ask = {"text": "请说明", "due_on": ago(-30)}
    by = {**desk.commission, "If-Match": "*"}
    made(await desk.client.post(f"/v1/reviews/{matter['id']}/request", json=ask, headers=by))
    tag = (await desk.client.get(f"/v1/reviews/{matter['id']}", headers=desk.official)).headers["etag"]
    now = clock.now()
    said = (now - timedelta(hours=30)).isoformat()
    corrected = filing(captured_at=said)
    nil = act("nil_return", captured_at=said, body={"campaign": opened["id"], "kinds": ["shareholding"]})
    taken_back = act("withdraw_nil_return", after=nil["key"], body={"reason": "漏报一项"})
    text = {"text": "已更正", "declaration": corrected["body"]["client_id"]}
    answered = act("answer_request", review=matter["id"], if_match=tag, captured_at=said, body=text)
    results = await send(desk, corrected, nil, taken_back, answered, sent_at=now.isoformat())
    assert statuses(results) == [201, 201, 200, 200]
    filed_nil, withdrawn, review_now = (result["body"] for result in results[1:])
    assert filed_nil["filed_on"] == str(clock.day_of(now - timedelta(hours=30)))
    assert filed_nil["capture"]["counts"] == "capture"
    assert (withdrawn["id"], withdrawn["withdrawal_reason"]) == (filed_nil["id"], "漏报一项")
    told = made(await desk.client.get(f"/v1/reviews/{matter['id']}/events", headers=desk.commission))["items"][0]
    assert told["new"]["declaration"] == results[0]["body"]["id"]
    assert told["new"]["captured"]["captured_at"].startswith(said[:19])
    assert review_now["state"] == "answered"
    assert [result["replayed"] for result in await send(desk, corrected, nil, taken_back, answered)] == [True] * 4
