"""Findings raised by hand: one has neither screening nor rule."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


_CURRENT = {"postgresql_where": sa.text("current"), "sqlite_where": sa.text("current = 1")}
_SERIOUS = {"postgresql_where": sa.text("current AND level >= 4"), "sqlite_where": sa.text("current = 1 AND level >= 4")}


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("finding") as finding:
        finding.alter_column("screening_id", existing_type=sa.Uuid(), nullable=True)
        finding.alter_column("rule", existing_type=sa.String(length=60), nullable=True)
    op.drop_index("ix_finding_ban", table_name="finding", **_CURRENT)
    op.create_index("ix_finding_ban", "finding", ["ban", "id"], **_CURRENT)
    op.create_index("ix_finding_rule_newest", "finding", ["rule", "id"], **_CURRENT)
    op.create_index("ix_finding_serious", "finding", ["id"], **_SERIOUS)
    op.create_table(
        "raised_finding",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.String(length=300), nullable=False),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_raised_finding_finding_id_finding")),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_raised_finding")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("raised_finding")
    op.drop_index("ix_finding_serious", table_name="finding", **_SERIOUS)
    op.drop_index("ix_finding_rule_newest", table_name="finding", **_CURRENT)
    op.drop_index("ix_finding_ban", table_name="finding", **_CURRENT)
    op.create_index("ix_finding_ban", "finding", ["ban", "declaration_id"], **_CURRENT)
    op.execute("DELETE FROM finding WHERE screening_id IS NULL")
    with op.batch_alter_table("finding") as finding:
        finding.alter_column("rule", existing_type=sa.String(length=60), nullable=False)
        finding.alter_column("screening_id", existing_type=sa.Uuid(), nullable=False)
