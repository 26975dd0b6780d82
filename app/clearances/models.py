"""The table of clearances given."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Uuid

from app.kit.tables import Instant, Json, id_column, metadata

clearance = Table(
    "clearance",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("answer", String(12), nullable=False),
    Column("conditions", Json, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("asked_by", String(300), nullable=False),
    Column("asker_id", Uuid, ForeignKey("person.id")),
    Index("ix_clearance_person_id", "person_id", "id"),
)
"""An answer as it was given at that moment, to whom and what for; it never changes, and a new question gets a new one."""
