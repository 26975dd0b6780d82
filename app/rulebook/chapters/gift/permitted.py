"""The rule that notes what the positive list permits."""

from ...citation import cite
from ...finding import Hit, Level, Text
from ...money import yuan
from ...rule import rule
from .lines import summed
from .matter import Gift
from .wording import OF_DUTY_RELATED, received


@rule(
    "gift.promotional-item",
    26,
    title=Text("公开活动中的小额宣传品", "Small promotional article from a public event"),
    ban=7,
    basis=(cite("guangzhou-guide", None, "2024-09-01", confidence="S"),),
    text=Text(
        "在公开活动中收下与职务有关的企业所发、单项价值不足一百元的宣传品，依正面清单予以记录，不作疑点；对这些宣传品，留存、登记、上交、"
        "亲友、重复收受、累计数额等规则不再提示。同一清单中的其他礼品照常核查。",
        "Promotional articles of a duty-related giver from a public event, each line worth less than CNY 100: noted as permitted by the "
        "positive list. For these lines the rules on keeping, registering, handing in, kin, repetition and sums stay silent; other lines "
        "of the same gift are examined as ever.",
    ),
    limits=("gift.promotional",),
    spares=(
        "gift.duty-related-kept",
        "gift.unregistered",
        "gift.registered-late",
        "gift.not-surrendered",
        "gift.kin-and-duty-related",
        "combined.split-or-repeated",
        "combined.criminal-threshold",
        "gift.reception-souvenir",
    ),
)
def promotional_item(gift: Gift) -> Hit | None:
    """What the positive list permits is noted, so that nobody has to fear a free pen."""
    lines = gift.pick(lambda line: line.permitted and not line.gone)
    if not (lines and gift.received):
        return None
    what, ceiling = received(gift, lines, OF_DUTY_RELATED), yuan(gift.limits["gift.promotional"])
    return Hit(
        level=Level.RECORD,
        message=Text(
            f"{what.zh}，系公开活动中发放的宣传品，每项价值不足{ceiling}元，属正面清单允许接受的范围，予以记录，无需处理。",
            f"{what.en} It is promotional material from a public event, each line below CNY {ceiling}, which the positive list permits. "
            "It is put on record; nothing needs to be done.",
        ),
        evidence=summed(lines) | gift.relation_evidence | gift.limits_evidence("gift.promotional"),
    )
