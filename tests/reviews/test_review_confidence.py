"""Nobody learns of a review into themselves but by being asked or told, and then of that alone."""

from typing import Any

from app.kit.database import Database
from app.reviews.opening import take_up_waiting
from tests.screening.declaring import Headers, Json, Office, gift, line, meal
from tests.tags import version

from .cases import PATH, Commission
from .raising import put, refusal
from .test_confidence import BLIND, everything

LISTS: list[Json] = [
    {},
    {"state": "open"},
    {"state": "closed"},
    {"state": "waiting"},
    {"overdue": True},
    {"overdue": False},
    {"min_level": "record"},
    {"disposition": "no_issue"},
]


async def all_of_it(office: Office, by: Headers, filed: Json, review: Json | None = None) -> list[Any]:
    """All that somebody can get to see, to the byte and the tag."""
    seen = await everything(office, by, filed)
    asked = [(PATH, {**one, "count": True}) for one in LISTS]
    asked += [
        (PATH, {name: office.official["id"] if name == "person" else office.bureau["id"], "count": True}) for name in ("person", "unit")
    ]
    asked += [("/v1/reviewers", {}), ("/v1/snoozes", {}), ("/v1/inquiries", {}), ("/v1/statistics", {"by": "rule"})]
    if review is not None:
        asked += [(f"{PATH}/{review['id']}", {}), (f"{PATH}/{review['id']}/events", {"count": True})]
    answers = [await office.client.get(path, params=params, headers=by) for path, params in asked]
    seen += [(one.status_code, one.headers.get("etag"), {**one.json(), "instance": None}) for one in answers]
    preview = await office.client.post("/v1/previews", json={"kind": "gift", "details": gift("2026-10-18")}, headers=by)
    return [*seen, (preview.status_code, {**preview.json(), "instance": None})]


async def test_an_inquiry_and_all_that_a_review_does_move_nothing_that_the_official_sees(
    commission: Commission, database: Database, insider: Headers
) -> None:
    office = commission.office
    filed = await office.file(gift("2026-06-01", line(action="returned", on="2026-09-20")), by=office.declarant)
    dinner = await office.file(meal("2026-10-10"), "meal", by=office.declarant)
    callers = [*(getattr(office, name) for name in BLIND), insider]

    async def unmoved(told: str) -> None:
        for by, was in zip(callers, before, strict=True):
            assert await all_of_it(office, by, filed) == was, told

    before = [await all_of_it(office, by, filed) for by in callers]
    await office.inquire("2026-08-01")
    await take_up_waiting(database)
    await unmoved("an inquiry")
    confidential = await put(office, dinner, level="serious")
    await unmoved("a finding by hand")
    found = await commission.list()
    assert found, "of which the commission knows"
    assert (await commission.open(kind="loan")).status_code == 201
    await unmoved("one opened by hand")
    for review in await commission.list():
        for act in ("assignment", "request", "disposition", "reopening", "answer"):
            for by in callers:
                body = {"text": "x", "due_on": "2026-11-01", "disposition": "no_issue"}
                assert (await commission.attempt(review, act, body, by)).status_code in (403, 404, 422)
        await commission.act(review, "assignment", office.commission)
        await unmoved("an assignment")
        await commission.decide(review, "admonished", by=office.commission)
        await unmoved("a disposition")
        await commission.act(review, "reopening", office.commission, text="新线索")
        await unmoved("a reopening")
        for by in callers:
            gone = await office.client.get(f"{PATH}/{review['id']}", headers=by)
            none = await office.client.get(f"{PATH}/{confidential['id']}", headers=by)
            assert (gone.status_code, {**gone.json(), "instance": 0}) == (none.status_code, {**none.json(), "instance": 0})
    assert (await commission.snooze("meal.alcohol", None, "2026-11-01", office.commission)).status_code == 201
    await unmoved("a snooze")


async def test_who_was_asked_sees_what_was_asked_and_nothing_that_comes_after(
    commission: Commission, database: Database, insider: Headers
) -> None:
    office = commission.office
    filed = await office.file(gift("2026-06-01", line(action="returned", on="2026-09-20")), by=office.declarant)
    await office.inquire("2026-08-01")
    await take_up_waiting(database)
    review = await commission.only()
    assert any(found["confidential"] for found in review["findings"])
    await commission.act(review, "request", text="请说明退还经过。", due_on="2026-11-01")
    asked = (office.declarant, office.delegate, insider)
    for by in asked:
        seen = await commission.read(review, by)
        assert not any(found["confidential"] for found in seen["findings"])
        hidden = ("unit", "counterparty", "kind", "assignee", "level", "standing", "own_accord", "opened_at", "closed_at", "decision")
        assert {seen[name] for name in hidden} == {None}
        (event,) = seen["events"]
        assert (event["actor"], event["old"], event["text"]) == (None, None, "请说明退还经过。")
        assert set(event["new"]["findings"]) == {found["id"] for found in seen["findings"]}
        assert (await commission.etag(review, by)).startswith('"1-')
    before = [await all_of_it(office, by, filed, review) for by in asked]

    async def unmoved() -> None:
        for by, was in zip(asked, before, strict=True):
            assert await all_of_it(office, by, filed, review) == was

    await commission.act(review, "assignment", office.commission)
    await unmoved()
    await put(office, filed, level="refer")
    assert (await commission.read(review))["level"] == "refer"
    await unmoved()
    assert (await commission.snooze("gift.cash-like", review["counterparty"], "2026-11-01", office.commission)).status_code == 201
    await unmoved()

    await commission.decide(review, "transferred", by=office.commission)
    seen = await commission.read(review, office.declarant)
    assert (seen["state"], seen["decision"], seen["due_on"], len(seen["events"])) == ("closed", None, None, 1)
    assert refusal(await commission.attempt(review, "answer", {"text": "已说明"}, office.declarant)) == (409, "review-state")
    before = [await all_of_it(office, by, filed, review) for by in asked]
    await commission.act(review, "reopening", office.commission, text="新线索")
    await unmoved()
    await commission.act(review, "assignment", office.commission)
    await commission.decide(review, "no_issue", by=office.commission)
    await unmoved()
    await put(office, filed, level="refer")
    assert (await commission.only())["state"] == "open"
    await unmoved()
    await commission.decide(review, "reminded", by=office.commission, tell=True)
    assert (await commission.read(review, office.declarant))["decision"]["disposition"] == "reminded"


async def test_who_is_told_a_disposition_without_having_been_asked_learns_that_alone(commission: Commission) -> None:
    office = commission.office
    await office.file(gift("2026-10-05", line(action="kept")), by=office.declarant)
    review = await commission.decide(await commission.only(), "reminded", tell=True)
    seen = await commission.only(office.declarant)
    assert (seen["id"], seen["state"], seen["acts"], seen["findings"]) == (review["id"], "closed", [], [])
    assert [(one["type"], one["old"], one["actor"]) for one in seen["events"]] == [("decided", None, None)]
    assert [one["id"] for one in await commission.list(office.declarant, state="closed")] == [review["id"]]
    assert await commission.list(office.declarant, disposition="reminded") == [], "filters look at what the commission keeps"
    assert await commission.list(office.stranger) == []


async def test_an_answer_is_the_official_s_or_a_delegate_s(commission: Commission) -> None:
    office = commission.office
    filed = await office.file(gift("2026-10-05", line(action="kept")), by=office.declarant)
    review = await commission.act(await commission.only(), "request", text="请说明", due_on="2026-11-01")
    assert refusal(await commission.attempt(review, "answer", {"text": "代答"}, commission.lead)) == (403, "answer-of-another")
    assert refusal(await commission.attempt(review, "answer", {"text": "代答"}, office.commission)) == (403, "scope-missing")
    assert refusal(await commission.attempt(review, "answer", {"text": "代答"}, office.stranger)) == (404, "not-found")
    other = await office.file(meal("2026-10-08"), "meal", by=office.stranger)
    wrong = await commission.attempt(review, "answer", {"text": "见申报", "declaration": other["id"]}, office.declarant)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/declaration")
    stale = await commission.attempt(review, "answer", {"text": "见申报"}, office.declarant, match='"7"')
    assert refusal(stale) == (412, "precondition-failed")
    body = {"text": "见申报", "declaration": filed["id"]}
    first, again = [await commission.attempt(review, "answer", body, office.delegate, match='"1"', key="a-1") for _ in range(2)]
    assert (first.status_code, again.content, version(again)) == (200, first.content, 2)
    known = (await commission.read(review))["events"][0]
    assert (known["type"], known["new"], known["text"]) == ("answered", {"state": "answered", "declaration": filed["id"]}, "见申报")
