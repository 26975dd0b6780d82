"""Reviews with their events, reviewers, what is snoozed, and which review has taken a finding up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_IN_REVIEW = {"postgresql_where": sa.text("review_id IS NOT NULL"), "sqlite_where": sa.text("review_id IS NOT NULL")}
_IN_NONE = {
    "postgresql_where": sa.text("current AND level >= 3 AND review_id IS NULL"),
    "sqlite_where": sa.text("current = 1 AND level >= 3 AND review_id IS NULL"),
}
_WITH = {"postgresql_where": sa.text("counterparty_id IS NOT NULL"), "sqlite_where": sa.text("counterparty_id IS NOT NULL")}
_WITHOUT = {"postgresql_where": sa.text("counterparty_id IS NULL"), "sqlite_where": sa.text("counterparty_id IS NULL")}


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    """Forward; the background work takes up what was found before."""
    op.create_table(
        "review",
        _id(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("disposition", sa.String(length=30), nullable=True),
        sa.Column("decision", sa.JSON(), nullable=True),
        _instant("opened_at"),
        _instant("closed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown_state", sa.String(length=12), nullable=True),
        sa.Column("shown_decision", sa.JSON(), nullable=True),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        _refers("review", "person_id", "person"),
        _refers("review", "unit_id", "unit"),
        _refers("review", "counterparty_id", "counterparty"),
        _refers("review", "assignee_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index("uq_review_counterparty", "review", ["person_id", "counterparty_id"], unique=True, **_WITH)
    op.create_index("uq_review_kind", "review", ["person_id", "kind"], unique=True, **_WITHOUT)
    op.create_index("ix_review_unit_id", "review", ["unit_id", "id"])
    op.create_index("ix_review_counterparty_id", "review", ["counterparty_id"])
    op.create_index("ix_review_assignee_id", "review", ["assignee_id", "id"])
    op.create_table(
        "review_event",
        _id(),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        _instant("at"),
        sa.Column("actor", sa.String(length=300), nullable=True),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        _refers("review_event", "review_id", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_event")),
    )
    op.create_index("ix_review_event_review_id", "review_event", ["review_id", "id"])
    op.create_table(
        "reviewer",
        _id(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_until", sa.Date(), nullable=True),
        _instant("created_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("reviewer", "person_id", "person"),
        _refers("reviewer", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("person_id", name=op.f("uq_reviewer_person_id")),
    )
    op.create_index(op.f("ix_reviewer_unit_id"), "reviewer", ["unit_id"])
    op.create_table(
        "snooze",
        _id(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        _instant("ended_at", nullable=True),
        _instant("created_at"),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("snooze", "person_id", "person"),
        _refers("snooze", "counterparty_id", "counterparty"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    op.create_index("ix_snooze_person_id", "snooze", ["person_id", "rule"])
    with op.batch_alter_table("finding") as finding:
        finding.add_column(sa.Column("review_id", sa.Uuid(), nullable=True))
        finding.create_foreign_key(op.f("fk_finding_review_id_review"), "review", ["review_id"], ["id"])
    op.create_index("ix_finding_review_id", "finding", ["review_id"], **_IN_REVIEW)
    op.create_index("ix_finding_in_no_review", "finding", ["declaration_id"], **_IN_NONE)


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_finding_in_no_review", table_name="finding", **_IN_NONE)
    op.drop_index("ix_finding_review_id", table_name="finding", **_IN_REVIEW)
    with op.batch_alter_table("finding") as finding:
        finding.drop_constraint(op.f("fk_finding_review_id_review"), type_="foreignkey")
        finding.drop_column("review_id")
    for table in ("snooze", "reviewer", "review_event", "review"):
        op.drop_table(table)
