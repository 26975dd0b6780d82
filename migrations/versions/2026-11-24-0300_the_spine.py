"""The spine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "counterparty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=True),
        sa.Column("identifier", sa.String(length=18), nullable=True),
        sa.Column("region", sa.String(length=2), nullable=True),
        sa.Column("parents", sa.JSON(), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counterparty")),
    )
    op.create_index("ix_counterparty_identifier", "counterparty", ["identifier"], unique=False)
    op.create_index(
        "uq_counterparty_registered_identifier",
        "counterparty",
        ["identifier"],
        unique=True,
        postgresql_where=sa.text("registered"),
        sqlite_where=sa.text("registered"),
    )
    op.create_index(
        "uq_counterparty_unregistered_identifier",
        "counterparty",
        ["identifier"],
        unique=True,
        postgresql_where=sa.text("NOT registered"),
        sqlite_where=sa.text("NOT registered"),
    )
    op.create_index(
        "uq_counterparty_unregistered_name",
        "counterparty",
        ["name_key"],
        unique=True,
        postgresql_where=sa.text("NOT registered"),
        sqlite_where=sa.text("NOT registered"),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=18, scale=8), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("currency", "on", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("id", name=op.f("uq_exchange_rate_id")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("caller", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index("ix_idempotency_key_created_at", "idempotency_key", ["created_at"], unique=False)
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    op.create_index("ix_ledger_line_subject", "ledger_line", ["subject", "id"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("jurisdiction", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "counterparty_name",
        sa.Column("counterparty_id", sa.Uuid(), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["counterparty_id"], ["counterparty.id"], name=op.f("fk_counterparty_name_counterparty_id_counterparty")),
        sa.PrimaryKeyConstraint("counterparty_id", "name_key", name=op.f("pk_counterparty_name")),
    )
    op.create_index("ix_counterparty_name_name_key", "counterparty_name", ["name_key"], unique=False)
    op.create_table(
        "counterparty_owner",
        sa.Column("counterparty_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["counterparty_id"], ["counterparty.id"], name=op.f("fk_counterparty_owner_counterparty_id_counterparty")),
        sa.ForeignKeyConstraint(["owner_id"], ["counterparty.id"], name=op.f("fk_counterparty_owner_owner_id_counterparty")),
        sa.PrimaryKeyConstraint("counterparty_id", "owner_id", name=op.f("pk_counterparty_owner")),
    )
    op.create_index("ix_counterparty_owner_owner_id", "counterparty_owner", ["owner_id", "counterparty_id"], unique=False)
    op.create_table(
        "counterparty_relation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=30), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counterparty_id"], ["counterparty.id"], name=op.f("fk_counterparty_relation_counterparty_id_counterparty")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_counterparty_relation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counterparty_relation")),
    )
    op.create_index(op.f("ix_counterparty_relation_counterparty_id"), "counterparty_relation", ["counterparty_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_number", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=True),
        sa.Column("party_member", sa.Boolean(), nullable=False),
        sa.Column("staff_class", sa.String(length=30), nullable=False),
        sa.Column("rank", sa.String(length=30), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("prior_graft_sanction", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("post_from_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("left_reason", sa.String(length=30), nullable=True),
        sa.Column("inside_information", sa.JSON(), nullable=False),
        sa.Column("relatives", sa.JSON(), nullable=False),
        sa.Column("posts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("employee_number", name=op.f("uq_person_employee_number")),
    )
    op.create_index("ix_person_unit_id", "person", ["unit_id", "id"], unique=False)
    op.create_table(
        "unit_ancestor",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ancestor_id"], ["unit.id"], name=op.f("fk_unit_ancestor_ancestor_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_ancestor_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "ancestor_id", name=op.f("pk_unit_ancestor")),
    )
    op.create_index("ix_unit_ancestor_ancestor_id", "unit_ancestor", ["ancestor_id", "unit_id"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_key_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_api_key_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_api_key_secret_digest")),
    )
    op.create_index(op.f("ix_api_key_person_id"), "api_key", ["person_id"], unique=False)
    op.create_index(op.f("ix_api_key_unit_id"), "api_key", ["unit_id"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("declarant_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("counterparty_id", sa.Uuid(), nullable=True),
        sa.Column("further_counterparty_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("client_reference", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("occurred_from", sa.Date(), nullable=False),
        sa.Column("occurred_until", sa.Date(), nullable=True),
        sa.Column("worth_cents", sa.BigInteger(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.SmallInteger(), nullable=False),
        sa.Column("shown_outcome", sa.SmallInteger(), nullable=False),
        sa.Column("counted_cents", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["counterparty_id"], ["counterparty.id"], name=op.f("fk_declaration_counterparty_id_counterparty")),
        sa.ForeignKeyConstraint(["declarant_id"], ["person.id"], name=op.f("fk_declaration_declarant_id_person")),
        sa.ForeignKeyConstraint(
            ["further_counterparty_id"], ["counterparty.id"], name=op.f("fk_declaration_further_counterparty_id_counterparty")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_declaration_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index("ix_declaration_counterparty_id", "declaration", ["counterparty_id", "id"], unique=False)
    op.create_index("ix_declaration_declarant_id", "declaration", ["declarant_id", "id"], unique=False)
    op.create_index(
        "ix_declaration_due_on",
        "declaration",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("due_on IS NOT NULL"),
        sqlite_where=sa.text("due_on IS NOT NULL"),
    )
    op.create_index("ix_declaration_further_counterparty_id", "declaration", ["further_counterparty_id"], unique=False)
    op.create_index(
        "ix_declaration_lasting",
        "declaration",
        ["occurred_until", "occurred_from", "id"],
        unique=False,
        postgresql_where=sa.text("occurred_until IS NULL OR occurred_until > occurred_from"),
        sqlite_where=sa.text("occurred_until IS NULL OR occurred_until > occurred_from"),
    )
    op.create_index("ix_declaration_kind", "declaration", ["kind", "id"], unique=False)
    op.create_index("ix_declaration_occurred_from", "declaration", ["occurred_from", "id"], unique=False)
    op.create_index(
        "ix_declaration_serious",
        "declaration",
        ["id"],
        unique=False,
        postgresql_where=sa.text("outcome >= 4 OR shown_outcome >= 4"),
        sqlite_where=sa.text("outcome >= 4 OR shown_outcome >= 4"),
    )
    op.create_index("ix_declaration_unit_id", "declaration", ["unit_id", "id"], unique=False)
    op.create_index("ix_declaration_worth_cents", "declaration", ["worth_cents"], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("delegate_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delegate_id"], ["person.id"], name=op.f("fk_delegation_delegate_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delegation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_delegate_id", "delegation", ["delegate_id", "person_id"], unique=False)
    op.create_index("ix_delegation_person_id", "delegation", ["person_id"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inquiry_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_person_id"), "inquiry", ["person_id"], unique=False)
    op.create_table(
        "declaration_revision",
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_declaration_revision_declaration_id_declaration")),
        sa.PrimaryKeyConstraint("declaration_id", "revision", name=op.f("pk_declaration_revision")),
    )
    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rulebook_version", sa.String(length=12), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("commission_findings", sa.JSON(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_screening_declaration_id_declaration")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index("ix_screening_declaration_id", "screening", ["declaration_id", "id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("ban", sa.SmallInteger(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("for_declarant", sa.Boolean(), nullable=False),
        sa.Column("for_commission", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_finding_declaration_id_declaration")),
        sa.ForeignKeyConstraint(["screening_id"], ["screening.id"], name=op.f("fk_finding_screening_id_screening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(
        "ix_finding_ban",
        "finding",
        ["ban", "declaration_id"],
        unique=False,
        postgresql_where=sa.text("current"),
        sqlite_where=sa.text("current = 1"),
    )
    op.create_index("ix_finding_declaration_id", "finding", ["declaration_id"], unique=False)
    op.create_index(
        "ix_finding_rule",
        "finding",
        ["rule", "declaration_id"],
        unique=False,
        postgresql_where=sa.text("current"),
        sqlite_where=sa.text("current = 1"),
    )
    op.create_index("ix_finding_screening_id", "finding", ["screening_id"], unique=False)


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_finding_screening_id", table_name="finding")
    op.drop_index("ix_finding_rule", table_name="finding", postgresql_where=sa.text("current"), sqlite_where=sa.text("current = 1"))
    op.drop_index("ix_finding_declaration_id", table_name="finding")
    op.drop_index("ix_finding_ban", table_name="finding", postgresql_where=sa.text("current"), sqlite_where=sa.text("current = 1"))
    op.drop_table("finding")
    op.drop_index("ix_screening_declaration_id", table_name="screening")
    op.drop_table("screening")
    op.drop_table("declaration_revision")
    op.drop_index(op.f("ix_inquiry_person_id"), table_name="inquiry")
    op.drop_table("inquiry")
    op.drop_index("ix_delegation_person_id", table_name="delegation")
    op.drop_index("ix_delegation_delegate_id", table_name="delegation")
    op.drop_table("delegation")
    op.drop_index("ix_declaration_worth_cents", table_name="declaration")
    op.drop_index("ix_declaration_unit_id", table_name="declaration")
    op.drop_index(
        "ix_declaration_serious",
        table_name="declaration",
        postgresql_where=sa.text("outcome >= 4 OR shown_outcome >= 4"),
        sqlite_where=sa.text("outcome >= 4 OR shown_outcome >= 4"),
    )
    op.drop_index(
        "ix_declaration_lasting",
        table_name="declaration",
        postgresql_where=sa.text("occurred_until IS NULL OR occurred_until > occurred_from"),
        sqlite_where=sa.text("occurred_until IS NULL OR occurred_until > occurred_from"),
    )
    op.drop_index("ix_declaration_occurred_from", table_name="declaration")
    op.drop_index("ix_declaration_kind", table_name="declaration")
    op.drop_index("ix_declaration_further_counterparty_id", table_name="declaration")
    op.drop_index(
        "ix_declaration_due_on",
        table_name="declaration",
        postgresql_where=sa.text("due_on IS NOT NULL"),
        sqlite_where=sa.text("due_on IS NOT NULL"),
    )
    op.drop_index("ix_declaration_declarant_id", table_name="declaration")
    op.drop_index("ix_declaration_counterparty_id", table_name="declaration")
    op.drop_table("declaration")
    op.drop_index(op.f("ix_api_key_unit_id"), table_name="api_key")
    op.drop_index(op.f("ix_api_key_person_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index("ix_unit_ancestor_ancestor_id", table_name="unit_ancestor")
    op.drop_table("unit_ancestor")
    op.drop_index("ix_person_unit_id", table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_counterparty_relation_counterparty_id"), table_name="counterparty_relation")
    op.drop_table("counterparty_relation")
    op.drop_index("ix_counterparty_owner_owner_id", table_name="counterparty_owner")
    op.drop_table("counterparty_owner")
    op.drop_index("ix_counterparty_name_name_key", table_name="counterparty_name")
    op.drop_table("counterparty_name")
    op.drop_index(op.f("ix_unit_parent_id"), table_name="unit")
    op.drop_table("unit")
    op.drop_index("ix_ledger_line_subject", table_name="ledger_line")
    op.drop_table("ledger_line")
    op.drop_index("ix_idempotency_key_created_at", table_name="idempotency_key")
    op.drop_table("idempotency_key")
    op.drop_table("exchange_rate")
    op.drop_index(
        "uq_counterparty_unregistered_name",
        table_name="counterparty",
        postgresql_where=sa.text("NOT registered"),
        sqlite_where=sa.text("NOT registered"),
    )
    op.drop_index(
        "uq_counterparty_unregistered_identifier",
        table_name="counterparty",
        postgresql_where=sa.text("NOT registered"),
        sqlite_where=sa.text("NOT registered"),
    )
    op.drop_index(
        "uq_counterparty_registered_identifier",
        table_name="counterparty",
        postgresql_where=sa.text("registered"),
        sqlite_where=sa.text("registered"),
    )
    op.drop_index("ix_counterparty_identifier", table_name="counterparty")
    op.drop_table("counterparty")
