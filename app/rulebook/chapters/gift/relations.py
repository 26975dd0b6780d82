"""Rules on who stands behind a gift and in whose hands it came."""

from typing import Any

from ...citation import cite, discipline
from ...dates import iso, written
from ...finding import Hit, Level, Text, strongest
from ...rule import rule
from ...statement import Relation
from .basis import RECEIVED_OF_DUTY_RELATED
from .lines import Line, LineState, summed
from .matter import Gift
from .wording import OF_DUTY_RELATED, fate, received, step


@rule(
    "gift.relation-unknown",
    9,
    title=Text("与赠送人关系不明", "Relation to the giver unknown"),
    ban=7,
    basis=(cite("gift-registration", "2", "1995-04-30", confidence="S"),),
    text=Text(
        "与赠送人的关系填报不明，登记信息也无记载，而礼品仍在手中、已消费或者处置日期不详的，提示补充关系。关系不明不视为无关。",
        "The relation to the giver is stated as unknown, the register knows none, and the gift is still held, consumed, or disposed of "
        "on no stated day: a notice asks for the relation. Unknown never counts as unrelated.",
    ),
)
def relation_unknown(gift: Gift) -> Hit | None:
    """An unknown giver must not pass as an unrelated one."""
    if not gift.received or gift.relation is not Relation.UNKNOWN:
        return None
    lines = gift.pick(lambda line: line.unsettled)
    if not lines:
        return None
    what = received(gift, lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，与赠送人的关系填报为不明，登记信息中亦无记载。该关系决定能否接受、是否应当上交，请核实后补充。",
            f"{what.en} The relation to the giver is stated as unknown, and the register knows none. It decides whether the gift may be "
            "accepted and must be handed in; please find out and state it.",
        ),
        evidence=summed(lines) | gift.relation_evidence,
        missing=("relation",),
        remedy=gift.remedy(
            "state-relation", Text("请核实并补报与赠送人的关系。", "Establish the relation to the giver and add it to the declaration.")
        ),
    )


@rule(
    "gift.kin-and-duty-related",
    10,
    title=Text("亲友同时与职务有关", "Kin or friend who is also duty-related"),
    ban=7,
    basis=RECEIVED_OF_DUTY_RELATED,
    text=Text(
        "赠送人既是亲友又与职务有关，礼品仍在手中、已消费或者处置日期不详的，提示说明目的、数额、往来是否对等以及是否及时退还。"
        "亲友身份不免除也不减轻其他疑点。",
        "The giver is kin or a friend and also duty-related, and the gift is held, consumed or disposed of on no stated day: a notice "
        "asks for purpose, amount, mutuality and timely return. Being kin neither clears nor lowers what other rules find.",
    ),
    limits=("gift.promotional",),
)
def kin_and_duty_related(gift: Gift) -> Hit | None:
    """Kinship explains a gift and does not excuse it, so a person weighs both."""
    close = gift.details.also_kin or gift.details.relation.private
    if not (gift.received and gift.duty_related and close):
        return None
    lines = gift.pick(lambda line: line.unsettled and not line.permitted and not line.earned)
    if not lines:
        return None
    what = received(gift, lines)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}；赠送人既是亲友，又与职务有关。请说明赠送目的、数额是否相称、往来是否对等以及是否及时退还。",
            f"{what.en} The giver is kin or a friend and also duty-related. Please explain the purpose, whether the worth is in keeping, "
            "whether gifts go both ways, and whether it was returned in time.",
        ),
        evidence=summed(lines) | gift.relation_evidence | {"also_kin": gift.details.also_kin},
        remedy=gift.remedy("explain", Text("请书面说明与赠送人的往来情况。", "Explain the exchange with the giver in writing.")),
    )


_RETURN_OR_HAND_IN = Text(
    "请督促退还；无法退还的，登记上交本单位登记受理部门。",
    "Have it returned; where that is impossible, register it and hand it in to your unit's registry.",
)


@rule(
    "gift.family-received",
    11,
    title=Text("亲属等代收与职务有关的礼品", "Gift of a duty-related giver taken by family or others"),
    ban=7,
    basis=(
        *discipline(("2018", "85(2)", "S"), ("2023", "94(2)", "M")),
        cite("cash-2001", "5", "2001-01-01", who="section+", confidence="S", unsure="day"),
        cite("graft-interpretation", "16(2)", "2016-04-18"),
    ),
    text=Text(
        "配偶、子女、父母或者他人收受与职务有关者所送礼品：本人是否知悉未填的，提示补充；本人知悉后留存或者逾期未退还上交的，为严重疑点；"
        "期限未满的，提示在知悉后一个月内退还或者上交。",
        "Spouse, child, parent or somebody else took a gift of a duty-related giver: a notice where it is not stated when the declarant "
        "learnt of it; serious where the declarant knew and it was kept or not handed over by the deadline; a notice while the month "
        "from learning of it still runs.",
    ),
)
def family_received(gift: Gift) -> Hit | None:
    """What family takes counts as received once the declarant knows and does not have it returned."""
    if gift.own_hands or not (gift.received and gift.duty_related):
        return None
    if gift.details.aware_on is None:
        unsettled = gift.pick(lambda line: line.unsettled)
        return _awareness_unknown(gift, unsettled) if unsettled else None
    retained, still_open = gift.retained, gift.pick(lambda line: line.state is LineState.OPEN)
    hits = [_known_and_kept(gift, retained)] if retained else []
    return strongest([*hits, _known_and_open(gift, still_open)] if still_open else hits)


def _awareness_unknown(gift: Gift, lines: list[Line]) -> Hit:
    what = received(gift, lines, OF_DUTY_RELATED)
    return Hit(
        level=Level.NOTICE,
        message=Text(
            f"{what.zh}，本人是否知悉未填。请说明是否知悉以及知悉日期，一个月的退还、上交期限自知悉之日起算。",
            f"{what.en} It is not stated whether the declarant knew. Please state whether and since when: the month to return it or hand "
            "it in counts from that day.",
        ),
        evidence=_taken_by(gift, lines),
        missing=("aware_on",),
        remedy=gift.remedy("state-awareness", Text("请补报本人知悉日期。", "Add the day on which the declarant learnt of it.")),
    )


def _known_and_kept(gift: Gift, lines: list[Line]) -> Hit:
    return _known(
        gift,
        lines,
        Level.SERIOUS,
        step(gift, lines, Text("督促退还或者登记上交", "have it returned, or register it and hand it in,")),
    )


def _known_and_open(gift: Gift, lines: list[Line]) -> Hit:
    return _known(
        gift, lines, Level.NOTICE, Text("请按期退还或者登记上交", "Please have it returned, or register it and hand it in, by then")
    )


def _known(gift: Gift, lines: list[Line], level: Level, ask: Text) -> Hit:
    what, became, by = received(gift, lines, OF_DUTY_RELATED), fate(lines), gift.deadline.said(gift.today)
    since = gift.details.aware_on or gift.details.received_on
    return Hit(
        level=level,
        message=Text(
            f"{what.zh}，本人于{written(since)}知悉，{became.zh}；退还、上交{by.zh}。{ask.zh}。",
            f"{what.en} The declarant has known since {since}, but {became.en}; {by.en}. {ask.en}.",
        ),
        evidence=_taken_by(gift, lines),
        remedy=gift.remedy("return-or-surrender", _RETURN_OR_HAND_IN),
    )


def _taken_by(gift: Gift, lines: list[Line]) -> dict[str, Any]:
    taken = {"receiver": gift.details.receiver.value, "aware_on": iso(gift.details.aware_on)}
    return summed(lines) | gift.relation_evidence | taken | gift.clock_evidence | gift.handed_over_evidence(lines)
