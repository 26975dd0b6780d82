"""Asking for statistics."""

from typing import Any

from tests.screening.declaring import Headers, Json, Office

BY = ("unit", "month", "rule", "ban", "kind", "level", "counterparty")
NOTHING = {"record": 0, "notice": 0, "breach": 0, "serious": 0, "refer": 0}


async def statistics(office: Office, caller: Headers, **params: Any) -> Json:
    """The answer to one question."""
    answer = await office.client.get("/v1/statistics", params=params, headers=caller)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def groups(office: Office, caller: Headers, **params: Any) -> dict[str | None, Json]:
    """The groups by key, in their order."""
    return {item["key"]: item for item in (await statistics(office, caller, limit=200, **params))["items"]}
