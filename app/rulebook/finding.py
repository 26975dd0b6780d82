"""What a rule answers: a suspicion with its level, its words and the numbers it compared; never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from .citation import Citation


class Text(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str


class Level(StrEnum):
    """How much a finding asks for, lowest first (记录, 提示, 违规疑点, 严重疑点, 移送)."""

    RECORD = "record"
    NOTICE = "notice"
    BREACH = "breach"
    SERIOUS = "serious"
    REFER = "refer"

    @property
    def weight(self) -> int:
        """1 for `record` up to 5 for `refer`; 0 is kept for `clear`."""
        return _WEIGHTS[self]


OWN_ACCORD = "own_accord"
"""The mark in the evidence on what was late and has been put right (容错纠错): true where that was of the declarant's own accord."""

GRANTED_APPROVAL = "granted_approval"
"""In the evidence, the id of the approval on record that was among the facts."""

_WEIGHTS = {level: weight for weight, level in enumerate(Level, start=1)}
OUTCOMES = ("clear", *(level.value for level in Level))
"""What a screening can come to, by weight."""


class Remedy(NamedTuple):
    """The next step for the declarant, and by when (None where no norm sets a day)."""

    action: str
    text: Text
    due_on: date | None


@dataclass(slots=True, kw_only=True)
class Hit:
    """A rule that fired on the facts, before the book adds title and basis; not frozen for the reason that `Declared` is not.

    `day` is the day of conduct that picks the basis when it is not the declaration's last; `tags` are added to the
    person's and the matter's own when the basis is picked.
    """

    level: Level
    message: Text
    evidence: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    remedy: Remedy | None = None
    day: date | None = None
    tags: frozenset[str] = frozenset()


def strongest(hits: Iterable[Hit]) -> Hit | None:
    """The one hit that a rule answers for a declaration: of the highest level, the facts missing at that level merged."""
    ordered = sorted(hits, key=lambda hit: hit.level.weight, reverse=True)
    if not ordered:
        return None
    top = [hit for hit in ordered if hit.level is ordered[0].level]
    if len(top) == 1:
        return top[0]
    first = top[0]
    missing = tuple(dict.fromkeys(name for hit in top for name in hit.missing))
    evidence = {key: value for hit in reversed(top) for key, value in hit.evidence.items()} | _put_right(top)
    remedy = next((hit.remedy for hit in top if hit.remedy), None)
    tags = frozenset().union(*(hit.tags for hit in top))
    return Hit(level=first.level, message=first.message, evidence=evidence, missing=missing, remedy=remedy, day=first.day, tags=tags)


def _put_right(hits: Iterable[Hit]) -> dict[str, bool]:
    """The mark for several hits together: what one of them leaves as it was has not been put right with the others."""
    marks = [hit.evidence.get(OWN_ACCORD, False) for hit in hits]
    return {OWN_ACCORD: all(marks)} if any(OWN_ACCORD in hit.evidence for hit in hits) else {}


def to_be_looked_up(hit: Hit, staff_class: str) -> Hit:
    """The hit as a notice, for staff of whom a person must first look up that the norm binds them."""
    message = Text(
        f"{hit.message.zh}该项规定是否适用于此类人员，须先由审查人员核实，故仅作提示。",
        f"{hit.message.en} Whether the norm binds this class of staff must be looked up first, so this is a notice only.",
    )
    evidence = hit.evidence | {"staff_class": staff_class, "level_otherwise": hit.level.value}
    return replace(hit, level=Level.NOTICE, message=message, evidence=evidence)


@dataclass(slots=True, kw_only=True)
class Finding:
    """A suspicion with its legal basis and a remedy (疑点); not frozen for the reason that `Declared` is not."""

    rule: str
    ban: int | None
    level: Level
    title: Text
    message: Text
    basis: tuple[Citation, ...]
    evidence: dict[str, Any]
    remedy: Remedy | None
    missing_facts: tuple[str, ...]
    confidential: bool


def outcome(levels: Iterable[Level]) -> str:
    """The highest level found, `clear` when nothing was."""
    return OUTCOMES[max((level.weight for level in levels), default=0)]
