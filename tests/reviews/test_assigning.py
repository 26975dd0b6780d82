"""Who is chosen, who can be named, and the register of reviewers."""

import pytest

from tests.factories import Factory
from tests.people.asking import faults_of, match
from tests.screening.conftest import Travel
from tests.screening.declaring import Json, gift, line
from tests.tags import version

from .cases import Commission
from .raising import refusal

PATH = "/v1/reviewers"


async def several(commission: Commission, number: int) -> list[Json]:
    """So many reviews of the official, the oldest first."""
    office = commission.office
    for one in range(number):
        await office.file(gift("2026-10-05", line(action="kept"), giver={"name": f"第{one}建材行"}), by=office.declarant)
    return list(reversed(await commission.list()))


async def change(commission: Commission, reviewer: Json, body: Json) -> None:
    """Change a reviewer's entry, which must succeed."""
    headers = {**commission.office.root, "If-Match": "*"}
    answer = await commission.office.client.patch(f"{PATH}/{reviewer['entry']}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_the_nearest_come_first_then_who_has_the_fewest(commission: Commission) -> None:
    near, (first, second) = commission.bureau_reviewer, commission.city_reviewers
    reviews = await several(commission, 5)
    assert (await commission.act(reviews[0], "assignment"))["assignee"] == near["id"]
    await change(commission, near, {"absent_from": "2026-10-01", "absent_until": "2026-10-20"})
    chosen = [(await commission.act(one, "assignment"))["assignee"] for one in reviews[1:5]]
    assert chosen == [first["id"], second["id"], first["id"], second["id"]]
    await commission.decide(reviews[2])
    await commission.decide(reviews[4])
    assert (await commission.act(reviews[1], "assignment"))["assignee"] == second["id"]
    listed = {one["person"]: one["open_reviews"] for one in (await commission.office.get(PATH, commission.lead))["items"]}
    assert listed == {near["id"]: 1, first["id"]: 1, second["id"]: 1}
    assert [one["id"] for one in await commission.list(assignee=second["id"], state="assigned")] == [reviews[1]["id"]]


async def test_absence_runs_by_days(commission: Commission, travel: Travel) -> None:
    near = commission.bureau_reviewer
    (review,) = await several(commission, 1)
    await change(commission, near, {"absent_from": "2026-10-21"})
    assert (await commission.act(review, "assignment", reviewer=near["id"]))["assignee"] == near["id"]
    travel("2026-10-21")
    refused = await commission.attempt(review, "assignment", {"reviewer": near["id"]})
    assert refusal(refused) == (409, "reviewer-absent")
    await change(commission, near, {"absent_from": None})
    assert (await commission.act(review, "assignment", reviewer=near["id"]))["assignee"] == near["id"]


async def test_whoever_reviews_another_unit_or_has_left_is_not_assigned(commission: Commission, factory: Factory) -> None:
    office, (review,) = commission.office, await several(commission, 1)
    elsewhere = await factory.person(office.sister, name="钱立")
    body = {"person": elsewhere["id"], "unit": office.sister["id"]}
    assert (await office.client.post(PATH, json=body, headers=office.root)).status_code == 201
    for one in (elsewhere, office.official):
        assert faults_of(await commission.attempt(review, "assignment", {"reviewer": one["id"]})) == [("/reviewer", "reviewer-unknown")]
    left = {"left_on": "2026-10-01", "left_reason": "retired"}
    for gone in (commission.bureau_reviewer, *commission.city_reviewers):
        headers = {**office.root, "If-Match": "*"}
        assert (await office.client.patch(f"/v1/persons/{gone['id']}", json=left, headers=headers)).status_code == 200
    assert refusal(await commission.attempt(review, "assignment", {}, office.commission)) == (409, "no-reviewer")


async def test_nobody_is_chosen_to_review_themselves(commission: Commission) -> None:
    office, near = commission.office, commission.bureau_reviewer
    await office.file(gift("2026-10-05", line(action="kept")), by=commission.bureau_key)
    (review,) = await commission.list(person=near["id"])
    assert (await commission.act(review, "assignment"))["assignee"] in {one["id"] for one in commission.city_reviewers}
    assert refusal(await commission.attempt(review, "assignment", {"reviewer": near["id"]})) == (403, "recused")


async def test_the_register_of_reviewers_is_kept_like_any_other(commission: Commission, factory: Factory) -> None:
    office, client = commission.office, commission.office.client
    body = {"person": (await factory.person(office.bureau))["id"], "unit": office.bureau["id"]}
    made = await client.post(PATH, json=body, headers=commission.lead)
    assert (made.status_code, version(made)) == (201, 1)
    assert refusal(await client.post(PATH, json=body, headers=commission.lead)) == (409, "reviewer-registered")
    path = made.headers["location"]
    away = {"absent_from": "2026-11-01", "absent_until": "2026-11-30"}
    assert refusal(await client.patch(path, json=away, headers=commission.lead)) == (428, "precondition-required")
    changed = await client.patch(path, json=away, headers={**commission.lead, **match(1)})
    assert changed.json() == {**made.json(), **away}
    assert refusal(await client.patch(path, json=away, headers={**commission.lead, **match(1)})) == (412, "precondition-failed")
    wrong = await client.patch(path, json={"absent_from": "2026-12-05"}, headers={**commission.lead, **match(2)})
    assert faults_of(wrong) == [("/absent_until", "absence-in-part")]
    read = await client.get(path, headers=commission.lead)
    assert (read.json(), version(read)) == (changed.json(), 2)
    for by in (office.sister_commission,):
        assert refusal(await client.get(path, headers=by)) == (404, "not-found")
        assert refusal(await client.delete(path, headers={**by, **match(2)})) == (404, "not-found")
    assert refusal(await client.get(path, headers=office.declarant)) == (403, "scope-missing")
    assert (await client.delete(path, headers={**commission.lead, **match(2)})).status_code == 204
    assert refusal(await client.get(path, headers=commission.lead)) == (404, "not-found")


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"unit": "01890000-0000-7000-8000-000000000000"}, [("/unit", "unit-unknown")]),
        ({"person": "01890000-0000-7000-8000-000000000000"}, [("/person", "person-unknown")]),
        ({"absent_until": "2026-11-01"}, [("/absent_until", "absence-in-part")]),
    ],
)
async def test_who_cannot_be_registered_is_refused_at_the_field(commission: Commission, over: Json, faults: list[tuple[str, str]]) -> None:
    office = commission.office
    body = {"person": office.official["id"], "unit": office.bureau["id"], **over}
    assert faults_of(await office.client.post(PATH, json=body, headers=office.root)) == faults
