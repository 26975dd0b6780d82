"""The table of what reviewers have raised by hand."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, Uuid

from app.kit.tables import Instant, Json, metadata

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
