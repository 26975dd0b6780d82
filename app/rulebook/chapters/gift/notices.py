"""Notices that a fact is not stated on which a gift's registration or hand-over turns."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...dates import written
from ...finding import Hit, Level, Text, strongest
from ...money import yuan
from .lines import Line, worths_missing
from .matter import Gift
from .wording import OF_ANYBODY, received, start_day, state_start_day

Tell = Callable[[Gift, list[Line]], Hit]


def strongest_of(gift: Gift, evidence: Callable[[], dict[str, Any]], *found: tuple[Tell, list[Line]]) -> Hit | None:
    """The strongest of what is told of the lines that each concerns, with one evidence for all, which is gathered where there is a hit."""
    hit = strongest(tell(gift, lines) for tell, lines in found if lines)
    return hit and replace(hit, evidence=evidence())


def undated(gift: Gift, lines: list[Line]) -> Hit:
    """Handed over, but nobody can tell whether that was in time."""
    what, due = received(gift, lines), gift.deadline.shown
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，已填退还或者上交而日期未填，无法核对是否在{written(due)}前（含当日）办理。请补充日期。",
            f"{what.en} It is stated as handed over, but not when, so that it cannot be compared with the deadline, {due}. Please add the "
            "day.",
        ),
        missing=("disposition.on",),
        remedy=gift.remedy("state-disposition-day", Text("请补充退还或者上交的日期。", "Add the day of the return or hand-over.")),
    )


def perhaps_late(gift: Gift, lines: list[Line]) -> Hit:
    """Late or in time, depending on the day that starts the month."""
    what, due, day = received(gift, lines), gift.deadline.provisional, start_day(gift)
    done = max(line.handed_over_on or gift.today for line in lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，于{written(done)}上交，晚于自收受之日起算的期限{written(due)}；{day.zh}未填，无法核对是否逾期。请补充{day.zh}。",
            f"{what.en} It was handed in on {done}, later than a month after receipt, {due}; {day.en} is not stated, so that lateness "
            f"cannot be told. Please add {day.en}.",
        ),
        missing=(gift.deadline.missing,),
        remedy=state_start_day(gift),
    )


def worth_needed(gift: Gift, lines: list[Line], limit: str, duty: Text, of: Text = OF_ANYBODY) -> Hit:
    """The known worth is below the sum from which the duty begins, and more is of unknown worth."""
    what, floor = received(gift, lines, of), yuan(gift.limits[limit])
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}。合计达到{floor}元的应当{duty.zh}，请补充价值及估价依据。",
            f"{what.en} From a sum of CNY {floor} it must be {duty.en}. Please state the worth and what it rests on.",
        ),
        missing=worths_missing(lines),
        remedy=gift.remedy("state-worth", Text("请补充礼品价值及估价依据。", "Add the worth of the gift and what it rests on.")),
    )
