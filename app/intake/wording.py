"""The words of advice: one sentence that answers, one with the numbers that matter. They tell what the rules say, not what would follow."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from app.rulebook.book import Book
from app.rulebook.finding import Text
from app.rulebook.money import yuan
from app.screening.findings import Document
from app.screening.judging import AnyMatter

from .titles import title_of

Numbers: TypeAlias = tuple[Text, Decimal | None, Decimal | None, Decimal]
"""A limit's title, the sum without and with the matter, and its value, in CNY."""


class Act(StrEnum):
    """What somebody asks about."""

    ACCEPT = "accept"
    GIVE = "give"
    TAKE_PART = "take_part"
    BORROW = "borrow"
    LEND = "lend"
    CELEBRATE = "celebrate"
    HOLD = "hold"
    TAKE_POST = "take_post"


_BY_KIND = {
    "meal": Act.TAKE_PART,
    "activity": Act.TAKE_PART,
    "family_event": Act.CELEBRATE,
    "shareholding": Act.HOLD,
    "outside_post": Act.TAKE_POST,
}
_BY_DIRECTION = {"received": Act.ACCEPT, "given": Act.GIVE, "borrowed": Act.BORROW, "lent": Act.LEND}

_DOING: Mapping[Act, Text] = MappingProxyType(
    {
        Act.ACCEPT: Text("收下", "accept it"),
        Act.GIVE: Text("赠送", "give it"),
        Act.TAKE_PART: Text("参加", "take part"),
        Act.BORROW: Text("借用", "borrow it"),
        Act.LEND: Text("出借", "lend it"),
        Act.CELEBRATE: Text("这样操办", "hold it like this"),
        Act.HOLD: Text("持有", "hold it"),
        Act.TAKE_POST: Text("担任", "take the post"),
    }
)

REFUSE: Mapping[Act, Text] = MappingProxyType(
    {
        Act.ACCEPT: Text(
            "请当场谢绝；已经收到的，退还对方并留存凭证。", "Decline it on the spot; what has arrived already, return and keep proof."
        ),
        Act.GIVE: Text("请不要赠送。", "Do not give it."),
        Act.TAKE_PART: Text("请谢绝邀请。", "Decline the invitation."),
        Act.BORROW: Text("请不要借用。", "Do not borrow it."),
        Act.LEND: Text("请不要出借。", "Do not lend it."),
        Act.CELEBRATE: Text("请调整规模和安排后再办。", "Change its scale and arrangement before it is held."),
        Act.HOLD: Text("请不要取得该权益。", "Do not acquire it."),
        Act.TAKE_POST: Text("请谢绝该职务。", "Decline the post."),
    }
)
APPROVE_FIRST = Text(
    "请在此日之前向本单位负责人或者人事部门报批，获批后再进行。",
    "Ask the head of your unit, or HR, for approval by that day, and go ahead only once it is granted.",
)
DECLARE = Text("请按期如实申报登记；提交申报即为登记。", "Declare it truthfully in time; filing the declaration registers it.")
SUPPLY = Text("请补充尚缺的事实。", "Add the facts that are wanting.")
ASK_A_PERSON = Text(
    "请向本单位廉政部门说明情况，得到答复后再决定。",
    "Explain it to the discipline-and-supervision office of your unit, and decide once it has answered.",
)

_ANSWERS: Mapping[str, Text] = MappingProxyType(
    {
        "yes": Text("可以{doing}：按所填情况，未发现不允许之处。", "Yes, you may {doing}: as stated, nothing speaks against it."),
        "yes_with_duties": Text(
            "可以{doing}，但须办理下列事项{reason}。", "Yes, you may {doing}, but see to what is listed below{reason}."
        ),
        "ask_first": Text(
            "请先报批，获批之前不要{doing}{reason}。", "Ask for approval first, and do not {doing} before it is granted{reason}."
        ),
        "no": Text("不应{doing}{reason}。", "No, do not {doing}{reason}."),
        "unclear": Text("尚不能确定可否{doing}{reason}{facts}。", "It is not clear yet if you may {doing}{reason}{facts}."),
    }
)


_BY_A_PERSON = Text("，须由廉政部门的人员判断", "; a person in the discipline-and-supervision office has to judge")


def act_of(matter: AnyMatter) -> Act:
    """What the matter is about for its declarant."""
    direction: Any = getattr(matter.details, "direction", None)
    return _BY_KIND.get(matter.kind) or _BY_DIRECTION[str(direction)]


def said_of(book: Book, answer: str, matter: AnyMatter, reason: Document | None, numbers: Numbers | None) -> Text:
    """The answer in words, and the numbers where a sum nears a limit."""
    doing, words = _DOING[act_of(matter)], _ANSWERS[answer]
    facts = [title_of(book.details(matter.kind), fact) for fact in (reason or {}).get("missing_facts", ())]
    why, sums = _because(reason), _sums(numbers)
    first = _BY_A_PERSON
    if facts:
        zh_facts, en_facts = "、".join(fact.zh for fact in facts), "; ".join(fact.en for fact in facts)
        first = Text(f"，请先补充：{zh_facts}", f". State first: {en_facts}")
    zh = words.zh.format(doing=doing.zh, reason=why.zh, facts=first.zh)
    en = words.en.format(doing=doing.en, reason=why.en, facts=first.en)
    return Text(zh + sums.zh, en + sums.en)


def _because(reason: Document | None) -> Text:
    """What it touches and where that stands, in brackets: the first row of the basis that has an article."""
    if reason is None:
        return Text("", "")
    rows = sorted(reason["basis"], key=lambda row: row["article"] is None)
    first = rows[0]
    zh, en = reason["title"]["zh"], reason["title"]["en"]
    article = first["article"]
    where_zh = f"《{first['instrument']}》" + (f"第{article}条" if article else "")
    where_en = first["instrument"] + (f", article {article}" if article else "")
    return Text(f"（涉及“{zh}”，{where_zh}）", f" (this touches on “{en}”; {where_en})")


def _sums(numbers: Numbers | None) -> Text:
    if numbers is None or numbers[1] is None or numbers[2] is None:
        return Text("", "")
    title, before, after, value = numbers[0], *(yuan(amount) for amount in (numbers[1], numbers[2], numbers[3]))
    return Text(
        f"{title.zh}为{value}元：此前累计{before}元，连同本次{after}元。",
        f" {title.en}: CNY {value}; so far CNY {before}, with this CNY {after}.",
    )
