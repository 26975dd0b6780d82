"""Days as tables hold them: 2023-02-28, 2023年2月28日, 28 Feb 2023, 20230228, a spreadsheet's own number, with or without a time.

28/02/2023 is read as it stands, since no month has the number 28. 03/02/2023 is two days: which one is meant follows from the order that the caller
states, or else from other rows of the same column, and is refused where neither says so.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.kit import clock
from app.kit.errors import Words

from .cells import Cell, CellError, folded, is_absent
from .numerals import read_numeral


class DayOrder(StrEnum):
    """Which stands first in days such as 03/02/2023."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SERIALS = range(18_264, 73_415)
"""Days since 1899-12-30 as spreadsheets count them, from 1950 to 2100."""
_EPOCH = date(1899, 12, 30)

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905  # as a calendar has them
_MONTH = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_TIME = re.compile(
    r"[t\s,]*(?:(?:上午|下午|早上|晚上|中午|凌晨)\s*)?[0-2]?[0-9]\s*(?:[:时点]\s*[0-5]?[0-9])(?:\s*[:分]\s*[0-5]?[0-9](?:\.[0-9]+)?)?\s*[分秒]?\s*(?:am|pm)?$"
    r"|(?:\s+|\s*(?:上午|下午|早上|晚上|中午|凌晨)\s*)[0-2]?[0-9]\s*(?:am|pm|时|点)$"
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|\s*[(\[]?(?:星期|周|礼拜)[一二三四五六日天][)\]]?")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[t ][0-9]{2}:[0-9]{2}.*(?:z|[+-][0-9]{2}:?[0-9]{2})")

_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[-/.年 ]\s*([0-9]{1,2})\s*[-/.月 ]\s*([0-9]{1,2})\s*[日号]?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4})")
_SHORT_CHINESE = re.compile(r"([0-9]{2})年([0-9]{1,2})月([0-9]{1,2})[日号]?")
_SHORT = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})")
_DAY_MONTH = re.compile(rf"([0-9]{{1,2}})\s*[-/. ]?\s*(?:of\s+)?{_MONTH}\s*[-/., ]*\s*'?([0-9]{{4}}|[0-9]{{2}})")
_MONTH_DAY = re.compile(rf"{_MONTH}\s*[-/. ]?\s*([0-9]{{1,2}})\s*[-/., ]\s*([0-9]{{4}})")
_YEAR_MONTH_DAY = re.compile(rf"([0-9]{{4}})\s*[-/., ]\s*{_MONTH}\s*[-/., ]?\s*([0-9]{{1,2}})")
_CHINESE = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]")
_PERIOD = re.compile(
    r"[0-9月日号a-z]\s*(?:~|–|—|至|到|\bto\b|\s-\s|\band\b|&)\s*[0-9a-z]|[0-9]\s*-\s*[0-9]{1,2}\s*"
    + _MONTH
    + r"|(?:19|20)[0-9]{2}[-/.].*[0-9]\s*-\s*(?:19|20)[0-9]{2}[-/.]"
)
_INCOMPLETE = re.compile(
    rf"[0-9]{{4}}年?|[0-9]{{4}}\s*[-/.年]\s*[0-9]{{1,2}}月?|[0-9]{{1,2}}\s*[-/.]\s*[0-9]{{4}}|{_MONTH}\s*[-, ]*[0-9]{{2,4}}|[0-9]{{1,2}}\s*[-/.月]\s*[0-9]{{1,2}}[日号]?|{_MONTH}"
    r"|q[1-4].*|.*季度?|.*(?:年初|年底|上旬|中旬|下旬|月初|月底)|.*quarter.*"
)

_FAULTS = {
    "day-malformed": Words("无法读作日期：请写作 2023-02-28。", "Not a day: write it 2023-02-28."),
    "day-nonexistent": Words("没有这一天：请核对，并写作 2023-02-28。", "There is no such day: check it, and write it 2023-02-28."),
    "day-ambiguous": Words(
        "日与月无法区分：请写作 2023-02-28，或在导入参数中给出 day_order。",
        "Day and month cannot be told apart: write it 2023-02-28, or give `day_order` with the import.",
    ),
    "day-incomplete": Words(
        "日期不完整：请补全年、月、日，写作 2023-02-28。", "Not a full day: give year, month and day, as in 2023-02-28."
    ),
    "day-is-a-period": Words(
        "填写的是一段时间：请填写一天，末日填入末日一栏。", "This is a period: write one day here, and the last day in the column for it."
    ),
}


def read_day(cell: Cell, order: DayOrder | None = None) -> date | None:
    """The calendar day in Asia/Shanghai that the cell names; an instant with an offset falls on the day that it is there."""
    if isinstance(cell, datetime):
        return cell.date() if cell.tzinfo is None else clock.day_of(cell)
    if isinstance(cell, date):
        return cell
    if is_absent(cell):
        return None
    if not isinstance(cell, str):
        return _of_number(cell)
    said = folded(cell)
    if _INSTANT.fullmatch(said):
        return _of_instant(said)
    return _of_text(_ORDINAL.sub("", _WEEKDAY.sub("", _TIME.sub("", said))).strip(" ,."), order)


def orders_in(cells: Iterable[Cell]) -> set[DayOrder]:
    """The orders that days of a table give away: one with 13 to 31 in a place where only a day can be."""
    likely = (cell for cell in cells if isinstance(cell, str) and _LIKELY.match(cell))
    return {order for cell in likely if (order := _given_away(folded(cell))) is not None}


_LIKELY = re.compile(r"\s*\d{1,2}\s*[-/.／．－]")


def _given_away(said: str) -> DayOrder | None:
    parts = _YEAR_LAST.fullmatch(_TIME.sub("", said).strip())
    if parts is None:
        return None
    first, second = int(parts[1]), int(parts[2])
    if first > 12 >= second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 >= first else None


def _fault(code: str) -> CellError:
    return CellError(code, _FAULTS[code])


def _of_number(cell: Cell) -> date:
    """20230228, or the number by which a spreadsheet counts days."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise _fault("day-malformed")
    try:
        number = int(cell)
    except (OverflowError, ValueError):
        raise _fault("day-malformed") from None
    if number in _SERIALS:
        return _EPOCH + timedelta(days=number)
    return _of_text(str(number), None)


def _of_instant(said: str) -> date:
    try:
        return clock.day_of(datetime.fromisoformat(said.upper()))
    except (ValueError, OverflowError):
        raise _fault("day-nonexistent") from None


def _of_text(said: str, order: DayOrder | None) -> date:
    for form, day in _FORMS:
        if parts := form.fullmatch(said):
            return day(parts, order)
    return _in_other_words(said)


def _in_other_words(said: str) -> date:
    """Chinese numerals, a spreadsheet's number as text; and what is no day, said as exactly as it can be."""
    if parts := _CHINESE.fullmatch(said):
        year = "".join(str("〇一二三四五六七八九".index(sign.replace("零", "〇"))) for sign in parts[1])
        month, day = read_numeral(parts[2]), read_numeral(parts[3])
        if month is not None and day is not None:
            return _day(year, int(month), int(day))
    if said.isascii() and said.isdigit() and len(said) == 5 and int(said) in _SERIALS:
        return _EPOCH + timedelta(days=int(said))
    if _PERIOD.search(said):
        raise _fault("day-is-a-period")
    raise _fault("day-incomplete" if _INCOMPLETE.fullmatch(said) else "day-malformed")


def _day(year: str | int, month: str | int, day: str | int) -> date:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise _fault("day-malformed")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _fault("day-nonexistent") from None


def _year(short: str) -> int:
    """A year of two digits lies in the hundred years that end ten years from now."""
    if len(short) == 4:
        return int(short)
    latest = clock.today().year + 10
    return latest - (latest - int(short)) % 100


def _in_either_order(first: str, second: str, year: int, order: DayOrder | None) -> set[date]:
    """Every day that the two numbers can be in that year; one alone under a stated order."""
    orders = [order] if order else list(DayOrder)
    read = [(second, first) if each is DayOrder.DAY_FIRST else (first, second) for each in orders]
    return {found for month, day in read if (found := _possible(year, month, day))}


def _short(first: str, second: str, third: str, order: DayOrder | None) -> date:
    """Three numbers of which one is a year: the last one where an order is stated, else whichever leaves one day alone."""
    found = _in_either_order(first, second, _year(third), order) if len(third) == 2 else set()
    if order is None and len(first) == 2 and (other := _possible(_year(first), second, third)):
        found.add(other)
    return _one_of(found)


def _possible(year: int, month: str, day: str) -> date | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _one_of(found: set[date]) -> date:
    if len(found) > 1:
        raise _fault("day-ambiguous")
    if not found:
        raise _fault("day-nonexistent")
    return found.pop()


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], DayOrder | None], date]], ...] = (
    (_YEAR_FIRST, lambda parts, _: _day(parts[1], parts[2], parts[3])),
    (_COMPACT, lambda parts, _: _day(parts[1], parts[2], parts[3])),
    (_YEAR_LAST, lambda parts, order: _one_of(_in_either_order(parts[1], parts[2], int(parts[3]), order))),
    (_DAY_MONTH, lambda parts, _: _day(_year(parts[3]), _MONTHS[parts[2][:3]], parts[1])),
    (_MONTH_DAY, lambda parts, _: _day(parts[3], _MONTHS[parts[1][:3]], parts[2])),
    (_YEAR_MONTH_DAY, lambda parts, _: _day(parts[1], _MONTHS[parts[2][:3]], parts[3])),
    (_SHORT_CHINESE, lambda parts, _: _day(_year(parts[1]), parts[2], parts[3])),
    (_SHORT, lambda parts, order: _short(parts[1], parts[2], parts[3], order)),
)
"""The forms of a day in figures, and how each is read."""
