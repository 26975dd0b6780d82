"""Jobs: the tables of procrastinate on PostgreSQL, one table like its own on SQLite; personnel events.

The text of the tables is the library's. Each of its releases that changes them needs a migration of ours; tests/jobs tells when.
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    if op.get_bind().dialect.name == "sqlite":
        _create_table()
    else:
        _run(SchemaManager.get_schema())
    op.create_table(
        "personnel_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personnel_event_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personnel_event")),
    )
    op.create_index("ix_personnel_event_person_id", "personnel_event", ["person_id", "id"])
    waiting = sa.text("followed_at IS NULL")
    op.create_index("ix_personnel_event_waiting", "personnel_event", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    """Back."""
    op.drop_table("personnel_event")
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("procrastinate_jobs")
        return
    _run(
        """
        DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
        DO $$
        DECLARE named text;
        BEGIN
            FOR named IN SELECT oid::regprocedure FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
                EXECUTE 'DROP FUNCTION ' || named || ' CASCADE';
            END LOOP;
        END $$;
        DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type CASCADE;
        """
    )


def _create_table() -> None:
    op.create_table(
        "procrastinate_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue_name", sa.String(length=128), nullable=False),
        sa.Column("task_name", sa.String(length=128), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lock", sa.Text(), nullable=True),
        sa.Column("queueing_lock", sa.Text(), nullable=True),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="todo", nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procrastinate_jobs")),
    )
    waiting = sa.text("status = 'todo'")
    op.create_index("procrastinate_jobs_queueing_lock_idx_v1", "procrastinate_jobs", ["queueing_lock"], unique=True, sqlite_where=waiting)


def _run(script: str) -> None:
    """Many statements at once, which asyncpg takes on its own connection alone."""
    connection = op.get_bind().connection.dbapi_connection
    if hasattr(connection, "run_async"):
        connection.run_async(lambda driver: driver.execute(script))
    else:
        op.get_bind().exec_driver_sql(script)
