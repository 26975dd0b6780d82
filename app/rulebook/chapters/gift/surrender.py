"""Rules on handing a gift in, and on what may be kept in a year (礼品上交)."""

from dataclasses import replace
from decimal import Decimal

from ...finding import Hit, Level, Text, strongest
from ...money import yuan
from ...rule import rule
from ...totals import Total
from .basis import STANDARDS, UNREGISTERED, WITHIN_A_MONTH
from .lines import Line, LineState, known_sum, seen, worths_missing
from .matter import Gift
from .wording import STATE_DAY, STATE_WORTH, named

SURRENDER = Text("请将礼品交本单位登记受理部门，并取得凭证。", "Hand the gift in to your unit's registry and obtain a receipt.")


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
    limits=("gift.surrender",),
)
def not_surrendered(gift: Gift) -> Hit | None:
    """A form alone keeps nothing: what must be handed in goes in with it."""
    if gift.foreign or not gift.examined:
        return None
    due = [line for line in gift.to_surrender if line.registered_on]
    hits = (
        _still_held(gift, [line for line in due if line.state in (LineState.OPEN, LineState.RETAINED)]),
        _undated(gift, [line for line in due if line.state is LineState.UNDATED]),
        _unreceipted(gift, [line for line in due if line.state is LineState.CLEARED and line.unreceipted]),
        _perhaps_late(gift, [line for line in due if line.state is LineState.CLEARED and gift.deadline.unsure_on(line.disposed_on)]),
        _perhaps_due(gift),
    )
    evidence = (
        {"lines": seen(due or gift.worth_lines)} | gift.relation_seen() | gift.clock_seen() | {"limits": gift.limit_seen("gift.surrender")}
    )
    return strongest(replace(hit, evidence=evidence) for hit in hits if hit)


def _still_held(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods, by = named(lines), gift.deadline.said(gift.today)
    return Hit(
        level=gift.deadline.level_on(gift.today),
        message=Text(
            f"{gift.details.received_on}收受的{goods.zh}已登记，应当上交；{by.zh}。尚在手中的请上交并取得凭证，已逾期处置的请说明原因。",
            f"{goods.en}, received on {gift.details.received_on}, is registered and must be handed in; {by.en}. What is still held should "
            "be handed in against a receipt; for what was handed over late, please explain.",
        ),
        missing=gift.deadline.missing_on(gift.today),
        remedy=gift.remedy("surrender", SURRENDER),
    )


def _undated(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods = named(lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{goods.zh}已填退还或者上交，日期未填，无法判断是否在截至{gift.deadline.shown}的期限内。请补充处置日期。",
            f"{goods.en} is stated as handed over on no stated day; whether that was by {gift.deadline.shown} cannot be told. Please add "
            "the day.",
        ),
        missing=("disposition.on",),
        remedy=gift.remedy("state-disposition-day", STATE_DAY),
    )


def _unreceipted(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods = named(lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{goods.zh}已填于{lines[0].disposed_on}上交，凭证号未填。请补充上交凭证号以便核对。",
            f"{goods.en} is stated as handed in on {lines[0].disposed_on} without a receipt number. Please add the number so that it can "
            "be checked.",
        ),
        missing=("disposition.receipt_number",),
        remedy=gift.remedy("state-receipt-number", Text("请补充上交凭证号。", "Add the number of the receipt.")),
    )


def _perhaps_late(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods, due = named(lines), gift.deadline
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{goods.zh}于{lines[0].disposed_on}上交，晚于自收受起算的{due.provisional}；回本单位日期未填，无法判断是否逾期，请补充。",
            f"{goods.en} was handed in on {lines[0].disposed_on}, more than a month after receipt ({due.provisional}); the day of return "
            "to the unit is not stated, so whether that was late cannot be told. Please add it.",
        ),
        missing=(due.missing,),
        remedy=gift.remedy("state-return-day", Text("请补充回本单位日期。", "Add the day of return to the unit.")),
    )


def _perhaps_due(gift: Gift) -> Hit | None:
    """Goods of an ordinary giver that would have to be handed in if those of unknown worth were worth enough."""
    held = [line for line in gift.worth_lines if line.registered_on and line.unsettled]
    if not (held and gift.ordinary and gift.undecided("gift.surrender")):
        return None
    goods, known, floor = named(held), yuan(known_sum(gift.worth_lines)), yuan(gift.limits["gift.surrender"])
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"已登记的{goods.zh}，已知价值{known}元，另有价值不详的；合计达到{floor}元即应上交，请补充价值。",
            f"{goods.en} is registered; CNY {known} is known, more is of unknown worth. From a sum of CNY {floor} it must be handed in; "
            "please state the worth.",
        ),
        missing=worths_missing(gift.worth_lines),
        remedy=gift.remedy("state-worth", STATE_WORTH),
    )


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
    year, cap = gift.details.received_on.year, gift.limits["gift.annual-cap"]
    counted = [*_earlier_in_year(gift), (gift, own)]
    total = sum((worth for _, worth in counted), Decimal(0))
    if total <= cap:
        return None
    return Hit(
        level=Level.BREACH,
        message=Text(
            f"{year}年内单次不足起点的礼品累计{yuan(total)}元，超过年度限额{yuan(cap)}元，超出{yuan(total - cap)}元。"
            "请将超出部分登记上交。",
            f"Small ordinary gifts of {year} sum to CNY {yuan(total)}, CNY {yuan(total - cap)} above the yearly cap of CNY {yuan(cap)}. "
            "Please register and hand in the excess.",
        ),
        evidence={
            "year": year,
            "total": yuan(total),
            "excess": yuan(total - cap),
            "declarations": [
                {"id": counted_gift.declared.id, "received_on": counted_gift.details.received_on.isoformat(), "worth": yuan(worth)}
                for counted_gift, worth in counted
            ],
            "limits": gift.limit_seen("gift.annual-cap", "gift.surrender"),
        },
        remedy=gift.remedy(
            "surrender-excess", Text("请将超出年度限额的部分登记上交。", "Register and hand in what exceeds the yearly cap.")
        ),
    )


def _earlier_in_year(gift: Gift) -> list[tuple[Gift, Decimal]]:
    """Earlier gifts of the person in the calendar year, of whatever giver, that the cap adds up."""
    year = gift.details.received_on.year
    gifts = [matter for matter in gift.earlier if isinstance(matter, Gift) and matter.details.received_on.year == year]
    return [(earlier, worth) for earlier in gifts if (worth := earlier.small_goods) is not None]


def yearly_total(gift: Gift) -> list[Total]:
    """What the year's small ordinary gifts come to with this one, against the yearly cap."""
    own = gift.small_goods
    if own is None:
        return []
    before = sum((worth for _, worth in _earlier_in_year(gift)), Decimal(0))
    title = Text("本年度其他礼品累计", "Small ordinary gifts of the year")
    return [Total("gift.annual-cap", title, before, own, ("gift.annual-cap",), gift.limits.day)]
