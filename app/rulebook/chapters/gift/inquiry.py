"""The rule that reads inquiries, and so is for the commission's eyes alone (核查后退还、上交)."""

from datetime import date

from ...citation import cite
from ...dates import iso, written
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from .basis import RECEIVED_OF_DUTY_RELATED
from .lines import Line, summed
from .matter import Gift
from .wording import OF_DUTY_RELATED, received

_WEIGH = Remedy(
    "weigh-voluntariness",
    Text(
        "请核实处置是否出于主动、本人处置时是否知悉核查，并将主动上交、退赔的情节一并记录。",
        "Establish if it was handed over of one's own accord and if the inquiry was known by then, and record what speaks in favour.",
    ),
    None,
)


@rule(
    "gift.returned-after-inquiry",
    17,
    title=Text("核查开始后退还、上交礼品", "Gift handed over after an inquiry was opened"),
    ban=7,
    basis=(
        *RECEIVED_OF_DUTY_RELATED,
        cite("sanctions", "11(6)", "2020-07-01"),
        cite("graft-opinions-2007", "9", "2007-07-08", confidence="M"),
    ),
    text=Text(
        "收受与职务有关者所送礼品之后，对本人的核查已经开始，礼品在核查开始当日或者之后才退还、上交的，列为违规疑点，含现金类的列为严重疑点。"
        "核查早于收受的、仅针对他人的不计。主动上交、主动退赔依法可以从轻、减轻，由审查人员一并考虑，不影响本提示的等级。仅纪检监察机关可见。",
        "A gift of a duty-related giver was returned or handed in on or after the day on which an inquiry into the declarant was opened, "
        "the inquiry itself not being older than the receipt: a suspected breach, serious where money or the like is among it. Handing in "
        "of one's own accord may count in favour by law, which a person weighs; it does not change the level. Shown to the commission "
        "alone.",
    ),
    confidential=True,
)
def returned_after_inquiry(gift: Gift) -> Hit | None:
    """Whether a hand-over was free or prompted decides how it weighs, so a person looks at what came first."""
    if not (gift.circumstances.inquiries and gift.received and gift.duty_related):
        return None
    lines = gift.pick(lambda line: _inquiry_before(gift, line) is not None)
    if not lines:
        return None
    what, done = received(gift, lines, OF_DUTY_RELATED), max(line.handed_over_on or gift.today for line in lines)
    opened = min(day for line in lines if (day := _inquiry_before(gift, line)))
    return Hit(
        level=Level.SERIOUS if any(line.category.cash_like for line in lines) else Level.BREACH,
        message=Text(
            f"{what.zh}，于{written(done)}退还或者上交；对申报人的核查已于{written(opened)}开始。请核实处置是否出于主动、当时是否知悉核查。",
            f"{what.en} It was handed over on {done}; an inquiry into the declarant had been opened on {opened}. Please establish if it was "
            "handed over of the declarant's own accord, and if the inquiry was known by then.",
        ),
        evidence=summed(lines) | gift.relation_evidence | {"inquiry_opened_on": iso(opened), "handed_over_on": iso(done)},
        remedy=_WEIGH,
    )


def _inquiry_before(gift: Gift, line: Line) -> date | None:
    """The first inquiry that was opened after the receipt and by the day on which the line was handed over."""
    return gift.inquiry_before(line.handed_over_on) if line.handed_over_on else None
