"""Files that are imported, and what became of their rows."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "bulk_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.String(length=20), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(length=200)),
        sa.Column("sheet", sa.String(length=100)),
        sa.Column("mapping", sa.JSON()),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("roots", sa.JSON()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("failure", sa.String(length=40)),
        sa.Column("failure_row", sa.BigInteger()),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("format", sa.String(length=10)),
        sa.Column("columns", sa.JSON()),
        sa.Column("expected", sa.BigInteger()),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("nil", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_import")),
    )
    op.create_index("ix_bulk_import_actor", "bulk_import", ["actor", "id"])
    op.create_index("ix_bulk_import_expires_at", "bulk_import", ["expires_at"])
    op.create_table(
        "bulk_import_piece",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["bulk_import.id"], name=op.f("fk_bulk_import_piece_import_id_bulk_import")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_bulk_import_piece")),
    )
    op.create_table(
        "bulk_import_fault",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("stated", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["bulk_import.id"], name=op.f("fk_bulk_import_fault_import_id_bulk_import")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_bulk_import_fault")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("bulk_import_fault")
    op.drop_table("bulk_import_piece")
    op.drop_table("bulk_import")
