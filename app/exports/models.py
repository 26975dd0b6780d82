"""Tables of exports and of the pieces that their files are kept in."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid, text

from app.access.kept import caller_columns
from app.kit.tables import Instant, Json, id_column, metadata

_QUEUED = text("state IN ('waiting', 'running')")

export = Table(
    "export",
    metadata,
    id_column(),
    Column("of", String(20), nullable=False),
    Column("format", String(10), nullable=False),
    Column("language", String(2), nullable=False),
    Column("filters", Json, nullable=False),
    Column("as_at", Instant),
    *caller_columns(),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("held_until", Instant),
    Column("expected", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("manifest", Json),
    Column("bytes", BigInteger),
    Column("digest", LargeBinary(32)),
    Column("failure", String(40)),
    Column("version", Integer, nullable=False),
    Index("ix_export_actor", "actor", "id"),
    Index("ix_export_expires_at", "expires_at"),
    Index("ix_export_queue", "id", postgresql_where=_QUEUED, sqlite_where=_QUEUED),
)
"""An export, which is a job and then a file. `actor`, `scopes`, `person_id` and `roots` are the caller as they were when they asked, which
decides what is in it. Whoever makes it holds it until `held_until` and says again and again that they still do; `attempt` counts who has taken it, so that
one who was given up for dead can write nothing more. `manifest` is what the file says of itself."""

export_piece = Table(
    "export_piece",
    metadata,
    Column("export_id", Uuid, ForeignKey("export.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""A piece of a file: all but the last are of one size. In the database, so that any process can serve it, and backup and erasure come with it."""
