"""Rules on gifts received in foreign affairs, and of givers from Hong Kong, Macao and Taiwan (涉外、涉港澳台礼品)."""

from dataclasses import replace
from datetime import date
from typing import Any

from ...citation import cite
from ...dates import written
from ...finding import Hit, Level, Text
from ...rule import rule
from .kinds import DispositionAction, GiftCategory
from .lines import Line, LineState, known_sum, seen, summed, worths_missing
from .matter import Gift
from .notices import perhaps_late, strongest_of, undated, worth_needed
from .wording import GIFTS, MONEY, explain, in_foreign_affairs, received, start_day, step

_HONG_KONG_MACAO_TAIWAN = cite("order-133", "13", "1993-12-05", who="hmt")
_DECLARE = Text(
    "请填写礼品申报单，将应上缴的礼品一并交本单位指定部门。",
    "Fill in the declaration of gifts and hand in what is due to the office that your unit names.",
)
_TO_TREASURY = Text("请将礼金、有价证券上缴国库，并取得凭证。", "Pay the money or securities in to the treasury and obtain a receipt.")
_PAY_IN = Text("上缴国库", "pay it in to the treasury")


@rule(
    "gift.foreign-not-declared",
    12,
    title=Text("涉外、涉港澳台礼品未按期申报上缴", "Gift under the foreign-affairs rules not declared and handed in"),
    ban=7,
    basis=(cite("order-133", "7(1)", "1993-12-05"), _HONG_KONG_MACAO_TAIWAN),
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
    if not (gift.examined and gift.foreign):
        return None
    lines = gift.pick(lambda line: not (line.category.cash_like or line.category is GiftCategory.FEE or line.gone))
    if all(_settled(gift, line) for line in lines):
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
    unsure = tuple(dict.fromkeys(name for day in days for name in due.missing_on(day)))
    what, state, by = received(gift, lines, in_foreign_affairs(gift, GIFTS)), _state(gift, lines, unsure), due.said(gift.today)
    return Hit(
        level=level,
        message=Text(
            f"{what.zh}，应当在一个月内申报并上缴；申报上缴{by.zh}，{state.zh}。",
            f"{what.en} It must be declared and handed in within a month; {by.en}. {state.en}.",
        ),
        evidence=_evidence(gift, lines) | _put_right(gift, lines, max(days)),
        missing=(*_days_missing(lines), *unsure) if level is Level.NOTICE else (),
        remedy=gift.remedy("declare-and-hand-in", _DECLARE),
    )


def _put_right(gift: Gift, lines: list[Line], last: date) -> dict[str, Any]:
    """Whether everything was declared and handed over in the end, though too late, and of the declarant's own accord."""
    done = all(line.registered_on and line.handed_over_on for line in lines)
    return gift.put_right_evidence(last) if done and gift.deadline.missed_by(last) else {}


def _days_missing(lines: list[Line]) -> tuple[str, ...]:
    return ("disposition.on",) if any(line.state is LineState.UNDATED for line in lines) else ()


def _state(gift: Gift, lines: list[Line], unsure: tuple[str, ...]) -> Text:
    """How far it has come, and what to do about that."""
    if unsure:
        day = start_day(gift)
        return Text(f"请补充{day.zh}并办理申报上缴", f"Please add {day.en}, and declare and hand in what is left")
    if any(line.registered_on is None or line.held or line.action is DispositionAction.CONSUMED for line in lines):
        if gift.deadline.runs_on(gift.today):
            return Text("尚未全部办理，请按期申报上缴", "It is not done in full; please do so by then")
        return Text("未查到全部办理记录，请立即补办并说明原因", "It was not done in full; please do so at once and explain")
    if _days_missing(lines):
        return Text("处置日期未填，请补充日期", "The day of the hand-over is not stated; please add it")
    ask = explain(gift, lines)
    return Text(f"实际办理晚于该期限，{ask.zh}", f"It was done later than that. {ask.en}")


def _days_of(gift: Gift, line: Line) -> list[date]:
    """The days that decide whether a line was declared and handed over in time: what is not done yet counts as of today."""
    declared = line.registered_on or gift.today
    if line.state is LineState.UNDATED:
        return [declared]
    return [declared, line.handed_over_on or gift.today]


def _worth_unknown(gift: Gift, lines: list[Line]) -> Hit:
    notice = worth_needed(
        gift, lines, "gift.foreign-register", Text("申报并上缴", "declared and handed in"), in_foreign_affairs(gift, GIFTS)
    )
    return replace(notice, evidence=_evidence(gift, lines), missing=(*notice.missing, *_days_missing(lines)))


def _evidence(gift: Gift, lines: list[Line]) -> dict[str, Any]:
    compared = gift.clock_evidence | gift.limits_evidence("gift.foreign-register")
    return summed(lines) | {"region": gift.region} | gift.relation_evidence | compared


@rule(
    "gift.foreign-cash",
    13,
    title=Text("涉外、涉港澳台礼金和有价证券未上缴国库", "Money under the foreign-affairs rules not paid in to the treasury"),
    ban=7,
    basis=(cite("order-133", "7(2)", "1993-12-05"), _HONG_KONG_MACAO_TAIWAN),
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
    if not (gift.examined and gift.foreign):
        return None
    lines = gift.pick(lambda line: line.category.cash_like and not line.gone)
    kept = [line for line in lines if line.retained]
    handed_in = [line for line in lines if line.state is LineState.CLEARED]
    found = (
        (_kept, kept),
        (_pending, [line for line in lines if line.state is LineState.OPEN]),
        (undated, [line for line in lines if line.state is LineState.UNDATED]),
        (_elsewhere, [line for line in handed_in if line.action is not DispositionAction.TREASURY]),
        (perhaps_late, [line for line in handed_in if gift.deadline.unsure_on(line.disposed_on)]),
    )

    def evidence() -> dict[str, Any]:
        shown = {"lines": seen(lines), "region": gift.region} | gift.relation_evidence | gift.clock_evidence
        return shown | gift.handed_over_evidence(kept)

    return strongest_of(gift, evidence, *found)


def _kept(gift: Gift, lines: list[Line]) -> Hit:
    return _unpaid(gift, lines, Level.SERIOUS, Text("未在期限内上缴国库", "It did not go to the treasury in time"))


def _pending(gift: Gift, lines: list[Line]) -> Hit:
    return _unpaid(
        gift, lines, Level.NOTICE, Text("尚未上缴国库", "It has not gone to the treasury yet"), gift.deadline.missing_on(gift.today)
    )


def _unpaid(gift: Gift, lines: list[Line], level: Level, state: Text, missing: tuple[str, ...] = ()) -> Hit:
    what, by, ask = received(gift, lines, in_foreign_affairs(gift, MONEY)), gift.deadline.said(gift.today), step(gift, lines, _PAY_IN)
    return Hit(
        level=level,
        message=Text(f"{what.zh}，{state.zh}；上缴{by.zh}。{ask.zh}。", f"{what.en} {state.en}; {by.en}. {ask.en}."),
        missing=missing,
        remedy=gift.remedy("pay-to-treasury", _TO_TREASURY),
    )


def _elsewhere(gift: Gift, lines: list[Line]) -> Hit:
    what, done = received(gift, lines, in_foreign_affairs(gift, MONEY)), max(line.handed_over_on or gift.today for line in lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，于{written(done)}交至国库以外的部门。此类款项应当上缴国库，请确认转缴情况并补充凭证。",
            f"{what.en} It was handed in on {done}, but not to the treasury, where it must go. Please confirm that it went on and add the "
            "receipt.",
        ),
        missing=gift.deadline.missing_on(done),
        remedy=gift.remedy(
            "forward-to-treasury", Text("请将款项转缴国库并补充凭证。", "Have it forwarded to the treasury and add the receipt.")
        ),
    )
