"""Asking for approvals and deciding on them, again and again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from tests.bodies import Json, activity, gift, meal, named, outside_post, yuan
from tests.intake.desk import made
from tests.working import work_off

Headers = dict[str, str]
Calling = Callable[..., Awaitable[Headers]]

PATH = "/v1/approvals"
DAY = "2026-10-23"


def work_meal(day: str = DAY, **over: Any) -> Json:
    """A work meal on site that lacks nothing but its approval."""
    plain = {"type": "on_site_work_meal", "venue": "company_canteen", "payer": "host", "cost_per_head": yuan("30.00")}
    return meal(**{"occurred_on": day, **plain, **over})


def ride(day: str = DAY, **over: Any) -> Json:
    """A ride in the vehicle of a supervised company."""
    return activity(**{"from_on": day, "until_on": day, "type": "vehicle_ride", **over})


def given(day: str = DAY, **over: Any) -> Json:
    """A gift given in foreign affairs."""
    abroad = {"direction": "given", "setting": "foreign_affairs", "relation": "foreign_counterpart"}
    return gift(**{"received_on": day, **abroad, **over})


def society_post(day: str = "2026-11-01", **over: Any) -> Json:
    """An unpaid adviser's post in a society."""
    plain = {"organisation": named("某市建筑学会"), "organisation_kind": "social_organisation", "pay_per_year": yuan("0.00")}
    return outside_post(**{"from_on": day, **plain, **over})


@dataclass(frozen=True, slots=True)
class Bureau:
    """Everybody who has a part in an approval; the official asks and the head decides unless said otherwise."""

    app: FastAPI
    client: httpx.AsyncClient
    root: Headers
    city: Json
    unit: Json
    person: Json
    leader: Json
    mayor: Json
    official: Headers
    head: Headers
    chief: Headers
    hr: Headers
    commission: Headers
    stranger: Headers

    async def lead(self, unit: Json, person: Json | None) -> None:
        """Make a person the head of a unit."""
        change = {"head": person and person["id"]}
        made(await self.client.patch(f"/v1/units/{unit['id']}", json=change, headers={**self.root, "If-Match": "*"}))

    async def try_asking(self, body: Json, by: Headers | None = None, **over: Any) -> httpx.Response:
        """Try to ask."""
        asked = {**body, "asked_of": "unit_head", "reason": "园区现场办公。", **over}
        return await self.client.post(PATH, json=asked, headers=by or self.official)

    async def ask(self, body: Json, by: Headers | None = None, **over: Any) -> Json:
        """Ask, which must succeed."""
        return made(await self.try_asking(body, by, **over), 201)

    async def act(self, approval: Json, what: str, body: Json, by: Headers | None = None, match: str = "*") -> httpx.Response:
        """Try to decide, withdraw or revoke."""
        return await self.client.post(f"{PATH}/{approval['id']}/{what}", json=body, headers={**(by or self.head), "If-Match": match})

    async def grant(self, approval: Json, by: Headers | None = None, **over: Any) -> Json:
        """Grant it, which must succeed."""
        return made(await self.act(approval, "decision", {"decision": "granted", "note": "同意。", **over}, by))

    async def granted(self, body: Json, **over: Any) -> Json:
        """Ask for and grant."""
        return await self.grant(await self.ask(body), **over)

    async def revoke(self, approval: Json) -> Json:
        """Revoke it, which must succeed."""
        return made(await self.act(approval, "revocation", {"reason": "情况有变"}))

    async def read(self, approval: Json, by: Headers | None = None) -> httpx.Response:
        """Try to read it."""
        return await self.client.get(f"{PATH}/{approval['id']}", headers=by or self.official)

    async def listed(self, by: Headers, **params: Any) -> list[str]:
        """The ids that somebody is shown."""
        return [one["id"] for one in made(await self.client.get(PATH, params=params, headers=by))["items"]]

    async def file(self, body: Json, by: Headers | None = None) -> Json:
        """File a declaration, which must succeed."""
        return made(await self.client.post("/v1/declarations", json=body, headers=by or self.official), 201)

    async def preview(self, body: Json) -> Json:
        """May I?"""
        return made(await self.client.post("/v1/previews", json=body, headers=self.official))

    async def declared(self, declaration: Json) -> Json:
        """A declaration as it stands."""
        return made(await self.client.get(f"/v1/declarations/{declaration['id']}", headers=self.official))

    async def work_off(self) -> None:
        """Do every job that waits."""
        await work_off(self.app)


def findings(declared: Json) -> dict[str, str]:
    """The level of each rule that has fired."""
    return {finding["rule"]: finding["level"] for finding in declared["screening"]["findings"]}


def evidence(declared: Json, rule: str) -> Json:
    """The evidence of a rule's finding."""
    found: Json = next(finding["evidence"] for finding in declared["screening"]["findings"] if finding["rule"] == rule)
    return found
