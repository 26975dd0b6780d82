"""The table of API keys."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, Uuid

from app.kit.tables import Instant, Json, id_column, metadata

api_key = Table(
    "api_key",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False),
    Column("secret_digest", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("expires_on", Date),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("revoked_at", Instant),
    Column("version", Integer, nullable=False),
)
"""A key's secret is kept as its SHA-256 alone; 256 random bits need no salt."""
