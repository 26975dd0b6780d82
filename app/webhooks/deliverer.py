"""Who delivers what: each process takes webhooks that nobody holds, has a courier serve each, and says again and again that it still does.

Of several processes one holds a webhook at a time; who is killed lets it lapse. With no webhook there is one small query a second.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, and_, delete, or_, select, true, update

from app.kit import clock
from app.kit.database import Database, claimed
from app.kit.rounds import pause, repeat
from app.ledger.sealing import sealed_lines
from app.ledger.unit_of_work import WORKER, Work, reading, work

from .addresses import AddressError, Egress, networks_of
from .courier import Bell, Courier, LostError, Post
from .models import KEPT_DAYS, webhook, webhook_delivery
from .queue import webhooks_with_due
from .vault import Vault, VaultError, open_vault

ROUND_SECONDS = 1.0
WAKE_SECONDS = 0.2
HELD_SECONDS = 30.0
GRACE_SECONDS = 3.0
"""How long what is under way may take to end when the process stops; whatever does not is sent again."""

PRUNE_SECONDS = 3_600.0
_MOST_PRUNED = 5_000

log = logging.getLogger("qinqing.webhooks")

_ENABLED = select(webhook.c.id, webhook.c.version, webhook.c.held_by, webhook.c.held_until).where(webhook.c.enabled)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator has set: where the key lies, where messages may go, and for how many days deliveries are told of."""

    key_file: Path | None = None
    egress: Egress = field(default_factory=Egress)
    kept_days: int = KEPT_DAYS


def webhook_policy(key_file: Path | None, allowed_networks: str | None, kept_days: int) -> Policy:
    """From the settings."""
    return Policy(key_file, Egress(networks_of(allowed_networks)), kept_days)


class Serving(NamedTuple):
    """A courier at work, and the version of the webhook that it serves."""

    version: int
    bell: Bell
    task: "asyncio.Task[None]"


class Deliverer:
    """Delivers in the background, beside what else its process does."""

    def __init__(self, database: Database, policy: Policy, tls: ssl.SSLContext | None = None) -> None:
        self.database = database
        self.policy = policy
        self._tls = tls
        self._vault: Vault | None = None
        self._me = uuid4()
        self._serving = dict[UUID, Serving]()
        self._first = True
        self._prune_at = 0.0
        self._open_at = 0.0

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until `stopping` is set; what fails is logged and tried again."""
        tended = repeat(lambda: self.tend(stopping), stopping, ROUND_SECONDS, log, "webhooks not tended")
        woken = repeat(self.wake, stopping, WAKE_SECONDS, log, "webhooks not woken")
        try:
            await asyncio.gather(tended, woken)
        finally:
            await self._leave()

    async def tend(self, stopping: asyncio.Event) -> None:
        """Take what nobody serves, renew what is served, drop what was changed or lost."""
        if time.monotonic() >= self._prune_at:
            await self.prune()
            self._prune_at = time.monotonic() + PRUNE_SECONDS
        async with reading(self.database) as view:
            rows = (await view.connection.execute(_ENABLED)).mappings().all()
        await self._drop({row["id"]: row["version"] for row in rows if row["held_by"] == self._me})
        free, mine = self._split(rows)
        if free and self._opened() is None:
            free = []
        if free or mine:
            await self._take(free, mine, stopping)
        self._first = False

    async def wake(self) -> None:
        """Tell couriers of new lines, and of what is due again."""
        if not self._serving:
            return
        async with reading(self.database) as view:
            head, due = await sealed_lines(view), await webhooks_with_due(view)
        for webhook_id, serving in self._serving.items():
            serving.bell.ring(head, due=webhook_id in due)

    async def prune(self) -> None:
        """Forget deliveries that ended long ago; what they told stands in the ledger."""
        old = webhook_delivery.c.ended_at < clock.now() - timedelta(days=self.policy.kept_days)
        some = select(webhook_delivery.c.id).where(old).limit(_MOST_PRUNED)
        async with reading(self.database) as view:
            pruned = _MOST_PRUNED if await view.connection.scalar(some.limit(1)) else 0
        while pruned == _MOST_PRUNED:
            async with work(self.database, WORKER) as unit:
                pruned = (await unit.connection.execute(delete(webhook_delivery).where(webhook_delivery.c.id.in_(some)))).rowcount

    def _split(self, rows: Sequence[RowMapping]) -> tuple[list[UUID], list[UUID]]:
        """(those that nobody serves, those of one's own whose hold must be renewed)."""
        now, soon = clock.now(), clock.now() + timedelta(seconds=HELD_SECONDS / 2)
        lapsed = [row for row in rows if self._is_alone() or row["held_by"] in (None, self._me) or row["held_until"] < now]
        free = [row["id"] for row in lapsed if row["id"] not in self._serving]
        return free, [row["id"] for row in rows if row["id"] in self._serving and row["held_until"] < soon]

    def _is_alone(self) -> bool:
        """An embedded register has this process alone, so that what is held when it starts was left by one that was killed."""
        return self._first and self.database.embedded

    async def _take(self, free: Sequence[UUID], mine: Sequence[UUID], stopping: asyncio.Event) -> None:
        async with work(self.database, WORKER) as unit:
            if mine:
                still = and_(webhook.c.id.in_(mine), webhook.c.held_by == self._me)
                await unit.connection.execute(update(webhook).where(still).values(held_until=_later()))
            taken = [row for one in free if (row := await self._claim(unit, one)) is not None]
        for row in taken:
            bell = Bell(row["position"])
            served = self._served(row, bell, stopping)
            self._serving[row["id"]] = Serving(row["version"], bell, asyncio.create_task(served))

    async def _claim(self, unit: Work, webhook_id: UUID) -> dict[str, Any] | None:
        """The webhook, if it is still free."""
        lapsed = or_(webhook.c.held_by.is_(None), webhook.c.held_by == self._me, webhook.c.held_until < clock.now())
        free = true() if self._is_alone() else lapsed
        asked = claimed(select(webhook).where(webhook.c.id == webhook_id, webhook.c.enabled, free), of=webhook)
        row = (await unit.connection.execute(asked)).mappings().first()
        if row is None:
            return None
        held = {"held_by": self._me, "held_until": _later()}
        await unit.connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(held))
        return {**row, **held}

    def _opened(self) -> Vault | None:
        """The vault, opened when there is first something to sign; what keeps it shut is said now and then."""
        if self._vault is None and time.monotonic() >= self._open_at:
            self._open_at = time.monotonic() + HELD_SECONDS
            try:
                self._vault = open_vault(self.database, self.policy.key_file)
            except VaultError:
                log.exception("webhooks are not delivered: their key cannot be used")
            else:
                if self._vault is None:
                    log.warning("webhooks are not delivered: no QINQING_WEBHOOK_KEY_FILE")
        return self._vault

    async def _served(self, row: Mapping[str, Any], bell: Bell, stopping: asyncio.Event) -> None:
        """What fails by itself waits for a while, so that it is not begun again and again."""
        told = {"webhook": str(row["id"])}
        try:
            await Courier(self._post(), row, bell).run(stopping)
        except LostError:
            return
        except (AddressError, VaultError) as error:
            log.warning("webhook cannot be served", extra={**told, "error": type(error).__name__})
            await pause(stopping, HELD_SECONDS)
        except Exception:
            log.exception("webhook failed", extra=told)
            await pause(stopping, ROUND_SECONDS)

    def _post(self) -> Post:
        vault = self._opened()
        if vault is None:
            raise VaultError("no key")
        self._tls = self._tls or ssl.create_default_context()
        return Post(self.database, vault, self.policy.egress, self._tls)

    async def _drop(self, versions: Mapping[UUID, int]) -> None:
        """End couriers whose webhook was changed or lost, and forget those that have ended."""
        for webhook_id, serving in list(self._serving.items()):
            if versions.get(webhook_id) != serving.version:
                serving.task.cancel()
            if serving.task.cancelling() or serving.task.done():
                await asyncio.gather(serving.task, return_exceptions=True)
                del self._serving[webhook_id]

    async def _leave(self) -> None:
        """Let what is under way end, and let go of what was held."""
        tasks = [serving.task for serving in self._serving.values()]
        if not tasks:
            return
        for serving in self._serving.values():
            serving.bell.rung.set()
        await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._serving.clear()
        async with work(self.database, WORKER) as unit:
            free = update(webhook).where(webhook.c.held_by == self._me).values(held_by=None, held_until=None)
            await unit.connection.execute(free)


def _later() -> datetime:
    return clock.now() + timedelta(seconds=HELD_SECONDS)
