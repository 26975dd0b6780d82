"""Units, persons and counterparties for tests, made through the API as its clients make them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import insert
from stdnum.cn import uscc

from app.access.caller import Scope
from app.access.keys import PREFIX, digest_of
from app.access.models import api_key
from app.kit import clock
from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.unit_of_work import work

_numbers = count(1)


def credit_code() -> str:
    """A fresh 统一社会信用代码 (GB 32100-2015) whose check character is right: an enterprise registered in Beijing."""
    body = f"91110105{next(_numbers):09d}"
    return body + str(uscc.calc_check_digit(body))


async def insert_key(database: Database, *scopes: str, unit: Any = None, person: Any = None, expires_on: date | str | None = None) -> str:
    """The secret of a new key with exactly these scopes. Ids may be strings, UUIDs or the JSON of what they name."""
    secret = f"{PREFIX}test-{new_id()}"
    row = {
        "id": new_id(),
        "name": "测试",
        "secret_digest": digest_of(secret),
        "scopes": sorted(Scope(scope) for scope in scopes),
        "person_id": id_of(person),
        "unit_id": id_of(unit),
        "created_at": clock.now(),
        "created_by": "test",
        "version": 1,
        "expires_on": date.fromisoformat(expires_on) if isinstance(expires_on, str) else expires_on,
    }
    async with work(database, "test") as unit_of_work:
        await unit_of_work.connection.execute(insert(api_key).values(row))
    return secret


def id_of(named: Any) -> UUID | None:
    """The id of a record given as JSON, string or UUID."""
    plain = named["id"] if isinstance(named, Mapping) else named
    return None if plain is None else UUID(str(plain))


@dataclass(frozen=True, slots=True)
class Factory:
    """POSTs records with sensible values; what a test cares about it gives as `over`."""

    client: httpx.AsyncClient
    headers: Mapping[str, str]

    async def unit(self, **over: Any) -> dict[str, Any]:
        """A government unit."""
        return await self._post("/v1/units", {"name": f"某市第{next(_numbers)}局", "kind": "government", **_plain(over)})

    async def person(self, unit: Any, **over: Any) -> dict[str, Any]:
        """A civil servant of the unit, section chief, party member."""
        plain = {
            "employee_number": f"E{next(_numbers):05d}",
            "name": "张明",
            "unit": str(id_of(unit)),
            "position": "科长",
            "party_member": True,
            "staff_class": "civil_servant",
            "rank": "section_chief",
            "is_leader": False,
            "prior_graft_sanction": False,
        }
        return await self._post("/v1/persons", {**plain, **_plain(over)})

    async def counterparty(self, **over: Any) -> dict[str, Any]:
        """A registered Chinese enterprise."""
        number = next(_numbers)
        plain = {"name": f"恒远建设第{number}有限公司", "type": "enterprise", "identifier": credit_code(), "region": "CN"}
        return await self._post("/v1/counterparties", {**plain, **_plain(over)})

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self.client.post(path, json=body, headers=dict(self.headers))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


def _plain(over: Mapping[str, Any]) -> dict[str, Any]:
    """Days and ids as JSON writes them."""
    return {name: str(value) if isinstance(value, date | UUID) else value for name, value in over.items()}
