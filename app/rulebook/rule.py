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

    `permits` names the findings that this rule switches off where it fires, `spares` those rules that by themselves leave out the
    line or the occasion which it permits and still look at the rest; `limits` are the limits that it reads.
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
    spares: tuple[str, ...] = ()
    confidential: bool = False


def rule(  # noqa: PLR0913  # what the public sees of a rule, by name
    rule_id: str,
    number: int,
    *,
    title: Text,
    ban: int | None,
    basis: tuple[Citation, ...],
    text: Text,
    limits: tuple[str, ...] = (),
    permits: tuple[str, ...] = (),
    spares: tuple[str, ...] = (),
    confidential: bool = False,
) -> Callable[[Judge], Rule]:
    """Make a function a rule of the book: `@rule("gift.cash-like", 2, ...)`.

    `text` explains in plain words, in both languages, when the rule fires and at which level.
    """

    def register(judge: Judge) -> Rule:
        return Rule(
            id=rule_id, number=number, title=title, ban=ban, basis=basis, judge=judge, text=text, limits=limits, permits=permits,
            spares=spares, confidential=confidential,
        )  # fmt: skip

    return register
