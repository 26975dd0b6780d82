"""A register with tasks of the test's own."""

from collections.abc import AsyncIterator

import pytest

from app.jobs.tasks import Tools
from app.kit.database import Database
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS


@pytest.fixture
async def tools(database_url: str) -> AsyncIterator[Tools]:
    """A database without rows, on each of the two."""
    database = Database(database_url, pool_size=4)
    yield Tools(database, Book(CHAPTERS))
    await database.close()
