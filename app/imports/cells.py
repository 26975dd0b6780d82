"""What a cell of somebody's table means: read, or refused with what to write instead; nothing is guessed.

Registers are kept by people: full-width digits, invisible characters, "N/A" for what is not there, numbers that a spreadsheet took for something
else. Every reader answers None for a cell that says nothing, and raises `CellError`, and nothing else, for one that it cannot read.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from app.counterparties.identifiers import check_identifier
from app.counterparties.regions import REGIONS
from app.kit.errors import Words
from app.rulebook.statement import PartyType

from .numerals import read_numeral

Cell: TypeAlias = str | int | float | Decimal | bool | date | datetime | list[Any] | dict[str, Any] | None
"""What a file holds in one place: text in a csv, numbers and days too in a spreadsheet; lists and objects, which no reader takes, in ndjson alone."""


class CellError(ValueError):
    """A cell that cannot be read: a stable code, and the words that say what to write instead. It does not repeat the cell."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
"""Zero-width and soft characters, marks of direction, control characters and halves of characters: nobody typed them."""

_GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe by which exports keep a spreadsheet from taking text for a formula."""

# fmt: off
_ABSENT = frozenset([
    "", "-", "--", "---", "–", "—", "——", "/", "\\", "n/a", "n.a", "na", "#n/a", "none", "nil", "null", "not applicable",
    "无", "没有", "不适用", "空",
])
_UNKNOWN = frozenset([
    "?", "??", "unknown", "not known", "n/k", "value unknown", "unknown value", "value not known", "not stated", "not provided", "not valued",
    "no value given", "tbc", "tbd", "to be confirmed", "pending valuation", "being valued",
    "不详", "不明", "未知", "不清楚", "价值不详", "金额不详", "无法估价", "无法估值", "无法估计", "未估价", "未估值", "待估价", "待评估", "待定", "未填",
    "未提供",
])
_NIL = frozenset([
    "nil", "nil return", "nil returns", "nil-return", "nil declaration", "nothing to declare", "nothing to report", "no gifts", "no gifts received",
    "no gifts given", "no hospitality", "no hospitality received", "none received", "none",
    "零报告", "零申报", "无", "无申报事项", "无事项", "无礼品", "未收受礼品", "未收受", "没有收受", "本期无", "本季度无", "本月无", "本年度无", "无此类事项", "无此情况",
])
_YES = frozenset(["是", "有", "对", "属", "属于", "已", "同意", "y", "yes", "t", "true", "1", "√", "✓", "✔", "☑", "on"])
_NO = frozenset(["否", "无", "没有", "不是", "非", "不属于", "错", "未", "不", "不同意", "n", "no", "f", "false", "0", "×", "✗", "✘", "☒", "☐", "off"])
# fmt: on


def text_of(cell: Cell) -> str:
    """The cell as text that people can read: without what is invisible, lines and words set apart by one space; numbers as they are written.

    Raises:
        CellError: it is a list or an object.
    """
    if isinstance(cell, str):
        return " ".join(_GUARD.sub("", _INVISIBLE.sub("", cell), count=1).split())
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).casefold()
    if isinstance(cell, date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, int | float | Decimal):
        return _written(cell if isinstance(cell, Decimal) else Decimal(repr(cell)))
    raise CellError(
        "cell-not-plain",
        Words("此处须为文本、数字或日期，不能是数组或对象。", "Write text, a number or a day here, no list and no object."),
    )


def folded(cell: Cell) -> str:
    """The cell's text as it is compared: full-width forms and capitals are one with their plain forms (NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", text_of(cell)).casefold().split())


def is_absent(cell: Cell) -> bool:
    """Whether the cell says that there is nothing, or that it is not known."""
    said = folded(cell).rstrip(".。")
    return said in _ABSENT or said in _UNKNOWN


def says_nil(cell: Cell) -> bool:
    """Whether the cell says that there was nothing to declare (零报告)."""
    return folded(cell).rstrip(".。!") in _NIL


def read_text(cell: Cell) -> str | None:
    """A name or a label, in the form in which it was written."""
    return None if is_absent(cell) else text_of(cell)


def read_note(cell: Cell) -> str | None:
    """Free text, whose lines stay lines."""
    if not isinstance(cell, str):
        return read_text(cell)
    lines = [text_of(line) for line in cell.splitlines()]
    return None if is_absent(cell) else "\n".join(line for line in lines if line)


def read_flag(cell: Cell) -> bool | None:
    """Yes or no, in words, letters or marks (是、否、有、无、√、×)."""
    said = folded(cell).strip("[]() ")
    if said in _YES:
        return True
    if said in _NO:
        return False
    if is_absent(cell):
        return None
    raise CellError("flag-unclear", Words("请填写“是”或“否”。", "Write yes or no (or 是, 否)."))


_COUNTED = re.compile(r"[个件人桌次盒瓶名位届张条套份年天只支块箱袋枚本把台](?:次)?$")


def read_count(cell: Cell) -> int | None:
    """A whole number that is not negative, in digits or in Chinese numerals, with or without a measure word (两盒, 3 桌)."""
    if is_absent(cell):
        return None
    number = _number(cell, _COUNTED)
    if number is None or number != number.to_integral_value():
        raise CellError("count-malformed", Words("请填写整数，如 3。", "Write a whole number, such as 3."))
    return int(number)


_HOURS = re.compile(r"\s*(?:个?(?:小时|学时|课时)|h|hrs?|hours?)$")


def read_hours(cell: Cell) -> float | None:
    """Hours of work, whole or in part."""
    if is_absent(cell):
        return None
    number = _number(cell, _HOURS)
    if number is None:
        raise CellError("number-malformed", Words("请填写数字，如 3 或 1.5。", "Write a number, such as 3 or 1.5."))
    return float(number)


def read_percent(cell: Cell) -> str | None:
    """A percentage as a decimal string; a bare number is one of percents, so that 12.5 and 12.5% are the same."""
    if is_absent(cell):
        return None
    said = folded(cell)
    number = _number(said.removeprefix("百分之"), re.compile(r"\s*(?:%|percent|per cent)$"))
    if number is None or number >= 10_000 or number != round(number, 4):
        message = Words(
            "请填写百分数，如 12.5，至多 4 位整数、4 位小数。", "Write a percentage, such as 12.5, with at most 4 digits and 4 decimals."
        )
        raise CellError("percent-malformed", message)
    return _written(number)


def _number(cell: Cell, suffix: re.Pattern[str]) -> Decimal | None:
    """The number of a cell that holds one and no more than the suffix beside it; None for any other, and for one below nothing."""
    if isinstance(cell, bool | date):
        return None
    return read_numeral(suffix.sub("", folded(cell), count=1).strip())


def read_identifier(cell: Cell, party: PartyType | None = None) -> str | None:
    """A 统一社会信用代码 or a citizen's number with the right check digit; spaces and hyphens between its groups are left out."""
    if is_absent(cell):
        return None
    written = re.sub(r"[\s\-‐‑–.]", "", unicodedata.normalize("NFKC", text_of(cell))).upper()
    if isinstance(cell, float) or re.fullmatch(r"[0-9](\.?[0-9]+)?E\+?[0-9]+", written):
        message = Words(
            "电子表格已将该号码当作数字并舍去末几位：请将该列设为文本后重新填写。",
            "The spreadsheet took this for a number and lost its last digits: make the column text and write it anew.",
        )
        raise CellError("identifier-rounded", message)
    wrong = check_identifier(party, written)
    if wrong is not None:
        raise CellError(wrong.code, wrong.message)
    return written


def read_id(cell: Cell) -> UUID | None:
    """The id of a record of this register."""
    if is_absent(cell):
        return None
    try:
        return UUID(text_of(cell))
    except ValueError:
        raise CellError("id-malformed", Words("不是登记册的编号（UUID）。", "Not an id of the register (a UUID).")) from None


def read_region(cell: Cell) -> str | None:
    """A country or region by its ISO 3166-1 alpha-2 code; a code goes before "NA" for what is not there."""
    code = folded(cell).upper()
    if code in REGIONS:
        return code
    if is_absent(cell):
        return None
    message = Words(
        "请填写 ISO 3166-1 二字母代码，如 CN、HK、MO、TW、GB。", "Write an ISO 3166-1 alpha-2 code, such as CN, HK, MO, TW or GB."
    )
    raise CellError("region-unknown", message)


def _written(number: Decimal) -> str:
    """A number without exponent and without trailing noughts; what is no number as Python says it."""
    if not number.is_finite():
        return str(number)
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
