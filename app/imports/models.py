"""Tables of imports, of the pieces that their files are kept in until they are taken in, and of the rows that were not."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid

from app.access.kept import caller_columns
from app.kit.tables import Instant, Json, id_column, metadata

bulk_import = Table(
    "bulk_import",
    metadata,
    id_column(),
    Column("of", String(20), nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("file_name", String(200)),
    Column("sheet", String(100)),
    Column("mapping", Json),
    *caller_columns(),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("expires_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("failure", String(40)),
    Column("failure_row", BigInteger),
    Column("bytes", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("format", String(10)),
    Column("columns", Json),
    Column("expected", BigInteger),
    Column("phase", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("nil", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_bulk_import_actor", "actor", "id"),
    Index("ix_bulk_import_expires_at", "expires_at"),
)
"""An import. `actor`, `scopes`, `person_id` and `roots` are the caller as they were when they asked, which decides what it may change. `phase` and
`position` say how far it has come: the last row that was taken in, committed with what that row did. `mapping` is what the caller said of its headings, words and silences; `columns` are the headings of the file, each with the name of
the column that it was recognised as, or none."""

bulk_import_piece = Table(
    "bulk_import_piece",
    metadata,
    Column("import_id", Uuid, ForeignKey("bulk_import.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""A piece of the file: all but the last are of one size. Erased as soon as all rows are taken in."""

bulk_import_fault = Table(
    "bulk_import_fault",
    metadata,
    Column("import_id", Uuid, ForeignKey("bulk_import.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("faults", Json, nullable=False),
    Column("stated", Json, nullable=False),
)
"""A row that was not taken in: its number in the file, what is wrong, and its cells as the file has them."""
