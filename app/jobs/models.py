"""The table of jobs: procrastinate's own on PostgreSQL, and one of the same name and columns on SQLite."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, text
from sqlalchemy.dialects.postgresql import ENUM, JSONB

from app.kit.tables import Instant, Json, metadata

QUEUE = "default"

_STATUS = ENUM(
    "todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted", name="procrastinate_job_status", create_type=False
)

job = Table(
    "procrastinate_jobs",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("queue_name", String(128), nullable=False),
    Column("task_name", String(128), nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("lock", Text),
    Column("queueing_lock", Text),
    Column("args", JSONB().with_variant(Json, "sqlite"), nullable=False),
    Column("status", _STATUS.with_variant(String(20), "sqlite"), nullable=False, server_default="todo"),
    Column("scheduled_at", Instant),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index("procrastinate_jobs_queueing_lock_idx_v1", "queueing_lock", unique=True, sqlite_where=text("status = 'todo'")),
    info={"owner": "procrastinate"},
)
"""A job: the task that does it, its arguments, and when it is due. Those that ended well are gone, those that were given up stay as `failed`."""
