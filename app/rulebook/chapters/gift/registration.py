"""Rules on registering a gift, and in time (礼品登记)."""

from dataclasses import replace
from datetime import date
from typing import Any

from ...citation import cite
from ...dates import iso, written
from ...finding import Hit, Level, Text, strongest
from ...rule import rule
from .basis import DUTY_RELATED_REGISTRATION, STANDARDS, UNREGISTERED, WITHIN_A_MONTH
from .lines import Line, summed
from .matter import Gift
from .notices import worth_needed
from .wording import OF_ANYBODY, OF_DUTY_RELATED, act_in_time, received, start_day, state_start_day

_REGISTER = Text(
    "请如实填写礼品登记表，送本单位登记受理部门。", "Fill in the gift registration form and file it with your unit's registry."
)
_EXPLAIN = Text("请书面说明逾期登记的原因。", "Explain in writing why the registration was late.")


def _not_registered(gift: Gift) -> list[Line]:
    return [line for line in gift.to_register if line.registered_on is None]


def _unregistered_hit(gift: Gift, lines: list[Line]) -> Hit:
    what, by = received(gift, lines, OF_DUTY_RELATED if gift.duty_related else OF_ANYBODY), gift.deadline.said(gift.today)
    ask = act_in_time(gift, Text("登记", "register it"))
    return Hit(
        level=gift.deadline.level_on(gift.today),
        message=Text(
            f"{what.zh}，应当登记，未查到登记记录；登记{by.zh}。{ask.zh}。",
            f"{what.en} It must be registered, and no registration was found; {by.en}. {ask.en}.",
        ),
        evidence=summed(lines) | _compared(gift),
        missing=gift.deadline.missing_on(gift.today),
        remedy=gift.remedy("register", _REGISTER),
    )


def _compared(gift: Gift) -> dict[str, Any]:
    """The relation, the days, and for an ordinary giver the sum from which goods are registered."""
    floor = {} if gift.duty_related else gift.limits_evidence("gift.register")
    return gift.relation_evidence | gift.clock_evidence | floor


@rule(
    "gift.unregistered",
    3,
    title=Text("与职务有关的礼品未登记", "Gift of a duty-related giver not registered"),
    ban=7,
    basis=(DUTY_RELATED_REGISTRATION, WITHIN_A_MONTH, UNREGISTERED),
    text=Text(
        "与职务有关者所送礼品未能拒收的，不论价值均须在一个月内登记。由组织发现而本人未登记的：期限内提示登记，逾期为违规疑点。"
        "及时退还的、真实劳务报酬、足价交易和公开活动中的小额宣传品除外。",
        "A gift of a duty-related giver that could not be refused is registered within one month, whatever its worth. Found by the "
        "commission without registration: a notice while the month runs, a suspected breach afterwards. Not for gifts returned in time, "
        "pay for real work, deals at full price and small promotional articles of public events.",
    ),
    limits=("gift.promotional",),
)
def unregistered(gift: Gift) -> Hit | None:
    """Registration is what separates a gift that could not be refused from one that was accepted."""
    if gift.foreign or not (gift.examined and gift.duty_related):
        return None
    lines = _not_registered(gift)
    return _unregistered_hit(gift, lines) if lines else None


@rule(
    "gift.registered-late",
    4,
    title=Text("礼品逾期登记", "Gift registered late"),
    ban=7,
    basis=(WITHIN_A_MONTH, UNREGISTERED),
    text=Text(
        "应当登记的礼品，登记日晚于期限（收受之日起一个月，在外地收受的自回本单位之日起）的，为违规疑点，没有宽限。"
        "回单位日期未填的先提示补充。"
        "离线申报以记录之日为登记日且在期限之内、只因网络而逾期收到的，仅作记录。",
        "A gift that must be registered was registered after the month from receipt, or from the return to the unit when it was received "
        "away: a suspected breach, without days of grace. Where the day of return is left out, a notice asks for it. What was recorded without a "
        "network on a day that counts as that of registration and lies within the month, and came later for want of a network, is noted and no breach.",
    ),
    limits=("gift.register", "gift.promotional"),
)
def registered_late(gift: Gift) -> Hit | None:
    """The month is a statutory limit; a late form is worth less than a timely one, and more than none."""
    if gift.foreign or not (gift.examined and gift.registers):
        return None
    due = gift.deadline
    late = {line.number: line.registered_on for line in gift.to_register if line.registered_on and line.registered_on > due.shown}
    if not late:
        return _late_by_network(gift)
    lines, day = gift.pick(lambda line: line.number in late), max(late.values())
    return Hit(
        level=due.level_on(day),
        message=_late_words(gift, lines, day),
        evidence=summed(lines)
        | _compared(gift)
        | {"registered_on": day.isoformat()}
        | (gift.put_right_evidence(day) if due.on else {})
        | _lateness(gift, "person"),
        missing=due.missing_on(day),
        remedy=gift.remedy("explain-delay", _EXPLAIN) if due.on else state_start_day(gift),
    )


def _lateness(gift: Gift, late_by: str) -> dict[str, Any]:
    """Both days of what was recorded without a network, and whether the person or the network was late; nothing where there was a network."""
    kept = gift.declared.captured
    return {} if kept is None else {"captured_on": iso(kept.captured_on), "received_on": iso(kept.received_on), "late_by": late_by}


def _late_by_network(gift: Gift) -> Hit | None:
    """In time by the day of capture, which counts, and late by that of receipt: noted, as the person was in time."""
    kept, due = gift.declared.captured, gift.deadline
    if kept is None or not kept.counts or not due.missed_by(kept.received_on):
        return None
    lines = [line for line in gift.to_register if line.registered_on == gift.declared.declared_on]
    if not lines:
        return None
    what = received(gift, lines)
    on, came, until = kept.captured_on, kept.received_on, due.shown
    return Hit(
        level=Level.RECORD,
        message=Text(
            f"{what.zh}，于{written(on)}在期限{written(until)}之内离线登记，因网络于{written(came)}收到；以登记之日为准。",
            f"{what.en} It was registered without a network on {on}, within the deadline, {until}, and received on {came}; the day of registration counts.",
        ),
        evidence=summed(lines) | _compared(gift) | {"registered_on": iso(gift.declared.declared_on)} | _lateness(gift, "network"),
    )


def _late_words(gift: Gift, lines: list[Line], day: date) -> Text:
    what, due = received(gift, lines), gift.deadline
    if due.on:
        return Text(
            f"{what.zh}，于{written(day)}登记，晚于登记期限{written(due.on)}。请书面说明逾期原因。",
            f"{what.en} It was registered on {day}, after the deadline, {due.on}. Please explain the delay in writing.",
        )
    start = start_day(gift)
    return Text(
        f"{what.zh}，于{written(day)}登记，晚于自收受之日起算的期限{written(due.provisional)}；{start.zh}未填，无法核对是否逾期。请补充{start.zh}。",
        f"{what.en} It was registered on {day}, later than a month after receipt, {due.provisional}; {start.en} is not stated, so that "
        f"lateness cannot be told. Please add {start.en}.",
    )


@rule(
    "gift.other-unregistered",
    6,
    title=Text("其他来往中的礼品未登记", "Ordinary gift not registered"),
    ban=7,
    basis=(
        cite("gift-registration", "2(2)", "1995-04-30", confidence="S"),
        WITHIN_A_MONTH,
        STANDARDS,
    ),
    text=Text(
        "同事、上级或本单位、外方及其他无关者所送礼品，现金类不论数额、实物合计一百元以上的应当登记。查无登记的，期限内提示登记，"
        "逾期为违规疑点；已知价值不足一百元而另有价值不详的，提示补充价值。亲友之间的往来不在此列。",
        "Gifts of colleagues, superiors or the own unit, foreign counterparts and unrelated givers are registered: money at any amount, "
        "goods from a sum of CNY 100. Found without registration: a notice while the month runs, a suspected breach afterwards; a notice "
        "where the known worth is below CNY 100 and more is of unknown worth. Exchanges among kin and friends are not covered.",
    ),
    limits=("gift.register",),
)
def other_unregistered(gift: Gift) -> Hit | None:
    """Ordinary gifts are registered only from a sum on, so that small courtesies stay free."""
    if gift.foreign or not (gift.examined and gift.ordinary):
        return None
    lines, goods = _not_registered(gift), [line for line in gift.worth_lines if line.registered_on is None]
    hits = [_unregistered_hit(gift, lines)] if lines else []
    if goods and gift.undecided("gift.register"):
        notice = worth_needed(gift, gift.worth_lines, "gift.register", Text("登记", "registered"))
        hits.append(replace(notice, evidence=summed(goods) | _compared(gift)))
    return strongest(hits)
