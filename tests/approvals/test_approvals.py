"""Approval before acceptance: asked for, decided by the head or HR, withdrawn, revoked; and who sees it."""

import asyncio
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from app.approvals.records import approval_digests
from app.approvals.states import MOVES, ApprovalState, state_on
from app.intake.examples import APPROVAL_EXAMPLES
from app.kit.database import Database
from app.ledger.models import ledger_line
from app.people.records import unit_digests
from tests.bodies import Json, gift, loan, outside_post, yuan
from tests.conftest import Make
from tests.intake.desk import faults, made, refusal, rows
from tests.screening.conftest import Travel
from tests.tags import version

from .asking import DAY, PATH, Bureau, Calling, findings, ride, work_meal


async def test_a_request_keeps_what_a_preview_said(bureau: Bureau) -> None:
    answer = await bureau.try_asking(work_meal())
    asked = made(answer, 201)
    assert answer.headers["Location"] == f"{PATH}/{asked['id']}"
    assert version(answer) == 1
    assert (asked["state"], asked["number"], asked["decision"], asked["end"], asked["may_decide"]) == ("requested", None, None, None, False)
    assert (asked["first_on"], asked["last_on"], asked["person"], asked["unit"]) == (DAY, DAY, bureau.person["id"], bureau.unit["id"])
    assert asked["requested_by"] == {"name": "李明", "unit": "住建局"}
    preview = await bureau.preview(work_meal())
    assert asked["assessment"]["outcome"] == preview["screening"]["outcome"]
    assert {one["rule"]: one["level"] for one in asked["assessment"]["rules"]} == findings(preview)
    assert (asked["assessment"]["answer"], asked["assessment"]["approval_helps"]) == ("ask_first", True)
    seen = made(await bureau.read(asked, bureau.head))
    assert {**seen, "may_decide": False} == asked
    assert seen["may_decide"]


async def test_a_granted_request_has_a_number_days_and_who_decided(bureau: Bureau) -> None:
    condition = {"max_worth": yuan("60.00")}
    granted = await bureau.granted(work_meal(), conditions=condition, expires_on="2026-12-31")
    assert granted["state"] == "granted"
    assert granted["number"].startswith("批-2026-")
    decision = granted["decision"]
    assert (decision["decision"], decision["note"], decision["max_worth"]) == ("granted", "同意。", yuan("60.00"))
    assert (decision["valid_from_on"], decision["expires_on"], decision["office"], decision["as_head"]) == (
        "2026-10-20", "2026-12-31", "住建局", True,
    )  # fmt: skip
    assert decision["decided_by"] == {"name": "王局长", "unit": "住建局"}


async def test_hr_decides_as_well_and_a_refusal_has_no_days(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal(), asked_of="hr")
    answer = await bureau.act(asked, "decision", {"decision": "refused", "note": "不同意", "expires_on": DAY}, bureau.hr)
    assert faults(answer) == [("/expires_on", "not-for-refusals")]
    refused = made(await bureau.act(asked, "decision", {"decision": "refused", "note": "不同意"}, bureau.hr))
    assert (refused["state"], refused["number"], refused["decision"]["as_head"]) == ("refused", None, False)
    assert refused["decision"]["office"] == "住建局（人事）"
    assert (await bureau.preview(work_meal()))["advice"]["answer"] == "ask_first"


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({"valid_from_on": "2026-10-19"}, ("/valid_from_on", "day-passed")),
        ({"valid_from_on": "2026-10-22", "expires_on": "2026-10-21"}, ("/expires_on", "expires-before-valid")),
        ({"conditions": {"max_worth": yuan("10.00", "USD")}}, ("/conditions/max_worth/currency", "currency-not-cny")),
    ],
)
async def test_an_approval_looks_ahead_and_its_days_are_in_order(bureau: Bureau, over: Json, wrong: tuple[str, str]) -> None:
    asked = await bureau.ask(work_meal())
    assert faults(await bureau.act(asked, "decision", {"decision": "granted", "note": "同意", **over})) == [wrong]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (lambda: work_meal("2026-10-19"), ("/details/occurred_on", "approval-too-late")),
        (lambda: gift(received_on=DAY), ("/details", "approval-means-nothing")),
        (lambda: outside_post(from_on="2026-11-01", holder="spouse"), ("/details", "approval-means-nothing")),
        (loan, ("/kind", "enum")),
    ],
)
async def test_what_no_approval_can_mean_anything_for_is_refused(bureau: Bureau, body: Callable[[], Json], wrong: tuple[str, str]) -> None:
    assert faults(await bureau.try_asking(body())) == [wrong]


async def test_the_head_of_the_nearest_unit_upward_decides_and_nobody_on_oneself(bureau: Bureau) -> None:
    own = await bureau.ask(work_meal(), bureau.head)
    decision = {"decision": "granted", "note": "同意。"}
    assert refusal(await bureau.act(own, "decision", decision, bureau.head)) == (403, "approval-not-yours")
    assert await bureau.listed(bureau.chief, waiting_for_me=True) == [own["id"]]
    assert (await bureau.grant(own, bureau.chief))["decision"]["office"] == "某市"
    other = await bureau.ask(work_meal())
    assert (await bureau.read(other, bureau.chief)).status_code == 404
    await bureau.lead(bureau.unit, None)
    assert (await bureau.read(other, bureau.head)).status_code == 404
    assert (await bureau.grant(other, bureau.chief))["state"] == "granted"


async def test_without_any_head_one_is_told_whom_to_ask(bureau: Bureau, database: Database) -> None:
    await bureau.lead(bureau.unit, None)
    await bureau.lead(bureau.city, bureau.person)
    before = await rows(database)
    answer = await bureau.try_asking(work_meal())
    assert faults(answer) == [("/asked_of", "no-head")]
    assert "hr" in answer.json()["errors"][0]["message"]
    assert await rows(database) == before
    assert (await bureau.ask(work_meal(), asked_of="hr"))["state"] == "requested"


async def test_a_head_who_has_left_decides_no_more(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal())
    left = {"left_on": "2026-10-19", "left_reason": "retired"}
    made(await bureau.client.patch(f"/v1/persons/{bureau.leader['id']}", json=left, headers={**bureau.root, "If-Match": "*"}))
    assert (await bureau.read(asked, bureau.head)).status_code == 404
    assert (await bureau.grant(asked, bureau.chief))["state"] == "granted"


async def test_who_asked_for_somebody_does_not_decide_on_it(bureau: Bureau, calling: Calling) -> None:
    hr = await calling("people:write", "declarations:file-for-others", unit=bureau.unit)
    asked = await bureau.ask(work_meal(), hr, person=bureau.person["id"], asked_of="hr")
    assert refusal(await bureau.act(asked, "decision", {"decision": "granted", "note": "同意"}, hr)) == (403, "approval-not-yours")
    assert (await bureau.grant(asked, bureau.hr))["state"] == "granted"


async def test_who_may_not_file_for_somebody_may_not_ask_for_them(bureau: Bureau) -> None:
    assert refusal(await bureau.try_asking(work_meal(), bureau.stranger, person=bureau.person["id"])) == (403, "scope-missing")
    assert faults(await bureau.try_asking(work_meal(), bureau.hr)) == [("/person", "missing")]


async def test_strangers_see_nothing(bureau: Bureau, calling: Calling, make_unit: Make) -> None:
    asked = await bureau.ask(work_meal())
    elsewhere = await make_unit()
    outside = [await calling(scope, unit=elsewhere) for scope in ("people:write", "declarations:read", "reviews:write")]
    for by in (bureau.stranger, bureau.chief, *outside, await calling("people:read", unit=bureau.unit)):
        assert (await bureau.read(asked, by)).status_code == 404
        assert await bureau.listed(by) == []
        for what, body in (
            ("decision", {"decision": "granted", "note": "x"}), ("withdrawal", {"reason": "x"}), ("revocation", {"reason": "x"}),
        ):  # fmt: skip
            assert (await bureau.act(asked, what, body, by)).status_code == 404
    for by in (bureau.official, bureau.head, bureau.hr, bureau.commission):
        assert made(await bureau.read(asked, by))["id"] == asked["id"]
        assert await bureau.listed(by) == [asked["id"]]
    assert refusal(await bureau.act(asked, "decision", {"decision": "granted", "note": "x"}, bureau.commission)) == (
        403,
        "approval-not-yours",
    )


async def test_whoever_reads_it_is_written_down_the_head_too(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal())
    for by in (bureau.official, bureau.head, bureau.hr, bureau.commission):
        made(await bureau.read(asked, by))
    accesses = made(await bureau.client.get("/v1/me/accesses", headers=bureau.official))["items"]
    assert len(accesses) == 3


async def test_lists_by_state_person_and_who_must_decide(bureau: Bureau) -> None:
    first, second = await bureau.ask(work_meal()), await bureau.ask(ride(), asked_of="hr")
    await bureau.grant(first)
    assert await bureau.listed(bureau.official) == [second["id"], first["id"]]
    assert await bureau.listed(bureau.official, state="granted") == [first["id"]]
    assert await bureau.listed(bureau.hr, person=bureau.person["id"], state="requested") == [second["id"]]
    assert await bureau.listed(bureau.hr, waiting_for_me=True) == [second["id"]]
    assert await bureau.listed(bureau.head, waiting_for_me=True) == []
    page = made(await bureau.client.get(PATH, params={"limit": 1, "count": True}, headers=bureau.official))
    assert (page["count"], [one["id"] for one in page["items"]]) == (2, [second["id"]])
    assert await bureau.listed(bureau.official, after=page["next"]) == [first["id"]]


async def test_who_must_decide_has_a_task_and_who_asked_has_none(bureau: Bureau, calling: Calling) -> None:
    asked = await bureau.ask(work_meal())
    tasks = made(await bureau.client.get("/v1/me", headers=bureau.head))["tasks"]
    assert [(task["action"], task["approval"], task["kind"], task["due_on"]) for task in tasks] == [
        ("decide-approval", asked["id"], "meal", DAY)
    ]
    assert made(await bureau.client.get("/v1/me", headers=bureau.official))["tasks"] == []
    of_hr = await bureau.ask(ride(), asked_of="hr")
    officer = await calling("people:write", person=bureau.mayor, unit=bureau.city)
    assert [task["approval"] for task in made(await bureau.client.get("/v1/me", headers=officer))["tasks"]] == [of_hr["id"]]
    await bureau.grant(asked)
    assert made(await bureau.client.get("/v1/me", headers=bureau.head))["tasks"] == []


async def test_a_request_is_withdrawn_by_who_asked_and_not_by_others(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal())
    assert refusal(await bureau.act(asked, "withdrawal", {"reason": "行程取消"}, bureau.head)) == (403, "approval-not-yours")
    withdrawn = made(await bureau.act(asked, "withdrawal", {"reason": "行程取消"}, bureau.official))
    assert (withdrawn["state"], withdrawn["end"]["reason"]) == ("withdrawn", "行程取消")
    assert refusal(await bureau.act(asked, "decision", {"decision": "granted", "note": "同意"})) == (409, "approval-state")
    assert await bureau.listed(bureau.head, waiting_for_me=True) == []


async def test_it_is_too_late_to_approve_what_has_begun(bureau: Bureau, travel: Travel) -> None:
    asked = await bureau.ask(work_meal())
    travel("2026-10-24")
    assert made(await bureau.read(asked))["state"] == "expired"
    assert await bureau.listed(bureau.official, state="expired") == [asked["id"]]
    assert await bureau.listed(bureau.official, state="requested") == []
    assert await bureau.listed(bureau.head, waiting_for_me=True) == []
    assert refusal(await bureau.act(asked, "decision", {"decision": "granted", "note": "同意"})) == (409, "approval-too-late")


async def test_what_is_granted_expires_by_its_days(bureau: Bureau, travel: Travel) -> None:
    granted = await bureau.granted(work_meal())
    travel("2026-10-24")
    assert made(await bureau.read(granted))["state"] == "expired"
    assert refusal(await bureau.act(granted, "revocation", {"reason": "x"})) == (409, "approval-state")


async def test_of_two_who_decide_at_once_one_is_told_that_it_has_changed(bureau: Bureau) -> None:
    asked = await bureau.ask(work_meal())
    granted, refused = await asyncio.gather(
        bureau.act(asked, "decision", {"decision": "granted", "note": "同意"}, bureau.head, match='"1"'),
        bureau.act(asked, "decision", {"decision": "refused", "note": "不同意"}, bureau.hr, match='"1"'),
    )
    assert sorted((granted.status_code, refused.status_code)) == [200, 412]
    state = made(await bureau.read(asked))["state"]
    assert state == ("granted" if granted.status_code == 200 else "refused")
    assert (
        await bureau.client.post(f"{PATH}/{asked['id']}/decision", json={"decision": "granted", "note": "x"}, headers=bureau.head)
    ).status_code == 428


async def test_a_request_sent_twice_is_one(bureau: Bureau, database: Database) -> None:
    client_id = "0199f2a0-7c1e-7abc-8def-0123456789ab"
    one, other = await asyncio.gather(*(bureau.ask(work_meal(), client_id=client_id) for _ in range(2)))
    assert one == other
    assert (await rows(database))["approval"] == 1
    assert refusal(await bureau.try_asking(ride(), client_id=client_id)) == (409, "client-id-taken")
    mine = await bureau.ask(work_meal(), bureau.stranger, client_id=client_id)
    assert mine["id"] != one["id"]


async def test_a_decision_sent_again_with_its_key_is_answered_again(bureau: Bureau, database: Database) -> None:
    asked = await bureau.ask(work_meal())
    keyed = {**bureau.head, "Idempotency-Key": "once"}
    first, again = [await bureau.act(asked, "decision", {"decision": "granted", "note": "同意"}, keyed, match='"1"') for _ in range(2)]
    assert made(first) == made(again)
    assert first.headers["ETag"] == again.headers["ETag"]
    assert version(first) == 2
    assert (await rows(database))["approval"] == 1


async def test_every_act_leaves_its_line_without_personal_data(bureau: Bureau, database: Database) -> None:
    granted = await bureau.granted(work_meal())
    await bureau.revoke(granted)
    async with database.reading() as connection:
        asked = select(ledger_line).where(ledger_line.c.subject == UUID(granted["id"])).order_by(ledger_line.c.id)
        lines = (await connection.execute(asked)).mappings().all()
        kept = await approval_digests(connection, [UUID(granted["id"])])
    assert [line["action"] for line in lines] == ["approval.requested", "approval.granted", "approval.revoked"]
    assert all(set(line["content"]) == {"version", "digest"} for line in lines)
    assert lines[-1]["content"]["digest"] == kept[UUID(granted["id"])]


def test_the_table_of_states_says_what_days_do() -> None:
    assert set(MOVES) == set(ApprovalState)
    ended = {state for state, moves in MOVES.items() if not moves}
    assert ended == set(ApprovalState) - {ApprovalState.REQUESTED, ApprovalState.GRANTED}
    first, last = date(2026, 10, 23), date(2026, 12, 31)
    assert state_on("requested", first, None, first) is ApprovalState.REQUESTED
    assert state_on("requested", first, None, date(2026, 10, 24)) is ApprovalState.EXPIRED
    assert state_on("granted", first, last, last) is ApprovalState.GRANTED
    assert state_on("granted", first, last, date(2027, 1, 1)) is ApprovalState.EXPIRED
    assert state_on("refused", first, None, date(2027, 1, 1)) is ApprovalState.REFUSED


async def test_a_head_is_somebody_within_reach(bureau: Bureau, make_unit: Make, make_person: Make) -> None:
    far = await make_person(await make_unit())
    change = {"head": far["id"]}
    answer = await bureau.client.patch(f"/v1/units/{bureau.unit['id']}", json=change, headers={**bureau.hr, "If-Match": "*"})
    assert faults(answer) == [("/head", "person-unknown")]
    unit = made(await bureau.client.get(f"/v1/units/{bureau.unit['id']}", headers=bureau.root))
    assert unit["head"] == bureau.leader["id"]


async def test_the_head_of_a_unit_is_told_to_the_ledger_and_outlives_what_hr_systems_say(bureau: Bureau, database: Database) -> None:
    async def assert_led() -> None:
        unit = made(await bureau.client.get(f"/v1/units/{bureau.unit['id']}", headers=bureau.root))
        assert unit["head"] == bureau.leader["id"]
        async with database.reading() as connection:
            about = select(ledger_line.c.content).where(ledger_line.c.subject == UUID(bureau.unit["id"])).order_by(ledger_line.c.id.desc())
            line = (await connection.scalars(about.limit(1))).one()
            kept = await unit_digests(connection, [UUID(bureau.unit["id"])])
        assert line["digest"] == kept[UUID(bureau.unit["id"])]

    await assert_led()
    group = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "displayName", "value": "住房和城乡建设局"}],
    }
    said = {**bureau.root, "Content-Type": "application/scim+json"}
    answer = await bureau.client.patch(f"/scim/v2/Groups/{bureau.unit['id']}", json=group, headers=said)
    assert answer.status_code == 204, answer.text
    await assert_led()


@pytest.mark.parametrize("kind", APPROVAL_EXAMPLES)
async def test_the_examples_of_the_documentation_are_accepted(bureau: Bureau, kind: str) -> None:
    asked = made(await bureau.client.post(PATH, json=APPROVAL_EXAMPLES[kind]["value"], headers=bureau.official), 201)
    assert (asked["kind"], asked["state"]) == (kind, "requested")
