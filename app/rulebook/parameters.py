"""Limits: dated, cited numbers in TOML. An old value is never edited, only followed by a newer one."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .citation import Confidence
from .local import LocalLimits, LocalValue
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
    national: bool = Field(default=False, description="Whether it comes from a norm that leaves no room for local standards")

    def on(self, day: date) -> LimitValue | None:
        """The value in force on a day; None before the first."""
        for value in reversed(self.values):
            if value.since <= day:
                return value
        return None


class NotInForceError(LookupError):
    """No value of this limit stood on that day, so no norm stood that would need it."""


@dataclass(slots=True)
class Limits:
    """The limits of one day in a unit: `limits["gift.register"]` is the value that stood then, a local one where one is published.

    `units` are the unit and those above it, nearest first. Where a draft of local values is tried, `drafted` tells after a judgement
    whether it read a limit that is another without the draft.
    """

    parameters: Mapping[str, Limit]
    day: date
    local: LocalLimits = field(default_factory=LocalLimits)
    units: tuple[str, ...] = ()
    drafted: bool = False

    def __getitem__(self, limit: str) -> Any:
        value = self._standing(limit)
        if value is None:
            raise NotInForceError(limit)
        return value.value

    def get(self, limit: str) -> Any:
        """The value, or None where none stood."""
        value = self._standing(limit)
        return value and value.value

    def seen(self, *limits: str) -> dict[str, Any]:
        """Limits as evidence shows them, each with its unit and source; those that did not stand are left out."""
        return {limit: _evidence(value, self.parameters[limit].unit) for limit, value in self.standing(limits).items()}

    def standing(self, limits: Iterable[str]) -> dict[str, LimitValue | LocalValue]:
        """Those of the limits that stood, with their sources."""
        return {limit: value for limit in limits if (value := self._standing(limit)) is not None}

    def published(self, limits: Iterable[str]) -> list[LocalValue]:
        """Those of the limits for which a local value stood."""
        return [value for value in self.standing(limits).values() if isinstance(value, LocalValue)] if self.local else []

    def _standing(self, limit: str) -> LimitValue | LocalValue | None:
        if limit not in self.local.limits:
            return self.parameters[limit].on(self.day)
        value = self.local.on(self.day, limit, self.units)
        if self.local.without is not None and self.local.without.on(self.day, limit, self.units) != value:
            self.drafted = True
        return value or self.parameters[limit].on(self.day)


def _evidence(value: LimitValue | LocalValue, unit: str) -> dict[str, Any]:
    source = {"instrument": value.instrument, "article": value.article}
    local = {"published_by": value.unit} if isinstance(value, LocalValue) else {}
    return {"value": _shown(value.value, unit), "unit": unit} | source | local


def _shown(value: Decimal | int | str | None, unit: str) -> int | str:
    if unit == "CNY" and isinstance(value, Decimal | int):
        return yuan(value)
    return value if isinstance(value, int) else str(value)


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
