"""Sums of money as tables hold them: £50, 约50元, ￥1,888.00, 人民币壹仟元整, 1.5万元, USD 200.

A value that is said to be about right is an estimate, and noted as one. A value that is said to be unknown is none, never 0. A range, a bound and a
sum without a sure currency are refused: which sum is meant is for people to say.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from app.kit.errors import Words
from app.rulebook.money import CURRENCIES, Money

from .cells import Cell, CellError, folded, is_absent
from .numerals import read_numeral


class Sum(NamedTuple):
    """What a cell says of a value; None where it says that there is none, or that it is not known. `estimated`: the cell says that it is about right."""

    money: Money | None
    estimated: bool = False


NOTHING = Sum(None)

_SHARED = {"¥": ("CNY", "JPY"), "元": ("CNY", "HKD", "TWD", "MOP", "SGD"), "圆": ("CNY", "JPY"), "块": ("CNY", "HKD", "TWD", "MOP", "SGD")}
"""Signs of several currencies: that of the table where it is one of them, else the first."""

_DOLLARS = ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD")
"""$ is the table's own dollar; in a table of another currency nobody can tell which."""

_SIGNS = {
    "CNY": ("人民币", "rmb", "cn¥", "cny¥", "rmb¥", "yuan", "renminbi", "元人民币"),
    "GBP": ("£", "英镑", "镑", "pounds sterling", "sterling", "pounds", "pound", "gbp£", "£gbp"),
    "USD": ("us$", "usd$", "$us", "$usd", "美元", "美金", "us dollars", "u.s. dollars"),
    "EUR": ("€", "欧元", "euros", "euro", "eur€"),
    "JPY": ("日元", "日圆", "jp¥", "jpy¥", "yen"),
    "HKD": ("hk$", "hkd$", "港币", "港元", "港圆"),
    "MOP": ("mop$", "澳门元", "澳门币", "葡币"),
    "TWD": ("nt$", "ntd", "新台币", "台币"),
    "AUD": ("a$", "au$", "aud$", "$a", "$aud", "澳元", "澳币", "australian dollars"),
    "CAD": ("c$", "ca$", "cad$", "加元", "加币", "canadian dollars"),
    "NZD": ("nz$", "nzd$", "新西兰元", "纽元"),
    "SGD": ("s$", "sg$", "sgd$", "新加坡元", "新元", "坡币"),
    "KRW": ("₩", "韩元", "韩币", "won"),
    "INR": ("₹", "卢比", "rs", "rs.", "rupees"),
    "RUB": ("₽", "卢布", "roubles", "rubles"),
    "CHF": ("瑞士法郎", "sfr", "swiss francs"),
    "THB": ("฿", "泰铢", "baht"),
    "VND": ("₫", "越南盾", "dong"),
    "MYR": ("rm", "林吉特", "马币", "ringgit"),
    "AED": ("迪拉姆", "dirhams"),
    "SAR": ("沙特里亚尔", "riyals"),
    "ILS": ("₪",),
    "TRY": ("₺",),
    "BRL": ("r$",),
    "NGN": ("₦",),
    "PHP": ("₱",),
}
_CURRENCY = {sign: code for code, signs in _SIGNS.items() for sign in signs} | {code.casefold(): code for code in CURRENCIES}
_ALL = sorted([*_CURRENCY, *_SHARED, "$", "块钱"], key=len, reverse=True)
_AT_START = re.compile(
    "(" + "|".join(re.escape(sign) + (r"(?![a-z])" if sign[-1].isascii() and sign[-1].isalpha() else "") for sign in _ALL) + r")\s*"
)
_AT_END = re.compile(
    r"\s*(" + "|".join((r"(?<![a-z])" if sign[0].isascii() and sign[0].isalpha() else "") + re.escape(sign) for sign in _ALL) + r")$"
)

_LABEL = re.compile(r"^(?:价值|价格|金额|总价|总值|共计|合计|总计|计|worth|valued at|value|total)\s*[::]?\s*(?=\S)")
_ABOUT_FIRST = re.compile(
    r"^(?:approximately|approx\.?|about|around|circa|roughly|ca\.|c\.|c(?=[£$€¥0-9])|ca(?=\s*[£$€¥0-9])|estimated(?: at| value)?|estimate|est\.?"
    r"|~|≈|大约|大概|约合|约为|约值|约|估计|估值|估价|估|将近|接近|近)\s*(?:of\s+)?[::]?\s*"
)
_ABOUT_LAST = re.compile(
    r"\s*[,(\[]?\s*(?:左右|上下|approximately|approx\.?|estimated(?: value)?|estimate|est\.?|or so|估计|估值|估价|估|约)\s*[)\]]?$"
)
_ABOUT_WITHIN = re.compile(r"(?<=[0-9一二三四五六七八九十百千万])[余多来](?=[万元圆块])")
_RANGE = re.compile(r"[0-9元万千百k]\s*(?:-|–|—|~|至|到|to|and)\s*[^0-9a-z]{0,4}\s*(?:[a-z]{2,3}\s?)?[0-9]|\bbetween\b")
_BOUND = re.compile(
    r"^(?:<|>|≤|≥|less than|under|below|up to|over|more than|above|at least|at most|not more than|max(?:imum)?\b|min(?:imum)?\b"
    r"|不足|不到|不超过|不高于|不低于|低于|少于|超过|高于|大于|小于|至少|至多|最多|最少)|(?:以上|以下|以内|不到|\+|or more|or less|and over|and above)$"
)
_JIAO = re.compile(
    r"^(?P<yuan>.+?)[元圆块](?:(?P<jiao>[0-9零一二三四五六七八九壹贰叁肆伍陆柒捌玖])角)?(?:零?(?P<fen>[0-9零一二三四五六七八九壹贰叁肆伍陆柒捌玖])分)?$"
)
_THOUSANDS = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000, "mn": 1_000_000, "bn": 10**9, "billion": 10**9}
_SCALED = re.compile(r"^([0-9.,]+)\s*(" + "|".join(sorted(_THOUSANDS, key=len, reverse=True)) + ")$")
_LARGEST = Decimal(10) ** 12

_FAULTS = {
    "amount-malformed": Words(
        "无法读作金额：请只填写一个数字，可带币种，如 1888.00 或 USD 200。",
        "Not a sum: write one number, if need be with its currency, such as 1888.00 or USD 200.",
    ),
    "amount-is-a-range": Words(
        "填写的是区间：请填写一个金额；只能估计的，写作“约50元”。",
        "This is a range: write one sum; where it can only be estimated, write “approx 50”.",
    ),
    "amount-is-a-bound": Words(
        "填写的是上限或下限：请填写一个金额；只能估计的，写作“约50元”。",
        "This is a bound: write one sum; where it can only be estimated, write “approx 50”.",
    ),
    "amount-negative": Words("金额不得为负。", "A sum is not negative."),
    "amount-too-fine": Words("金额至多两位小数。", "A sum has at most two decimals."),
    "amount-too-large": Words("金额须小于一万亿。", "A sum is below 10^12."),
    "amount-scale-unclear": Words(
        "该列以万元、千元等计，单元格又写了币种：请只填写数字，或写明“1.5万元”。",
        "The column counts in thousands or more, and a currency stands beside the number: write the number alone, or the scale with it.",
    ),
    "currency-unclear": Words(
        "无法确定是哪种元（$）：请写明币种，如 USD 20，或在导入参数中给出 currency。",
        "Dollars of which country? Write the currency, such as USD 20, or give `currency` with the import.",
    ),
    "currencies-differ": Words("写了两种币种，请保留一种。", "Two currencies stand beside one sum; keep one."),
}


class Unit(NamedTuple):
    """In what a table counts: its currency (ISO 4217), and how many of it a bare number stands for (万元: 10,000)."""

    currency: str
    times: int = 1


CNY = Unit("CNY")


def read_money(cell: Cell, unit: Unit = CNY) -> Sum:
    """The sum of a cell; a bare number is in the table's own unit, one with a sign or a scale of its own in that."""
    if is_absent(cell):
        return NOTHING
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        amount = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
        return Sum(_money(amount * unit.times if amount.is_finite() else amount, unit.currency))
    if not isinstance(cell, str):
        raise _fault("amount-malformed")
    said, estimated = _without_about(_LABEL.sub("", folded(cell).rstrip(".。;")))
    if _RANGE.search(said):
        raise _fault("amount-is-a-range")
    if _BOUND.search(said):
        raise _fault("amount-is-a-bound")
    number, signs = _without_signs(said)
    return Sum(_money(_amount(number) * _times(number, signs, unit), _meant(signs, unit.currency)), estimated)


def _times(number: str, signs: list[str], unit: Unit) -> int:
    """How many of the currency the number counts; 元 says that it counts single ones, £ says nothing of it."""
    if unit.times == 1 or not _BARE.fullmatch(number) or any(sign[0] in "元圆块" for sign in signs):
        return 1
    if signs:
        raise _fault("amount-scale-unclear")
    return unit.times


_BARE = re.compile(r"[0-9., '’]+")
_UNIT_STATED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]|单位\s*[::]\s*(\S+)")
_SIGN_IN_UNIT = re.compile("|".join(re.escape(sign) for sign in _ALL if len(sign) == 3 or not (sign.isascii() and sign.isalpha())))
_TIMES_IN_UNIT = {"亿": 10**8, "百万": 10**6, "million": 10**6, "万": 10_000, "千": 1_000, "'000": 1_000, "000s": 1_000, "thousand": 1_000}


def unit_of(heading: str, unit: Unit) -> Unit:
    """The unit that a heading states in brackets, such as Value (£) or 金额（万元）; what it leaves out is the table's own."""
    said = " ".join(one or other for one, other in _UNIT_STATED.findall(folded(heading)))
    sign = _SIGN_IN_UNIT.search(said)
    times = next((times for word, times in _TIMES_IN_UNIT.items() if word in said), unit.times)
    return Unit(_meant([sign[0]], unit.currency) if sign else unit.currency, times)


def read_currency(cell: Cell) -> str | None:
    """A currency by its code, sign or name."""
    if is_absent(cell):
        return None
    said = folded(cell)
    if said in _SHARED:
        return _SHARED[said][0]
    if said not in _CURRENCY:
        raise CellError(
            "currency-unknown", Words("不是现行 ISO 4217 货币代码，如 CNY、USD。", "Not an ISO 4217 currency in use, such as CNY or USD.")
        )
    return _CURRENCY[said]


def _fault(code: str) -> CellError:
    return CellError(code, _FAULTS[code])


def _without_about(said: str) -> tuple[str, bool]:
    """(what is left without the words that make it an estimate, whether there were any)."""
    left, count = said, 0
    for pattern in (_ABOUT_FIRST, _ABOUT_LAST, _ABOUT_WITHIN):
        left, found = pattern.subn("", left, count=1)
        count += found
    return _LABEL.sub("", left.strip()), bool(count)


def _without_signs(said: str) -> tuple[str, list[str]]:
    """(the number alone, the signs of currency before and after it). 角 and 分 stay, as they are part of the number."""
    signs: list[str] = []
    left = said.removesuffix("整").removesuffix("正").strip()
    while left and (found := _AT_START.match(left) or _AT_END.search(left)) and len(signs) < 3:
        signs.append(found[1])
        left = (left[found.end() :] if found.start() == 0 else left[: found.start()]).strip()
    return left, signs


def _meant(signs: list[str], currency: str) -> str:
    """The one currency that the signs can stand for together, given that of the table; 元 beside another sign counts nothing of its own."""
    named = {_CURRENCY[sign] for sign in signs if sign in _CURRENCY}
    if len(named) > 1:
        raise _fault("currencies-differ")
    own = next(iter(named), None)
    shared = [_DOLLARS if sign == "$" else _SHARED[sign.removesuffix("钱")] for sign in signs if sign not in _CURRENCY]
    if own is not None:
        if any(sign in ("$", "¥") for sign in signs) and not any(own in group for group in shared):
            raise _fault("currencies-differ")
        return own
    if "$" in signs and currency not in _DOLLARS:
        raise _fault("currency-unclear")
    return currency if not shared or any(currency in group for group in shared) else shared[0][0]


def _amount(said: str) -> Decimal:
    """The number, in digits or numerals, in thousands or with 角 and 分."""
    if re.fullmatch(r"[-−(][^)]*[0-9][^)]*\)?", said):
        raise _fault("amount-negative")
    scaled = _SCALED.fullmatch(said)
    parts = _JIAO.fullmatch(said)
    if scaled:
        number = read_numeral(scaled[1])
        number = None if number is None else number * _THOUSANDS[scaled[2]]
    elif parts:
        whole, jiao, fen = (read_numeral(part) if part else Decimal(0) for part in parts.group("yuan", "jiao", "fen"))
        number = None if whole is None or jiao is None or fen is None else whole + jiao / 10 + fen / 100
    else:
        number = read_numeral(said)
    if number is None:
        raise _fault("amount-malformed")
    return number


def _money(amount: Decimal, currency: str) -> Money:
    """The sum, exact to the cent; the noise of a spreadsheet's binary fractions is none of it."""
    if not amount.is_finite():
        raise _fault("amount-malformed")
    if amount < 0:
        raise _fault("amount-negative")
    if amount >= _LARGEST:
        raise _fault("amount-too-large")
    cents = amount.quantize(Decimal("0.01"))
    if abs(cents - amount) > Decimal("1e-9") * max(amount, Decimal(1)):
        raise _fault("amount-too-fine")
    return Money(amount=cents, currency=currency)
