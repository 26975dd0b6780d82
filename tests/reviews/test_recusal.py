"""Who must stand back: from oneself, kin, whom one acts for, and counterparties that one holds, works for or took from."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.factories import Factory
from tests.people.asking import MEAL
from tests.screening.declaring import Headers, Json, gift, line, meal, stake

from .cases import REVIEWER, Commission
from .raising import refusal

Keys = Callable[..., Awaitable[str]]
ACTS: dict[str, Json] = {
    "assignment": {},
    "request": {"text": "请说明", "due_on": "2026-11-01"},
    "disposition": {"disposition": "no_issue", "text": "经核实"},
}


@pytest.fixture
async def parties(factory: Factory) -> tuple[Json, Json, Json]:
    """A company with its owner, and one of somebody else."""
    owner = await factory.counterparty()
    return await factory.counterparty(parents=[owner["id"]]), owner, await factory.counterparty()


@pytest.fixture
async def review(commission: Commission, parties: tuple[Json, Json, Json]) -> Json:
    """A review of what the official took from the company."""
    office = commission.office
    await office.file(gift("2026-10-05", line(action="kept"), giver={"id": parties[0]["id"]}), by=office.declarant)
    return await commission.only()


def dealings(party: Json) -> list[tuple[str, Json]]:
    """Every way to have something to do with a company."""
    named = {"id": party["id"]}
    post = {
        "organisation": named,
        "organisation_kind": "enterprise",
        "title": "顾问",
        "post_type": "adviser",
        "holder": "self",
        "real_work": True,
        "from_on": "2026-01-05",
        "pay_per_year": {"amount": "0.00", "currency": "CNY"},
        "equity": False,
        "assigned_by_unit": False,
        "in_former_jurisdiction": False,
        "related_to_former_work": False,
        "consented_by_organisation_department": False,
        "professional_innovation": False,
        "disposition": "held",
    }
    return [
        ("gift", gift("2026-10-01", giver=named)),
        ("meal", meal("2026-10-01", host=named)),
        ("shareholding", stake("2026-01-05", issuer=named)),
        ("shareholding", stake("2026-01-05", acquired_from=named)),
        ("outside_post", post),
    ]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("whose", [0, 1])
async def test_whoever_deals_with_the_group_decides_nothing(
    commission: Commission, review: Json, parties: tuple[Json, Json, Json], number: int, whose: int
) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    kind, details = dealings(parties[whose])[number]
    filed = await office.file(details, kind, by=office.root, declarant=one["id"], source="self")
    for act, body in ACTS.items():
        refused = await commission.attempt(review, act, body, key)
        assert refusal(refused) == (403, "recused")
        assert filed["id"] in refused.json()["detail"]
    english = await commission.attempt(review, "disposition", ACTS["disposition"], {**key, "Accept-Language": "en"})
    assert "somebody else must act" in english.json()["detail"]
    assert (await commission.read(review, key))["state"] == "open", "reading is not deciding"
    assert refusal(await commission.snooze("meal.alcohol", parties[0]["id"], "2026-11-01", key)) == (403, "recused")
    assert refusal(await commission.open(key, counterparty=parties[1]["id"])) == (403, "recused")
    assert (await commission.decide(review))["state"] == "closed", "a colleague may"
    assert refusal(await commission.attempt(review, "reopening", {"text": "重办"}, key)) == (403, "recused")


async def test_dealings_with_others_and_what_was_withdrawn_or_only_drafted_do_not_count(
    commission: Commission, review: Json, parties: tuple[Json, Json, Json]
) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    theirs = {"by": office.root, "declarant": one["id"], "source": "self"}
    await office.file(gift("2026-10-01", giver={"id": parties[2]["id"]}), **theirs)
    await office.file(gift("2026-10-01", giver={"id": parties[0]["id"]}), **theirs, status="draft")
    gone = await office.file(gift("2026-10-01", giver={"id": parties[0]["id"]}), **theirs)
    headers = {**office.root, "If-Match": "*"}
    assert (
        await office.client.post(f"/v1/declarations/{gone['id']}/withdrawal", json={"reason": "误报"}, headers=headers)
    ).status_code == 200
    assert (await commission.decide(review, by=key))["state"] == "closed"


async def test_what_was_discovered_of_a_reviewer_is_not_told_to_them(
    commission: Commission, review: Json, parties: tuple[Json, Json, Json]
) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    found = await office.file(
        gift("2026-10-01", giver={"id": parties[0]["id"]}), by=office.commission, declarant=one["id"], source="commission"
    )
    assert (await commission.attempt(review, "assignment", {"reviewer": one["id"]}, key)).status_code == 200
    refused = await commission.attempt(review, "assignment", {"reviewer": one["id"]}, office.commission)
    assert refusal(refused) == (403, "recused")
    assert found["id"] in refused.json()["detail"], "who may read it is told"
    assert (await commission.decide(review, by=key))["state"] == "closed"


async def test_who_may_not_read_the_declaration_is_told_of_an_interest_alone(
    commission: Commission, review: Json, parties: tuple[Json, Json, Json]
) -> None:
    office, one = commission.office, commission.city_reviewers[1]
    filed = await office.file(gift("2026-10-01", giver={"id": parties[0]["id"]}), by=office.root, declarant=one["id"], source="self")
    refused = await commission.attempt(review, "assignment", {"reviewer": one["id"]}, commission.bureau_key)
    assert refusal(refused) == (403, "recused")
    assert filed["id"] not in refused.text
    assert "2026-10-01" not in refused.text
    told = await commission.attempt(review, "assignment", {"reviewer": one["id"]}, commission.lead)
    assert filed["id"] in told.json()["detail"]


async def test_the_register_passes_over_who_must_stand_back(commission: Commission, review: Json, parties: tuple[Json, Json, Json]) -> None:
    office = commission.office
    for one in (commission.bureau_reviewer, commission.city_reviewers[0]):
        await office.file(
            gift("2026-10-01", giver={"id": parties[0]["id"]}), by=office.commission, declarant=one["id"], source="commission"
        )
    done = await commission.act(review, "assignment", office.commission)
    assert done["assignee"] == commission.city_reviewers[1]["id"]
    assert refusal(await commission.attempt(review, "assignment", {}, office.commission)) == (409, "no-reviewer")


@pytest.mark.parametrize("whose", ["official", "reviewer"])
async def test_kin_by_the_names_on_record(commission: Commission, review: Json, whose: str) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    named, other = (office.official, one) if whose == "official" else (one, office.official)
    body = {"relatives": [{"name": other["name"], "relation": "sibling"}]}
    changed = await office.client.patch(f"/v1/persons/{named['id']}", json=body, headers={**office.root, "If-Match": "*"})
    assert changed.status_code == 200, changed.text
    refused = await commission.attempt(review, "disposition", ACTS["disposition"], key)
    assert refusal(refused) == (403, "recused")
    assert "亲属" in refused.json()["detail"]


async def test_nobody_decides_for_whom_they_act_or_on_themselves(
    commission: Commission, review: Json, make_key: Keys, insider: Headers
) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    given = {"person": office.official["id"], "delegate": one["id"], "from_on": "2026-10-01"}
    made = await office.client.post("/v1/delegations", json=given, headers=office.root)
    assert made.status_code == 201, made.text
    assert refusal(await commission.attempt(review, "disposition", ACTS["disposition"], key)) == (403, "recused")
    for act, body in ACTS.items():
        assert refusal(await commission.attempt(review, act, body, insider)) == (404, "not-found")
    await commission.act(review, "request", **ACTS["request"])
    for act, body in ACTS.items():
        assert refusal(await commission.attempt(review, act, body, insider)) == (403, "recused")
    assert (await commission.read(review, insider))["assignee"] is None
    nobody = {"Authorization": f"Bearer {await make_key(*REVIEWER, unit=office.city)}"}
    assert (await commission.decide(review, by=nobody))["events"][0]["actor"].startswith("key:")


async def test_a_second_party_to_what_is_reviewed_counts_as_well(commission: Commission, factory: Factory) -> None:
    office, (one, key) = commission.office, (commission.city_reviewers[1], commission.city_keys[1])
    seller = await factory.counterparty()
    shares: dict[str, Any] = stake("2026-09-01", acquired_from={"id": seller["id"]}, acquired_how="gifted", relation="supervised_current")
    await office.file({**shares, "issuer_in_jurisdiction": True}, "shareholding", by=office.declarant)
    review = await commission.only()
    assert review["counterparty"] == seller["id"], "the main one is who gave the shares"
    await office.file({**MEAL, "host": shares["issuer"]}, "meal", by=office.root, declarant=one["id"], source="self")
    assert refusal(await commission.attempt(review, "disposition", ACTS["disposition"], key)) == (403, "recused")
