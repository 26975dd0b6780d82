"""The rule on worths that look too low to be true, or are left out where they matter most (如实登记)."""

from decimal import Decimal
from typing import Any

from ...citation import cite
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan
from ...rule import rule
from .kinds import GiftCategory
from .lines import Line, seen
from .matter import Gift
from .notices import strongest_of
from .wording import received

_ARTICLES = {
    "茅台": "gift.worth-floor.moutai",
    "五粮液": "gift.worth-floor.wuliangye",
    "中华": "gift.worth-floor.chunghwa",
    "冬虫夏草": "gift.worth-floor.caterpillar-fungus",
    "黄金": "gift.worth-floor.gold",
    "手机": "gift.worth-floor.telephone",
}
"""Common articles by the word that descriptions are searched for, with the limit that holds the least worth of one of them."""

_CHECK = Remedy(
    "check-worth",
    Text(
        "请核对品名、数量、价值和估价依据，如有出入请更正申报。",
        "Check what it is, how much of it, its worth and what that rests on; correct the declaration where it differs.",
    ),
    None,
)


@rule(
    "gift.implausible-worth",
    27,
    title=Text("礼品价值填报存疑", "Stated worth of a gift looks too low"),
    ban=7,
    basis=(cite("gift-registration", "4", "1995-04-30", confidence="S"),),
    text=Text(
        "本人或者人事部门登记的礼品（已拒收、按期退还的除外），品名含常见品类（茅台、五粮液、中华、冬虫夏草、黄金、手机）而价值低于该品类"
        "核对线乘以数量的，提示核对；名贵特产价值不详的，不论由谁填报，提示补充。核对线仅用于查找明显偏低的填报，不是法定标准。",
        "A gift registered by the declarant or HR, unless refused or returned in time, whose description names a common article (Moutai, "
        "Wuliangye, Chunghwa, caterpillar fungus, gold, a mobile telephone) and whose worth is below the line for that article times the "
        "quantity: a notice to check it. A rare specialty of unknown worth: a notice to state it, whoever filed it. The lines only find "
        "worths that look plainly too low; they are no law.",
    ),
    limits=tuple(_ARTICLES.values()),
)
def implausible_worth(gift: Gift) -> Hit | None:
    """A registration is worth as much as it is true."""
    if not gift.received:
        return None
    lines = gift.pick(lambda line: not line.gone)
    low = [line for line in lines if gift.registers and _article(gift, line)]
    unknown = [line for line in lines if line.category is GiftCategory.RARE_SPECIALTY and line.worth is None]
    compared = dict.fromkeys(limit for line in low if (limit := _article(gift, line)))
    evidence = {"lines": [_shown(gift, line) for line in low] + seen(unknown)} | gift.relation_evidence | gift.limits_evidence(*compared)
    return strongest_of(gift, evidence, *((_low, [line]) for line in low), (_unknown, unknown))


def _article(gift: Gift, line: Line) -> str | None:
    """The limit of the dearest common article named whose least worth the stated one stays below."""
    worth, named = line.worth, (limit for word, limit in _ARTICLES.items() if word in line.item.description)
    if worth is None:
        return None
    return max((limit for limit in named if worth < _least(gift, limit, line)), key=lambda limit: _least(gift, limit, line), default=None)


def _least(gift: Gift, limit: str, line: Line) -> Decimal:
    """The least worth of a line of that article, by its quantity."""
    return Decimal(gift.limits[limit]) * line.item.quantity


def _shown(gift: Gift, line: Line) -> dict[str, Any]:
    """A line as evidence shows it, with the sum that it stays below."""
    limit = _article(gift, line)
    return line.seen() | {"quantity": line.item.quantity} | ({"least_cny": yuan(_least(gift, limit, line))} if limit else {})


def _low(gift: Gift, lines: list[Line]) -> Hit:
    what, line = received(gift, lines), lines[0]
    limit, quantity = _article(gift, line) or "", line.item.quantity
    each, least = yuan(gift.limits[limit]), yuan(_least(gift, limit, line))
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}。按品名和数量（{quantity}），每单位{each}元、合计{least}元以下的填报明显偏低，请核对品名、数量、价值和估价依据。",
            f"{what.en} By its name and quantity ({quantity}), a worth below CNY {each} each, CNY {least} in all, looks plainly too low. "
            "Please check what it is, how much of it, its worth and what that rests on.",
        ),
        remedy=_CHECK,
    )


def _unknown(gift: Gift, lines: list[Line]) -> Hit:
    what = received(gift, lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}。名贵特产应当填明价值，请补充价值及估价依据。",
            f"{what.en} The worth of a rare specialty is to be stated. Please add it and what it rests on.",
        ),
        missing=tuple(dict.fromkeys(name for line in lines for name in line.worth_missing)),
        remedy=_CHECK,
    )
