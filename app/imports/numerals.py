"""Numbers as they are written in tables: with separators, with 万 and 亿, in Chinese numerals, plain or capital (大写)."""

import re
from decimal import Decimal

_DIGITS = {
    **dict(zip("零〇一二三四五六七八九", [0, *range(10)], strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖两貳參陸弍", [*range(1, 10), 2, 2, 3, 6, 2], strict=True)),
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}

_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:[ '’][0-9]{3})+(?:\.[0-9]+)?"
_PLAIN = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_TOKEN = re.compile(f"{_GROUPED}|{_PLAIN}|.", re.DOTALL)
_POSITIONAL = re.compile("[一二三四五六七八九][〇零一二三四五六七八九]+")
_MOST = 40
"""Characters that a number may have: no sum needs more."""


def read_numeral(text: str) -> Decimal | None:
    """The number that the text is, never negative; None when it is none, or when it could be two.

    三千零五 is 3005. 三千五 is what one says for 3500 and what one writes when a word is lost, so it is none.
    """
    if not text or len(text) > _MOST:
        return None
    if _POSITIONAL.fullmatch(text) and ("〇" in text or "零" in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    reading = _Reading()
    return reading.value if all(reading.takes(written) for written in _TOKEN.findall(text)) and reading.ends_well else None


class _Reading:
    """A number on the way from its first sign to its last: units fall, within a myriad and from myriad to myriad."""

    def __init__(self) -> None:
        self._total = self._section = Decimal(0)
        self._digit: Decimal | None = None
        self._unit = self._myriad = 10**12
        self._after_nought = self._begun = False

    @property
    def value(self) -> Decimal:
        return self._total + self._section + (self._digit or 0)

    @property
    def ends_well(self) -> bool:
        """A last digit alone stands after nought or ten, or is the whole number."""
        follows_a_unit = self._unit < 10**12 or self._myriad < 10**12
        exact = self._after_nought or self._unit == 10 or not follows_a_unit
        return self._begun and (self._digit is None or exact)

    def takes(self, written: str) -> bool:
        """Whether it can come next."""
        if written in _UNITS:
            return self._take_unit(_UNITS[written])
        if written in _MYRIADS:
            return self._take_myriad(_MYRIADS[written])
        if written in "零〇" and self._begun and self._digit is None:
            self._after_nought = True
            return True
        return self._take_digit(written)

    def _take_digit(self, written: str) -> bool:
        if self._digit is not None:
            return False
        if written in _DIGITS:
            self._digit = Decimal(_DIGITS[written])
        elif written[0] in ".0123456789":
            self._digit = Decimal(re.sub(r"[^0-9.]", "", written))
        else:
            return False
        self._begun = True
        return True

    def _take_unit(self, unit: int) -> bool:
        if unit >= self._unit or (self._digit is None and (unit != 10 or self._after_nought)):
            return False
        self._section += (1 if self._digit is None else self._digit) * unit
        self._digit, self._unit, self._after_nought, self._begun = None, unit, False, True
        return True

    def _take_myriad(self, myriad: int) -> bool:
        amount = self._section + (self._digit or 0)
        if myriad >= self._myriad or not amount or not self.ends_well:
            return False
        self._total += amount * myriad
        self._section, self._digit, self._unit, self._myriad, self._after_nought = Decimal(0), None, 10**12, myriad, False
        return True
