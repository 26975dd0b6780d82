"""Findings as reviewers of the office raise and withdraw them."""

from typing import Any

import httpx

from tests.screening.declaring import Headers, Json, Office

PATH = "/v1/findings"


def suspicion(declared: Json, **over: Any) -> Json:
    """Meddling in how a company is run, suspected by a person."""
    return {
        "declaration": declared["id"],
        "ban": 4,
        "level": "breach",
        "title": "采购渠道须作说明",
        "message": "企业称曾被要求改用指定供应商，须向双方核实。",
        "basis": [{"instrument": "优化营商环境条例", "article": "第十四条", "since": "2020-01-01"}],
        **over,
    }


async def attempt(office: Office, body: Json, by: Headers | None = None, *, key: str | None = None) -> httpx.Response:
    """Try to raise a finding, perhaps under an idempotency key; the commission does unless said otherwise."""
    keyed = {"Idempotency-Key": key} if key else {}
    return await office.client.post(PATH, json=body, headers={**(by or office.commission), **keyed})


async def put(office: Office, declared: Json, by: Headers | None = None, **over: Any) -> Json:
    """Raise a finding, which must succeed."""
    answer = await attempt(office, suspicion(declared, **over), by)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def take_back(
    office: Office, found: Json, by: Headers | None = None, *, version: int | None = 1, key: str | None = None
) -> httpx.Response:
    """Try to withdraw a finding, from the version that was seen, perhaps under an idempotency key."""
    match = {} if version is None else {"If-Match": f'"{version}"'}
    sent = {**(by or office.commission), **match, **({"Idempotency-Key": key} if key else {})}
    return await office.client.post(f"{PATH}/{found['id']}/withdrawal", json={"reason": "经核实，系正常政策辅导"}, headers=sent)


async def standing(office: Office, by: Headers, **filters: Any) -> list[str]:
    """The ids of the findings that a list shows, in its order; the count is the same."""
    body = await office.get(PATH, by, limit=200, count=True, **filters)
    ids = [item["id"] for item in body["items"]]
    assert body["count"] == len(ids)
    return ids


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """(status, code) of an answer that is a problem."""
    return answer.status_code, answer.json()["code"]
