"""Tables of local standards."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, Uuid

from app.kit.tables import Instant, Json, id_column, metadata

limit_draft = Table(
    "limit_draft",
    metadata,
    id_column(),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("values", Json, nullable=False),
    Column("note", Text),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("created_by_person", Uuid, ForeignKey("person.id")),
    Column("closed_at", Instant),
    Column("closed_by", String(300)),
    Column("edition", Integer, unique=True),
    Column("digest", String(64)),
    Column("version", Integer, nullable=False),
    Index("ix_limit_draft_unit_id", "unit_id", "id"),
)
"""Values of limits that a unit sets for itself and all below it (地方标准), never changed once drafted. What is published has
an `edition`, counted from 1 in the whole register, and the `digest` of all that was published up to it."""
