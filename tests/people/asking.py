"""What tests of the people's and the counterparties' rooms ask again and again."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Client = httpx.AsyncClient
Headers = dict[str, str]
Calling = Callable[..., Awaitable[Headers]]

MEAL = {
    "occurred_on": "2026-01-05",
    "host": {"name": "恒远建设有限公司"},
    "relation": "unrelated",
    "also_kin": False,
    "type": "private",
    "venue": "restaurant",
    "payer": "self",
    "alcohol": "none",
    "tobacco": False,
    "luxury_dishes": False,
    "during_inspection": False,
    "disposition": "attended",
}
"""A meal that the official paid for: the plainest thing to declare."""


def match(version: int = 1) -> Headers:
    """The precondition that a change starts from a version."""
    return {"If-Match": f'"{version}"'}


def faults_of(answer: httpx.Response) -> list[tuple[str, str]]:
    """(pointer, code) of everything that a 422 finds wrong."""
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def listed(client: Client, headers: Headers, path: str, **query: Any) -> set[str]:
    """The ids in a list."""
    answer = await client.get(path, params={"limit": 200, **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}
