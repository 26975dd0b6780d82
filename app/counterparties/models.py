"""Tables of counterparties."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, Uuid, text

from app.kit.searching import grams_index
from app.kit.tables import Instant, Json, id_column, metadata

counterparty = Table(
    "counterparty",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("aliases", Json, nullable=False),
    Column("type", String(30)),
    Column("identifier", String(18)),
    Column("region", String(2)),
    Column("parents", Json, nullable=False),
    Column("registered", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_counterparty_identifier", "identifier", postgresql_ops={"identifier": "varchar_pattern_ops"}),
    Index(
        "uq_counterparty_registered_identifier",
        "identifier",
        unique=True,
        postgresql_where=text("registered"),
        sqlite_where=text("registered"),
    ),
    Index(
        "uq_counterparty_unregistered_identifier",
        "identifier",
        unique=True,
        postgresql_where=text("NOT registered"),
        sqlite_where=text("NOT registered"),
    ),
    Index(
        "uq_counterparty_unregistered_name",
        "name_key",
        unique=True,
        postgresql_where=text("NOT registered"),
        sqlite_where=text("NOT registered"),
    ),
)
"""One counterparty. Those that are not `registered` are known from declarations alone, one row a name and
one an identifier; registering such a name takes the row over, so that what was declared of it stays with it."""

counterparty_name = Table(
    "counterparty_name",
    metadata,
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id"), primary_key=True),
    Column("name_key", String(200), primary_key=True),
    Column("search_text", Text, nullable=False, server_default=""),
    Index("ix_counterparty_name_name_key", "name_key"),
    grams_index("counterparty_name"),
)
"""The names and aliases by which references find a counterparty, NFKC-folded and trimmed; `search_text` is what people find it by."""

counterparty_owner = Table(
    "counterparty_owner",
    metadata,
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id"), primary_key=True),
    Column("owner_id", Uuid, ForeignKey("counterparty.id"), primary_key=True),
    Index("ix_counterparty_owner_owner_id", "owner_id", "counterparty_id"),
)
"""The closure of ownership: every counterparty with itself and all that own it, directly or through others."""

counterparty_relation = Table(
    "counterparty_relation",
    metadata,
    id_column(),
    Column("counterparty_id", Uuid, ForeignKey("counterparty.id"), nullable=False, index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("relation", String(30), nullable=False),
    Column("from_on", Date),
    Column("until_on", Date),
)
"""How a counterparty stands to a unit, by day."""
