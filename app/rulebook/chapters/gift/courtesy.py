"""Rules on what goes beyond ordinary courtesy, received or given (明显超出正常礼尚往来)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...citation import cite, discipline
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan, yuan_if_known
from ...rule import rule
from ...statement import Relation
from .kinds import DispositionAction, GiftCategory, GiftSetting
from .lines import Line, known_sum, summed, worths_missing
from .matter import Gift
from .wording import OF_ANYBODY, given, received

_APART = (GiftCategory.FEE, GiftCategory.BELOW_PRICE_DEAL, GiftCategory.MEMBERSHIP_CARD)
"""Categories whose own rules weigh them."""

_EXPLAIN = Remedy("explain", Text("请书面说明与赠送人的往来情况。", "Explain the exchange with the giver in writing."), None)
_EXPLAIN_GIVING = Remedy(
    "explain-giving",
    Text(
        "请书面说明赠送事由、款物来源以及与对方的往来情况。",
        "Explain the occasion, where the gift came from, and the exchange with the other side in writing.",
    ),
    None,
)
_STATE_APPROVAL = Remedy("state-approval", Text("请补充对外赠礼的批准情况。", "Add whether the gift was approved."), None)
_STATE_RELATION = Remedy(
    "state-relation", Text("请核实并补报与受赠人的关系。", "Establish how the one given to stands to your duty and add it."), None
)
_GIVEN_TO = {
    Relation.COLLEAGUE: Text("同事", "a colleague"),
    Relation.SUPERIOR_OR_OWN_UNIT: Text("上级或者本单位", "a superior or the own unit"),
    Relation.UNKNOWN: Text("关系不明的一方", "somebody whose relation is not known"),
}
_DUTY_RELATED = Text("与职务有关的一方", "a duty-related party")


@rule(
    "gift.clearly-excessive",
    8,
    title=Text("可能明显超出正常礼尚往来", "Gift that may go beyond ordinary courtesy"),
    ban=7,
    basis=discipline(("2015", "83(2)", "S"), ("2018", "88(2)", "S"), ("2023", "97(2)", "S")),
    text=Text(
        "党员收受与职务无关者（含亲友）所送礼品礼金，留存部分价值扣除回礼后超过六百元的，提示由审查人员判断是否明显超出正常礼尚往来；"
        "六百元借用年度累计限额，是筛查线而非法定标准，恰为六百元不提示。亲友所送价值不详的，同样提示。报酬、低价交易、会员卡以及涉外礼品"
        "另有规则，与职务有关者所送不适用本条。",
        "Gifts of givers outside duty, kin and friends included, to Party members: where what was kept is worth more than CNY 600 beyond "
        "what was given in return, a notice asks a person to judge if it plainly goes beyond ordinary courtesy. The sum is borrowed from "
        "the yearly cap, a line to screen by and no law; exactly CNY 600 is silent. Gifts of kin and friends of unknown worth get the same "
        "notice. Fees, cheap deals, membership cards and gifts in foreign affairs have rules of their own.",
    ),
    limits=("gift.excessive",),
)
def clearly_excessive(gift: Gift) -> Hit | None:
    """Courtesy goes both ways and keeps measure; no norm names a sum, so a person always decides."""
    outside_duty = not gift.duty_related and gift.relation is not Relation.UNKNOWN
    if gift.foreign or not (gift.examined and outside_duty):
        return None
    lines = [line for line in gift.retained if line.category not in _APART]
    beyond, line = _one_sided(gift, lines), gift.limits["gift.excessive"]
    unknown = worths_missing(lines) if gift.relation.private else ()
    if beyond <= line and not unknown:
        return None
    what, back = received(gift, lines, OF_ANYBODY), _reciprocated(gift)
    said = _above(beyond, line) if beyond > line else _OF_UNKNOWN_WORTH
    return Hit(
        level=Level.NOTICE,
        message=Text(f"{what.zh}；{back.zh}{said.zh}。", f"{what.en} {back.en}{said.en}."),
        evidence=summed(lines) | _weighed(gift, beyond) | gift.handed_over_evidence(lines),
        missing=(*_reciprocity_missing(gift), *worths_missing(lines)),
        remedy=_EXPLAIN,
    )


def _one_sided(gift: Gift, lines: list[Line]) -> Decimal:
    """The known worth beyond what went the other way; a return that is not stated, or has no rate, counts as none."""
    return known_sum(lines) - (gift.in_cny(gift.details.reciprocated) or Decimal(0))


def _reciprocity_missing(gift: Gift) -> tuple[str, ...]:
    if gift.details.reciprocated is None:
        return ("reciprocated",)
    return ("exchange_rate",) if gift.rate_missing(gift.details.reciprocated) else ()


def _weighed(gift: Gift, beyond: Decimal) -> dict[str, Any]:
    """What was set against what, as evidence shows it."""
    back = yuan_if_known(gift.in_cny(gift.details.reciprocated))
    return {"reciprocated_cny": back, "one_sided_cny": yuan(beyond)} | gift.relation_evidence | gift.limits_evidence("gift.excessive")


def _reciprocated(gift: Gift) -> Text:
    """What was given in return, as a message says it."""
    if gift.details.reciprocated is None:
        return Text("回礼情况未填", "What was given in return is not stated")
    back = gift.in_cny(gift.details.reciprocated)
    if back is None:
        return Text("回礼缺少折算汇率", "What was given in return has no exchange rate")
    return Text(f"回礼{yuan(back)}元", f"CNY {yuan(back)} was given in return")


def _above(beyond: Decimal, line: Decimal) -> Text:
    return Text(
        f"，单方往来差额{yuan(beyond)}元，超过{yuan(line)}元的筛查线（非法定标准）。是否明显超出正常礼尚往来，由审查人员结合关系、价值和往来是否"
        "对等判断，请说明往来情况",
        f", so that CNY {yuan(beyond)} went one way, more than the CNY {yuan(line)} that this register screens by (no law). Whether it "
        "plainly goes beyond ordinary courtesy a person judges from the tie, the worth and whether gifts go both ways. Please explain",
    )


_OF_UNKNOWN_WORTH = Text(
    "。礼品价值不详，无法判断是否明显超出正常礼尚往来，请补充价值及估价依据",
    ". Without the worth nobody can tell if it plainly goes beyond ordinary courtesy. Please state the worth and what it rests on",
)


@rule(
    "gift.given-to-official",
    25,
    title=Text("向公职人员或者对外赠送礼品", "Gift given to officials or in foreign affairs"),
    ban=7,
    basis=(
        *discipline(("2015", "84", "M"), ("2018", "89", "S"), ("2023", "98(1)", "S"), who="domestic&party"),
        cite("order-20", "2", "1988-12-01", who="domestic&civil"),
        cite("cash-2001", "2", "2001-01-01", who="domestic&section+", confidence="S", unsure="day"),
        cite("order-133", "5", "1993-12-05", who="foreign"),
        cite("order-133", "6", "1993-12-05", who="foreign"),
    ),
    text=Text(
        "本人赠出的礼品，当场被拒收或者已退还的除外。国内交往中向与职务有关者、上级或本单位、同事赠送现金类或者名贵特产的，列为违规疑点；"
        "赠送其他礼品，价值扣除回礼后超过六百元的，提示；受赠人关系不明的，提示补充。向亲友及其他无关者赠送的不提示。"
        "对外公务活动中未经批准赠送的，列为违规疑点；批准情况未填的，提示补充；经批准的不提示。",
        "What the declarant gave, unless it was refused or returned. In domestic contacts, to a duty-related party, superiors or the own "
        "unit, or colleagues: money or a rare specialty is a suspected breach; other gifts, worth more than CNY 600 beyond what came in "
        "return, a notice; a notice as well where the relation is unknown. Nothing for kin, friends and unrelated people. In foreign "
        "affairs: a suspected breach without approval, a notice where approval is not stated, nothing with it.",
    ),
    limits=("gift.excessive",),
)
def given_to_official(gift: Gift) -> Hit | None:
    """Gifts among officials may buy what courtesy does not; in foreign affairs they are the state's to give."""
    lines = gift.pick(_accepted)
    if gift.received or not lines:
        return None
    return _given_abroad(gift, lines) if gift.details.setting is GiftSetting.FOREIGN_AFFAIRS else _given_at_home(gift, lines)


def _accepted(line: Line) -> bool:
    """Neither refused nor returned by now."""
    return line.pending or line.action not in (DispositionAction.REFUSED, DispositionAction.RETURNED)


def _given_abroad(gift: Gift, lines: list[Line]) -> Hit | None:
    approved = gift.details.approved
    if approved:
        return None
    what = given(gift, lines, Text("外方", "a foreign counterpart"))
    said = Text(
        "填报为未经批准；对外公务活动中赠送礼品应当报经批准，请书面说明情况",
        "It is stated as not approved, but gifts in foreign affairs need approval. Please explain in writing",
    )
    if approved is None:
        said = Text(
            "对外公务活动中赠送礼品应当报经批准，批准情况未填，请补充",
            "Gifts in foreign affairs need approval, and it is not stated if there was one. Please add it",
        )
    return Hit(
        level=Level.NOTICE if approved is None else Level.BREACH,
        message=Text(f"{what.zh}。{said.zh}。", f"{what.en} {said.en}."),
        evidence=summed(lines) | gift.relation_evidence | {"approved": approved},
        missing=("approved",) if approved is None else (),
        remedy=_STATE_APPROVAL if approved is None else _EXPLAIN_GIVING,
        tags=frozenset({"foreign"}),
    )


def _given_at_home(gift: Gift, lines: list[Line]) -> Hit | None:
    if gift.relation is Relation.UNKNOWN:
        said = Text(
            "与受赠人的关系填报为不明，该关系决定能否赠送，请核实后补充",
            "The relation to the one given to is not known, and it decides if the gift may be given. Please find out and state it",
        )
        return _given_hit(gift, lines, Level.NOTICE, said, _STATE_RELATION)
    if not gift.duty_related and gift.relation not in _GIVEN_TO:
        return None
    barred = [line for line in lines if line.category.cash_like or line.category is GiftCategory.RARE_SPECIALTY]
    if barred:
        return _given_hit(gift, barred, Level.BREACH, _BARRED, _EXPLAIN_GIVING)
    beyond, line = _one_sided(gift, lines), gift.limits["gift.excessive"]
    if beyond <= line:
        return None
    back, above = _reciprocated(gift), _above(beyond, line)
    hit = _given_hit(gift, lines, Level.NOTICE, Text(f"{back.zh}{above.zh}", f"{back.en}{above.en}"), _EXPLAIN_GIVING)
    return replace(hit, evidence=hit.evidence | _weighed(gift, beyond))


_BARRED = Text(
    "不得向从事公务的人员赠送礼金、消费卡券、有价证券和名贵特产等明显超出正常礼尚往来的财物，请书面说明赠送事由和款物来源",
    "Money, cards, securities and rare specialties beyond ordinary courtesy may not be given to those in public service. Please explain "
    "the occasion and where the gift came from",
)


def _given_hit(gift: Gift, lines: list[Line], level: Level, said: Text, remedy: Remedy) -> Hit:
    what = given(gift, lines, _GIVEN_TO.get(gift.relation, _DUTY_RELATED))
    return Hit(
        level=level,
        message=Text(f"{what.zh}。{said.zh}。", f"{what.en} {said.en}."),
        evidence=summed(lines) | gift.relation_evidence,
        missing=("relation",) if remedy is _STATE_RELATION else (),
        remedy=remedy,
        tags=frozenset({"domestic"}),
    )
