"""Tables of screenings and findings, and the register's dated exchange rates."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Numeric, SmallInteger, String, Table, Text, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_IN_REVIEW = text("review_id IS NOT NULL")

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
    Column("own_accord", Boolean, nullable=False, server_default=text("false")),
    Column("review_id", Uuid, ForeignKey("review.id")),
    Index("ix_finding_screening_id", "screening_id"),
    Index("ix_finding_declaration_id", "declaration_id"),
    Index("ix_finding_rule", "rule", "declaration_id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_rule_newest", "rule", "id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_ban", "ban", "id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_level", "level", "id", postgresql_where=text("current"), sqlite_where=text("current = 1")),
    Index("ix_finding_serious", "id", postgresql_where=text("current AND level >= 4"), sqlite_where=text("current = 1 AND level >= 4")),
    Index("ix_finding_review_id", "review_id", postgresql_where=_IN_REVIEW, sqlite_where=_IN_REVIEW),
    Index(
        "ix_finding_in_no_review",
        "declaration_id",
        postgresql_where=text("current AND level >= 3 AND review_id IS NULL"),
        sqlite_where=text("current = 1 AND level >= 3 AND review_id IS NULL"),
    ),
)
"""One finding as filters and reviews refer to it, with the views that it stands in; `current` while it is of the
declaration's newest screening; `own_accord` where what was late has been put right by the official (容错纠错). One that a reviewer raised by hand has neither screening nor rule, and is `current` until it is
withdrawn or the declaration changes. `review_id` is the review that has taken it up, for ever."""

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

sweep = Table(
    "sweep",
    metadata,
    id_column(),
    Column("purpose", String(12), nullable=False),
    Column("draft_id", Uuid, ForeignKey("limit_draft.id")),
    Column("since", Date),
    Column("judged_on", Date, nullable=False),
    Column("rulebook_version", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Index("ix_sweep_draft_id", "draft_id", "id"),
)
"""A pass over what many persons have filed: a `rescreening` by the law as it stands, or the `impact` of a draft of local standards,
in the unit of the draft and below, else in the whole register; of conduct that lasted to `since` or beyond."""

sweep_part = Table(
    "sweep_part",
    metadata,
    Column("sweep_id", Uuid, ForeignKey("sweep.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("after_id", Uuid, nullable=False),
    Column("until_id", Uuid, nullable=False),
    Column("declarations", Integer, nullable=False),
    Column("done_at", Instant),
    Column("result", Json),
    Index("ix_sweep_part_open", "sweep_id", "number", postgresql_where=text("done_at IS NULL"), sqlite_where=text("done_at IS NULL")),
)
"""The persons after one id and up to another, of whom a sweep is to judge so many declarations. The parts of a sweep leave no id out, and each is
done in a transaction of its own together with what it changes, so that a kill loses nothing and repeats nothing."""
