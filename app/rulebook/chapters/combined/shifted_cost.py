"""Costs passed on to somebody related to duty, whatever they were for: expenses, meals, activities, borrowed property."""

from typing import Any

from ...benefits import ShiftedCost
from ...citation import cite, discipline
from ...dates import written
from ...finding import Hit, Level, Remedy, Text
from ...matter import Matter
from ...money import yuan, yuan_if_known
from ...rule import rule

_SETTLE = Text(
    "请核对凭证，向对方结清应由本人承担的部分，并书面说明事由。",
    "Please check the papers, pay the other side what was yours to pay, and explain in writing how it came about.",
)


@rule(
    "gift.cost-shifted",
    40,
    title=Text("费用转由与职务有关的一方承担", "Cost passed on to somebody duty-related"),
    ban=8,
    basis=(
        *discipline(("2015", "83", "S"), ("2018", "88", "S"), ("2023", "97", "S")),
        *discipline(("2018", "101", "M"), ("2023", "111", "I")),
        cite("sanctions", "38(1)", "2020-07-01"),
        cite("sanctions", "34(1)", "2020-07-01"),
        cite("gift-registration", "2(1)", "1995-04-30", confidence="S"),
    ),
    text=Text(
        "应由本人或者本单位承担的费用转由与职务有关的一方承担的，列为严重疑点：赠送人代付且未按期退还的费用；由企业或者下属支付的"
        "宴请、活动；借用财物期间由出借方承担的费用。宴请方、安排方自己付费的，由其他规则判断；正面清单允许的或者仅缺批准情况的"
        "工作餐、经批准搭乘的企业车辆不在此列。",
        "A cost that the declarant or the unit should have borne, passed on to somebody related to duty, is a serious matter: expenses "
        "that a giver paid and that were not paid back in time, meals and activities that a company or a subordinate paid for, the "
        "costs of borrowed property that the lender bore. A host who pays his own bill is for other rules. Left out are work meals "
        "that the positive list permits or that only lack their approval, and approved rides in a company's vehicle.",
    ),
)
def cost_shifted(matter: Matter[Any]) -> Hit | None:
    """Who bore the cost decides, not what it was for: each kind tells of its own."""
    cost = matter.shifted_cost()
    if cost is None:
        return None
    return Hit(
        level=Level.SERIOUS,
        message=_words(matter, cost),
        evidence={**cost.seen, **matter.relation_evidence, "cost_cny": yuan_if_known(cost.amount)},
        remedy=Remedy("settle-cost", _SETTLE, cost.due_on),
    )


def _words(matter: Matter[Any], cost: ShiftedCost) -> Text:
    first, last = matter.details.span()
    run, sum_zh, sum_en = first != last, "", ""
    if cost.amount is not None:
        sum_zh, sum_en = f"{yuan(cost.amount)}元", f" of CNY {yuan(cost.amount)}"
    when_en = f"from {first} on" if run else f"of {first}"
    return Text(
        f"{written(first)}{'起' if run else ''}{cost.what.zh}：对方与本人职务有关，费用{sum_zh}由{cost.bearer.zh}承担。"
        f"应由本人或者本单位承担的费用，不得转由与职务有关的一方支付、报销。{_SETTLE.zh}",
        f"{cost.what.en} {when_en}. The other side is related to the declarant's duty, and {cost.bearer.en} bore the cost{sum_en}. "
        f"What is the declarant's or the unit's to bear may not be passed on to it. {_SETTLE.en}",
    )
