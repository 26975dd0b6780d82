"""Tables of webhooks and of what was sent to them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

KEPT_DAYS = 30
"""How long it is told what was delivered unless the operator says otherwise."""

_WAITING = text("state = 'waiting'")

webhook = Table(
    "webhook",
    metadata,
    id_column(),
    Column("url", String(2000), nullable=False),
    Column("topics", Json, nullable=False),
    Column("description", String(200)),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("scopes", Json, nullable=False),
    Column("impersonal", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", String(20)),
    Column("failing_since", Instant),
    Column("secret", LargeBinary, nullable=False),
    Column("former_secret", LargeBinary),
    Column("former_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("held_by", Uuid),
    Column("held_until", Instant),
    Column("delivered", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
)
"""Who is told of which topics, and how far: all lines before `position` are dealt with. `scopes` and `impersonal` are what whoever made it might
know, which decides what it tells; `unit_id` narrows that to a unit and all below. Whoever delivers holds it until `held_until`; `version` counts what
people change, and ends the hold of who has read an earlier one. `delivered` and `failed` count attempts."""

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    id_column(),
    Column("webhook_id", Uuid, ForeignKey("webhook.id"), nullable=False),
    Column("message", Uuid, nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("position", BigInteger),
    Column("happened_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant),
    Column("ended_at", Instant),
    Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
    Index("ix_webhook_delivery_state", "webhook_id", "state", "id"),
    Index("ix_webhook_delivery_ended_at", "ended_at"),
    Index("ix_webhook_delivery_waiting", "webhook_id", "subject", "position", postgresql_where=_WAITING, sqlite_where=_WAITING),
    Index("ix_webhook_delivery_due", "next_attempt_at", postgresql_where=_WAITING, sqlite_where=_WAITING),
)
"""A message that was sent or is still to be: `message` is its id on the wire, that of its line, and the same in every attempt. It is written when it
was first tried; before, the ledger is the queue. Of those that wait for one subject, the first alone has a `next_attempt_at`."""
