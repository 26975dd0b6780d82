"""Local standards (地方标准): values of limits that units have published for themselves and all below them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .once import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalValue:
    """What a limit is from a day on in one unit and below, with its source; a value of None ends what the unit had published before."""

    unit: str
    limit: str
    since: date
    value: Decimal | int | str | None
    instrument: str
    article: str
    note: str | None = None


@dataclass(frozen=True)
class LocalLimits:
    """All local values; of several of one unit and day, the last one given counts, as it was published to correct the others.

    `without` are the local values as they stand, where these are a draft beside them; `limits` are those of which there is any value.
    """

    values: tuple[LocalValue, ...] = ()
    without: "LocalLimits | None" = None
    limits: frozenset[str] = field(init=False, repr=False, compare=False)
    _newest_first: dict[tuple[str, str], list[LocalValue]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the values by unit and limit, newest first."""
        by_day = {(value.unit, value.limit, value.since): value for value in self.values}
        sorted_out: dict[tuple[str, str], list[LocalValue]] = {}
        for value in sorted(by_day.values(), key=lambda each: each.since, reverse=True):
            sorted_out.setdefault((value.unit, value.limit), []).append(value)
        object.__setattr__(self, "_newest_first", sorted_out)
        object.__setattr__(self, "limits", frozenset(value.limit for value in self.values))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.values)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that was published, in order, hex; of nothing, the empty word."""
        stated = [(v.unit, v.limit, v.since.isoformat(), str(v.value), v.instrument, v.article, v.note) for v in self.values]
        return hashlib.sha256(json.dumps(stated, ensure_ascii=False).encode()).hexdigest() if stated else ""

    def on(self, day: date, limit: str, units: Iterable[str]) -> LocalValue | None:
        """The value of the nearest unit that has one on that day; `units` are a unit and those above it, nearest first."""
        for unit in units:
            for value in self._newest_first.get((unit, limit), ()):
                if value.since <= day:
                    if value.value is not None:
                        return value
                    break
        return None

    def of(self, unit: str, limit: str) -> list[LocalValue]:
        """What one unit has published of a limit, newest first."""
        return self._newest_first.get((unit, limit), [])

    def with_draft(self, values: Iterable[LocalValue]) -> "LocalLimits":
        """These with a draft's values beside them, to see what the draft would change."""
        return LocalLimits((*self.values, *values), self)
