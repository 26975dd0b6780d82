"""Failures that an operator can mend, said in one line on stderr; anything else keeps its traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from app.kit.database import Database
from app.kit.errors import Problem
from app.kit.migrations import OtherReleaseError
from app.kit.problems import faults_of
from app.rulebook.parameters import RulebookError
from app.settings import Settings

FAILED = 1
"""Exit code: it was tried and did not work out."""

WRONG_SETUP = 2
"""Exit code: nothing was tried, because a setting, an argument or the rulebook is wrong."""


def fail(zh: str, en: str, code: int = FAILED) -> NoReturn:
    """Say why and leave."""
    print(f"qinqing: {zh} {en}", file=sys.stderr)
    raise SystemExit(code)


def read_settings() -> Settings:
    """The settings from the environment; a wrong one is named, its value is not shown, as it may hold a password."""
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in faults_of(error.errors()):
            name = "QINQING_" + fault.pointer.strip("/").upper()
            print(f"qinqing: {name}: {fault.message.zh} {fault.message.en}", file=sys.stderr)
        raise SystemExit(WRONG_SETUP) from None
    try:
        Database(settings.database_url)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        fail(
            "QINQING_DATABASE_URL: 应形如 sqlite:///qinqing.sqlite3 或 postgresql://user@host/name。",
            "Must be like sqlite:///qinqing.sqlite3 or postgresql://user@host/name.",
            WRONG_SETUP,
        )
    return settings


@contextmanager
def lawful() -> Iterator[None]:
    """A rulebook that cannot be read ends the command; the error names file and line."""
    try:
        yield
    except RulebookError as error:
        fail("规则集无法读取。", f"The rulebook cannot be read: {error}", WRONG_SETUP)


@contextmanager
def connected() -> Iterator[None]:
    """A database that does not answer, or is of another release, ends the command; so does what the register refuses."""
    try:
        yield
    except Problem as problem:
        said = [fault.message for fault in problem.faults] or [problem.detail]
        fail("".join(words.zh for words in said), " ".join(words.en for words in said), WRONG_SETUP)
    except OtherReleaseError as error:
        fail("数据库结构与本版本程序不符。", f"The tables are of another release: {error}")
    except Exception as error:
        if not _of_the_database(error):
            raise
        fail("无法使用 QINQING_DATABASE_URL 所指的数据库。", f"The database of QINQING_DATABASE_URL cannot be used: {_reason(error)}")


def _of_the_database(error: Exception) -> bool:
    """Network, driver or server; SQLAlchemy 2.0 lets errors of asyncpg pass as they are when it connects."""
    return isinstance(error, OSError | DBAPIError) or type(error).__module__.startswith("asyncpg.")


def _reason(error: Exception) -> str:
    """The database's own words, without statement and parameters."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    return f"{origin}" or type(origin).__name__
