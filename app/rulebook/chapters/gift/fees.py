"""The rule on fees: pay for lectures, consulting and the like that may be a gift by another name (以报酬名义变相送礼)."""

from decimal import Decimal
from typing import Any

from ...citation import cite, discipline
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan
from ...rule import rule
from .kinds import FeeTitle, FeeWork, GiftCategory
from .lines import Line
from .matter import Gift
from .notices import strongest_of
from .wording import OF_ANYBODY, OF_DUTY_RELATED, received, step

_STANDARDS = {
    FeeTitle.ASSOCIATE: "gift.lecture-fee.associate",
    FeeTitle.FULL: "gift.lecture-fee.full",
    FeeTitle.ACADEMICIAN: "gift.lecture-fee.academician",
}
_TITLES = {
    FeeTitle.ASSOCIATE: Text("副高级", "an associate"),
    FeeTitle.FULL: Text("正高级", "a full"),
    FeeTitle.ACADEMICIAN: Text("院士、全国知名专家", "an academician's"),
}
_FACTS = {
    "fee.hours": Text("学时数", "the hours"),
    "fee.title": Text("职称", "the professional title"),
    "worth": Text("金额", "the sum"),
    "exchange_rate": Text("折算汇率", "the exchange rate"),
}
_RETURN_OR_HAND_IN = Text(
    "请退还；无法退还的，登记上交本单位登记受理部门。",
    "Return it; where that is impossible, register it and hand it in to your unit's registry.",
)
_EXPLAIN_WORK = Text(
    "请书面说明劳动内容、时间、取酬标准和批准情况，并附证明材料。",
    "Explain in writing what the work was, when, by which rate it was paid and who approved it, with proof.",
)
_STATE_WORK = Text("请补充是否实际付出劳动及其内容。", "Add whether work was really done, and what it was.")
_STATE_LECTURE = Text("请补充讲课学时、职称和金额。", "Add the hours of the lecture, the professional title and the sum.")


@rule(
    "gift.disguised-fee",
    14,
    title=Text("以讲课费、咨询费等名义收受财物", "Fee that may be a gift by another name"),
    ban=7,
    basis=(
        *discipline(("2015", "83", "S"), ("2018", "88", "S"), ("2023", "97", "S"), who="party&dr"),
        *discipline(("2015", "83(2)", "S"), ("2018", "88(2)", "S"), ("2023", "97(2)", "S"), who="party&other"),
        *discipline(("2023", "98(2)", "S")),
        cite("sanctions", "34(1)", "2020-07-01", who="dr"),
        cite("gift-registration", "2(1)", "1995-04-30", who="dr", confidence="S"),
        cite("training-fees", "10", "2017-01-01", who="rate", confidence="S", unsure="day"),
    ),
    text=Text(
        "收受报酬并留用、消费或者逾期未退还、未上交的：没有实际劳动的，来自与职务有关者为严重疑点，来自其他人为违规疑点。来自与职务有关者而"
        "有实际劳动的，2024年1月1日起为违规疑点，此前提示；是否实际付出劳动未填的，提示补充。来自其他人的讲课费，自2017年1月1日起每学时超过"
        "副高五百元、正高一千元、院士一千五百元的，提示；学时、职称、金额不详的，提示补充。半天课时上限不核对。",
        "A fee kept, spent, or not returned or handed in by the deadline. Without real work: serious from a duty-related payer, a suspected "
        "breach from others. With real work for a duty-related payer: a suspected breach since 2024-01-01, a notice before; a notice where "
        "it is not stated if work was done. Lecture fees of others, since 2017-01-01: a notice above CNY 500 (associate), 1,000 (full) or "
        "1,500 (academician) an hour, or where hours, title or sum are not known. Caps for half a day are not examined.",
    ),
    limits=("gift.fee-as-guise", *_STANDARDS.values()),
)
def disguised_fee(gift: Gift) -> Hit | None:
    """Pay needs work behind it, a payer who wants nothing else, and a measure."""
    fees = [line for line in gift.retained if line.category is GiftCategory.FEE]
    if not (fees and gift.examined):
        return None
    paid = [line for line in fees if _worked(line) is not False]
    above = [] if gift.duty_related else [line for line in paid if _above_standard(gift, line)]
    found = (
        (_without_work, [line for line in fees if _worked(line) is False]),
        (_of_duty_related, [line for line in paid if gift.duty_related and _worked(line)]),
        *((_beyond_standard, [line]) for line in above),
        (_work_unsaid, [line for line in paid if _worked(line) is None and line not in above]),
    )

    def evidence() -> dict[str, Any]:
        compared = gift.limits_evidence(*(["gift.fee-as-guise"] if gift.duty_related else _STANDARDS.values()))
        return {"lines": [_shown(line) for line in fees]} | gift.relation_evidence | compared | gift.handed_over_evidence(fees)

    return strongest_of(gift, evidence, *found)


def _worked(line: Line) -> bool | None:
    """Whether work was really done; None where that is left out."""
    return line.item.fee.real_work if line.item.fee else None


def _shown(line: Line) -> dict[str, Any]:
    """A fee as evidence shows it."""
    return line.seen() | {"fee": line.item.fee.model_dump(mode="json") if line.item.fee else None}


def _lead(gift: Gift, lines: list[Line]) -> Text:
    return received(gift, lines, OF_DUTY_RELATED if gift.duty_related else OF_ANYBODY)


def _without_work(gift: Gift, lines: list[Line]) -> Hit:
    what, by = _lead(gift, lines), gift.deadline.said(gift.today)
    ask = step(gift, lines, Text("退还或者登记上交", "return it, or register it and hand it in,"))
    norm = Text("明显超出正常礼尚往来的不得收受", "may not be accepted where it plainly goes beyond ordinary courtesy")
    if gift.duty_related:
        norm = Text("不论数额均不得收受", "may not be accepted at any amount")
    return Hit(
        level=Level.SERIOUS if gift.duty_related else Level.BREACH,
        message=Text(
            f"{what.zh}，以报酬名义支付，填报为没有实际劳动；退还、上交{by.zh}。此类款项按礼金对待，{norm.zh}，{ask.zh}。",
            f"{what.en} It was paid as a fee, but no real work is stated to stand behind it; {by.en}. Such money is treated like a "
            f"gift of money, which {norm.en}. {ask.en}.",
        ),
        remedy=gift.remedy("return-or-surrender", _RETURN_OR_HAND_IN),
    )


def _of_duty_related(gift: Gift, lines: list[Line]) -> Hit:
    what, named = _lead(gift, lines), gift.limits.get("gift.fee-as-guise") is not None
    said = Text(
        "付款人与职务有关，劳动是否必要、报酬是否相称由审查人员判断",
        "The payer is related to the declarant's duty, and whether the work was needed and the pay in keeping is for a person to judge",
    )
    if named:
        said = Text(
            "以讲课费、课题费、咨询费等名义变相送礼，已为收受之日的规定所明列，而付款人与职务有关",
            "The rules of that day name lecture, research and consulting fees as a guise for gifts, and the payer is related to the "
            "declarant's duty",
        )
    return Hit(
        level=Level.BREACH if named else Level.NOTICE,
        message=Text(
            f"{what.zh}，以报酬名义支付，填报为有实际劳动。{said.zh}。请说明劳动内容、取酬标准和批准情况。",
            f"{what.en} It was paid as a fee, and real work is stated to stand behind it. {said.en}. Please explain what the work was, by "
            "which rate it was paid and who approved it.",
        ),
        remedy=_explain(gift),
    )


def _work_unsaid(gift: Gift, lines: list[Line]) -> Hit:
    what = _lead(gift, lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，以报酬名义支付，是否实际付出劳动未填。没有实际劳动的报酬按礼金对待，请补充。",
            f"{what.en} It was paid as a fee, but it is not stated if work was really done. A fee without real work is treated like a gift "
            "of money. Please add it.",
        ),
        missing=("fee.real_work",),
        remedy=gift.remedy("state-work", _STATE_WORK),
    )


def _above_standard(gift: Gift, line: Line) -> bool:
    """Whether a lecture fee passes the hourly standard, or might; without a title it is measured by the lowest one."""
    fee, lowest = line.item.fee, gift.limits.get(_STANDARDS[FeeTitle.ASSOCIATE])
    if fee is None or fee.work is not FeeWork.LECTURE or lowest is None:
        return False
    if line.worth is None or fee.hours is None:
        return True
    standard: Decimal | int = gift.limits[_STANDARDS[fee.title]] if fee.title else lowest
    return line.worth > standard * Decimal(str(fee.hours))


def _beyond_standard(gift: Gift, lines: list[Line]) -> Hit:
    line, fee, lacking = lines[0], lines[0].item.fee, _lacking(lines[0])
    message = _cannot_compare(gift, line, lacking)
    if fee and fee.hours and fee.title and not lacking:
        message = _compared(gift, line, fee.hours, fee.title)
    return Hit(
        level=Level.NOTICE,
        message=message,
        missing=(*(("fee.real_work",) if _worked(line) is None else ()), *lacking),
        remedy=gift.remedy("state-lecture", _STATE_LECTURE) if lacking else _explain(gift),
        tags=frozenset({"rate"}),
    )


def _lacking(line: Line) -> tuple[str, ...]:
    """The facts without which a lecture fee cannot be compared with its standard."""
    fee = line.item.fee
    hours = () if fee and fee.hours is not None else ("fee.hours",)
    return (*hours, *(() if fee and fee.title else ("fee.title",)), *line.worth_missing)


def _cannot_compare(gift: Gift, line: Line, lacking: tuple[str, ...]) -> Text:
    what = _lead(gift, [line])
    zh, en = "、".join(_FACTS[name].zh for name in lacking), " and ".join(_FACTS[name].en for name in lacking)
    return Text(
        f"{what.zh}，系讲课费；{zh}不详，无法与每学时标准核对。请补充{zh}。",
        f"{what.en} It is a lecture fee, which cannot be compared with the standard an hour without {en}. Please add what is missing.",
    )


def _compared(gift: Gift, line: Line, hours: float, title: FeeTitle) -> Text:
    what, grade, standard = _lead(gift, [line]), _TITLES[title], yuan(gift.limits[_STANDARDS[title]])
    return Text(
        f"{what.zh}，系{hours:g}学时讲课费，超过{grade.zh}职称每学时{standard}元的标准，是否相称由审查人员判断。请说明取酬标准和依据。",
        f"{what.en} It is a fee for {hours:g} hours of lecture, above the standard of CNY {standard} an hour for {grade.en} title, and is "
        "for a person to judge. Please explain by which rate it was paid.",
    )


def _explain(gift: Gift) -> Remedy:
    return gift.remedy("explain-work", _EXPLAIN_WORK)
