"""The access log: who was shown whose records."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward; what was read before left no trace."""
    op.create_table(
        "access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("commission", sa.Boolean(), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_index("ix_access_at", "access", ["at"], unique=False)
    op.create_index("ix_access_actor", "access", ["actor", "id"], unique=False)
    op.create_table(
        "access_person",
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["access_id"], ["access.id"], name=op.f("fk_access_person_access_id_access")),
        sa.PrimaryKeyConstraint("access_id", "person_id", name=op.f("pk_access_person")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_access_person_person_id", "access_person", ["person_id", "access_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_table("access_person")
    op.drop_table("access")
