"""What tests of SCIM ask again and again, as clients write it."""

from typing import Any

import httpx

from app.people.scim.resources import EnterpriseUser, Group, OfficialUser, UnitGroup, User

BASE = "/scim/v2"
CORE, OFFICIAL, ENTERPRISE = (str(one.__schema__) for one in (User, OfficialUser, EnterpriseUser))
GROUP, UNIT = (str(one.__schema__) for one in (Group, UnitGroup))
MEDIA = "application/scim+json"


def user(unit: Any, number: str = "E1", **over: Any) -> dict[str, Any]:
    """A civil servant of the unit."""
    official = {
        "unit": unit["id"] if isinstance(unit, dict) else unit,
        "staffClass": "civil_servant",
        "rank": "section_chief",
        "isLeader": False,
        "partyMember": True,
        **over.pop("official", {}),
    }
    return {"schemas": [CORE, OFFICIAL], "userName": number, "displayName": "张明", "active": True, **over, OFFICIAL: official}


def group(name: str = "某局", **over: Any) -> dict[str, Any]:
    """A unit; what its extension holds is given as `unit`."""
    return {"schemas": [GROUP, UNIT], "displayName": name, UNIT: over.pop("unit", {}), **over}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """A PATCH."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": list(operations)}


def bulk(*operations: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Many operations."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": list(operations), **over}


class Hr:
    """An HR system: a caller with a key, which refuses answers that are not SCIM."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def ask(self, method: str, path: str, body: Any = None, *, status: int = 200, **over: Any) -> Any:
        """The JSON of the answer, which must have this status."""
        headers = {**self.headers, "Content-Type": MEDIA, **over.pop("headers", {})}
        answer = await self.client.request(method, BASE + path, json=body, headers=headers, **over)
        assert answer.status_code == status, answer.text
        if not answer.content:
            return answer
        assert answer.headers["content-type"] == MEDIA
        return answer.json()

    async def get(self, path: str, **over: Any) -> Any:
        """What is read there."""
        return await self.ask("GET", path, **over)

    async def post(self, path: str, body: Any, *, status: int = 201, **over: Any) -> Any:
        """What was made."""
        return await self.ask("POST", path, body, status=status, **over)

    async def patch(self, path: str, *operations: dict[str, Any], status: int = 204, **over: Any) -> Any:
        """What a change comes to."""
        return await self.ask("PATCH", path, patch(*operations), status=status, **over)

    async def names(self, asked: str | None = None, path: str = "/Users", **query: Any) -> list[str]:
        """The display names that a filter finds, in their order."""
        params = {**({"filter": asked} if asked is not None else {}), **query}
        found = await self.get(path, params=params)
        assert found["totalResults"] >= len(found.get("Resources", []))
        return [one["displayName"] for one in found.get("Resources", [])]
