"""A phone as `docs/mobile.md` has it: acts go into a queue with a key each, and the queue is sent until the register has said what became of every one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import httpx

from app.kit import clock
from tests.bodies import filed, meal

Json = dict[str, Any]

TRY_AGAIN = {"idempotency-key-in-progress", "earlier-act-failed", "internal-error"}
"""The codes of what may be sent again with the same key."""


@dataclass
class Intended:
    """A declaration as its official means it to be."""

    client_id: str
    status: str
    last_key: str
    place: str
    note: str | None = None
    revisions: int = 1


@dataclass
class Phone:
    """One official's phone."""

    url: str
    key: str
    wrong_by: timedelta
    random: Random
    queue: list[Json] = field(default_factory=list)
    meant: dict[str, Intended] = field(default_factory=dict)
    held: dict[str, Json] = field(default_factory=dict)
    cursor: str | None = None
    refused: list[Json] = field(default_factory=list)
    sendings: int = 0

    def now(self) -> str:
        """What its clock says."""
        return (clock.now() + self.wrong_by).isoformat()

    def use(self) -> None:
        """The official does something, network or not."""
        open_ones = [one for one in self.meant.values() if one.status != "withdrawn"]
        if not open_ones or self.random.random() < 0.4:
            self._file()
            return
        one = self.random.choice(open_ones)
        what = self.random.choice(["amend", "amend", "submit" if one.status == "draft" else "amend", "withdraw"])
        {"amend": self._amend, "submit": self._submit, "withdraw": self._withdraw}[what](one)

    async def send(self) -> None:
        """Send the head of the queue; what is not heard of stays in it."""
        acts = self.queue[: self.random.randint(1, 7)]
        if not acts:
            return
        self.sendings += 1
        answer = await self._ask("POST", "/v1/batches", json={"sent_at": self.now(), "acts": acts})
        if answer is not None:
            assert answer.status_code == 200, answer.text
            self._settle(answer.json()["results"])

    async def catch_up(self) -> bool:
        """Ask what is new; whether there may be more."""
        answer = await self._ask("GET", "/v1/changes", params={"limit": 3, **({"since": self.cursor} if self.cursor else {})})
        if answer is None:
            return True
        assert answer.status_code == 200, answer.text
        caught = answer.json()
        for one in caught["items"]:
            self.held[one["client_id"]] = one["record"]
        self.cursor = caught["next"]
        return bool(caught["more"])

    def _file(self) -> None:
        named, key, place = self._uuid(), self._uuid(), f"第{self.random.randint(1, 999)}处"
        status = self.random.choice(["draft", "submitted"])
        self.meant[named] = Intended(named, status, key, place)
        self._queue(key, act="file", body=filed(meal(place=place), client_id=named, status=status))

    def _amend(self, one: Intended) -> None:
        if self.random.random() < 0.5:
            one.place = f"第{self.random.randint(1, 999)}处"
            body: Json = {"details": {"place": one.place}}
        else:
            one.note = f"说明{self.random.randint(1, 999)}"
            body = {"note": one.note}
        self._on(one, act="amend", body=body)

    def _submit(self, one: Intended) -> None:
        one.status = "submitted"
        self._on(one, act="submit")

    def _withdraw(self, one: Intended) -> None:
        one.status = "withdrawn"
        self._on(one, act="withdraw", body={"reason": "重复申报"})

    def _on(self, one: Intended, **act: Any) -> None:
        """An act on what the one before it left."""
        key, base = self._uuid(), one.last_key
        one.last_key, one.revisions = key, one.revisions + 1
        self._queue(key, declaration=one.client_id, after=base, **act)

    def _queue(self, key: str, **act: Any) -> None:
        self.queue.append({"key": key, "captured_at": self.now(), **act})

    def _settle(self, results: Iterable[Json]) -> None:
        for result in results:
            problem = result["problem"]
            if problem is None or problem["code"] not in TRY_AGAIN:
                self.queue = [act for act in self.queue if act["key"] != result["key"]]
            if problem is not None and problem["code"] not in TRY_AGAIN:
                self.refused.append(result)

    async def _ask(self, method: str, path: str, **asked: Any) -> httpx.Response | None:
        """An answer, unless the network has lost it."""
        headers = {"Authorization": f"Bearer {self.key}", "Connection": "close"}
        try:
            async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
                return await client.request(method, path, headers=headers, **asked)
        except httpx.TransportError:
            return None

    def _uuid(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))
