"""Tables of declarations."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from app.kit.searching import grams_index
from app.kit.tables import EMBEDDED, Instant, Json, id_column, metadata

_SERIOUS = text("outcome >= 4 OR shown_outcome >= 4")
_LASTING = text("occurred_until IS NULL OR occurred_until > occurred_from")
"""Few enough to be looked for by themselves: grave outcomes (from `Level.SERIOUS`), and conduct of more than a day."""

_NAMED_BY_CLIENT = text("client_id IS NOT NULL")
_CAPTURED = text("capture IS NOT NULL")

declaration = Table(
    "declaration",
    metadata,
    id_column(),
    Column("kind", String(30), nullable=False),
    Column("status", String(12), nullable=False),
    Column("source", String(12), nullable=False),
    Column("declarant_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id")),
    Column("further_counterparty_id", Uuid, ForeignKey("counterparty.id")),
    Column("details", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("declared_on", Date, nullable=False),
    Column("client_reference", String(200)),
    Column("note", Text),
    Column("withdrawal_reason", Text),
    Column("occurred_from", Date, nullable=False),
    Column("occurred_until", Date),
    Column("worth_cents", BigInteger),
    Column("search_text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(300), nullable=False),
    Column("screening_id", Uuid),
    Column("outcome", SmallInteger, nullable=False),
    Column("shown_outcome", SmallInteger, nullable=False),
    Column("counted_cents", BigInteger, nullable=False),
    Column("due_on", Date),
    Column("substance", String(32)),
    Column("receipt", Json, nullable=False),
    Column("client_id", Uuid),
    Column("filing_digest", String(64)),
    Column("capture", Json),
    Index("ix_declaration_client_id", "client_id", unique=True, postgresql_where=_NAMED_BY_CLIENT, sqlite_where=_NAMED_BY_CLIENT),
    Index("ix_declaration_captured", "id", postgresql_where=_CAPTURED, sqlite_where=_CAPTURED),
    Index("ix_declaration_declarant_id", "declarant_id", "id"),
    Index("ix_declaration_unit_id", "unit_id", "id"),
    Index("ix_declaration_counterparty_id", "counterparty_id", "id"),
    Index("ix_declaration_further_counterparty_id", "further_counterparty_id"),
    Index("ix_declaration_kind", "kind", "id"),
    Index("ix_declaration_serious", "id", postgresql_where=_SERIOUS, sqlite_where=_SERIOUS),
    Index("ix_declaration_occurred_from", "occurred_from", "id"),
    Index("ix_declaration_lasting", "occurred_until", "occurred_from", "id", postgresql_where=_LASTING, sqlite_where=_LASTING),
    Index("ix_declaration_outcome", "outcome", "id"),
    Index("ix_declaration_worth", text("coalesce(worth_cents, -1)"), "id"),
    Index("ix_declaration_due_on", "due_on", postgresql_where=text("due_on IS NOT NULL"), sqlite_where=text("due_on IS NOT NULL")),
    grams_index("declaration"),
)
"""A declaration as it stands. `occurred_until` is empty while the conduct continues; `outcome` is the weight of the
highest finding and `shown_outcome` that of the highest one that the declarant may know of; `counted_cents` is what the
matter adds to the sum over duty-related givers; `due_on` is
the earliest day by which a remedy is due, after which it must be judged again; `substance` is a digest of what the newest screening says
in both views, by which a pass over many declarations knows those that come out as before; `receipt` is that of the newest act. `client_id` is the id that its client made, and
`filing_digest` says what was filed under it, so that the same is known again; `capture` tells when an act without a network was recorded and when it came."""

WORTH: ColumnElement[int] = func.coalesce(declaration.c.worth_cents, literal_column("-1"))
"""The known worth as it is indexed: what is not known counts as less than nothing."""

declaration_gram = Table(
    "declaration_gram",
    metadata,
    Column("gram", String(2), primary_key=True),
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), primary_key=True),
    info=EMBEDDED,
    sqlite_with_rowid=False,
)
"""The pairs of characters in each `search_text`, where the database has no inverted index of them."""

declaration_revision = Table(
    "declaration_revision",
    metadata,
    Column("declaration_id", Uuid, ForeignKey("declaration.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("details", Json, nullable=False),
    Column("note", Text),
    Column("declared_on", Date, nullable=False),
    Column("status", String(12), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(300), nullable=False),
    Column("counterparty_id", Uuid),
    Column("further_counterparty_id", Uuid),
    Column("occurred_from", Date),
    Column("occurred_until", Date),
    Column("worth_cents", BigInteger),
    Column("capture", Json),
    Column("version", Integer),
)
"""Every state that a declaration was filed or amended to, with the columns that followed from it then, so that the register can be looked through
as it stood. Ids stay even when what they named has gone. `version` is the one that it left, by which an entity tag is known again; empty in what is older than the column."""
