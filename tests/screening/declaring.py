"""An office with its people, and declarations as its officials make them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.factories import Factory

Headers = dict[str, str]
Json = dict[str, Any]


def cny(amount: str) -> Json:
    """A sum of money."""
    return {"amount": amount, "currency": "CNY"}


def line(category: str = "goods", worth: str | Json | None = "300.00", action: str = "pending", **over: Any) -> Json:
    """One line of a gift; what became of it by `action`, `on` and `receipt_number`."""
    done: Json = {name: over.pop(name) for name in ("on", "receipt_number") if name in over}
    disposition = {"action": action, **done}
    money = cny(worth) if isinstance(worth, str) else worth
    return {"category": category, "description": "茶叶一盒", "worth": money, "worth_basis": "market", "disposition": disposition, **over}


def gift(received_on: str, *items: Json, **over: Any) -> Json:
    """A gift of a supervised company, pending unless its lines say otherwise."""
    return {
        "received_on": received_on,
        "received_away": False,
        "giver": {"name": "恒远建设有限公司"},
        "relation": "supervised_current",
        "also_kin": False,
        "direction": "received",
        "setting": "domestic",
        "receiver": "self",
        "occasion": "none",
        "channel": "in_person",
        "public_event": False,
        "giver_has_pending_matter": False,
        "items": list(items) or [line()],
        **over,
    }


def meal(occurred_on: str, **over: Any) -> Json:
    """A meal among friends at one's own cost, of which nothing is to be said."""
    return {
        "occurred_on": occurred_on,
        "host": {"name": "王五"},
        "relation": "friend_unrelated",
        "also_kin": False,
        "type": "private",
        "venue": "restaurant",
        "payer": "self",
        "alcohol": "none",
        "tobacco": False,
        "luxury_dishes": False,
        "during_inspection": False,
        "disposition": "attended",
        **over,
    }


def stake(acquired_on: str, **over: Any) -> Json:
    """A stake in an unlisted company, transferred by somebody."""
    return {
        "issuer": {"name": "青禾农业有限公司"},
        "type": "unlisted",
        "holder": "self",
        "role": "none",
        "share_percent": "5",
        "acquired_on": acquired_on,
        "acquired_how": "purchased",
        "disposal_refused": False,
        "issuer_in_jurisdiction": False,
        "issuer_trades_with_own_unit": False,
        "issuer_trades_with_relatives_employer": False,
        "annual_report": None,
        **over,
    }


@dataclass(frozen=True, slots=True)
class Office:
    """A bureau below a city, a sister bureau, an official, and everybody who might want to look."""

    client: httpx.AsyncClient
    root: Headers
    city: Json
    bureau: Json
    sister: Json
    official: Json
    declarant: Headers
    delegate: Headers
    hr: Headers
    commission: Headers
    stranger: Headers
    sister_commission: Headers

    async def file(self, details: Json, kind: str = "gift", *, by: Headers | None = None, **over: Any) -> Json:
        """File for the official in the official's own name, or as `over` says."""
        body = {"kind": kind, "details": details, **({} if by else {"declarant": self.official["id"], "source": "self"}), **over}
        answer = await self.client.post("/v1/declarations", json=body, headers=by or self.root)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def discover(self, details: Json, kind: str = "gift") -> Json:
        """Filed by the commission, which found it out."""
        return await self.file(details, kind, by=self.commission, declarant=self.official["id"], source="commission")

    async def inquire(self, opened_on: str, **over: Any) -> Json:
        """The commission opens an inquiry into the official."""
        body = {"person": self.official["id"], "opened_on": opened_on, "reference": "核字第1号", **over}
        answer = await self.client.post("/v1/inquiries", json=body, headers=self.commission)
        assert answer.status_code == 201, answer.text
        opened: Json = answer.json()
        return opened

    async def get(self, path: str, by: Headers, expected: int = 200, **params: Any) -> Json:
        """Any address as one of them sees it."""
        answer = await self.client.get(path, params=params, headers=by)
        assert answer.status_code == expected, answer.text
        read: Json = answer.json()
        return read

    async def read(self, declared: Json | str, by: Headers, expected: int = 200) -> Json:
        """A declaration as one of them sees it."""
        return await self.get(f"/v1/declarations/{_id(declared)}", by, expected)

    async def etag(self, declared: Json | str, by: Headers) -> str:
        """The entity tag of a declaration as one of them sees it."""
        return (await self.client.get(f"/v1/declarations/{_id(declared)}", headers=by)).headers["etag"]

    async def found(self, by: Headers, **filters: Any) -> list[str]:
        """The ids of the declarations that a list shows, in its order; the count is the same."""
        body = await self.get("/v1/declarations", by, limit=200, count=True, **filters)
        ids = [item["id"] for item in body["items"]]
        assert body["count"] == len(ids)
        return ids


def _id(declared: Json | str) -> str:
    return declared if isinstance(declared, str) else str(declared["id"])


def rules(declared: Mapping[str, Any]) -> dict[str, str]:
    """The rules found, with their levels."""
    return {found["rule"]: found["level"] for found in declared["screening"]["findings"]}


def finding(declared: Mapping[str, Any], rule: str) -> Json:
    """The finding of a rule."""
    found: Json = next(found for found in declared["screening"]["findings"] if found["rule"] == rule)
    return found


async def open_office(factory: Factory, make_key: Callable[..., Awaitable[str]]) -> Office:
    """Make them all."""

    async def caller(*scopes: str, **over: Any) -> Headers:
        return {"Authorization": f"Bearer {await make_key(*scopes, **over)}"}

    city = await factory.unit(name="某市")
    bureau = await factory.unit(name="住建局", parent=city["id"])
    sister = await factory.unit(name="水务局", parent=city["id"])
    official = await factory.person(bureau, name="李明")
    secretary = await factory.person(bureau, name="秦文")
    other = await factory.person(sister, name="赵强")
    commission = ("declarations:read", "reviews:write")
    given = {"person": official["id"], "delegate": secretary["id"], "from_on": "2020-01-01"}
    assert (await factory.client.post("/v1/delegations", json=given, headers=dict(factory.headers))).status_code == 201
    return Office(
        client=factory.client,
        root=dict(factory.headers),
        city=city,
        bureau=bureau,
        sister=sister,
        official=official,
        declarant=await caller("declarations:write", person=official),
        delegate=await caller("declarations:write", person=secretary),
        hr=await caller("declarations:file-for-others", "people:read", unit=bureau),
        commission=await caller(*commission, unit=city),
        stranger=await caller("declarations:write", person=other),
        sister_commission=await caller(*commission, unit=sister),
    )
