"""The lines of the ledger are sealed into a Merkle tree with signed checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNSEALED = {"postgresql_where": sa.text("position IS NULL"), "sqlite_where": sa.text("position IS NULL")}
_SEALED = {"postgresql_where": sa.text("position IS NOT NULL"), "sqlite_where": sa.text("position IS NOT NULL")}
_SEARCHED = {"action": ["action", "position"], "actor": ["actor", "position"], "at": ["at", "position"]}


def upgrade() -> None:
    """Forward; the lines that are there wait to be sealed like new ones."""
    op.add_column("ledger_line", sa.Column("position", sa.BigInteger(), nullable=True))
    op.create_index("ix_ledger_line_position", "ledger_line", ["position"], unique=True, **_SEALED)
    for name, columns in _SEARCHED.items():
        op.create_index(f"ix_ledger_line_{name}", "ledger_line", columns, unique=False, **_SEALED)
    op.create_index("ix_ledger_line_unsealed", "ledger_line", ["id"], unique=False, **_UNSEALED)
    op.create_table(
        "ledger_tile",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_ledger_tile")),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verifier_key", sa.String(length=400), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_checkpoint")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("ledger_checkpoint")
    op.drop_table("ledger_tile")
    op.drop_index("ix_ledger_line_unsealed", table_name="ledger_line", **_UNSEALED)
    for name in _SEARCHED:
        op.drop_index(f"ix_ledger_line_{name}", table_name="ledger_line", **_SEALED)
    op.drop_index("ix_ledger_line_position", table_name="ledger_line", **_SEALED)
    op.drop_column("ledger_line", "position")
