"""Lists come by level and by worth as fast as by age: an index each, in which those alike stand by age."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CURRENT = {"postgresql_where": sa.text("current"), "sqlite_where": sa.text("current = 1")}
_WORTH = sa.text("coalesce(worth_cents, -1)")


def upgrade() -> None:
    """Forward. The index of worth takes the place of one that told nothing of unknown worth."""
    op.create_index("ix_declaration_outcome", "declaration", ["outcome", "id"])
    op.create_index("ix_declaration_worth", "declaration", [_WORTH, "id"])
    op.drop_index("ix_declaration_worth_cents", table_name="declaration")
    op.create_index("ix_finding_level", "finding", ["level", "id"], **_CURRENT)


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_finding_level", table_name="finding", **_CURRENT)
    op.create_index("ix_declaration_worth_cents", "declaration", ["worth_cents"])
    op.drop_index("ix_declaration_worth", table_name="declaration")
    op.drop_index("ix_declaration_outcome", table_name="declaration")
