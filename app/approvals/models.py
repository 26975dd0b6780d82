"""The table of approvals."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_WAITING = text("state = 'requested'")

approval = Table(
    "approval",
    metadata,
    id_column(),
    Column("client_id", Uuid),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("asked_of", String(10), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("subject", String(30), nullable=False),
    Column("details", Json, nullable=False),
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id"), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("assessment", Json, nullable=False),
    Column("state", String(10), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("requested_by", String(300), nullable=False),
    Column("requester_id", Uuid, ForeignKey("person.id")),
    Column("decided_at", Instant),
    Column("decided_by", String(300)),
    Column("decider_id", Uuid, ForeignKey("person.id")),
    Column("as_head", Boolean),
    Column("office", String(220)),
    Column("decision_note", Text),
    Column("valid_from_on", Date),
    Column("expires_on", Date),
    Column("max_worth_cents", BigInteger),
    Column("ended_at", Instant),
    Column("ended_by", String(300)),
    Column("ender_id", Uuid, ForeignKey("person.id")),
    Column("end_reason", Text),
    Column("version", Integer, nullable=False),
    UniqueConstraint("person_id", "client_id"),
    Index("ix_approval_person_id", "person_id", "id"),
    Index("ix_approval_unit_id", "unit_id", "id"),
    Index("ix_approval_waiting", "unit_id", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
)
"""What somebody asks leave for, what the rules said of it then (`assessment`), and what became of it. `subject` is the sort of thing within its
kind, `first_on` and `last_on` the days that an approval must cover, `office` the unit in whose name it was decided, and `as_head` whether by its
head, who otherwise was HR. It was `ended` by its asker, who withdrew it, or by who may decide, who revoked it. That its days are over is no state of the row."""
