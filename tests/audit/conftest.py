"""The office whose writes are sealed, and an auditor."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.kit.database import Database
from app.ledger.sealing import Sealer
from tests.ledger.sealing import KEY
from tests.screening.conftest import office, travel

__all__ = ["office", "travel"]

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Auditor:
    """Asks the ledger, with a key that speaks for nobody unless said otherwise."""

    client: httpx.AsyncClient
    headers: Headers
    sealer: Sealer

    async def ask(self, path: str, by: Headers | None = None, **params: Any) -> httpx.Response:
        """Any address of the ledger, with all sealed that waits."""
        await self.sealer.seal()
        return await self.client.get(f"/v1/ledger/{path}", params=params, headers=by or self.headers)

    async def get(self, path: str, by: Headers | None = None, **params: Any) -> Any:
        """The JSON of an address that must be there."""
        answer = await self.ask(path, by, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, path: str, by: Headers | None = None, **params: Any) -> tuple[int, str]:
        """(status, code) of an address that is not to be had."""
        answer = await self.ask(path, by, **params)
        return answer.status_code, answer.json()["code"]


def digest(text: str) -> bytes:
    """A hash as JSON shows it."""
    return base64.b64decode(text, validate=True)


@pytest.fixture
async def auditor(client: httpx.AsyncClient, database: Database, make_key: Callable[..., Awaitable[str]]) -> Auditor:
    """An auditor of the whole register."""
    return Auditor(client, {"Authorization": f"Bearer {await make_key('audit:read')}"}, Sealer(database, KEY))
