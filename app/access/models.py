"""Tables of API keys, and of who was shown whose records."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Uuid

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

access = Table(
    "access",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", String(300), nullable=False),
    Column("person_id", Uuid),
    Column("commission", Boolean, nullable=False),
    Column("operation", String(60), nullable=False),
    Column("request_id", String(128), nullable=False),
    Column("persons", Integer, nullable=False),
    Index("ix_access_at", "at"),
    Index("ix_access_actor", "actor", "id"),
)
"""One answer that held somebody's records: who got it, by which operation, with the commission's eyes or not, and of how many persons it told."""

access_person = Table(
    "access_person",
    metadata,
    Column("access_id", Uuid, ForeignKey("access.id"), primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Index("ix_access_person_person_id", "person_id", "access_id"),
    sqlite_with_rowid=False,
)
"""Whose records an answer held, those of which they may know nothing left out. Who was looked at by mistake can be taken off the
register all the same, so neither this nor the reader's person refers to the table of persons."""
