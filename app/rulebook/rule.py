"""A rule: one pure function over a matter, with its metadata beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .citation import Citation
from .finding import Hit, Text

Judge = Callable[[Any], Hit | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the rulebook publishes of a rule, and the function that judges.

    `permits` names the findings that this rule switches off where it fires; `limits` the limits that it reads.
    """

    id: str
    number: int
    title: Text
    ban: int | None
    basis: tuple[Citation, ...]
    judge: Judge
    text: Text
    limits: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    confidential: bool = False


def rule(
    rule_id: str,
    number: int,
    *,
    title: Text,
    ban: int | None,
    basis: tuple[Citation, ...],
    text: Text,
    limits: tuple[str, ...] = (),
    permits: tuple[str, ...] = (),
    confidential: bool = False,
) -> Callable[[Judge], Rule]:
    """Make a function a rule of the book: `@rule("gift.cash-like", 2, ...)`.

    `text` explains in plain words, in both languages, when the rule fires and at which level.
    """

    def register(judge: Judge) -> Rule:
        return Rule(
            id=rule_id, number=number, title=title, ban=ban, basis=basis, judge=judge, text=text, limits=limits, permits=permits,
            confidential=confidential,
        )  # fmt: skip

    return register
