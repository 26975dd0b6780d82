"""A commission at work on reviews, as its reviewers and the official under review ask for them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.factories import Factory
from tests.screening.declaring import Headers, Json, Office

PATH = "/v1/reviews"
REVIEWER = ("declarations:read", "reviews:write", "people:read", "declarations:write")


@dataclass(frozen=True, slots=True)
class Commission:
    """Two reviewers of the city and one of the bureau, each with a key of their own."""

    office: Office
    city_reviewers: tuple[Json, Json]
    city_keys: tuple[Headers, Headers]
    bureau_reviewer: Json
    bureau_key: Headers

    @property
    def lead(self) -> Headers:
        """The first reviewer of the city."""
        return self.city_keys[0]

    async def list(self, by: Headers | None = None, **filters: Any) -> list[Json]:
        """The reviews that a list shows, in its order; the count is the same."""
        body = await self.office.get(PATH, by or self.lead, limit=200, count=True, **filters)
        assert body["count"] == len(body["items"])
        items: list[Json] = body["items"]
        return items

    async def only(self, by: Headers | None = None, **filters: Any) -> Json:
        """The one review that there is, whole."""
        (found,) = await self.list(by, **filters)
        return await self.read(found, by)

    async def read(self, review: Json, by: Headers | None = None, expected: int = 200) -> Json:
        """A review as one of them sees it."""
        return await self.office.get(f"{PATH}/{review['id']}", by or self.lead, expected)

    async def etag(self, review: Json, by: Headers | None = None) -> str:
        """Its entity tag."""
        return (await self.office.client.get(f"{PATH}/{review['id']}", headers=by or self.lead)).headers["etag"]

    async def attempt(
        self, review: Json, act: str, body: Json, by: Headers | None = None, *, match: str | None = "*", key: str | None = None
    ) -> httpx.Response:
        """Try something on a review, from whatever version stands unless said otherwise."""
        sent = {**(by or self.lead), **({"If-Match": match} if match else {}), **({"Idempotency-Key": key} if key else {})}
        return await self.office.client.post(f"{PATH}/{review['id']}/{act}", json=body, headers=sent)

    async def act(self, review: Json, act: str, by: Headers | None = None, **body: Any) -> Json:
        """Do something on a review, which must succeed."""
        answer = await self.attempt(review, act, body, by)
        assert answer.status_code == 200, answer.text
        done: Json = answer.json()
        return done

    async def decide(self, review: Json, disposition: str = "no_issue", by: Headers | None = None, **over: Any) -> Json:
        """Dispose of a review."""
        return await self.act(review, "disposition", by, disposition=disposition, text="经核实，不再处理。", **over)

    async def open(self, by: Headers | None = None, **over: Any) -> httpx.Response:
        """Try to open a review of the official by hand."""
        body = {"person": self.office.official["id"], "text": "群众来信反映，须予核实。", **over}
        return await self.office.client.post(PATH, json=body, headers=by or self.lead)

    async def snooze(self, rule: str, counterparty: str | None, until_on: str, by: Headers | None = None) -> httpx.Response:
        """Try to leave a rule alone for a while."""
        body = {
            "person": self.office.official["id"],
            "rule": rule,
            "counterparty": counterparty,
            "until_on": until_on,
            "comment": "上级统一核查。",
        }
        return await self.office.client.post("/v1/snoozes", json=body, headers=by or self.lead)


async def open_commission(office: Office, factory: Factory, make_key: Callable[..., Awaitable[str]]) -> Commission:
    """Make the reviewers, their keys and their entries."""

    async def reviewer(unit: Json, name: str, of: Json) -> tuple[Json, Headers]:
        person = await factory.person(unit, name=name)
        key = {"Authorization": f"Bearer {await make_key(*REVIEWER, unit=of, person=person)}"}
        answer = await office.client.post("/v1/reviewers", json={"person": person["id"], "unit": of["id"]}, headers=office.root)
        assert answer.status_code == 201, answer.text
        return {**person, "entry": answer.json()["id"]}, key

    first, second = await reviewer(office.city, "周正", office.city), await reviewer(office.city, "吴清", office.city)
    near = await reviewer(office.bureau, "郑廉", office.bureau)
    return Commission(office, (first[0], second[0]), (first[1], second[1]), near[0], near[1])


def types(review: Json) -> list[str]:
    """What happened in a review, oldest first."""
    return [event["type"] for event in reversed(review["events"])]
