"""What is due and from whom: campaigns, obligations, nil returns, and what was found absent."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEMPLATED = sa.text("template IS NOT NULL")
_ENROLLING = sa.text("enrolled_at IS NULL AND closed_at IS NULL")
_OPEN = sa.text("state = 'open'")
_OVERDUE = sa.text("state = 'overdue'")


def _where(condition):
    return {"postgresql_where": condition, "sqlite_where": condition}


def upgrade() -> None:
    """Forward. Nothing is owed before a campaign opens or somebody's post changes."""
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_en", sa.String(200)),
        sa.Column("template", sa.String(40)),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lawful_until", sa.Date()),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("unit.id", name=op.f("fk_campaign_unit_id_unit"))),
        sa.Column("bound", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("remind_days", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(300), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index("ix_campaign_unit_id", "campaign", ["unit_id"])
    op.create_index("ix_campaign_template", "campaign", ["template", "period_from"], unique=True, **_where(_TEMPLATED))
    op.create_index("ix_campaign_enrolling", "campaign", ["id"], **_where(_ENROLLING))
    op.create_table(
        "nil_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", name=op.f("fk_nil_return_person_id_person")), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("unit.id", name=op.f("fk_nil_return_unit_id_unit")), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", name=op.f("fk_nil_return_campaign_id_campaign"))),
        sa.Column("obligation_id", sa.Uuid()),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date()),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.String(300), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_reason", sa.Text()),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nil_return")),
    )
    op.create_index("ix_nil_return_person_id", "nil_return", ["person_id", "id"])
    op.create_index("ix_nil_return_campaign_id", "nil_return", ["campaign_id", "id"])
    op.create_index("ix_nil_return_unit_id", "nil_return", ["unit_id", "id"])
    op.create_table(
        "obligation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", name=op.f("fk_obligation_person_id_person")), nullable=False),
        sa.Column("unit_id", sa.Uuid(), sa.ForeignKey("unit.id", name=op.f("fk_obligation_unit_id_unit")), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("cause", sa.String(60), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", name=op.f("fk_obligation_campaign_id_campaign"))),
        sa.Column("event_on", sa.Date()),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lawful_until", sa.Date()),
        sa.Column("remind_on", sa.Date()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("met_on", sa.Date()),
        sa.Column("declaration_id", sa.Uuid(), sa.ForeignKey("declaration.id", name=op.f("fk_obligation_declaration_id_declaration"))),
        sa.Column("nil_return_id", sa.Uuid(), sa.ForeignKey("nil_return.id", name=op.f("fk_obligation_nil_return_id_nil_return"))),
        sa.Column("waiver_reason", sa.Text()),
        sa.Column("waived_by", sa.String(300)),
        sa.Column("void_reason", sa.String(20)),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
    )
    op.create_index("ix_obligation_person_id", "obligation", ["person_id", "cause"], unique=True)
    op.create_index("ix_obligation_unit_id", "obligation", ["unit_id", "id"])
    op.create_index("ix_obligation_campaign_id", "obligation", ["campaign_id", "state", "id"])
    op.create_index("ix_obligation_state", "obligation", ["state", "id"])
    op.create_index("ix_obligation_due_on", "obligation", ["due_on", "id"], **_where(_OPEN))
    op.create_index("ix_obligation_remind_on", "obligation", ["remind_on", "id"], **_where(_OPEN))
    op.create_index("ix_obligation_overdue", "obligation", ["lawful_until", "id"], **_where(_OVERDUE))
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), sa.ForeignKey("obligation.id", name=op.f("fk_absence_obligation_id_obligation")), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_obligation_id", "absence", ["obligation_id", "id"])
    op.create_index(
        "ix_absence_current",
        "absence",
        ["obligation_id"],
        unique=True,
        postgresql_where=sa.text("current"),
        sqlite_where=sa.text("current = 1"),
    )


def downgrade() -> None:
    """Back; what was owed is forgotten."""
    for table in ("absence", "obligation", "nil_return", "campaign"):
        op.drop_table(table)
