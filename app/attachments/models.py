"""Tables of attachments, and of uploads that are on their way."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid, text

from app.kit.tables import Instant, id_column, metadata

_PROCESSING = text("state = 'processing'")

attachment = Table(
    "attachment",
    metadata,
    id_column(),
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), nullable=False),
    Column("client_id", Uuid),
    Column("file_name", String(200)),
    Column("state", String(12), nullable=False),
    Column("reason", String(20)),
    Column("received_type", String(40), nullable=False),
    Column("received_bytes", BigInteger, nullable=False),
    Column("received_digest", LargeBinary(32), nullable=False),
    Column("kept_type", String(40)),
    Column("kept_bytes", BigInteger),
    Column("kept_digest", LargeBinary(32)),
    Column("thumbnail_bytes", BigInteger),
    Column("thumbnail_digest", LargeBinary(32)),
    Column("width", Integer),
    Column("height", Integer),
    Column("pages", Integer),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawal_reason", String(200)),
    Column("version", Integer, nullable=False),
    Index("ix_attachment_declaration_id", "declaration_id", "id"),
    Index("uq_attachment_client_id", "created_by", "client_id", unique=True),
    Index("ix_attachment_processing", "id", postgresql_where=_PROCESSING, sqlite_where=_PROCESSING),
)
"""A file of a declaration. What was received is stored under its digest until it is cleaned, and for good where it is quarantined; what is kept, and its thumbnail, under
theirs. Nothing of it is overwritten: a withdrawn one keeps its bytes and says why."""

upload = Table(
    "upload",
    metadata,
    id_column(),
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), nullable=False),
    Column("client_id", Uuid),
    Column("file_name", String(200)),
    Column("bytes", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("attached_at", Instant),
    Index("ix_upload_declaration_id", "declaration_id"),
    Index("uq_upload_client_id", "created_by", "client_id", unique=True),
    Index("ix_upload_expires_at", "expires_at"),
)
"""A file that comes in parts. When all of it is there it becomes the attachment of the same id, and stays until it expires to answer whoever asks how far it has come."""

upload_piece = Table(
    "upload_piece",
    metadata,
    Column("upload_id", Uuid, ForeignKey("upload.id"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Bytes of an upload from a place on. In the database, so that the next part may go to any process, committed together with how far the upload has come."""
