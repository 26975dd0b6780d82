"""Brings one webhook what it is to be told: new lines in batches, what failed again in its time, each subject's in order.

A batch is sent first and written down after: whoever is killed in between leaves it to the next, which sends it again under the same ids.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, update

from app.access.caller import Scope
from app.kit import clock
from app.kit.database import Database
from app.ledger.lines import instant
from app.ledger.unit_of_work import WORKER, Work, reading, work

from .addresses import Egress
from .messages import Message
from .models import webhook, webhook_delivery
from .outcomes import AT_ONCE, Answer, Outcome
from .queue import (
    Batch,
    Delivery,
    Subscription,
    blocked_subjects,
    by_subject,
    due_again,
    keep_tried,
    make_due,
    next_batch,
)
from .schedule import DISABLED_AFTER, MISSES_UNTIL_PAUSE, next_attempt, pause_seconds
from .subjects import Sieve
from .topics import Rights, actions_for
from .vault import Vault

BATCH = 128
TRIES_KEPT = 20
FLUSH_SECONDS = 30.0
"""How long a place may be kept in memory alone while there is nothing to tell."""

log = logging.getLogger("qinqing.webhooks")

_chance = SystemRandom().random


class LostError(Exception):
    """Somebody else holds the webhook, or it has been changed: whatever was read of it counts no more."""


@dataclass(frozen=True, slots=True)
class Post:
    """What every courier of a process uses."""

    database: Database
    vault: Vault
    egress: Egress
    tls: ssl.SSLContext


@dataclass(slots=True)
class Bell:
    """How a courier learns of new lines, up to `head`, and that something is due again."""

    head: int
    due: bool = True
    rung: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self, head: int, *, due: bool) -> None:
        """Wake the courier if there is anything new."""
        self.due = self.due or due
        if self.due or head > self.head:
            self.head = head
            self.rung.set()


class Courier:
    """Serves a webhook as it was when it was taken, until it is told to stop or has lost it.

    Raises:
        VaultError: its secret cannot be opened.
        AddressError: its address is none that is ever sent to.
    """

    def __init__(self, post: Post, row: Mapping[str, Any], bell: Bell) -> None:
        from .posting import Postman  # noqa: PLC0415  # loaded where there are webhooks

        self.post = post
        self._postman = Postman(row["url"], post.egress, post.tls)
        self._secret = post.vault.open(row["secret"], row["id"])
        self._former = post.vault.open(row["former_secret"], row["id"]) if row["former_secret"] else None
        self.row = row
        self.version: int = row["version"]
        self.position: int = row["position"]
        self.bell = bell
        rights = Rights(frozenset(Scope(scope) for scope in row["scopes"]), row["impersonal"])
        self._told = Subscription(row["id"], actions_for(row["topics"], rights), Sieve(rights, row["unit_id"]))
        self._failing_since = row["failing_since"]
        self._misses = MISSES_UNTIL_PAUSE if row["failing_since"] else 0
        self._paused_until = 0.0
        self._flushed, self._flushed_at = self.position, time.monotonic()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send what there is, and wait to be woken.

        Raises:
            LostError: the webhook is somebody else's.
        """
        try:
            while not stopping.is_set():
                self.bell.rung.clear()
                if not await self._step():
                    await self._rest()
        finally:
            await self._postman.close()

    async def _step(self) -> bool:
        """Whether there was something to do."""
        due, self.bell.due = self.bell.due, False
        again = due and await self._retry()
        if time.monotonic() < self._paused_until or self.position >= self.bell.head:
            return again
        return await self._send_next() or again

    async def _rest(self) -> None:
        """Until woken, or until the endpoint's pause is over."""
        pause = self._paused_until - time.monotonic()
        if self.position > self._flushed and time.monotonic() - self._flushed_at > FLUSH_SECONDS:
            await self._keep((), ())
        try:
            async with asyncio.timeout(pause if pause > 0 and self.position < self.bell.head else FLUSH_SECONDS):
                await self.bell.rung.wait()
        except TimeoutError:
            pass

    async def _retry(self) -> bool:
        async with reading(self.post.database) as view:
            due = await due_again(view, self.row["id"], BATCH)
        if due:
            await self._send([[one] for one in due])
            await self._keep((), due)
        return bool(due)

    async def _send_next(self) -> bool:
        """Send the next lines; a single one to an endpoint that is taken to be down."""
        async with reading(self.post.database) as view:
            batch: Batch = await next_batch(view, self._told, self.position, self.bell.head, 1 if self._is_down() else BATCH)
            blocked = await blocked_subjects(view, self.row["id"], batch.deliveries) if batch.deliveries else set[UUID]()
        if batch.deliveries:
            await self._send(by_subject(one for one in batch.deliveries if one["subject"] not in blocked))
        self.position = batch.position
        if batch.deliveries:
            await self._keep(batch.deliveries, ())
        return True

    def _is_down(self) -> bool:
        return self._misses >= MISSES_UNTIL_PAUSE

    async def _send(self, groups: Sequence[Sequence[Delivery]]) -> None:
        """Send each group in order, several groups at once; when the endpoint turns out to be down, the rest waits untried."""
        slots, was_down = asyncio.Semaphore(AT_ONCE), self._is_down()

        async def one_by_one(group: Sequence[Delivery]) -> None:
            async with slots:
                for one in group:
                    if self._is_down() and not was_down:
                        one["next_attempt_at"] = clock.now() + timedelta(seconds=pause_seconds(self._misses))
                        return
                    await self._try(one)
                    if one["state"] == "waiting":
                        return

        async with asyncio.TaskGroup() as sending:
            for group in groups:
                sending.create_task(one_by_one(group))

    async def _try(self, one: Delivery) -> None:
        """One attempt, and what it means for the delivery and for the endpoint."""
        message, now = Message.of(one), clock.now()
        answer = await self._postman.post(message.headers(self._secrets(), now), message.body)
        one["attempts"] += 1
        said = {"at": instant(now), "outcome": answer.outcome, "status": answer.status, "milliseconds": answer.milliseconds}
        one["tries"] = [*one["tries"], said][-TRIES_KEPT:]
        if answer.outcome is Outcome.DELIVERED:
            self._misses, self._paused_until = 0, 0.0
            one.update(state="delivered", next_attempt_at=None, ended_at=clock.now())
        else:
            self._misses += 1
            self._paused_until = time.monotonic() + pause_seconds(self._misses)
            self._put_off(one, answer)

    def _put_off(self, one: Delivery, answer: Answer) -> None:
        now = clock.now()
        later = next_attempt(one["attempts"], one["created_at"], now, _chance(), answer.retry_after)
        one.update({"next_attempt_at": later} if later else {"state": "dead", "next_attempt_at": None, "ended_at": now})

    def _secrets(self) -> list[str]:
        """The one that counts, and for a day the one before."""
        former_counts = self._former is not None and self.row["former_until"] > clock.now()
        return [self._secret, self._former] if self._former is not None and former_counts else [self._secret]

    async def _keep(self, new: Sequence[Delivery], old: Sequence[Delivery]) -> None:
        """Write down what became of deliveries and how far one has come, if the webhook is still held.

        Raises:
            LostError: it is not.
        """
        tried = [one["tries"][-1]["outcome"] for one in (*new, *old) if one["tries"]]
        delivered, recovered = tried.count(Outcome.DELIVERED), False
        if delivered:
            recovered, self._failing_since = self._failing_since is not None, None
        elif tried:
            self._failing_since = self._failing_since or clock.now()
        async with work(self.post.database, WORKER) as unit:
            ended = self._reason_to_stop(tried)
            await self._hold(unit, ended, delivered=delivered, failed=len(tried) - delivered)
            if new:
                await unit.connection.execute(insert(webhook_delivery), list(new))
            if old:
                await keep_tried(unit, old)
            if recovered:
                await make_due(unit, self.row["id"])
        self._flushed, self._flushed_at = self.position, time.monotonic()
        self.bell.due = self.bell.due or recovered or bool(old)
        if ended:
            raise LostError

    def _reason_to_stop(self, tried: Sequence[Outcome]) -> str | None:
        if Outcome.GONE in tried:
            return "gone"
        long_ago = self._failing_since is not None and self._failing_since < clock.now() - DISABLED_AFTER
        return "failing" if long_ago else None

    async def _hold(self, unit: Work, ended: str | None, *, delivered: int, failed: int) -> None:
        changes: dict[str, Any] = {
            "position": self.position,
            "failing_since": self._failing_since,
            "delivered": webhook.c.delivered + delivered,
            "failed": webhook.c.failed + failed,
        }
        if ended:
            changes |= {"enabled": False, "disabled_reason": ended, "version": self.version + 1, "held_by": None, "held_until": None}
            unit.record("webhook.disabled", self.row["id"], {"reason": ended})
        mine = and_(webhook.c.id == self.row["id"], webhook.c.held_by == self.row["held_by"], webhook.c.version == self.version)
        if not (await unit.connection.execute(update(webhook).where(mine).values(changes))).rowcount:
            raise LostError
