"""Messages as they go out: what they say, and the headers that sign them (Standard Webhooks 1.0)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.ledger.lines import instant

from .topics import PING, TOPICS

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the ledger, told to one webhook: ids and an address, and nothing of what was stated."""

    id: UUID
    action: str
    subject: UUID
    position: int | None
    happened_at: datetime

    @classmethod
    def of(cls, row: Any) -> "Message":
        """That of a delivery; a test is about the webhook itself."""
        subject = row["webhook_id"] if row["action"] == PING else row["subject"]
        return cls(row["message"], row["action"], subject, row["position"], row["happened_at"])

    @property
    def body(self) -> bytes:
        """The same bytes in every attempt."""
        data = {"id": self.id, "subject": self.subject, "position": self.position, "link": self._link()}
        return _encode({"type": self.action, "timestamp": instant(self.happened_at), "data": data})

    def _link(self) -> str | None:
        topic = TOPICS.get(self.action)
        return topic.link(self.subject) if topic else f"/v1/webhooks/{self.subject}"

    def headers(self, secrets: Iterable[str], now: datetime) -> dict[str, str]:
        """The id, which is the same in every attempt, this attempt's instant, and a signature by each secret that counts."""
        from standardwebhooks import Webhook  # noqa: PLC0415  # loaded where there are webhooks

        body = self.body.decode()
        signatures = (Webhook(secret).sign(str(self.id), now, body) for secret in secrets)
        return {"webhook-id": str(self.id), "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": " ".join(signatures)}
