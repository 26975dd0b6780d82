"""A worker that is killed again and again, whatever it is doing: nothing is lost, nothing is done twice, and receivers are told of all of it."""

import asyncio
import csv
import io
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.audit.verification import Verification
from app.ledger.key_file import make_key_file, read_key_file
from app.ledger.unit_of_work import reading
from app.obligations.models import obligation
from app.people.models import person
from app.reports.verification import RECORDS
from app.settings import Settings
from tests.factories import Factory
from tests.webhooks.receiving import Receiver, listening

PEOPLE = 1_500
KILLS = 8
WITHIN_SECONDS = 240

WORKER = """
import asyncio, sys
from pathlib import Path
from app.exports import making
from app.jobs import queue
from app.kit.database import Database
from app.ledger.key_file import read_key_file
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.webhooks import deliverer
from app.webhooks.deliverer import webhook_policy
from app.worker import Policies, run_for_ever

queue.STALLED_SECONDS = making.HELD_SECONDS = 3.0
making.RENEW_SECONDS = 0.5
deliverer.HELD_SECONDS = 2.0
url, webhook_key, ledger_key = sys.argv[1:]
policy = webhook_policy(Path(webhook_key), "127.0.0.0/8", 30)
run = run_for_ever(Database(url, pool_size=4), Book(CHAPTERS), key=read_key_file(Path(ledger_key)), policies=Policies(webhooks=policy))
asyncio.run(run)
"""


class Workers:
    """One worker at a time, started and killed."""

    def __init__(self, *arguments: object) -> None:
        self.arguments = [str(argument) for argument in arguments]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start one."""
        self.process = subprocess.Popen([sys.executable, "-c", WORKER, *self.arguments], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """Kill it, whatever it is doing."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with which messages may go to loopback, under keys of their own."""
    key = tmp_path / "webhook-key"
    key.write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", encoding="ascii")
    make_key_file(tmp_path / "ledger-key", "test.example/ledger")
    return Settings(
        database_url=database_url,
        database_pool=4,
        key_cache_seconds=0,
        webhook_key_file=key,
        webhook_allowed_networks="127.0.0.0/8",
        ledger_key_file=tmp_path / "ledger-key",
    )


@pytest.fixture
def workers(app: FastAPI, settings: Settings) -> Iterator[Workers]:
    """No worker yet; none is left behind."""
    del app
    made = Workers(settings.database_url, settings.webhook_key_file, settings.ledger_key_file)
    yield made
    made.kill()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that takes whatever it is sent."""
    async with listening() as one:
        yield one


class Register:
    """The doors, for a caller who may do everything."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = headers

    async def post(self, path: str, body: Any = None, **over: Any) -> Any:
        """What was made."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = await self.client.post(path, headers={**self.headers, **over}, **content)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json()

    async def get(self, path: str) -> Any:
        """What is read there."""
        answer = await self.client.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


def people(unit: str) -> bytes:
    """A file of leaders who took up their posts lately, and so owe a report."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["employee_number", "name", "unit", "party_member", "staff_class", "rank", "is_leader"])
    rows.writerows([f"K{number:05}", f"钱{number}", unit, "是", "公务员", "副处", "是"] for number in range(PEOPLE))
    return file.getvalue().encode()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not await holds():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0.25)


async def test_what_killed_workers_had_begun_is_done_once_by_the_last(
    app: FastAPI,
    client: httpx.AsyncClient,
    as_root: dict[str, str],
    factory: Factory,
    workers: Workers,
    receiver: Receiver,
    settings: Settings,
) -> None:
    register, chance = Register(client, as_root), random.Random(20261129)  # noqa: S311  # when to kill
    unit = await factory.unit(code="KILL-1")
    await register.post("/v1/webhooks", {"url": receiver.url, "topics": ["person.created", "obligation.opened"]})
    imported = await register.post("/v1/imports?of=people", people("KILL-1"), **{"Content-Type": "text/csv"})
    campaign = await register.post(
        "/v1/campaigns",
        {"title": "节日申报", "kinds": ["gift"], "period_from": "2026-01-01", "period_until": "2026-12-31", "due_on": "2027-01-31"},
    )
    exported = await register.post("/v1/exports", {"of": "declarations", "format": "csv"})

    async def done() -> bool:
        states = [(await register.get(f"/v1/{path}"))["state"] for path in (f"imports/{imported['id']}", f"exports/{exported['id']}")]
        return states == ["completed", "ready"]

    async def owed() -> int:
        async with reading(app.state.database) as view:
            owing = select(func.count()).where(obligation.c.campaign_id == UUID(campaign["id"]))
            return await view.connection.scalar(owing) or 0

    for _ in range(KILLS):
        workers.start()
        await asyncio.sleep(chance.uniform(1.0, 4.0))
        workers.kill()
    workers.start()
    await until(done)

    async def told() -> bool:
        return await owed() == PEOPLE and len({one.id for one in receiver.received}) >= 2 * PEOPLE

    await until(told)
    rows = (await register.get(f"/v1/imports/{imported['id']}"))["rows"]
    assert {name: rows[name] for name in ("created", "changed", "unchanged", "failed")} == {
        "created": PEOPLE, "changed": 0, "unchanged": 0, "failed": 0,
    }  # fmt: skip
    workers.kill()
    async with reading(app.state.database) as view:
        assert await view.connection.scalar(select(func.count()).select_from(person).where(person.c.unit_id == UUID(unit["id"]))) == PEOPLE
        verification = Verification(view, [read_key_file(Path(str(settings.ledger_key_file))).verifier])
        assert [one async for one in verification.differences()] == []
        for records in RECORDS:
            assert [one async for one in records.differences(view)] == []
    for kind in ("person.created", "obligation.opened"):
        subjects = {one.id: one.data["subject"] for one in receiver.received if one.json["type"] == kind}
        assert len(subjects) == len(set(subjects.values())) == PEOPLE, "each is told of, by one message"
