"""What an HR system keeps of persons and units: its own ids, and whom it has taken off."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    for table in ("person", "unit"):
        op.add_column(table, sa.Column("external_id", sa.String(length=200), nullable=True))
        op.add_column(table, sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(f"ix_{table}_external_id", table, ["external_id"])
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("user_name", sa.String(length=200), nullable=True))
        person.add_column(sa.Column("deprovisioned_at", sa.DateTime(timezone=True), nullable=True))
        person.create_unique_constraint(op.f("uq_person_user_name"), ["user_name"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("person") as person:
        person.drop_constraint(op.f("uq_person_user_name"), type_="unique")
        person.drop_column("deprovisioned_at")
        person.drop_column("user_name")
    for table in ("unit", "person"):
        op.drop_index(f"ix_{table}_external_id", table)
        op.drop_column(table, "changed_at")
        op.drop_column(table, "external_id")
