"""What a job can be: a task by its name, with the act that does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.kit.database import Database
from app.rulebook.book import Book

Arguments = Mapping[str, str]
"""What a job is told: ids, never personal data, as jobs are logged and kept."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What every act works with."""

    database: Database
    book: Book


@dataclass(frozen=True, slots=True)
class Task:
    """An act by its name.

    A worker may be killed between any two lines of an act, and a job may be done twice: acts go on from what their own tables say, and doing
    one again does no harm. What fails is tried again up to `attempts` times in all, at growing distances. One with `every` is done that often,
    and never twice at once.
    """

    name: str
    act: Callable[[Tools, Arguments], Awaitable[object]]
    attempts: int = 5
    every: timedelta | None = None


FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 3600


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 4 ** max(attempts - 1, 0), LONGEST_PAUSE_SECONDS))
