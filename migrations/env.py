"""How Alembic reaches the database and knows the tables.

The URL comes from the caller (`app.kit.migrations`) or, for the `alembic` command, from QINQING_DATABASE_URL.
"""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, text

import app
from app.kit.migrations import migrating
from app.kit.tables import EMBEDDED, Instant, metadata
from app.settings import Settings

_ROOMS = Path(app.__file__).parent


def load_tables() -> None:
    """Import every module that defines tables, so that the metadata is complete."""
    import_module("app.kit.idempotency")
    for models in sorted(_ROOMS.glob("*/models.py")):
        import_module(f"app.{models.parent.name}.models")


def render(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Own types by what they are in the database: a migration must not change when a class of ours does."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, JSON):
        return "sa.JSON()"
    return False


def has_table(database: str, thing: Any, name: str | None, kind: str) -> bool:
    """Whether a database is to have the thing from us: a table may be for the embedded one alone, or be a library's."""
    if kind == "table" and name and name.startswith("procrastinate_"):
        return False
    return kind != "table" or database == "sqlite" or thing.info != EMBEDDED


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction; a second process waits for the first."""
    embedded = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=embedded,
        render_item=render,
        include_object=lambda thing, name, kind, _reflected, _other: has_table(connection.dialect.name, thing, name, kind),
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if not embedded:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('qinqing migrations', 0))"))
        context.run_migrations()


async def run(url: str) -> None:
    """Connect and migrate."""
    async with migrating(url) as connection:
        await connection.run_sync(migrate)


load_tables()
asyncio.run(run(context.config.attributes.get("url") or Settings().database_url))
