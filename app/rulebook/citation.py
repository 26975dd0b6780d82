"""Where a rule stands in the law: dated citations, and the tags that say whom they bind."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Confidence = Literal["P", "S", "S~", "I", "M"]
"""How a citation was verified: primary text, secondary quotation, mirror, inferred from numbering, from memory."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One row of a rule's legal basis.

    `instrument` is a key of `instruments.toml`; `article` is None where the text has no number or it was not read;
    `until` is the first day on which the row no longer stands; `who` are tags that must all hold; `always` rows are
    cited whatever the day of conduct (a later and lighter text, 从旧兼从轻).
    """

    instrument: str
    article: str | None
    since: date
    until: date | None = None
    who: frozenset[str] = frozenset()
    confidence: Confidence = "P"
    unsure: str | None = None
    always: bool = False

    @property
    def confirmed(self) -> bool:
        """False while any part of the row (its text, number or day) rests on inference or memory."""
        return self.confidence not in ("I", "M") and self.unsure is None

    def stands(self, day: date, tags: frozenset[str]) -> bool:
        """Whether the row binds conduct of that day by somebody with these tags."""
        in_force = self.always or (self.since <= day and (self.until is None or day < self.until))
        return in_force and self.who <= tags


def cite(
    instrument: str,
    article: str | None,
    since: str,
    until: str | None = None,
    *,
    who: str = "",
    confidence: Confidence = "P",
    unsure: str | None = None,
    always: bool = False,
) -> Citation:
    """One citation, days as ISO text, `who` as tags joined by `&`."""
    tags = frozenset(who.split("&")) if who else frozenset()
    end = date.fromisoformat(until) if until else None
    return Citation(instrument, article, date.fromisoformat(since), end, tags, confidence, unsure, always)


def discipline(*versions: tuple[str, str, Confidence], who: str = "party") -> tuple[Citation, ...]:
    """Rows of the Party's disciplinary regulations (中国共产党纪律处分条例), which bind members alone.

    Each version is (first year in force, article, confidence): the 2015 text stands from 2016-01-01,
    the 2018 text from 2018-10-01, the 2023 text from 2024-01-01; each ends the one before.
    """
    spans = {"2015": ("2016-01-01", "2018-10-01"), "2018": ("2018-10-01", "2024-01-01"), "2023": ("2024-01-01", None)}
    return tuple(cite("discipline", article, *spans[text], who=who, confidence=confidence) for text, article, confidence in versions)
