"""The table of calendar links."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Uuid

from app.kit.tables import Instant, id_column, metadata

calendar_link = Table(
    "calendar_link",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, unique=True),
    Column("secret_digest", String(64), nullable=False, unique=True),
    Column("language", String(2), nullable=False),
    Column("expires_on", Date),
    Column("created_at", Instant, nullable=False),
    Column("fetched_on", Date),
    Column("content_digest", String(64)),
    Column("content_changed_at", Instant),
    Column("version", Integer, nullable=False),
)
"""One link a person, whose secret is kept as its SHA-256 alone. `fetched_on` is the day of the last fetch and no more; `content_digest` is of what it found, so that a
calendar can be told since when nothing has changed."""
