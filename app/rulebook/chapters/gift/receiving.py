"""Rules on what was received and kept of givers whose affairs touch the declarant's duty."""

from typing import Any

from ...citation import cite, discipline
from ...finding import Hit, Level, Text
from ...money import yuan
from ...rule import rule
from .basis import DOMESTIC_OFFICIAL_BUSINESS, RECEIVED_OF_DUTY_RELATED
from .kinds import GiftCategory
from .lines import Line, known_sum, summed, total_times, worths_missing
from .matter import Gift
from .wording import OF_ANYBODY, OF_DUTY_RELATED, explain, fate, received, sentence, step

_REGISTER_AND_HAND_IN = Text("登记上交", "register it and hand it in")
_HAND_IN = Text(
    "请如实填写礼品登记表，连同礼品一并交本单位登记受理部门；已不在手中的，请书面说明情况。",
    "Fill in the gift registration form truthfully and hand it in with the gift to your unit's registry; explain in writing what is no "
    "longer there.",
)


@rule(
    "gift.duty-related-kept",
    1,
    title=Text("留存与职务有关的礼品", "Gift of a duty-related giver kept"),
    ban=7,
    basis=(*RECEIVED_OF_DUTY_RELATED, DOMESTIC_OFFICIAL_BUSINESS),
    text=Text(
        "收受管理和服务对象等与职务有关者所送实物礼品，留用、消费，或者逾期未退还、未上交的，不论价值均提示违规疑点；"
        "累计三次以上或者已知价值一万元以上的，列为严重疑点。公开活动中发放、价值不明的宣传品，先提示补充价值。现金类、会员卡、报酬、"
        "代付费用、低价交易另有规则。",
        "Goods or favours in kind from a giver whose affairs touch the declarant's duty, kept, consumed, or not returned or handed in by "
        "the deadline: a suspected breach at any worth; serious from three times, or from a known worth of CNY 10,000. Where all of it "
        "is promotional material of unknown worth from a public event, a notice asks for the worth. Money and the like, membership "
        "cards, fees, paid expenses and cheap deals have rules of their own.",
    ),
    limits=("gift.repeated", "gift.large", "gift.promotional"),
)
def duty_related_kept(gift: Gift) -> Hit | None:
    """What may affect the fair exercise of duty is not kept at any worth; number and sum only raise the level."""
    if not (gift.examined and gift.duty_related):
        return None
    lines = [line for line in gift.retained if line.category.tangible and not line.permitted]
    if not lines:
        return None
    weighty = total_times(lines) >= gift.limits["gift.repeated"] or known_sum(lines) >= gift.limits["gift.large"]
    unsure = all(line.perhaps_permitted for line in lines)
    compared = ("gift.promotional",) if unsure else ("gift.repeated", "gift.large")
    level = Level.NOTICE if unsure else Level.SERIOUS if weighty else Level.BREACH
    missing = worths_missing(lines) if unsure else _rates_missing(lines, level)
    return Hit(
        level=level,
        message=_unsure_words(gift, lines) if unsure else _kept_words(gift, lines, _AT_ANY_WORTH),
        evidence=_seen(gift, lines) | gift.limits_evidence(*compared),
        missing=missing,
        remedy=gift.remedy("register-and-surrender", _HAND_IN),
        day=max(line.last_on for line in lines),
    )


def _seen(gift: Gift, lines: list[Line]) -> dict[str, Any]:
    """What was kept, of whom, and whether it was handed over in the end."""
    return summed(lines) | gift.relation_evidence | gift.clock_evidence | gift.handed_over_evidence(lines)


def _rates_missing(lines: list[Line], level: Level) -> tuple[str, ...]:
    """A rate matters while the step to serious could still depend on it."""
    return ("exchange_rate",) if level is Level.BREACH and any(line.rate_missing for line in lines) else ()


_AT_ANY_WORTH = Text("此类礼品不论价值均不得收受", "Such gifts may not be accepted at any worth.")
_RARE_AT_ANY_WORTH = Text("名贵特产类礼品不论价值均不得收受", "Rare specialties may not be accepted at any worth.")
_AT_ANY_AMOUNT = Text("现金及各类卡券、证券不论数额均不得收受", "Money and the like may not be accepted at any amount.")


def _kept_words(gift: Gift, lines: list[Line], norm: Text) -> Text:
    what, became, by = received(gift, lines, OF_DUTY_RELATED), fate(lines), gift.deadline.said(gift.today)
    ask = step(gift, lines, _REGISTER_AND_HAND_IN)
    return Text(
        f"{what.zh}，{became.zh}；登记上交{by.zh}。{norm.zh}，{ask.zh}。",
        f"{what.en} {sentence(became.en)}; {by.en}. {norm.en} {ask.en}.",
    )


def _unsure_words(gift: Gift, lines: list[Line]) -> Text:
    what, ceiling = received(gift, lines, OF_DUTY_RELATED), yuan(gift.limits["gift.promotional"])
    return Text(
        f"{what.zh}，系公开活动中发放的宣传品。价值不足{ceiling}元的可以接受，达到{ceiling}元的应当登记上交。请补充价值及估价依据。",
        f"{what.en} It is promotional material from a public event. Below CNY {ceiling} it may be accepted; from there it must be "
        "registered and handed in. Please state the worth and what it rests on.",
    )


@rule(
    "gift.cash-like",
    2,
    title=Text("收受与职务有关的现金、卡券、有价证券", "Money or the like from a duty-related giver"),
    ban=7,
    basis=(
        *RECEIVED_OF_DUTY_RELATED,
        DOMESTIC_OFFICIAL_BUSINESS,
        cite("cash-2001", "2,4", "2001-01-01", who="section+", confidence="S", unsure="day"),
    ),
    text=Text(
        "收受管理和服务对象等与职务有关者所送现金、电子红包、转账、预付卡、代金券、有价证券、股权，留用、消费或者逾期未退还、未上交的，"
        "不论数额均列为严重疑点。逾期退还的同样提示。",
        "Cash, electronic red packets, transfers, prepaid cards, vouchers, securities or equity from a duty-related giver, kept, spent "
        "or not returned or handed in by the deadline: serious at any amount, a return after the deadline included.",
    ),
)
def cash_like(gift: Gift) -> Hit | None:
    """Money is kept apart from goods: no amount of it is harmless, and a return after the month comes too late."""
    lines = [line for line in gift.retained if line.category.cash_like]
    if not (lines and gift.examined and gift.duty_related):
        return None
    return Hit(
        level=Level.SERIOUS,
        message=_kept_words(gift, lines, _AT_ANY_AMOUNT),
        evidence=_seen(gift, lines),
        remedy=gift.remedy("register-and-surrender", _HAND_IN),
        day=max(line.last_on for line in lines),
    )


@rule(
    "gift.card-held",
    21,
    title=Text("持有会员卡、健身卡等消费卡", "Membership card held"),
    ban=7,
    basis=(
        *discipline(("2015", "87", "S"), ("2018", "93", "S"), ("2023", "102", "S")),
        *discipline(("2015", "83", "S"), ("2018", "88", "S"), ("2023", "97", "S"), who="party&dr"),
        cite("sanctions", "34(1)", "2020-07-01", who="dr"),
        cite("gift-registration", "2(1)", "1995-04-30", who="dr", confidence="S"),
    ),
    text=Text(
        "取得并持有健身卡、会所及俱乐部会员卡、高尔夫球卡等，来自与职务有关者的为违规疑点；来自同事、上级或本单位、外方及其他无关者的，"
        "提示说明来源。亲友所赠不提示。",
        "A fitness, club or golf card held: a suspected breach from a duty-related giver; a notice to explain its origin from "
        "colleagues, superiors or the own unit, foreign counterparts and unrelated givers. Cards from kin and friends raise nothing.",
    ),
)
def card_held(gift: Gift) -> Hit | None:
    """A card is judged by who gave it, not by its worth: it stands for a standing favour."""
    lines = [line for line in gift.retained if line.category is GiftCategory.MEMBERSHIP_CARD]
    if not (lines and gift.examined and (gift.duty_related or gift.ordinary)):
        return None
    what, became = received(gift, lines, OF_DUTY_RELATED if gift.duty_related else OF_ANYBODY), fate(lines)
    ask = (
        Text("请清退", "Please give it back") if gift.duty_related else Text("请核实是否应当清退", "Please check if it must be given back")
    )
    if all(line.handed_over_on for line in lines):
        ask = explain(gift, lines)
    return Hit(
        level=Level.BREACH if gift.duty_related else Level.NOTICE,
        message=Text(
            f"{what.zh}，{became.zh}。{ask.zh}，并说明取得方式和使用情况。",
            f"{what.en} {sentence(became.en)}. {ask.en}, and explain how it was obtained and used.",
        ),
        evidence=summed(lines) | gift.relation_evidence | gift.handed_over_evidence(lines),
        remedy=gift.remedy(
            "explain-or-return-card",
            Text("请说明会员卡来源；应当清退的予以清退。", "Explain the origin of the card; return it where required."),
        ),
        day=max(line.last_on for line in lines),
    )


@rule(
    "gift.rare-specialty",
    22,
    title=Text("收受与职务有关的名贵特产", "Rare specialty of a duty-related giver kept"),
    ban=7,
    basis=(*RECEIVED_OF_DUTY_RELATED, DOMESTIC_OFFICIAL_BUSINESS),
    text=Text(
        "收受管理和服务对象等与职务有关者所送高档烟酒、珍稀药材、名贵木材、珠宝玉石、名瓷名画等名贵特产类礼品，留用、消费或者逾期未退还、"
        "未上交的，不论价值均列为严重疑点；留存实物礼品的疑点同时提示，其等级不因此改变。亲友及其他无关者所送的不适用。",
        "High-end tobacco or alcohol, rare medicinal herbs, precious wood, jewels and jade, porcelain, paintings and the like from a "
        "duty-related giver, kept, consumed, or not returned or handed in by the deadline: serious at any worth. The finding on goods "
        "kept stands beside it at its own level. Not for kin, friends and other givers outside duty.",
    ),
)
def rare_specialty(gift: Gift) -> Hit | None:
    """What is scarce is given for what it opens, so it weighs more than its price."""
    lines = [line for line in gift.retained if line.category is GiftCategory.RARE_SPECIALTY]
    if not (lines and gift.examined and gift.duty_related):
        return None
    return Hit(
        level=Level.SERIOUS,
        message=_kept_words(gift, lines, _RARE_AT_ANY_WORTH),
        evidence=_seen(gift, lines),
        remedy=gift.remedy("register-and-surrender", _HAND_IN),
    )
