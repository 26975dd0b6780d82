"""What was put right of one's own accord can be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("finding", sa.Column("own_accord", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    """Back."""
    op.drop_column("finding", "own_accord")
