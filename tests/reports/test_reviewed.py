"""What reviews came to, beside statistics."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.factories import Factory
from tests.screening.conftest import Travel
from tests.screening.declaring import Headers, Json, Office, gift, line

from .counting import statistics

KEPT = "gift.duty-related-kept"


async def decide(office: Office, review: Json, disposition: str) -> None:
    """Close a review."""
    headers = {**office.commission, "If-Match": "*"}
    body = {"disposition": disposition, "text": "经核实"}
    answer = await office.client.post(f"/v1/reviews/{review['id']}/disposition", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def group(office: Office, by: Headers, what: str, key: str, **filters: Any) -> Json:
    """One group."""
    told = await statistics(office, by, by=what, **filters)
    found: Json = next(item for item in told["items"] if item["key"] == key)
    return found


async def test_how_often_a_rule_was_right_and_how_long_a_unit_took(office: Office, factory: Factory, travel: Travel) -> None:
    for _ in range(4):
        party = await factory.counterparty()
        await office.file(gift("2026-10-05", line(action="kept"), giver={"id": party["id"]}), by=office.declarant)
    reviews = (await office.get("/v1/reviews", office.commission))["items"]
    rule = await group(office, office.commission, "rule", KEPT)
    assert (rule["upheld"], rule["no_issue"], rule["days_to_review"]) == (0, 0, None)
    assert (await group(office, office.commission, "unit", office.bureau["id"]))["days_to_review"] is None
    travel("2026-10-22")
    await decide(office, reviews[0], "no_issue")
    travel("2026-10-25")
    await decide(office, reviews[1], "reminded")
    await decide(office, reviews[2], "facts_corrected")
    rule = await group(office, office.commission, "rule", KEPT)
    assert (rule["upheld"], rule["no_issue"]) == (2, 1)
    unit = await group(office, office.commission, "unit", office.bureau["id"])
    assert (unit["upheld"], unit["no_issue"], unit["days_to_review"]) == (None, None, "4.0")
    assert (await group(office, office.commission, "kind", "gift"))["upheld"] is None
    nothing = await group(office, office.commission, "rule", KEPT, occurred_until="2026-10-05", occurred_from="2026-10-05", kind="gift")
    assert (nothing["upheld"], nothing["no_issue"]) == (2, 1)


async def test_small_numbers_of_reviews_are_kept_from_who_may_not_read_each(
    office: Office, factory: Factory, make_key: Callable[..., Awaitable[str]]
) -> None:
    counting = {"Authorization": f"Bearer {await make_key('reviews:write', unit=office.city)}"}
    for _ in range(5):
        official, party = await factory.person(office.bureau), await factory.counterparty()
        details = gift("2026-10-05", line(action="kept"), giver={"id": party["id"]})
        await office.file(details, declarant=official["id"], source="self")
    reviews = (await office.get("/v1/reviews", office.commission))["items"]
    for one in reviews[:4]:
        await decide(office, one, "reminded")
    assert (await group(office, office.commission, "rule", KEPT))["upheld"] == 4
    for what, key, name in (("rule", KEPT, "upheld"), ("unit", office.bureau["id"], "days_to_review")):
        found = await group(office, counting, what, key)
        assert (found["declarants"], found[name]) == (5, None)
    await decide(office, reviews[4], "reminded")
    assert (await group(office, counting, "rule", KEPT))["upheld"] == 5
    assert (await group(office, counting, "unit", office.bureau["id"]))["days_to_review"] == "0.0"


async def test_nothing_of_oneself_is_counted(office: Office, make_key: Callable[..., Awaitable[str]]) -> None:
    insider = {"Authorization": f"Bearer {await make_key('declarations:read', 'reviews:write', unit=office.city, person=office.official)}"}
    await office.file(gift("2026-10-05", line(action="kept")), by=office.declarant)
    await office.file(gift("2026-10-05", line(action="kept")), by=office.stranger)
    before = [await statistics(office, insider, by=what) for what in ("rule", "unit")]
    (own,) = (await office.get("/v1/reviews", office.commission, person=office.official["id"]))["items"]
    await decide(office, own, "reminded")
    assert [await statistics(office, insider, by=what) for what in ("rule", "unit")] == before
    assert (await group(office, office.commission, "rule", KEPT))["upheld"] == 1
