"""Tables of notices, of what was told already, of how far the register has been looked through, and of devices."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Uuid, text

from app.kit.tables import Instant, Json, id_column, metadata

_UNREAD = text("read_at IS NULL")

notice = Table(
    "notice",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("type", String(30), nullable=False),
    Column("task", Uuid, nullable=False),
    Column("subject_type", String(20), nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("due_on", Date),
    Column("raised_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("ix_notice_person_id", "person_id", "id"),
    Index("ix_notice_unread", "person_id", "id", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
)
"""That something is due or new for one person: `task` is the id of what it is about, `subject_id` the record concerned. Nothing of what was stated is in it."""

notice_mark = Table(
    "notice_mark",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("task", Uuid, primary_key=True),
    Column("mark", String(20), primary_key=True),
    Column("notice_id", Uuid, ForeignKey("notice.id"), nullable=False),
    Column("told_at", Instant, nullable=False),
    Index("ix_notice_mark_notice_id", "notice_id"),
)
"""What a person has been told of a task: how urgent it was, by which day. Nobody is told the same twice; one notice may tell of several tasks of one record."""

notice_progress = Table(
    "notice_progress",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("begun_at", Instant, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("day", Date),
    Column("after_id", Uuid),
)
"""One row: since when notices are raised, up to which position of the ledger, for which day, and after which person the pass over that day goes on;
empty once it is done."""

device = Table(
    "device",
    metadata,
    id_column(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("key_id", Uuid, ForeignKey("api_key.id"), index=True),
    Column("platform", String(10), nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("token_end", String(4), nullable=False),
    Column("topics", Json, nullable=False),
    Column("language", String(2), nullable=False),
    Column("client_id", String(200)),
    Column("registered_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Where one person wants notices. The token is kept encrypted, and by a digest so that nobody else has it too; `key_id` is the API key that registered it, if
it was one."""
