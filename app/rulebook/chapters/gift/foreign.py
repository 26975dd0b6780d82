"""Rules on gifts received in foreign affairs, and of givers from Hong Kong, Macao and Taiwan (涉外礼品)."""

from dataclasses import replace
from datetime import date
from typing import Any

from ...citation import cite
from ...finding import Hit, Level, Text, strongest
from ...money import yuan
from ...rule import rule
from .kinds import DispositionAction, GiftCategory
from .lines import Line, LineState, known_sum, seen, summed, worths_missing
from .matter import Gift
from .wording import STATE_DAY, STATE_WORTH, named, said_worth

BEYOND_THE_BORDER = cite("order-133", "13", "1993-12-05", who="hmt")
DECLARE = Text(
    "请填写礼品申报单，将应上缴的礼品一并交本单位指定部门。",
    "Fill in the declaration of gifts and hand in what is due to the office that your unit names.",
)
TO_TREASURY = Text("请将礼金、有价证券上缴国库，并取得凭证。", "Pay the money or securities in to the treasury and obtain a receipt.")


@rule(
    "gift.foreign-not-declared",
    12,
    title=Text("涉外礼品未按期申报上缴", "Foreign gift not declared and handed in"),
    ban=7,
    basis=(cite("order-133", "7(1)", "1993-12-05"), BEYOND_THE_BORDER),
    text=Text(
        "对外公务活动中或者从港澳台人士处收受的礼物，按国内市价合计二百元以上的，"
        "应当自收受之日（在国外收受的自回国之日）起一个月内申报并上缴。期限内提示，逾期未办或者逾期才办的为违规疑点；"
        "不满二百元的可以留用，价值、处置日期或者回国日期不详的提示补充。",
        "Gifts received in foreign affairs, or of givers from Hong Kong, Macao or Taiwan, worth CNY 200 or more together at domestic "
        "market prices, are declared and handed in within one month of receipt, or of the return to China. A notice while the month "
        "runs; a suspected breach when it has passed, or when either was done late. Below CNY 200 they may be kept; where the worth, the "
        "day of the hand-over or of the return is not stated, a notice asks for it.",
    ),
    limits=("gift.foreign-register",),
)
def foreign_not_declared(gift: Gift) -> Hit | None:
    """In foreign affairs a gift may have to be accepted out of courtesy; it then belongs to the state."""
    lines = gift.pick(lambda line: not (line.category.cash_like or line.category is GiftCategory.FEE or line.gone))
    if not (lines and gift.examined and gift.foreign) or all(_settled(gift, line) for line in lines):
        return None
    floor, total = gift.limits["gift.foreign-register"], known_sum(lines)
    if total >= floor:
        return _undeclared(gift, lines)
    return _worth_unknown(gift, lines) if worths_missing(lines) else None


def _settled(gift: Gift, line: Line) -> bool:
    """Declared and handed over, both beyond doubt in time."""
    in_time = line.registered_on is not None and line.registered_on <= gift.deadline.shown
    return in_time and line.state is LineState.CLEARED and not gift.deadline.unsure_on(line.disposed_on)


def _undeclared(gift: Gift, lines: list[Line]) -> Hit:
    due, days = gift.deadline, [day for line in lines for day in _days_of(gift, line)]
    level = max((due.level_on(day) for day in days), key=lambda level: level.weight, default=Level.NOTICE)
    undated = ("disposition.on",) if any(line.state is LineState.UNDATED for line in lines) else ()
    unsure = tuple(dict.fromkeys(name for day in days for name in due.missing_on(day)))
    return Hit(
        level=level,
        message=_undeclared_words(gift, lines),
        evidence=_evidence(gift, lines),
        missing=(*undated, *unsure) if level is Level.NOTICE else (),
        remedy=gift.remedy("declare-and-hand-in", DECLARE),
    )


def _undeclared_words(gift: Gift, lines: list[Line]) -> Text:
    goods, worth, by = named(lines), said_worth(lines), gift.deadline.said(gift.today)
    left = [line for line in lines if line.registered_on is None or (line.unsettled and not line.action.hands_over)]
    state = Text("尚未全部办妥", "this is not complete") if left else Text("办理逾期或者日期不详", "it was done late or on no stated day")
    return Text(
        f"{gift.details.received_on}收受涉外礼品{goods.zh}，{worth.zh}，应当在一个月内申报并上缴，{state.zh}；{by.zh}。"
        "请补办或者补充日期，并说明情况。",
        f"The foreign gift {goods.en}, received on {gift.details.received_on} and {worth.en}, must be declared and handed in within a "
        f"month; {state.en}; {by.en}. Please complete it or add the day, and explain.",
    )


def _days_of(gift: Gift, line: Line) -> list[date]:
    """The days that decide whether a line was declared and handed over in time: what is not done yet counts as of today."""
    declared = line.registered_on or gift.today
    if line.state is LineState.UNDATED:
        return [declared]
    done = line.disposed_on if line.action.hands_over and line.state is not LineState.OPEN else None
    return [declared, done or gift.today]


def _worth_unknown(gift: Gift, lines: list[Line]) -> Hit:
    goods, floor = named(lines), yuan(gift.limits["gift.foreign-register"])
    undated = ("disposition.on",) if any(line.state is LineState.UNDATED for line in lines) else ()
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{gift.details.received_on}收受涉外礼品{goods.zh}，{said_worth(lines).zh}，部分价值不详；合计达到{floor}元即应申报上缴，"
            "请补充价值。",
            f"The foreign gift {goods.en} of {gift.details.received_on} is {said_worth(lines).en}, part of it unknown; from a sum of CNY "
            f"{floor} it must be declared and handed in. Please state the worth.",
        ),
        evidence=_evidence(gift, lines),
        missing=(*worths_missing(lines), *undated),
        remedy=gift.remedy("state-worth", STATE_WORTH),
    )


def _evidence(gift: Gift, lines: list[Line]) -> dict[str, Any]:
    compared = {"region": gift.region, "limits": gift.limit_seen("gift.foreign-register")}
    return summed(lines) | gift.relation_seen() | gift.clock_seen() | compared


@rule(
    "gift.foreign-cash",
    13,
    title=Text("涉外礼金、有价证券未上缴国库", "Foreign money gift not paid in to the treasury"),
    ban=7,
    basis=(cite("order-133", "7(2)", "1993-12-05"), BEYOND_THE_BORDER),
    text=Text(
        "对外公务活动中或者从港澳台人士处收受的礼金、有价证券等，难以谢绝的一律在一个月内上缴国库，不论数额。期限内待处置的，提示上缴；"
        "在期限内交本单位或者廉政账户的，提示转缴国库；处置日期未填的，提示补充；其余为严重疑点。",
        "Money, securities and the like received in foreign affairs, or of givers from Hong Kong, Macao or Taiwan, that could not be "
        "declined go to the treasury within one month, whatever the amount. Pending within the month: a notice; handed in to the unit or "
        "the integrity account in time: a notice to pass it on; on no stated day: a notice; anything else: serious.",
    ),
)
def foreign_cash(gift: Gift) -> Hit | None:
    """Money accepted in foreign affairs has one destination, the treasury."""
    lines = gift.pick(lambda line: line.category.cash_like and not line.gone)
    if not (lines and gift.examined and gift.foreign):
        return None
    evidence = {"lines": seen(lines), "region": gift.region} | gift.relation_seen() | gift.clock_seen()
    handed_in = [line for line in lines if line.state is LineState.CLEARED]
    hits = (
        _kept(gift, [line for line in lines if line.retained]),
        _pending(gift, [line for line in lines if line.state is LineState.OPEN]),
        _undated(gift, [line for line in lines if line.state is LineState.UNDATED]),
        _elsewhere(gift, [line for line in handed_in if line.action is not DispositionAction.TREASURY]),
        _perhaps_late(gift, [line for line in handed_in if gift.deadline.unsure_on(line.disposed_on)]),
    )
    return strongest(replace(hit, evidence=evidence) for hit in hits if hit)


def _kept(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods, worth = named(lines), said_worth(lines)
    return Hit(
        level=Level.SERIOUS,
        message=Text(
            f"{gift.details.received_on}收受涉外礼金或者有价证券{goods.zh}，{worth.zh}，未在截至{gift.deadline.shown}的期限内上缴国库。"
            "尚在手中的请立即上缴，并说明情况。",
            f"Foreign money or securities, {goods.en}, {worth.en}, received on {gift.details.received_on}, did not go to the treasury by "
            f"{gift.deadline.shown}. What is still held should be paid in at once, with an explanation.",
        ),
        remedy=gift.remedy("pay-to-treasury", TO_TREASURY),
    )


def _pending(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods, by = named(lines), gift.deadline.said(gift.today)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{gift.details.received_on}收受的涉外礼金或者有价证券{goods.zh}尚待处置，应当上缴国库；{by.zh}。",
            f"Foreign money or securities, {goods.en}, received on {gift.details.received_on}, await disposal and go to the treasury; "
            f"{by.en}.",
        ),
        missing=gift.deadline.missing_on(gift.today),
        remedy=gift.remedy("pay-to-treasury", TO_TREASURY),
    )


def _undated(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods = named(lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"涉外礼金或者有价证券{goods.zh}的处置日期未填，无法判断是否在截至{gift.deadline.shown}的期限内，请补充。",
            f"The foreign money or securities {goods.en} were disposed of on no stated day; whether that was by {gift.deadline.shown} "
            "cannot be told. Please add the day.",
        ),
        missing=("disposition.on",),
        remedy=gift.remedy("state-disposition-day", STATE_DAY),
    )


def _elsewhere(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods = named(lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"涉外礼金或者有价证券{goods.zh}已于{lines[0].disposed_on}上交，依规应当转缴国库，请确认转缴情况。",
            f"The foreign money or securities {goods.en} were handed in on {lines[0].disposed_on}; they must go on to the treasury. "
            "Please confirm that they did.",
        ),
        missing=gift.deadline.missing_on(max(line.disposed_on or gift.today for line in lines)),
        remedy=gift.remedy(
            "forward-to-treasury", Text("请将款项转缴国库并补充凭证。", "Have it forwarded to the treasury and add the receipt.")
        ),
    )


def _perhaps_late(gift: Gift, lines: list[Line]) -> Hit | None:
    if not lines:
        return None
    goods, due = named(lines), gift.deadline
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"涉外礼金或者有价证券{goods.zh}于{lines[0].disposed_on}上缴，晚于自收受起算的{due.provisional}；期限起算日未填，请补充。",
            f"The foreign money or securities {goods.en} were paid in on {lines[0].disposed_on}, more than a month after receipt "
            f"({due.provisional}); the day that starts the month is not stated. Please add it.",
        ),
        missing=(due.missing,),
        remedy=gift.remedy("state-return-day", Text("请补充回国日期。", "Add the day of return to China.")),
    )
