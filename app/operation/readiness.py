"""What must hold before traffic is let in: the database answers and stands at this release's revision."""

import asyncio
import logging

from app.kit.database import Database
from app.kit.errors import Problem, Words
from app.kit.migrations import is_current

log = logging.getLogger("qinqing")

PATIENCE_SECONDS = 3.0
"""Shorter than the time-outs of the usual probes, so that the reason reaches the operator."""


async def require_ready(database: Database) -> None:
    """Look at the database.

    Raises:
        Problem: 503 that names what is missing.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), database.reading() as connection:
            current = await is_current(connection)
    except Exception as error:  # whatever it is, traffic must not come
        log.warning("database unreachable", extra={"error": type(error).__name__})
        raise _not_ready("database-unreachable", Words("数据库无法连接。", "The database does not answer.")) from error
    if not current:
        raise _not_ready(
            "database-not-migrated",
            Words("数据库结构未更新，请运行 qinqing migrate。", "The tables are not those of this release; run qinqing migrate."),
        )


def _not_ready(code: str, missing: Words) -> Problem:
    return Problem(503, code, Words("服务尚未就绪", "The service is not ready"), missing, headers={"Retry-After": "5"})
