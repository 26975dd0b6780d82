"""What an HR system keeps of persons and units: its own ids, and whom it has taken off."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    for table in ("person", "unit"):
        op.add_column(table, sa.Column("external_id", sa.String(length=200), nullable=True))
        op.add_column(table, sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(f"ix_{table}_external_id", table, ["external_id"])
    op.add_column("person", sa.Column("deprovisioned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("person", "deprovisioned_at")
    for table in ("unit", "person"):
        op.drop_index(f"ix_{table}_external_id", table)
        op.drop_column(table, "changed_at")
        op.drop_column(table, "external_id")
