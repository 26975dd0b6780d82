"""Local standards, sweeps that judge many declarations anew, and how far each unit lies below those above it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_DEPTHS = """
UPDATE unit_ancestor SET distance =
    (SELECT count(*) FROM unit_ancestor AS own WHERE own.unit_id = unit_ancestor.unit_id)
    - (SELECT count(*) FROM unit_ancestor AS above WHERE above.unit_id = unit_ancestor.ancestor_id)
"""


def upgrade() -> None:
    """Forward. Units form chains, so the distance to one above is the difference in how many stand above each."""
    op.add_column("unit_ancestor", sa.Column("distance", sa.Integer(), nullable=False, server_default="0"))
    op.execute(_DEPTHS)
    with op.batch_alter_table("unit_ancestor") as table:
        table.alter_column("distance", server_default=None)
    op.add_column("declaration", sa.Column("substance", sa.String(length=32), nullable=True))
    op.create_table(
        "limit_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("created_by_person", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=300), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_person"], ["person.id"], name=op.f("fk_limit_draft_created_by_person_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_limit_draft_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_draft")),
        sa.UniqueConstraint("edition", name=op.f("uq_limit_draft_edition")),
    )
    op.create_index("ix_limit_draft_unit_id", "limit_draft", ["unit_id", "id"], unique=False)
    op.create_table(
        "sweep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("rulebook_version", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["limit_draft.id"], name=op.f("fk_sweep_draft_id_limit_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sweep")),
    )
    op.create_index("ix_sweep_draft_id", "sweep", ["draft_id", "id"], unique=False)
    op.create_table(
        "sweep_part",
        sa.Column("sweep_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("until_id", sa.Uuid(), nullable=False),
        sa.Column("declarations", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["sweep_id"], ["sweep.id"], name=op.f("fk_sweep_part_sweep_id_sweep")),
        sa.PrimaryKeyConstraint("sweep_id", "number", name=op.f("pk_sweep_part")),
    )
    op.create_index(
        "ix_sweep_part_open",
        "sweep_part",
        ["sweep_id", "number"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("sweep_part")
    op.drop_table("sweep")
    op.drop_table("limit_draft")
    with op.batch_alter_table("declaration") as table:
        table.drop_column("substance")
    with op.batch_alter_table("unit_ancestor") as table:
        table.drop_column("distance")
