"""Reading, deciding and the preconditions of every act."""

import asyncio
from typing import Any

import pytest

from app.kit.database import Database
from app.reviews.opening import take_up_waiting
from tests.factories import Factory
from tests.people.asking import faults_of
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, gift, line
from tests.tags import version

from .cases import PATH, Commission
from .raising import refusal

ACTS: dict[str, Json] = {
    "assignment": {},
    "request": {"text": "请说明", "due_on": "2026-11-01"},
    "disposition": {"disposition": "no_issue", "text": "经核实"},
}


@pytest.fixture
async def review(commission: Commission) -> Json:
    """A review of a gift that was kept."""
    office = commission.office
    await office.file(gift("2026-10-05", line(action="kept")), by=office.declarant)
    return await commission.only()


async def test_of_two_dispositions_at_once_one_is_told_to_look_again(commission: Commission, review: Json) -> None:
    tag = await commission.etag(review)
    both = await asyncio.gather(
        *(commission.attempt(review, "disposition", {"disposition": one, "text": one}, match=tag) for one in ("reminded", "criticised"))
    )
    assert sorted(one.status_code for one in both) == [200, 412]
    whole = await commission.read(review)
    assert [one["type"] for one in whole["events"]] == ["decided", "opened"]
    assert whole["decision"]["disposition"] == whole["events"][0]["text"]


async def test_a_finding_that_joins_meanwhile_has_to_be_looked_at(commission: Commission, review: Json) -> None:
    office, tag = commission.office, await commission.etag(review)
    await office.file(gift("2026-10-06", line(action="kept")), by=office.declarant)
    assert refusal(await commission.attempt(review, "disposition", ACTS["disposition"], match=tag)) == (412, "precondition-failed")
    tag = await commission.etag(review)
    declared = review["findings"][0]["declaration"]
    headers = {**office.declarant, "If-Match": "*"}
    await office.client.patch(f"/v1/declarations/{declared}", json={"note": "补充"}, headers=headers)
    assert refusal(await commission.attempt(review, "disposition", ACTS["disposition"], match=tag)) == (412, "precondition-failed")


@pytest.mark.parametrize("act", ACTS)
async def test_every_act_wants_the_version_the_scope_and_the_reach(commission: Commission, review: Json, act: str) -> None:
    office, body = commission.office, ACTS[act]
    assert refusal(await commission.attempt(review, act, body, match=None)) == (428, "precondition-required")
    assert refusal(await commission.attempt(review, act, body, match='"9"')) == (412, "precondition-failed")
    for by in (office.declarant, office.delegate, office.hr, office.stranger):
        assert refusal(await commission.attempt(review, act, body, by)) == (403, "scope-missing")
    assert refusal(await commission.attempt(review, act, body, office.sister_commission)) == (404, "not-found")
    assert await commission.read(review) == review
    first, again = [await commission.attempt(review, act, body, match='"1"', key=f"{act}-1") for _ in range(2)]
    assert (first.status_code, again.content, again.headers["idempotent-replayed"]) == (200, first.content, "true")
    assert version(first) == 2


async def test_every_disposition_can_be_made_and_is_found_by_it(commission: Commission, review: Json) -> None:
    every = (
        "no_issue facts_corrected handed_over returned reminded criticised ordered_to_correct admonished transferred".split()  # noqa: SIM905
    )
    for one in every:
        closed = await commission.decide(review, one)
        assert (closed["state"], closed["decision"]["disposition"], closed["decision"]["effective_on"]) == ("closed", one, "2026-10-20")
        assert [found["id"] for found in await commission.list(disposition=one)] == [review["id"]]
        assert await commission.list(disposition=every[every.index(one) - 1]) == []
        assert closed["findings"] == review["findings"], "which say what they said"
        opened = await commission.act(review, "reopening", text="复核")
        assert (opened["state"], opened["decision"]) == ("open", None)


@pytest.mark.parametrize(
    ("act", "over", "fault"),
    [
        ("disposition", {"disposition": "guilty"}, ("/disposition", "enum")),
        ("disposition", {"text": " "}, ("/text", "text-blank")),
        ("disposition", {"text": "长" * 4001}, ("/text", "string-too-long")),
        ("disposition", {"effective_on": "2026-10-19"}, ("/effective_on", "effective-before-opening")),
        ("disposition", {"effective_on": "2028-01-01"}, ("/effective_on", "day-too-far")),
        ("disposition", {"tell": "yes"}, ("/tell", "bool-type")),
        ("request", {"due_on": "2026-10-19"}, ("/due_on", "due-day-passed")),
        ("request", {"due_on": "2028-01-01"}, ("/due_on", "day-too-far")),
        ("request", {"due_on": None}, ("/due_on", "date-type")),
        ("assignment", {"reviewer": "周正"}, ("/reviewer", "uuid-parsing")),
    ],
)
async def test_what_cannot_be_is_refused_at_the_field(
    commission: Commission, review: Json, act: str, over: Json, fault: tuple[str, str]
) -> None:
    (found,) = faults_of(await commission.attempt(review, act, {**ACTS[act], **over}))
    assert found[0] == fault[0]
    assert found == fault or over == {"due_on": None}
    assert await commission.read(review) == review


async def test_lists_are_narrowed_by_what_the_commission_asks_for(commission: Commission, factory: Factory, travel: Travel) -> None:
    office, parties = commission.office, [await factory.counterparty() for _ in range(3)]
    for party in parties:
        await office.file(gift("2026-10-05", line(action="kept"), giver={"id": party["id"]}), by=office.declarant)
    await office.file(gift("2026-10-05", line("cash", "90000.00", "kept"), giver={"id": parties[2]["id"]}), by=office.declarant)
    await office.file(gift("2026-10-05", line(action="kept"), giver={"id": parties[0]["id"]}), by=office.stranger)
    named = {one["counterparty"]: one for one in await commission.list(person=office.official["id"])}
    first, second, third = (named[party["id"]] for party in parties)
    (other,) = await commission.list(unit=office.sister["id"])
    await commission.act(first, "request", text="请说明", due_on="2026-10-25")
    await commission.act(second, "request", text="请说明", due_on="2026-10-26")
    travel("2026-10-26")

    async def found(**filters: Any) -> list[str]:
        return [one["id"] for one in await commission.list(**filters)]

    assert await found(state="waiting") == sorted([first["id"], second["id"]], reverse=True)
    assert await found(overdue=True) == [first["id"]]
    assert set(await found(overdue=False)) == {second["id"], third["id"], other["id"]}
    assert await found(min_level="serious") == [third["id"]]
    assert set(await found(counterparty=parties[0]["id"])) == {first["id"], other["id"]}
    assert set(await found(unit=office.bureau["id"])) == {first["id"], second["id"], third["id"]}
    assert await found(person=office.official["id"], state="open", counterparty=parties[2]["id"]) == [third["id"]]
    assert [one["id"] for one in await commission.list(office.sister_commission)] == [other["id"]]
    assert await commission.list(office.hr) == []
    pages, after = [], None
    while True:
        page = await office.get(PATH, commission.lead, limit=1, **({"after": after} if after else {}))
        pages += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert pages == await found()
    assert (await commission.read(first))["overdue"] is True


async def test_what_was_put_right_of_own_accord_is_counted(commission: Commission, database: Database) -> None:
    office = commission.office
    await office.file(gift("2026-06-01", line(action="returned", on="2026-09-20")), by=office.declarant)
    whole = await commission.only()
    marked = [found for found in whole["findings"] if found["evidence"].get("own_accord")]
    assert whole["own_accord"] == len(marked) > 0
    await office.inquire("2026-08-01")
    await take_up_waiting(database)
    after = await commission.only()
    assert (after["own_accord"], after["standing"] > whole["standing"]) == (0, True), "which it is not once an inquiry has begun"


async def test_events_are_paged(commission: Commission, review: Json) -> None:
    for number in range(3):
        await commission.act(review, "request", text=f"第{number}次询问", due_on="2026-11-01")
    path, office = f"{PATH}/{review['id']}/events", commission.office
    first = await office.get(path, commission.lead, limit=3, count=True)
    rest = await office.get(path, commission.lead, limit=3, after=first["next"])
    assert (first["count"], [one["type"] for one in first["items"]]) == (4, ["requested"] * 3)
    assert ([one["type"] for one in rest["items"]], rest["next"]) == (["opened"], None)
    assert first["items"] + rest["items"] == (await commission.read(review))["events"]
    own = await office.get(path, office.declarant, count=True)
    assert (own["count"], {one["actor"] for one in own["items"]}) == (3, {None})
    await office.get(path, office.stranger, 404)
