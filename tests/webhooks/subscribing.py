"""Making webhooks and having them delivered, as tests do it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from app.kit.database import Database
from app.ledger.sealing import Sealer
from app.settings import Settings
from app.webhooks.deliverer import Deliverer, Policy, webhook_policy
from tests.screening.declaring import Headers, Json

from .receiving import Receiver

PATH = "/v1/webhooks"
PAUSE = 0.02
Found = TypeVar("Found")


@dataclass(slots=True)
class Exchange:
    """The doors of webhooks, and deliverers that can be started, stopped and killed."""

    app: FastAPI
    client: httpx.AsyncClient
    root: Headers
    _running: list[tuple[asyncio.Event, "asyncio.Task[None]"]] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """The register's."""
        served: Database = self.app.state.database
        return served

    @property
    def policy(self) -> Policy:
        """As the settings have it."""
        settings: Settings = self.app.state.settings
        return webhook_policy(settings.webhook_key_file, settings.webhook_allowed_networks, settings.webhook_log_days)

    async def subscribe(self, receiver: Receiver | str, *topics: str, by: Headers | None = None, **over: Any) -> Json:
        """A new webhook, with its secret; what was done before is sealed first, so that it is not told of it."""
        await self.seal()
        url = receiver if isinstance(receiver, str) else receiver.url
        answer = await self.client.post(PATH, json={"url": url, "topics": list(topics), **over}, headers=by or self.root)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def seal(self) -> None:
        """Give what is committed its positions."""
        await Sealer(self.database, None).seal()

    def start(self, other: Deliverer | None = None) -> Deliverer:
        """Somebody who delivers in the background."""
        stopping, deliverer = asyncio.Event(), other or Deliverer(self.database, self.policy)
        self._running.append((stopping, asyncio.create_task(deliverer.run(stopping))))
        return deliverer

    async def close(self) -> None:
        """Stop all of them."""
        for stopping, _ in self._running:
            stopping.set()
        await asyncio.gather(*(task for _, task in self._running))
        self._running.clear()

    async def get(self, path: str, by: Headers | None = None, expected: int = 200, **params: Any) -> Json:
        """Read something."""
        answer = await self.client.get(path, headers=by or self.root, params=params)
        assert answer.status_code == expected, answer.text
        read: Json = answer.json()
        return read

    async def post(self, path: str, body: Json | None = None, by: Headers | None = None, expected: int = 202, match: str = "*") -> Json:
        """Do something."""
        answer = await self.client.post(path, json=body, headers={**(by or self.root), "If-Match": match})
        assert answer.status_code == expected, answer.text
        done: Json = answer.json()
        return done

    async def patch(self, webhook: Json, by: Headers | None = None, expected: int = 200, **changes: Any) -> Json:
        """Change a webhook, whatever its version."""
        answer = await self.client.patch(f"{PATH}/{webhook['id']}", json=changes, headers={**(by or self.root), "If-Match": "*"})
        assert answer.status_code == expected, answer.text
        done: Json = answer.json()
        return done

    async def deliveries(self, webhook: Json, by: Headers | None = None, **filters: Any) -> list[Json]:
        """The delivery log, newest first."""
        items: list[Json] = (await self.get(f"{PATH}/{webhook['id']}/deliveries", by, limit=200, **filters))["items"]
        return items

    async def until(self, webhook: Json, state: str, how_many: int = 1) -> list[Json]:
        """Wait for so many deliveries in a state."""

        async def found() -> list[Json] | None:
            there = await self.deliveries(webhook, state=state)
            return there if len(there) >= how_many else None

        return await eventually(found)

    async def until_disabled(self, webhook: Json) -> Json:
        """Wait until the register has disabled a webhook."""

        async def found() -> Json | None:
            told = await self.get(f"{PATH}/{webhook['id']}")
            return None if told["enabled"] else told

        return await eventually(found)


async def eventually(ask: Callable[[], Awaitable[Found | None]], seconds: float = 20.0) -> Found:
    """What is answered as soon as there is something."""
    for _ in range(int(seconds / PAUSE)):
        found = await ask()
        if found is not None:
            return found
        await asyncio.sleep(PAUSE)
    raise AssertionError("it has not come")
