"""The tables of lines, and of the tree over them."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, String, Table, Text, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_UNSEALED = text("position IS NULL")
_SEALED = text("position IS NOT NULL")
"""What auditors look for is indexed when a line is sealed, so that who writes it does not wait for that."""

ledger_line = Table(
    "ledger_line",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", String(300), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("content", Json, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("position", BigInteger),
    Index("ix_ledger_line_subject", "subject", "id"),
    Index("ix_ledger_line_position", "position", unique=True, postgresql_where=_SEALED, sqlite_where=_SEALED),
    Index("ix_ledger_line_action", "action", "position", postgresql_where=_SEALED, sqlite_where=_SEALED),
    Index("ix_ledger_line_actor", "actor", "position", postgresql_where=_SEALED, sqlite_where=_SEALED),
    Index("ix_ledger_line_at", "at", "position", postgresql_where=_SEALED, sqlite_where=_SEALED),
    Index("ix_ledger_line_unsealed", "id", postgresql_where=_UNSEALED, sqlite_where=_UNSEALED),
)
"""One act: who did what to which subject, and the canonical content whose RFC 6962 leaf hash stands beside it. `position` is
its place in the tree, from 0 without a gap; empty until it is sealed."""

ledger_tile = Table(
    "ledger_tile",
    metadata,
    Column("level", SmallInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)
"""A tile of the tree: up to 256 hashes, one after the other; it grows until it is full and never changes otherwise."""

ledger_checkpoint = Table(
    "ledger_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("sealed_at", Instant, nullable=False),
    Column("verifier_key", String(400)),
    Column("note", Text),
)
"""The root of the tree at one size, and the note that vouches for it, if there is a key: the newest, and the last of each hour."""
