"""The rule on what a host body hands to its visitors (公务接待、会议中赠送的纪念品、土特产)."""

from typing import Any

from ...citation import cite
from ...finding import Hit, Level, Text
from ...rule import rule
from ...statement import PartyType
from .basis import ACCEPTING, PUBLIC_OFFICIALS
from .kinds import GiftCategory, GiftOccasion
from .lines import Line, summed
from .matter import Gift
from .wording import fate, received, sentence, step

_OCCASIONS = frozenset({GiftOccasion.MEETING, GiftOccasion.VISIT})
_HANDED_TO_GUESTS = frozenset({GiftCategory.SOUVENIR, GiftCategory.GOODS, GiftCategory.RARE_SPECIALTY})
_OF_HOST = Text("接待单位所送", " from the body that hosted a visit or meeting")
_RETURN_OR_HAND_IN = Text(
    "请退还接待单位；无法退还的，登记上交本单位登记受理部门。",
    "Return it to the host; where that is impossible, register it and hand it in to your unit's registry.",
)


@rule(
    "gift.reception-souvenir",
    42,
    title=Text("收受接待单位所送纪念品、土特产等", "Souvenir or the like from a host body"),
    ban=7,
    basis=(cite("reception", None, "2013-12-01", confidence="S", unsure="number"), *ACCEPTING, PUBLIC_OFFICIALS),
    text=Text(
        "自2013年12月1日起，在会议或者访问中收受机关单位所送纪念品、实物、名贵特产、现金类，留用、消费或者逾期未退还、未上交的，"
        "不论与对方关系、不论价值，均为违规疑点。企业所送、涉外往来的不适用。",
        "Since 2013-12-01 a souvenir, goods, a rare specialty, money or the like from a public body at a meeting or visit, kept, consumed, "
        "or not returned or handed in by the deadline: a suspected breach at any worth and of any relation. Not for companies, nor for "
        "gifts under the foreign-affairs rules.",
    ),
)
def reception_souvenir(gift: Gift) -> Hit | None:
    """A host body spends public money on its guests, so even a trifle is no courtesy."""
    of_host = gift.giver_type is PartyType.PUBLIC_BODY and gift.details.occasion in _OCCASIONS
    if gift.foreign or not (gift.examined and of_host):
        return None
    lines = [line for line in gift.retained if _handed_to_guests(line)]
    if not lines:
        return None
    what, became, by = received(gift, lines, _OF_HOST), fate(lines), gift.deadline.said(gift.today)
    ask = step(gift, lines, _RETURN)
    return Hit(
        level=Level.BREACH,
        message=Text(
            f"{what.zh}，{became.zh}；退还、上交{by.zh}。公务接待和会议中不得以任何名义赠送礼金、有价证券、纪念品和"
            f"土特产品，此类礼品不论价值均不宜收受，{ask.zh}。",
            f"{what.en} {sentence(became.en)}; {by.en}. Hosts of official visits and meetings may hand out no "
            f"money, securities, souvenirs or local products under any name, so none should be accepted at any worth. {ask.en}.",
        ),
        evidence=_seen(gift, lines),
        remedy=gift.remedy("return-or-surrender", _RETURN_OR_HAND_IN),
    )


def _seen(gift: Gift, lines: list[Line]) -> dict[str, Any]:
    found = summed(lines) | gift.relation_evidence | gift.clock_evidence
    return found | gift.handed_over_evidence(lines) | {"giver_type": PartyType.PUBLIC_BODY.value}


_RETURN = Text("退还或者登记上交", "return it, or register it and hand it in,")


def _handed_to_guests(line: Line) -> bool:
    return line.category.cash_like or line.category in _HANDED_TO_GUESTS
