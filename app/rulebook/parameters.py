"""Limits: dated, cited numbers in TOML. An old value is never edited, only followed by a newer one."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .citation import Confidence
from .money import yuan


class RulebookError(Exception):
    """The law on disk cannot be read; says the file, the line and the remedy. The service does not start."""


class LimitValue(BaseModel):
    """One value of a limit from a day on, with its source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: date
    value: Decimal | int | str
    instrument: str = Field(min_length=1)
    article: str = Field(min_length=1)
    confidence: Confidence
    note: str | None = None


class Limit(BaseModel):
    """A number that rules compare with (标准): its name, unit and dated values, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    unit: str = Field(min_length=1, description="CNY, percent, months, days, years, count or text")
    values: tuple[LimitValue, ...] = Field(min_length=1)

    def on(self, day: date) -> LimitValue | None:
        """The value in force on a day; None before the first."""
        for value in reversed(self.values):
            if value.since <= day:
                return value
        return None


class NotInForceError(LookupError):
    """No value of this limit stood on that day, so no norm stood that would need it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one day: `limits["gift.register"]` is the value that stood then."""

    parameters: Mapping[str, Limit]
    day: date

    def __getitem__(self, limit: str) -> Any:
        value = self.parameters[limit].on(self.day)
        if value is None:
            raise NotInForceError(limit)
        return value.value

    def get(self, limit: str) -> Any:
        """The value, or None where none stood."""
        value = self.parameters[limit].on(self.day)
        return value and value.value

    def seen(self, *limits: str) -> dict[str, Any]:
        """Limits as evidence shows them, each with its unit and source; those that did not stand are left out."""
        stood = ((limit, self.parameters[limit], self.parameters[limit].on(self.day)) for limit in limits)
        return {
            limit: {"value": _shown(value.value, known.unit), "unit": known.unit, "instrument": value.instrument, "article": value.article}
            for limit, known, value in stood
            if value is not None
        }


def _shown(value: Decimal | int | str, unit: str) -> int | str:
    if unit == "CNY" and not isinstance(value, str):
        return yuan(value)
    return str(value) if isinstance(value, Decimal) else value


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict.

    Raises:
        RulebookError: with file and line when it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = re.search(r"at line (\d+)", str(error))
        raise RulebookError(f"{path}:{where[1] if where else 1}: {error}") from error


def read_limits(path: Path) -> Iterator[Limit]:
    """The limits of one file. A limit without source and article, or with days out of order, does not load.

    Raises:
        RulebookError: with file, line and the field at fault.
    """
    for name, body in read_toml(path).items():
        try:
            limit = Limit(id=name, **body)
        except (ValidationError, TypeError) as error:
            raise RulebookError(f"{path}:{_line_of(path, name)}: limit {name}: {_reason(error)}") from error
        days = [value.since for value in limit.values]
        if days != sorted(set(days)):
            raise RulebookError(f"{path}:{_line_of(path, name)}: limit {name}: values must follow each other by `since`, one a day")
        yield limit


def _line_of(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(("[", "[[")) and name in line), 1)


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
