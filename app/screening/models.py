"""Tables of screenings and findings, and the register's dated exchange rates."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Numeric, SmallInteger, String, Table, Text, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

screening = Table(
    "screening",
    metadata,
    id_column(),
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rulebook_version", String(12), nullable=False),
    Column("judged_on", Date, nullable=False),
    Column("judged_at", Instant, nullable=False),
    Column("findings", Json, nullable=False),
    Column("commission_findings", Json),
    Column("visible", Boolean, nullable=False),
    Index("ix_screening_declaration_id", "declaration_id", "id"),
)
"""One judgement, in two views: `findings` rest on what the declarant may know; `commission_findings` on all that the
register knows, and are empty where that comes to the same. `visible` is false when the declarant's view did not change:
of such a judgement the declarant learns nothing."""

finding = Table(
    "finding",
    metadata,
    id_column(),
    Column("screening_id", Uuid, ForeignKey("screening.id")),
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), nullable=False),
    Column("rule", String(60)),
    Column("ban", SmallInteger),
    Column("level", SmallInteger, nullable=False),
    Column("for_declarant", Boolean, nullable=False),
    Column("for_commission", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Index("ix_finding_screening_id", "screening_id"),
    Index("ix_finding_declaration_id", "declaration_id"),
    Index("ix_finding_rule", "rule", "declaration_id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_rule_newest", "rule", "id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_ban", "ban", "id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_serious", "id", postgresql_where=text("current AND level >= 4"), sqlite_where=text("current = 1 AND level >= 4")),
)
"""One finding as filters and reviews refer to it, with the views that it stands in; `current` while it is of the
declaration's newest screening. One that a reviewer raised by hand has neither screening nor rule, and is `current` until it is
withdrawn or the declaration changes."""

exchange_rate = Table(
    "exchange_rate",
    metadata,
    Column("currency", String(3), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("rate", Numeric(18, 8), nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("id", Uuid, nullable=False, unique=True),
)
"""One unit of a currency in CNY from a day on (汇率)."""

inquiry = Table(
    "inquiry",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("reference", String(200), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("version", Integer, nullable=False),
)
"""An inquiry into a person (核查), confidential to the commission."""
