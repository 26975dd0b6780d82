"""The rule on what was bought too cheaply of somebody whose affairs touch the declarant's duty (低价交易)."""

from decimal import Decimal
from typing import Any

from ...citation import cite
from ...finding import Hit, Level, Text
from ...money import yuan, yuan_if_known
from ...rule import rule
from .basis import ACCEPTING, PUBLIC_OFFICIALS
from .kinds import GiftCategory
from .lines import Line, known_sum
from .matter import Gift
from .notices import strongest_of
from .wording import bought

_EXPLAIN_PRICE = Text(
    "请书面说明定价依据并附付款凭证；低于市价的差额，按本单位廉政部门意见补足或者退还。",
    "Explain in writing how the price was set, with proof of payment; make good the difference, or return it, as the integrity office says.",
)
_STATE_PRICES = Text("请补充市价和实付价款，并附凭证。", "Add the market price and the price paid, with proof of both.")
_PRICES = {
    "worth": Text("市价", "the market price"),
    "paid_price": Text("实付价款", "the price paid"),
    "exchange_rate": Text("折算汇率", "the exchange rate"),
}


@rule(
    "gift.below-price",
    18,
    title=Text("与职务有关者低价交易", "Deal below price with a duty-related party"),
    ban=7,
    basis=(
        cite("order-20", "4", "1988-12-01", who="civil"),
        cite("graft-opinions-2007", "1", "2007-07-08", confidence="S"),
        *ACCEPTING,
        PUBLIC_OFFICIALS,
    ),
    text=Text(
        "自与职务有关者处以低于市价的价格取得财物，留用、消费或者逾期未退还、未上交的，列为违规疑点；一项差额在一万元以上的，列为严重疑点。"
        "市价或者实付价款不详的，提示补充；足价的不提示。差额计入同一对象的累计数额。",
        "Something was bought from a duty-related party below its market price and kept, consumed, or not returned or handed in by the "
        "deadline: a suspected breach; serious where the difference of one line is CNY 10,000 or more. Where the market price or the price "
        "paid is not known, a notice asks for it; a full price raises nothing. The difference counts in the sum of the giver.",
    ),
    limits=("gift.large",),
)
def below_price(gift: Gift) -> Hit | None:
    """What a price leaves out is given away, whatever the deal is called."""
    if not (gift.examined and gift.duty_related):
        return None
    deals = [line for line in gift.retained if line.category is GiftCategory.BELOW_PRICE_DEAL]
    cheap = [line for line in deals if line.gap is not None and line.gap > 0]
    unknown = [line for line in deals if line.gap is None]

    def evidence() -> dict[str, Any]:
        compared = gift.relation_evidence | gift.limits_evidence("gift.large")
        return {"lines": [_priced(line) for line in cheap + unknown]} | compared | gift.handed_over_evidence(cheap + unknown)

    return strongest_of(gift, evidence, (_cheap, cheap), (_prices_needed, unknown))


def _priced(line: Line) -> dict[str, Any]:
    """A deal as evidence shows it."""
    return line.seen() | {"paid_cny": yuan_if_known(line.paid), "gap_cny": yuan_if_known(line.gap)}


def _cheap(gift: Gift, lines: list[Line]) -> Hit:
    what, worth, gap = bought(gift, lines), known_sum(lines), sum((line.gap or Decimal(0) for line in lines), Decimal(0))
    large = any(line.gap is not None and line.gap >= gift.limits["gift.large"] for line in lines)
    together = "合计" if len(lines) > 1 else ""
    return Hit(
        level=Level.SERIOUS if large else Level.BREACH,
        message=Text(
            f"{what.zh}，市价{together}{yuan(worth)}元，实付{together}{yuan(worth - gap)}元，差额{together}{yuan(gap)}元。与职务有关者的交易"
            "应当按市价付款，请说明定价依据以及是否为公开优惠，并按规定处理差额。",
            f"{what.en}, market price CNY {yuan(worth)}, paid CNY {yuan(worth - gap)}, a difference of CNY {yuan(gap)}. Deals with those "
            "whose affairs touch one's duty are paid at the market price. Please explain how the price was set and whether it was open to "
            "anybody, and settle the difference.",
        ),
        remedy=gift.remedy("explain-price", _EXPLAIN_PRICE),
    )


def _prices_needed(gift: Gift, lines: list[Line]) -> Hit:
    what, missing = bought(gift, lines), tuple(dict.fromkeys(name for line in lines for name in _prices_missing(line)))
    zh, en = "、".join(_PRICES[name].zh for name in missing), " and ".join(_PRICES[name].en for name in missing)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，{zh}不详，无法核对是否低于市价。请补充{zh}。",
            f"{what.en}. It cannot be told whether the price was below that of the market without {en}. Please state it.",
        ),
        missing=missing,
        remedy=gift.remedy("state-prices", _STATE_PRICES),
    )


def _prices_missing(line: Line) -> tuple[str, ...]:
    """The facts without which the deal cannot be compared, in the order in which a deal states them."""
    stated = {"worth": line.item.worth, "paid_price": line.item.paid_price}
    absent = tuple(name for name, money in stated.items() if money is None)
    return (*absent, "exchange_rate") if line.rate_missing else absent
