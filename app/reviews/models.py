"""Tables of what reviewers raise by hand, and of reviews with their events, who takes them on, and what is left alone for a while."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_WITH = text("counterparty_id IS NOT NULL")
_WITHOUT = text("counterparty_id IS NULL")
_SHOWN = text("shown_state IS NOT NULL")

raised_finding = Table(
    "raised_finding",
    metadata,
    Column("finding_id", Uuid, ForeignKey("finding.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", Json, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("raised_by", String(300), nullable=False),
    Column("withdrawal_reason", Text),
    Column("version", Integer, nullable=False),
)
"""What stands behind a `finding` without a screening: the document as the reviewer wrote it, on which revision of the
declaration, and why it was withdrawn, if it was. The document never changes; `version` counts what became of it."""

review = Table(
    "review",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id")),
    Column("kind", String(30)),
    Column("state", String(12), nullable=False),
    Column("assignee_id", Uuid, ForeignKey("person.id")),
    Column("due_on", Date),
    Column("disposition", String(30)),
    Column("decision", Json),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    Column("shown_state", String(12)),
    Column("shown_decision", Json),
    Column("shown_version", Integer, nullable=False),
    Index("uq_review_counterparty", "person_id", "counterparty_id", unique=True, postgresql_where=_WITH, sqlite_where=_WITH),
    Index("uq_review_kind", "person_id", "kind", unique=True, postgresql_where=_WITHOUT, sqlite_where=_WITHOUT),
    Index("ix_review_unit_id", "unit_id", "id"),
    Index("ix_review_counterparty_id", "counterparty_id"),
    Index("ix_review_assignee_id", "assignee_id", "id"),
    Index("ix_review_shown", "person_id", postgresql_where=_SHOWN, sqlite_where=_SHOWN),
)
"""What one person did with one counterparty's group, or of one kind with nobody in particular, under review: one for ever, closed and reopened.
`unit_id` is where it was opened; `decision` is the disposition that stands, with its text. What the official knows of it stands apart, so that nothing
else moves it: `shown_state` is empty until the official is asked or told something, and `shown_version` counts that alone."""

review_event = Table(
    "review_event",
    metadata,
    id_column(),
    Column("review_id", Uuid, ForeignKey("review.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(300)),
    Column("type", String(30), nullable=False),
    Column("old", Json),
    Column("new", Json),
    Column("text", Text),
    Column("shown", Boolean, nullable=False),
    Index("ix_review_event_review_id", "review_id", "id"),
)
"""What happened in a review, with old and new values, never changed; `actor` is empty where the register acted by itself, `shown` where the
official may know of it."""

reviewer = Table(
    "reviewer",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, unique=True),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False, index=True),
    Column("absent_from", Date),
    Column("absent_until", Date),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Who reviews the affairs of a unit and of all below it, and when they are away."""

snooze = Table(
    "snooze",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id")),
    Column("until_on", Date, nullable=False),
    Column("comment", Text, nullable=False),
    Column("ended_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_snooze_person_id", "person_id", "rule"),
)
"""Until when findings of one rule open no review of one person's dealings with one counterparty's group, or with nobody in particular."""
