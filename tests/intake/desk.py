"""A unit with its people, and what is asked of the desk again and again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, select

from app.kit.database import Database
from app.kit.tables import tables_of

Headers = dict[str, str]
Calling = Callable[..., Awaitable[Headers]]
Json = dict[str, Any]
Response = httpx.Response

PATH = "/v1/declarations"


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk as an official, HR and the commission of one unit stand before it; the official unless said otherwise."""

    client: httpx.AsyncClient
    unit: Json
    person: Json
    official: Headers
    hr: Headers
    commission: Headers

    async def post(self, body: Json, headers: Headers | None = None) -> Response:
        """Try to file."""
        return await self.client.post(PATH, json=body, headers=headers or self.official)

    async def filed(self, body: Json, headers: Headers | None = None) -> Json:
        """File, which must succeed."""
        return made(await self.post(body, headers), 201)

    async def drafted(self, body: Json, headers: Headers | None = None) -> Json:
        """Keep a draft, which must succeed."""
        return await self.filed({**body, "status": "draft"}, headers)

    async def read(self, declared: Json, headers: Headers | None = None) -> Json:
        """The declaration as it stands."""
        return made(await self.look(declared, headers))

    async def look(self, declared: Json, headers: Headers | None = None, below: str = "") -> Response:
        """Try to read the declaration, or a list below it."""
        return await self.client.get(f"{PATH}/{declared['id']}{below}", headers=headers or self.official)

    async def patch(self, declared: Json, change: Json, headers: Headers | None = None, match: str = "*") -> Response:
        """Try to change a declaration, from whatever version stands unless said otherwise."""
        return await self.client.patch(f"{PATH}/{declared['id']}", json=change, headers={**(headers or self.official), "If-Match": match})

    async def amended(self, declared: Json, **details: Any) -> Json:
        """Change fields of the details, which must succeed."""
        return made(await self.patch(declared, {"details": details}))

    async def submit(self, declared: Json, headers: Headers | None = None, match: str = "*") -> Response:
        """Try to submit a draft."""
        return await self.client.post(f"{PATH}/{declared['id']}/submission", headers={**(headers or self.official), "If-Match": match})

    async def withdraw(self, declared: Json, headers: Headers | None = None, match: str = "*", reason: str = "重复申报") -> Response:
        """Try to withdraw."""
        asked = {**(headers or self.official), "If-Match": match}
        return await self.client.post(f"{PATH}/{declared['id']}/withdrawal", json={"reason": reason}, headers=asked)

    async def preview(self, body: Json, headers: Headers | None = None) -> Json:
        """Ask beforehand, which must succeed."""
        return made(await self.client.post("/v1/previews", json=body, headers=headers or self.official))


def made(answer: Response, status: int = 200) -> Json:
    """The answer, which must have this status."""
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def refusal(answer: Response) -> tuple[int, str]:
    """(status, code) of an answer that is a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def faults(answer: Response) -> list[tuple[str, str]]:
    """(pointer, code) of everything that a 422 finds wrong."""
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def found(declared: Json) -> dict[str, str]:
    """The level of each rule that has fired."""
    return {finding["rule"]: finding["level"] for finding in declared["screening"]["findings"]}


def finding(declared: Json, rule: str) -> Json:
    """The finding of a rule, which must have fired."""
    one: Json = next(finding for finding in declared["screening"]["findings"] if finding["rule"] == rule)
    return one


async def rows(database: Database) -> dict[str, int]:
    """How many rows every table has."""
    async with database.reading() as connection:
        tables = tables_of(connection.dialect.name)
        return {table.name: await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
