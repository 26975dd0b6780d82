"""Stakes that were not paid for, or perhaps not in full: dry shares, gifts, and entry before a listing (干股、受赠、突击入股)."""

from dataclasses import replace
from typing import Any

from ...citation import cite, discipline
from ...finding import Hit, Level, Remedy, Text
from ...rule import rule
from ...statement import Relation
from .details import Acquisition
from .matter import Shareholding
from .wording import HOLDERS, hit, next_step, shown, stated_sum

_GIVE_BACK = Remedy(
    "give-back-shares-and-report",
    Text(
        "请向组织（人事）部门和廉政部门书面报告该投资的取得、出资和收益情况，按要求退还或者上交，并提交变更登记凭证。",
        "Report to the organisation department and the integrity office in writing how it was acquired, what was paid and what it "
        "brought; return it or hand it over as told, and hand in proof.",
    ),
    None,
)
_STATE_RELATION = Remedy(
    "state-relation",
    Text(
        "请核实并补充赠与方及其与本人职务的关系。", "Establish who gave it and how that party stands to the declarant's duty, and add it."
    ),
    None,
)
_PROVE_PRICE = Remedy(
    "prove-price",
    Text(
        "请提供入股协议、出资凭证和入股时的估值材料，由审查人员核对价格。",
        "Provide the agreement, proof of payment and the valuation of that time, so that a person can check the price.",
    ),
    None,
)
_AT_ANY_AMOUNT = Text(
    "可能影响公正执行公务的股权，不论数额均不得收受。", "Equity that may touch the fair exercise of duty may not be accepted at any amount."
)


@rule(
    "shareholding.unpaid-shares",
    47,
    title=Text("未出资或者受赠取得股份", "Shares that were not paid for"),
    ban=9,
    basis=(
        *discipline(("2015", "83", "S"), ("2018", "88", "S"), ("2023", "97", "S")),
        cite("graft-opinions-2007", "2", "2007-07-08", confidence="S"),
        cite("securities-law", "40", "2020-03-01", who="securities"),
        cite("sanctions", "34(1)", "2020-07-01"),
    ),
    text=Text(
        "不论由谁持有：未出资取得的干股，列为严重疑点；受赠取得的，赠与方与本人职务有关的列为严重疑点，关系未填或者不明的提示补充，"
        "确与职务无关的不列；未填赠与方的，以该企业为赠与方，企业在本人管辖范围内的视为与职务有关。上市前入股的，提示人工核对价格。",
        "Whoever holds them: dry shares, which nobody paid for, are a serious matter; shares received as a gift are one when the giver "
        "is related to the declarant's duty, a notice when that relation is left out or unknown, and silent when there is none. Where no "
        "giver is stated the issuer counts as the giver, and one in the declarant's jurisdiction as related. Entry before a listing is a "
        "notice, for a person to check the price.",
    ),
)
def unpaid_shares(holding: Shareholding) -> Hit | None:
    """A stake that somebody else paid for is a benefit received; how the giver stood on the day it came decides over gifts."""
    how = holding.details.acquired_how
    if how is Acquisition.DRY_SHARE:
        return hit(holding, Level.SERIOUS, _came(holding, _DRY), _paid(holding), next_step(holding, _GIVE_BACK))
    if how is Acquisition.GIFTED:
        return _gifted(holding)
    return _before_listing(holding) if how is Acquisition.PRE_LISTING else None


_DRY = Text(f"系未出资取得的干股。{_AT_ANY_AMOUNT.zh}", f"to be dry shares, for which nothing was paid. {_AT_ANY_AMOUNT.en}")
_OF_DUTY_RELATED = Text(
    f"系受赠取得，赠与方与本人职务有关。{_AT_ANY_AMOUNT.zh}",
    f"to be a gift of a giver who is related to the declarant's duty. {_AT_ANY_AMOUNT.en}",
)
_OF_SUPERVISED_ISSUER = Text(
    f"系受赠取得，赠与方未另填，而该企业在本人管辖地区或者业务范围内。{_AT_ANY_AMOUNT.zh}",
    f"to be a gift; no giver is named besides the company, which is in the declarant's jurisdiction. {_AT_ANY_AMOUNT.en}",
)
_OF_UNKNOWN = Text(
    "系受赠取得，赠与方与本人职务的关系未填或者不明，登记信息中亦无记载。该关系决定能否接受。",
    "to be a gift; how its giver stands to the declarant's duty is not stated, and the register knows nothing of it. It decides whether "
    "the gift may be accepted.",
)


def _gifted(holding: Shareholding) -> Hit | None:
    if holding.from_duty_related:
        said = _OF_DUTY_RELATED if holding.duty_related else _OF_SUPERVISED_ISSUER
        return hit(holding, Level.SERIOUS, _came(holding, said), _paid(holding), next_step(holding, _GIVE_BACK))
    if holding.relation is not Relation.UNKNOWN:
        return None
    found = hit(holding, Level.NOTICE, _came(holding, _OF_UNKNOWN), _paid(holding), _STATE_RELATION)
    return replace(found, missing=("relation",))


def _before_listing(holding: Shareholding) -> Hit:
    """Cheap entry before a listing may be a benefit; only a person can tell from the valuation of that time."""
    cost, value = holding.details.cost, holding.details.market_value
    sums = {"cost": (cost, Text("出资额", "cost")), "market_value": (value, Text("市值或评估值", "market or assessed value"))}
    told = [(words, stated_sum(money)) for money, words in sums.values() if money]
    left_out = [words for money, words in sums.values() if money is None]
    zh = "，".join([f"{words.zh}{money.zh}" for words, money in told] + [f"{words.zh}未填" for words in left_out])
    en = ", ".join([f"{words.en} {money.en}" for words, money in told] + [f"{words.en} not stated" for words in left_out])
    said = Text(
        f"系企业上市前入股（{zh}）。入股价格是否公允须由人判断。",
        f"to have been acquired before a listing ({en}). Whether the price was fair is for a person to judge.",
    )
    missing = tuple(name for name, (money, _) in sums.items() if money is None)
    return replace(hit(holding, Level.NOTICE, _came(holding, said), _paid(holding), _PROVE_PRICE), missing=missing)


def _came(holding: Shareholding, how: Text) -> Text:
    who = HOLDERS[holding.details.holder]
    return Text(f"填报该投资由{who.zh}持有，{how.zh}", f"The stake is stated to be held by {who.en} and {how.en}")


def _paid(holding: Shareholding) -> dict[str, Any]:
    said = holding.details
    sums = {"cost": shown(said.cost), "market_value": shown(said.market_value), "returns_received": shown(said.returns_received)}
    return sums | holding.relation_evidence | holding.jurisdiction_evidence
