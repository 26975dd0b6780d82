"""What became of messages to one webhook: read, tested, tried again by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.kit import clock
from app.kit.errors import Words, conflict, not_found
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work

from .messages import Message
from .models import webhook_delivery
from .queue import bring_forward, waiting
from .schemas import DeliveryState
from .topics import PING

_sent = webhook_delivery.c


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries a list shows."""

    state: DeliveryState | None = None
    type: str | None = None
    subject: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What holds of these."""
        asked = {_sent.state: self.state, _sent.action: self.type, _sent.subject: self.subject}
        return [column == value for column, value in asked.items() if value is not None]


class Deliveries:
    """The deliveries of one webhook, which the caller has been seen to have a right to."""

    def __init__(self, view: Reading, hook: RowMapping) -> None:
        self.connection = view.connection
        self.hook = hook

    async def list(self, page: Page, asked: DeliveryFilter) -> "Sequence[dict[str, Any]]":
        """A page of them, newest first, one more than asked for."""
        chosen = page.of(select(webhook_delivery).where(self._own(), *asked.conditions()), _sent.id)
        return [_told(row) for row in (await self.connection.execute(chosen)).mappings()]

    async def count(self, asked: DeliveryFilter) -> int:
        """How many there are."""
        how_many: Any = func.count()
        counted = select(how_many).select_from(webhook_delivery).where(self._own(), *asked.conditions())
        return await self.connection.scalar(counted) or 0

    async def get(self, delivery_id: UUID) -> dict[str, Any]:
        """One of them.

        Raises:
            Problem: 404.
        """
        asked = select(webhook_delivery).where(self._own(), _sent.id == delivery_id)
        row = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(Words("推送记录", "delivery"))
        return _told(row)

    async def ping(self, work: Work) -> dict[str, Any]:
        """Put a test message on its way.

        Raises:
            Problem: 409 while the webhook is disabled.
        """
        self._require_enabled()
        delivery_id = new_id()
        row = {
            "id": delivery_id,
            "webhook_id": self.hook["id"],
            "message": delivery_id,
            "action": PING,
            "subject": delivery_id,
            "position": None,
            "happened_at": clock.now(),
            **waiting(clock.now()),
        }
        await self.connection.execute(insert(webhook_delivery).values(row))
        work.record("webhook.pinged", self.hook["id"], {"delivery": delivery_id})
        return await self.get(delivery_id)

    async def retry(self, work: Work, delivery_id: UUID) -> dict[str, Any]:
        """Try one again now: a dead letter, one that waits for its time, or one that was delivered. Later ones of its subject wait behind it.

        Raises:
            Problem: 404; 409 while the webhook is disabled.
        """
        row = await self.get(delivery_id)
        self._require_enabled()
        now = clock.now()
        again = update(webhook_delivery).where(self._own(), _sent.id == delivery_id)
        await self.connection.execute(again.values(state="waiting", next_attempt_at=now, ended_at=None))
        await bring_forward(work, self.hook["id"], row["subject"])
        work.record("webhook.retried", self.hook["id"], {"delivery": delivery_id})
        return await self.get(delivery_id)

    def _own(self) -> ColumnElement[bool]:
        return and_(_sent.webhook_id == self.hook["id"])

    def _require_enabled(self) -> None:
        if not self.hook["enabled"]:
            raise conflict(
                "webhook-disabled",
                Words("该推送已停用", "The webhook is disabled"),
                Words("请先以 PATCH 将 enabled 设为 true。", "Enable it first: PATCH `enabled` to true."),
            )


def _told(row: RowMapping) -> dict[str, Any]:
    return {**row, "told_subject": Message.of(row).subject}
