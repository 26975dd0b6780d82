"""How messages speak of a gift: who received what, when and of which worth, what became of it, and what to do now."""

from collections.abc import Sequence

from ...benefits import quoted
from ...dates import written
from ...finding import Remedy, Text
from ...money import yuan
from .kinds import DispositionAction, GiftReceiver, GiftSetting
from .lines import Line, known_sum, total_times, worths_missing
from .matter import Gift

OF_ANYBODY = Text("", "")
OF_DUTY_RELATED = Text("与职务有关的赠送人所送", " from a duty-related giver")
GIFTS = Text("礼品", "")
MONEY = Text("礼金或者有价证券", ", money or securities")

_RECEIVERS = {
    GiftReceiver.SELF: Text("", ""),
    GiftReceiver.SPOUSE: Text("配偶于", " by the spouse"),
    GiftReceiver.CHILD: Text("子女于", " by a child"),
    GiftReceiver.PARENT: Text("父母于", " by a parent"),
    GiftReceiver.OTHER_RELATIVE: Text("其他亲属于", " by a relative"),
    GiftReceiver.OTHER: Text("他人于", " by somebody else"),
}
_START_DAYS = {
    "returned_to_unit_on": Text("回本单位日期", "the day of return to the unit"),
    "returned_to_country_on": Text("回国日期", "the day of return to China"),
    "aware_on": Text("本人知悉日期", "the day on which you learnt of it"),
}


def received(gift: Gift, lines: Sequence[Line], of: Text = OF_ANYBODY) -> Text:
    """What was received, with which a message on a gift begins; `of` says where it came from."""
    who, when, goods, worth = _RECEIVERS[gift.details.receiver], _came(gift, lines), named(lines), said_worth(lines)
    return Text(f"{who.zh}{when.zh}收受{of.zh}{goods.zh}，{worth.zh}", f"Received{who.en} {when.en}{of.en}: {goods.en}, {worth.en}.")


def bought(gift: Gift, lines: Sequence[Line]) -> Text:
    """What was bought of a duty-related party, with which a message on a cheap deal begins; the prices follow."""
    who, when, goods = _RECEIVERS[gift.details.receiver], _came(gift, lines), named(lines)
    return Text(f"{who.zh}{when.zh}自与职务有关的一方购得{goods.zh}", f"Bought{who.en} {when.en} from a duty-related party: {goods.en}")


def given(gift: Gift, lines: Sequence[Line], to: Text) -> Text:
    """What the declarant gave, with which a message on a gift given begins; `to` says to whom."""
    when, goods, worth = _came(gift, lines), named(lines), said_worth(lines)
    return Text(f"{when.zh}向{to.zh}赠送{goods.zh}，{worth.zh}", f"Given {when.en} to {to.en}: {goods.en}, {worth.en}.")


def in_foreign_affairs(gift: Gift, what: Text) -> Text:
    """Where a gift under the foreign-affairs rules came from."""
    if gift.details.setting is GiftSetting.FOREIGN_AFFAIRS:
        return Text(f"涉外{what.zh}", f" in foreign affairs{what.en}")
    return Text(f"港澳台人士所送{what.zh}", f" from a giver of Hong Kong, Macao or Taiwan{what.en}")


def _came(gift: Gift, lines: Sequence[Line]) -> Text:
    """When, and how often."""
    since, times = gift.details.received_on, total_times(lines)
    if times == len(lines):
        return Text(written(since), f"on {since}")
    return Text(f"{written(since)}起分{times}次", f"{times} times from {since} on")


def named(lines: Sequence[Line]) -> Text:
    """Lines as a message names them."""
    return quoted([line.item.description for line in lines])


def said_worth(lines: Sequence[Line]) -> Text:
    """The worth of lines as a message says it; a sum that leaves something out says so."""
    total, together = known_sum(lines), "合计" if len(lines) > 1 else ""
    if not worths_missing(lines):
        return Text(f"价值{together}{yuan(total)}元", f"worth CNY {yuan(total)}")
    if not total:
        return Text("价值不详", "of unknown worth")
    return Text(f"已知价值{together}{yuan(total)}元，另有价值不详的", f"worth CNY {yuan(total)} and an unknown sum besides")


def fate(lines: Sequence[Line]) -> Text:
    """What became of lines that are still held, or were handed over too late."""
    found = list(dict.fromkeys(_fate(line) for line in lines))
    if len(found) == 1:
        return found[0]
    return Text("、".join(f"部分{words.zh}" for words in found), ", ".join(f"in part {words.en}" for words in found))


def _fate(line: Line) -> Text:
    if line.pending:
        return Text("尚未处置", "it has not been disposed of yet")
    if line.handed_over_on:
        return Text(f"至{written(line.handed_over_on)}才处置", f"it was handed over only on {line.handed_over_on}")
    if line.action is DispositionAction.CONSUMED:
        return Text("已消费使用", "it was used up")
    return Text("已留用", "it was kept")


def sentence(words: str) -> str:
    """English words as the beginning of a sentence."""
    return words[0].upper() + words[1:]


def step(gift: Gift, lines: Sequence[Line], act: Text) -> Text:
    """What to do now about lines: what is gone can only be explained."""
    return act_in_time(gift, act) if any(line.held for line in lines) else explain(gift, lines)


def explain(gift: Gift, lines: Sequence[Line]) -> Text:
    """To explain lines that are gone.

    What was handed over late but of one's own accord may weigh in favour (政务处分法 第十一条第六项); that lowers no level here.
    """
    days = [day for line in lines if (day := line.handed_over_on)]
    if not days:
        return Text("请书面说明情况", "Please explain in writing")
    if opened := gift.inquiry_before(max(days)):
        return Text(
            f"请书面说明情况；处置时对申报人的核查已于{written(opened)}开始，是否主动由审查人员核实后一并考虑",
            f"Please explain in writing; an inquiry into the declarant had been opened on {opened}, so that a person must establish if it "
            "was handed over of one's own accord",
        )
    return Text(
        "请书面说明情况；系主动退还、上交的，该情节由审查人员一并考虑",
        "Please explain in writing; that it was handed over of one's own accord, if it was, is weighed in favour",
    )


def act_in_time(gift: Gift, act: Text) -> Text:
    """To do something by the deadline, or at once with an explanation; or soon, where nobody can tell if it has passed."""
    if gift.deadline.runs_on(gift.today):
        return Text(f"请按期{act.zh}", f"Please {act.en} by then")
    if gift.deadline.on is None:
        return Text(f"请补充{start_day(gift).zh}，并尽快{act.zh}", f"Please add {start_day(gift).en}, and {act.en} soon")
    return Text(f"请立即{act.zh}，并说明逾期原因", f"Please {act.en} at once and explain why it is late")


def start_day(gift: Gift) -> Text:
    """The day that would start the month, as a message asks for it."""
    return _START_DAYS[gift.deadline.missing]


def state_start_day(gift: Gift) -> Remedy:
    """The next step where that day is not stated."""
    day = start_day(gift)
    return gift.remedy("state-start-day", Text(f"请补充{day.zh}。", f"Add {day.en}."))
