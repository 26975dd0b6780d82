"""The table of lines."""

from sqlalchemy import Column, Index, LargeBinary, String, Table, Uuid

from app.kit.tables import Instant, Json, id_column, metadata

ledger_line = Table(
    "ledger_line",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", String(300), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("content", Json, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Index("ix_ledger_line_subject", "subject", "id"),
)
"""One act: who did what to which subject, and the canonical content whose RFC 6962 leaf hash stands beside it."""
