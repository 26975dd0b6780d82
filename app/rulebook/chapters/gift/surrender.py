"""Rules on handing a gift in, and on what may be kept in a year (礼品上交)."""

from decimal import Decimal
from typing import Any

from ...dates import iso, written
from ...finding import Hit, Level, Text
from ...money import yuan
from ...rule import rule
from ...totals import Total
from .basis import STANDARDS, UNREGISTERED, WITHIN_A_MONTH
from .lines import Line, LineState, seen
from .matter import Gift
from .notices import perhaps_late, strongest_of, undated, worth_needed
from .wording import fate, received, step

_HAND_IN = Text("上交、取得凭证", "hand it in against a receipt")
_SURRENDER = Text("请将礼品交本单位登记受理部门，并取得凭证。", "Hand the gift in to your unit's registry and obtain a receipt.")


@rule(
    "gift.not-surrendered",
    5,
    title=Text("应上交礼品未上交", "Gift not handed in"),
    ban=7,
    basis=(WITHIN_A_MONTH, UNREGISTERED, STANDARDS),
    text=Text(
        "已登记的礼品应当上交而未上交的：与职务有关的不论价值；其他来往中现金类不论数额，实物合计二百元以上。期限内提示上交，"
        "逾期为违规疑点；处置日期或者上交凭证号未填、实物价值不详的，提示补充。",
        "A registered gift that must be handed in has not been: of a duty-related giver at any worth; of others money at any amount and "
        "goods from a sum of CNY 200. A notice while the month runs, a suspected breach afterwards; a notice where the day of the "
        "hand-over, the receipt number or the worth is not stated.",
    ),
    limits=("gift.surrender", "gift.promotional"),
)
def not_surrendered(gift: Gift) -> Hit | None:
    """A form alone keeps nothing: what must be handed in goes in with it."""
    if gift.foreign or not gift.examined:
        return None
    due = [line for line in gift.to_surrender if line.registered_on]
    done = [line for line in due if line.state is LineState.CLEARED]
    unsure = gift.ordinary and any(line.registered_on and line.unsettled for line in gift.worth_lines) and gift.undecided("gift.surrender")
    still_held = [line for line in due if line.state in (LineState.OPEN, LineState.RETAINED)]
    found = (
        (_still_held, still_held),
        (undated, [line for line in due if line.state is LineState.UNDATED]),
        (_unreceipted, [line for line in done if line.unreceipted]),
        (perhaps_late, [line for line in done if gift.deadline.unsure_on(line.disposed_on)]),
        (_perhaps_due, gift.worth_lines if unsure else []),
    )

    def evidence() -> dict[str, Any]:
        floor = {} if gift.duty_related else gift.limits_evidence("gift.surrender")
        shown = {"lines": seen(due or gift.worth_lines)} | gift.relation_evidence | gift.clock_evidence
        return shown | floor | gift.handed_over_evidence(still_held)

    return strongest_of(gift, evidence, *found)


def _still_held(gift: Gift, lines: list[Line]) -> Hit:
    what, became, by = received(gift, lines), fate(lines), gift.deadline.said(gift.today)
    ask = step(gift, lines, _HAND_IN)
    return Hit(
        level=gift.deadline.level_on(gift.today),
        message=Text(
            f"{what.zh}，已登记，应当上交而{became.zh}；上交{by.zh}。{ask.zh}。",
            f"{what.en} It is registered and must be handed in, but {became.en}; {by.en}. {ask.en}.",
        ),
        missing=gift.deadline.missing_on(gift.today),
        remedy=gift.remedy("surrender", _SURRENDER),
    )


def _unreceipted(gift: Gift, lines: list[Line]) -> Hit:
    what, done = received(gift, lines), max(line.handed_over_on or gift.today for line in lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，已于{written(done)}上交，上交凭证号未填。请补充凭证号以便核对。",
            f"{what.en} It was handed in on {done}, but the number of the receipt is not stated. Please add it so that it can be checked.",
        ),
        missing=("disposition.receipt_number",),
        remedy=gift.remedy("state-receipt-number", Text("请补充上交凭证号。", "Add the number of the receipt.")),
    )


def _perhaps_due(gift: Gift, lines: list[Line]) -> Hit:
    return worth_needed(gift, lines, "gift.surrender", Text("上交", "handed in"))


@rule(
    "gift.annual-cap",
    7,
    title=Text("年度累计礼品超过限额", "Yearly cap on ordinary gifts passed"),
    ban=7,
    basis=(STANDARDS,),
    text=Text(
        "同事、上级或本单位、外方及其他无关者所送、单次合计不足二百元而留用、消费或者待处置的实物，同一公历年度累计超过六百元的，"
        "自超过之次起每次均为违规疑点，超过部分应当登记上交。恰为六百元不提示；现金类不计入。",
        "Goods of colleagues, superiors or the own unit, foreign counterparts and unrelated givers, below CNY 200 a time and kept, "
        "consumed or pending: once they sum to more than CNY 600 in a calendar year, that declaration and every later one is a suspected "
        "breach, and the excess is to be handed in. Exactly CNY 600 is silent; money does not count.",
    ),
    limits=("gift.annual-cap", "gift.surrender"),
)
def annual_cap(gift: Gift) -> Hit | None:
    """Many small gifts of a year together are no longer small."""
    own = gift.small_goods
    if own is None:
        return None
    day, cap, floor = gift.details.received_on, gift.limits["gift.annual-cap"], yuan(gift.limits["gift.surrender"])
    counted = [*_earlier_in_year(gift), (gift, own)]
    total = sum((worth for _, worth in counted), Decimal(0))
    if total <= cap:
        return None
    return Hit(
        level=Level.BREACH,
        message=Text(
            f"截至{written(day)}，本年度收受的其他来往礼品中，单次合计不足{floor}元而留存的累计{yuan(total)}元，"
            f"超过年度限额{yuan(cap)}元，超出{yuan(total - cap)}元。请将超出部分登记上交。",
            f"Up to {day}, ordinary gifts of the year that were each worth less than CNY {floor} and kept sum to CNY {yuan(total)}, which "
            f"is CNY {yuan(total - cap)} above the yearly cap of CNY {yuan(cap)}. Please register and hand in the excess.",
        ),
        evidence={
            "year": day.year,
            "total": yuan(total),
            "excess": yuan(total - cap),
            "declarations": [
                {"id": counted_gift.declared.id, "received_on": iso(counted_gift.details.received_on), "worth": yuan(worth)}
                for counted_gift, worth in counted
            ],
        }
        | gift.limits_evidence("gift.annual-cap", "gift.surrender"),
        remedy=gift.remedy(
            "surrender-excess", Text("请将超出年度限额的部分登记上交。", "Register and hand in what exceeds the yearly cap.")
        ),
    )


def _earlier_in_year(gift: Gift) -> list[tuple[Gift, Decimal]]:
    """Earlier gifts of the person in the calendar year, of whatever giver, that the cap adds up."""
    year = gift.details.received_on.year
    gifts = [matter for matter in gift.history.earlier if isinstance(matter, Gift) and matter.details.received_on.year == year]
    return [(earlier, worth) for earlier in gifts if (worth := earlier.small_goods) is not None]


def yearly_total(gift: Gift) -> list[Total]:
    """What the year's small ordinary gifts come to with this one, against the yearly cap."""
    own = gift.small_goods
    if own is None:
        return []
    before = sum((worth for _, worth in _earlier_in_year(gift)), Decimal(0))
    title = Text("本年度其他礼品累计", "Small ordinary gifts of the year")
    return [Total("gift.annual-cap", title, before, own, gift.limits.standing(["gift.annual-cap"]))]
