"""What a group in statistics is called, in the reader's language, and where it stands among the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.kit.errors import Words
from app.kit.pages import Place
from app.rulebook.book import Book
from app.rulebook.finding import OUTCOMES

from .groups import By, Group

_LEVELS = {
    "clear": Words("无疑点", "nothing found"),
    "record": Words("记录", "record"),
    "notice": Words("提示", "notice"),
    "breach": Words("违规疑点", "suspected breach"),
    "serious": Words("严重疑点", "serious suspicion"),
    "refer": Words("移送", "to be referred"),
}
_NONE = {
    By.RULE: Words("非由规则得出", "found by no rule"),
    By.BAN: Words("不属十一个不准", "none of the eleven bans"),
    By.COUNTERPARTY: Words("未涉及往来对象", "no counterparty"),
}
_LAST = 99
"""Behind the eleven bans."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Codes and labels; `names` are those of the units or counterparties on the page, by id."""

    by: By
    book: Book
    names: Mapping[Any, Mapping[str, Any]]
    english: bool

    def code(self, key: Any) -> str | None:
        """The key as answers give it."""
        if key is None:
            return None
        return OUTCOMES[key] if self.by is By.LEVEL else str(key)

    def label(self, key: Any) -> str:
        """The name or title."""
        words = self._words(key)
        return words.en if self.english else words.zh

    def staff(self, group: Group) -> dict[str, Any]:
        """Of a unit: how many staff it has now, and how many declarations that makes for each; of other groups nothing."""
        persons = self.names[group.key]["persons"] if self.by is By.UNIT else None
        share = Decimal(group.declarations) / persons if persons and group.declarations is not None else None
        return {"persons": persons, "declared_per_head": None if share is None else f"{share:.2f}"}

    def _words(self, key: Any) -> Words:
        if key is None:
            return _NONE[self.by]
        match self.by:
            case By.UNIT | By.COUNTERPARTY:
                name = self.names[key]["name"]
                words = Words(name, name)
            case By.MONTH:
                words = Words(f"{key[:4]}年{int(key[5:])}月", key)
            case By.LEVEL:
                words = _LEVELS[OUTCOMES[key]]
            case By.BAN:
                words = Words(self.book.bans[key - 1].title, self.book.bans[key - 1].title_en)
            case By.KIND:
                words = Words(*self.book.kinds[key].title)
            case By.RULE:
                words = Words(*self.book.rules[key].title) if key in self.book.rules else Words(key, key)
        return words


def place(by: By, group: Group) -> Place:
    """Times and ordinals stand in their own order, everything else by the number of declarations, most first, as far as it is shown."""
    key = group.key
    if by is By.MONTH:
        return Place(int(key.replace("-", "")), "")
    if by in (By.BAN, By.LEVEL):
        return Place(_LAST if key is None else key, "")
    return Place(-(group.declarations or 0), str(key or ""))
