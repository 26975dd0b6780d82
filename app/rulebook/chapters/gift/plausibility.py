"""The rule on worths that look too low to be true, or are left out where they matter most (如实登记)."""

from functools import partial
from typing import Any

from ...citation import cite
from ...finding import Hit, Level, Remedy, Text
from ...money import yuan
from ...rule import rule
from .catalogue import Floor, floors
from .kinds import GiftCategory
from .lines import Line, seen, worths_missing
from .matter import Gift
from .notices import strongest_of
from .wording import received

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
)
def implausible_worth(gift: Gift) -> Hit | None:
    """A registration is worth as much as it is true."""
    if not gift.received:
        return None
    lines = gift.pick(lambda line: not line.gone)
    low = [(line, floor) for line in lines if gift.registers and (floor := _floor_passed(gift, line))]
    unknown = [line for line in lines if line.category is GiftCategory.RARE_SPECIALTY and line.worth is None]

    def evidence() -> dict[str, Any]:
        return {"lines": [_shown(line, floor) for line, floor in low] + seen(unknown)} | gift.relation_evidence

    return strongest_of(gift, evidence, *((partial(_low, floor), [line]) for line, floor in low), (_unknown, unknown))


def _floor_passed(gift: Gift, line: Line) -> Floor | None:
    """The highest floor of the articles named that the stated worth stays below."""
    worth = line.worth
    if worth is None:
        return None
    named = floors(line.item.description, gift.limits.day)
    return max((floor for floor in named if worth < floor.each * line.item.quantity), key=lambda floor: floor.each, default=None)


def _shown(line: Line, floor: Floor) -> dict[str, Any]:
    """A line as evidence shows it, with the floor that it stays below."""
    source = {"instrument": floor.instrument, "article": floor.article}
    compared = {"word": floor.word, "floor_each_cny": yuan(floor.each), "floor_cny": yuan(floor.each * line.item.quantity)}
    return line.seen() | {"quantity": line.item.quantity} | compared | source


def _low(floor: Floor, gift: Gift, lines: list[Line]) -> Hit:
    what, compared = received(gift, lines), _against(floor, lines[0].item.quantity)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}；{compared.zh}。核对线仅用于查找明显偏低的填报，不是法定标准，请核对品名、数量和价值，如无出入请说明估价依据。",
            f"{what.en} {compared.en}. The line only finds worths that look plainly too low; it is no law. Please check what it is, how much "
            "of it and its worth, or explain what the worth rests on.",
        ),
        remedy=_CHECK,
    )


def _against(floor: Floor, quantity: int) -> Text:
    """What the worth of a line is held against."""
    total = yuan(floor.each * quantity)
    return Text(
        f"数量为{quantity}，按{floor.title_zh}{yuan(floor.each)}元计，核对线为{total}元，所填价值低于该线",
        f"The quantity is {quantity}; at CNY {yuan(floor.each)} ({floor.title_en}) the line to check by is CNY {total}, and the stated "
        "worth is below it",
    )


def _unknown(gift: Gift, lines: list[Line]) -> Hit:
    what = received(gift, lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，系名贵特产。此类礼品应当如实登记价值，请补充价值及估价依据，必要时委托鉴定估价。",
            f"{what.en} It is a rare specialty, whose worth must be registered truthfully. Please state the worth and what it rests on, by "
            "an appraisal where needed.",
        ),
        missing=worths_missing(lines),
        remedy=_CHECK,
    )
