"""Approvals, and the heads of units who decide on them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'requested'")


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_approval_{column}_{table}"))


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("unit") as unit:
        unit.add_column(sa.Column("head_id", sa.Uuid(), nullable=True))
        unit.create_foreign_key(op.f("fk_unit_head_id_person"), "person", ["head_id"], ["id"])
        unit.create_index(op.f("ix_unit_head_id"), ["head_id"])
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_of", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=30), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=300), nullable=False),
        sa.Column("requester_id", sa.Uuid()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(length=300)),
        sa.Column("decider_id", sa.Uuid()),
        sa.Column("as_head", sa.Boolean()),
        sa.Column("office", sa.String(length=220)),
        sa.Column("decision_note", sa.Text()),
        sa.Column("valid_from_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("max_worth_cents", sa.BigInteger()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.String(length=300)),
        sa.Column("ender_id", sa.Uuid()),
        sa.Column("end_reason", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("person_id", "person"),
        _refers("unit_id", "unit"),
        _refers("counterparty_id", "counterparty"),
        _refers("requester_id", "person"),
        _refers("decider_id", "person"),
        _refers("ender_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("person_id", "client_id", name=op.f("uq_approval_person_id_client_id")),
    )
    op.create_index("ix_approval_person_id", "approval", ["person_id", "id"])
    op.create_index("ix_approval_unit_id", "approval", ["unit_id", "id"])
    op.create_index("ix_approval_waiting", "approval", ["unit_id", "id"], postgresql_where=_WAITING, sqlite_where=_WAITING)


def downgrade() -> None:
    """Back."""
    op.drop_table("approval")
    with op.batch_alter_table("unit") as unit:
        unit.drop_index(op.f("ix_unit_head_id"))
        unit.drop_constraint(op.f("fk_unit_head_id_person"), type_="foreignkey")
        unit.drop_column("head_id")
