"""Tables of campaigns, of what each person owes, of nil returns, and of what was found absent."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_TEMPLATED = text("template IS NOT NULL")
_OPEN = text("state = 'open'")
_OVERDUE = text("state = 'overdue'")

campaign = Table(
    "campaign",
    metadata,
    id_column(),
    Column("title", String(200), nullable=False),
    Column("title_en", String(200)),
    Column("template", String(40)),
    Column("kinds", Json, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_until", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("lawful_until", Date),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("bound", Json, nullable=False),
    Column("basis", Json, nullable=False),
    Column("remind_days", Json, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(300), nullable=False),
    Column("enrolled_at", Instant),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_campaign_template", "template", "period_from", unique=True, postgresql_where=_TEMPLATED, sqlite_where=_TEMPLATED),
)
"""A round of reporting (集中申报): which kinds, of which period, by which day, from whom. `bound` are the circles of persons, of which one must
fit; none: everybody in the unit. `lawful_until` is the last day that the law itself sets, if it sets one. `enrolled_at` is empty while persons are still being entered."""

obligation = Table(
    "obligation",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("type", String(30), nullable=False),
    Column("cause", String(60), nullable=False),
    Column("campaign_id", Uuid, ForeignKey("campaign.id")),
    Column("event_on", Date),
    Column("kinds", Json, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_until", Date),
    Column("due_on", Date, nullable=False),
    Column("lawful_until", Date),
    Column("remind_on", Date),
    Column("state", String(10), nullable=False),
    Column("met_on", Date),
    Column("declaration_id", Uuid, ForeignKey("declaration.id")),
    Column("nil_return_id", Uuid, ForeignKey("nil_return.id")),
    Column("waiver_reason", Text),
    Column("waived_by", String(300)),
    Column("void_reason", String(20)),
    Column("opened_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_obligation_person_id", "person_id", "cause", unique=True),
    Index("ix_obligation_unit_id", "unit_id", "id"),
    Index("ix_obligation_campaign_id", "campaign_id", "state", "id"),
    Index("ix_obligation_state", "state", "id"),
    Index("ix_obligation_due_on", "due_on", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_obligation_remind_on", "remind_on", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_obligation_overdue", "lawful_until", "id", postgresql_where=_OVERDUE, sqlite_where=_OVERDUE),
)
"""What one person owes (应报事项), once for each `cause`: a campaign, or a day in the personnel record. `unit_id` is where the person is while it is owed, and where
they were when it was done; `remind_on` the next day of a reminder; `met_on` the day by which each of the kinds was accounted for."""

nil_return = Table(
    "nil_return",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("campaign_id", Uuid, ForeignKey("campaign.id")),
    Column("obligation_id", Uuid),
    Column("kinds", Json, nullable=False),
    Column("period_from", Date, nullable=False),
    Column("period_until", Date),
    Column("filed_on", Date, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("filed_by", String(300), nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawal_reason", Text),
    Column("receipt", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("capture", Json),
    Index("ix_nil_return_person_id", "person_id", "id"),
    Index("ix_nil_return_campaign_id", "campaign_id", "id"),
    Index("ix_nil_return_unit_id", "unit_id", "id"),
)
"""A statement that there is nothing to declare of these kinds in the period (零报告); for a campaign, or for one obligation that has none. Never deleted:
one that was taken back has its reason, and one that a declaration contradicts stands beside it. `capture` tells when one without a network was recorded and when it came."""

absence = Table(
    "absence",
    metadata,
    id_column(),
    Column("obligation_id", Uuid, ForeignKey("obligation.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("document", Json, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("current", Boolean, nullable=False),
    Index("ix_absence_obligation_id", "obligation_id", "id"),
    Index("ix_absence_current", "obligation_id", unique=True, postgresql_where=text("current"), sqlite_where=text("current = 1")),
)
"""That the day passed with neither declaration nor nil return: a finding in form, of an obligation in place of a declaration. The document never changes;
it is `current` while the obligation is overdue, and at most one of an obligation is."""
