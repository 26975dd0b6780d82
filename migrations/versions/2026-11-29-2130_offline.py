"""Acts recorded without a network: ids that clients make, when something was captured, the version that each revision left, and reviews by whom they were shown to."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NAMED_BY_CLIENT = sa.text("client_id IS NOT NULL")
_CAPTURED = sa.text("capture IS NOT NULL")
_SHOWN = sa.text("shown_state IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    op.add_column("declaration", sa.Column("client_id", sa.Uuid()))
    op.add_column("declaration", sa.Column("filing_digest", sa.String(length=64)))
    op.add_column("declaration", sa.Column("capture", sa.JSON()))
    op.add_column("declaration_revision", sa.Column("capture", sa.JSON()))
    op.add_column("declaration_revision", sa.Column("version", sa.Integer()))
    op.add_column("nil_return", sa.Column("capture", sa.JSON()))
    named = {"postgresql_where": _NAMED_BY_CLIENT, "sqlite_where": _NAMED_BY_CLIENT}
    op.create_index("ix_declaration_client_id", "declaration", ["client_id"], unique=True, **named)
    op.create_index("ix_declaration_captured", "declaration", ["id"], postgresql_where=_CAPTURED, sqlite_where=_CAPTURED)
    op.create_index("ix_review_shown", "review", ["person_id"], postgresql_where=_SHOWN, sqlite_where=_SHOWN)


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_review_shown", "review")
    op.drop_index("ix_declaration_captured", "declaration")
    op.drop_index("ix_declaration_client_id", "declaration")
    for table, column in (
        ("nil_return", "capture"),
        ("declaration_revision", "version"),
        ("declaration_revision", "capture"),
        ("declaration", "capture"),
        ("declaration", "filing_digest"),
        ("declaration", "client_id"),
    ):
        op.drop_column(table, column)
