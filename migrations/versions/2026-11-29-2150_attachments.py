"""Attachments of declarations, and uploads in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PROCESSING = sa.text("state = 'processing'")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid()),
        sa.Column("file_name", sa.String(length=200)),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20)),
        sa.Column("received_type", sa.String(length=40), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kept_type", sa.String(length=40)),
        sa.Column("kept_bytes", sa.BigInteger()),
        sa.Column("kept_digest", sa.LargeBinary(length=32)),
        sa.Column("thumbnail_bytes", sa.BigInteger()),
        sa.Column("thumbnail_digest", sa.LargeBinary(length=32)),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("pages", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_reason", sa.String(length=200)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_attachment_declaration_id_declaration")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_declaration_id", "attachment", ["declaration_id", "id"])
    op.create_index("uq_attachment_client_id", "attachment", ["created_by", "client_id"], unique=True)
    op.create_index("ix_attachment_processing", "attachment", ["id"], postgresql_where=_PROCESSING, sqlite_where=_PROCESSING)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid()),
        sa.Column("file_name", sa.String(length=200)),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_upload_declaration_id_declaration")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_declaration_id", "upload", ["declaration_id"])
    op.create_index("uq_upload_client_id", "upload", ["created_by", "client_id"], unique=True)
    op.create_index("ix_upload_expires_at", "upload", ["expires_at"])
    op.create_table(
        "upload_piece",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_piece_upload_id_upload")),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_piece")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("upload_piece")
    op.drop_table("upload")
    op.drop_table("attachment")
