"""A change of a person's record: what the person has filed is judged again by what binds now."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.working import work_off

from .declaring import Json, Office, meal, rules


async def change(office: Office, **fields: Any) -> None:
    """The personnel office corrects the official's record."""
    path = f"/v1/persons/{office.official['id']}"
    tag = (await office.client.get(path, headers=office.root)).headers["etag"]
    answer = await office.client.patch(path, json=fields, headers={**office.root, "If-Match": tag})
    assert answer.status_code == 200, answer.text


def post(**over: Any) -> Json:
    """A post in a company, for pay, taken up after leaving."""
    return {
        "organisation": {"name": "恒远建设有限公司"}, "organisation_kind": "enterprise", "title": "顾问", "post_type": "employee",
        "holder": "self", "real_work": True, "from_on": "2026-05-01", "pay_per_year": {"amount": "120000.00", "currency": "CNY"},
        "equity": False, "assigned_by_unit": False, "in_former_jurisdiction": True, "related_to_former_work": True,
        "consented_by_organisation_department": False, "professional_innovation": False, "disposition": "held", **over,
    }  # fmt: skip


async def test_leaving_starts_cooling_off_for_what_is_on_file(app: FastAPI, office: Office) -> None:
    filed = await office.file(post(), "outside_post", by=office.declarant)
    assert "post.cooling-off" not in rules(filed)
    await change(office, left_on="2026-04-01", left_reason="resigned")
    await work_off(app)
    now = await office.read(filed, office.declarant)
    assert rules(now)["post.cooling-off"] == "serious"
    assert (now["revision"], len((await office.get(f"/v1/declarations/{filed['id']}/screenings", office.root))["items"])) == (1, 2)


async def test_a_post_that_leads_brings_the_rules_that_bind_leaders(app: FastAPI, office: Office) -> None:
    filed = await office.file(post(), "outside_post", by=office.declarant)
    await change(office, rank="bureau_deputy", is_leader=True)
    await work_off(app)
    assert rules(await office.read(filed, office.declarant)) != rules(filed)
    reviews = await office.get("/v1/reviews", office.root, person=office.official["id"])
    assert reviews["items"], "what came to light is taken up"


@pytest.mark.parametrize("fields", [{"name": "李某某"}, {"position": "四级调研员"}])
async def test_what_touches_nothing_is_not_recorded_again(app: FastAPI, office: Office, fields: Json) -> None:
    filed = await office.file(meal("2026-03-01"), "meal", by=office.declarant)
    await change(office, **fields)
    await work_off(app)
    assert len((await office.get(f"/v1/declarations/{filed['id']}/screenings", office.root))["items"]) == 1
