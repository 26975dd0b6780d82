"""Gifts at weddings, funerals and the like, whether the gift was declared or the event (婚丧喜庆收受礼金)."""

from typing import Any

from ...benefits import CEREMONIES, CeremonyGifts
from ...citation import cite, discipline
from ...dates import written
from ...finding import Hit, Level, Remedy, Text
from ...matter import Matter
from ...money import yuan, yuan_if_known
from ...rule import rule

_RETURN = Text(
    "请退还；无法退还的，登记上交本单位登记受理部门，并说明情况。",
    "Please return them; where that is impossible, register them, hand them in to your unit's registry and explain.",
)
_STATE_SOURCE = Text(
    "请核实其中来自与职务有关一方的金额并补充，没有的填零。",
    "Find out how much came from givers related to your duty and add it, zero if none did.",
)


@rule(
    "gift.ceremony-duty-related",
    15,
    title=Text("婚丧喜庆收受与职务有关一方的礼品礼金", "Gifts of duty-related givers at a family event"),
    ban=7,
    basis=(
        *discipline(("2015", "85", "S"), ("2018", "91", "S"), ("2023", "100", "I")),
        cite("sanctions", "34(1)", "2020-07-01"),
        cite("gift-registration", "2(1)", "1995-04-30", confidence="S"),
    ),
    text=Text(
        "在婚丧喜庆事宜中收受与职务有关一方的礼品礼金，留存、消费或者逾期未退还上交的，不论数额列为违规疑点，与留存礼品、"
        "收受现金等疑点并存；回礼不免除。婚礼、丧事、生日、生育、乔迁属婚丧喜庆，患病、升职不属。"
        "申报操办事宜时收到礼金而未说明其中来自与职务有关一方金额的，提示补充。",
        "Gifts of duty-related givers at a family event, kept, used up or not returned or handed in by the deadline, are a suspected "
        "breach at any worth, beside what other rules find on the same gift; courtesy returned does not clear them. Weddings, funerals, "
        "birthdays, births and housewarmings count, illness and promotion do not. Where an event is declared and its gifts are, but not "
        "how much came from duty-related givers, a notice asks for it.",
    ),
)
def ceremony_duty_related(matter: Matter[Any]) -> Hit | None:
    """A ceremony excuses no gift that would not be accepted on another day."""
    gifts = matter.ceremony_gifts()
    if gifts is None:
        return None
    unknown = bool(gifts.missing)
    action, step = ("state-source-of-gifts", _STATE_SOURCE) if unknown else ("return-or-surrender", _RETURN)
    return Hit(
        level=Level.NOTICE if unknown else Level.BREACH,
        message=_unknown_words(matter, gifts) if unknown else _words(matter, gifts),
        evidence={"occasion": gifts.occasion, **gifts.seen, **matter.relation_evidence, "gifts_cny": yuan_if_known(gifts.amount)},
        missing=gifts.missing,
        remedy=Remedy(action, step, gifts.due_on),
    )


def _words(matter: Matter[Any], gifts: CeremonyGifts) -> Text:
    lead, worth = _lead(matter, gifts), _worth(gifts)
    return Text(
        f"{lead.zh}收到与职务有关一方所送{gifts.what.zh}{worth.zh}。婚丧喜庆也不得收受此类礼品礼金，不论数额多少、是否回礼。{_RETURN.zh}",
        f"{lead.en}{gifts.what.en}{worth.en}, from somebody related to the declarant's duty. Such gifts may not be accepted at family "
        f"events either, at any worth, whether courtesy was returned or not. {_RETURN.en}",
    )


def _unknown_words(matter: Matter[Any], gifts: CeremonyGifts) -> Text:
    lead, worth = _lead(matter, gifts), _worth(gifts)
    return Text(
        f"{lead.zh}收到{gifts.what.zh}{worth.zh}，其中来自与职务有关一方的金额未填。请核实并补充，没有的填零。",
        f"{lead.en}{gifts.what.en}{worth.en}. How much of it came from givers related to the declarant's duty is not stated. Please find "
        "out and add it, zero if none did.",
    )


def _lead(matter: Matter[Any], gifts: CeremonyGifts) -> Text:
    """The day and the ceremony, with which every message begins."""
    day, named = matter.window.start, CEREMONIES[gifts.occasion]
    return Text(f"{written(day)}因{named.zh}", f"Received on {day} on the occasion of {named.en}: ")


def _worth(gifts: CeremonyGifts) -> Text:
    """What the gifts were worth together; nothing where it is not known in CNY."""
    if gifts.amount is None:
        return Text("", "")
    return Text(f"，价值{yuan(gifts.amount)}元", f" worth CNY {yuan(gifts.amount)}")
