"""What a clearance answers, as pure arithmetic over what the official may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.kit.errors import Words
from app.reviews.workflow import Disposition
from app.rulebook.dates import add_months
from app.rulebook.finding import Level

ADMONITION_MONTHS = 6
"""Who was admonished (诫勉) is not promoted for six months.

Source: 关于组织人事部门对领导干部进行提醒、函询和诫勉的实施细则 (2015).
"""

_SETTLING = frozenset(Disposition) - {Disposition.ORDERED_TO_CORRECT, Disposition.TRANSFERRED}
"""Dispositions after which nothing is left to be done about the findings of a review."""


class Answer(StrEnum):
    """What a clearance says."""

    YES = "yes"
    CONDITIONS = "conditions"
    NO = "no"


class Condition(StrEnum):
    """What must be done first; it tells neither kind nor number of anything."""

    SETTLE = "settle-own-matters"
    CORRECT = "correct-as-decided"


class Told(NamedTuple):
    """A decision on a review that the official was told."""

    disposition: Disposition
    effective_on: date

    def stands_in_the_way(self, today: date) -> bool:
        """Whether nobody is cleared while it has effect."""
        if self.disposition is Disposition.ADMONISHED:
            return self.effective_on <= today < add_months(self.effective_on, ADMONITION_MONTHS)
        return self.disposition is Disposition.TRANSFERRED


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A finding of a breach or graver that stands and that the official may know of, with the decision told on its review, if any."""

    level: Level
    told: Told | None

    @property
    def settled(self) -> bool:
        """Whether a decision has done away with it."""
        return self.told is not None and self.told.disposition in _SETTLING


def answer_to(suspicions: Iterable[Suspicion], told: Iterable[Told], today: date) -> tuple[Answer, list[Condition]]:
    """(the answer, what must be done first).

    No, while a grave suspicion is open or a decision stands in the way; on conditions, while something is left for the official to
    settle. A notice is a reminder and no suspicion, so it stands in nobody's way.
    """
    unsettled = [one for one in suspicions if not one.settled]
    if any(one.stands_in_the_way(today) for one in told) or any(one.level.weight >= Level.SERIOUS.weight for one in unsettled):
        return Answer.NO, []
    conditions = {Condition.CORRECT if one.told else Condition.SETTLE for one in unsettled}
    return (Answer.CONDITIONS if conditions else Answer.YES), sorted(conditions)


SAID = {
    Answer.YES: Words("未发现影响办理的事项。", "Nothing on record stands in the way."),
    Answer.CONDITIONS: Words("满足所列条件后可以办理。", "Nothing stands in the way once the conditions are met."),
    Answer.NO: Words("暂不宜办理，具体情况请商纪检监察机构。", "Not for now; please turn to the discipline commission."),
}
SAID_OF = {
    Condition.SETTLE: Words("本人尚有事项须先行办结或者说明。", "The person has matters of their own to settle or explain first."),
    Condition.CORRECT: Words("本人须先按已告知的处理意见改正。", "The person must first correct what a decision told them to."),
}
