"""Exports are made in the background and kept until they expire; the register can be looked through as it stood."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FOLLOWING: dict[str, sa.types.TypeEngine] = {
    "counterparty_id": sa.Uuid(),
    "further_counterparty_id": sa.Uuid(),
    "occurred_from": sa.Date(),
    "occurred_until": sa.Date(),
    "worth_cents": sa.BigInteger(),
}
"""What follows from a revision's details, by which declarations are found."""

_QUEUED = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Forward. Revisions that are there take what follows from the details of their declaration as it stands, as nothing else was kept.

    The columns stay open, as processes of the release before may still write revisions without them.
    """
    for name, kind in _FOLLOWING.items():
        op.add_column("declaration_revision", sa.Column(name, kind))
    kept, standing = (sa.table(table, *(sa.column(name) for name in _FOLLOWING), *keys) for table, keys in _KEYS.items())
    same = kept.c.declaration_id == standing.c.id
    op.execute(sa.update(kept).where(same).values({name: standing.c[name] for name in _FOLLOWING}))
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("as_at", sa.DateTime(timezone=True)),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("roots", sa.JSON()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("manifest", sa.JSON()),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("digest", sa.LargeBinary(length=32)),
        sa.Column("failure", sa.String(length=40)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    op.create_index("ix_export_actor", "export", ["actor", "id"])
    op.create_index("ix_export_expires_at", "export", ["expires_at"])
    op.create_index("ix_export_queue", "export", ["id"], postgresql_where=_QUEUED, sqlite_where=_QUEUED)
    op.create_table(
        "export_piece",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], name=op.f("fk_export_piece_export_id_export")),
        sa.PrimaryKeyConstraint("export_id", "attempt", "number", name=op.f("pk_export_piece")),
    )


_KEYS = {"declaration_revision": (sa.column("declaration_id"),), "declaration": (sa.column("id"),)}


def downgrade() -> None:
    """Back."""
    op.drop_table("export_piece")
    op.drop_table("export")
    for name in _FOLLOWING:
        op.drop_column("declaration_revision", name)
