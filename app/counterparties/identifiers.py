"""Identifiers of counterparties: 统一社会信用代码 (GB 32100-2015) and 公民身份号码 (GB 11643-1999), held against their check digits.

Only the form is checked, not the issuing place: codes of places come and go, the numbers given out under them stay valid.
"""

import re
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from app.kit.errors import Fault, Words
from app.rulebook.statement import PartyType

INDIVIDUALS = frozenset({PartyType.INDIVIDUAL, PartyType.FOREIGN_INDIVIDUAL})
"""Those whose identifier is a citizen's number; all others bear a credit code."""

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_CITIZEN_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)

_MALFORMED = {
    "credit_code": Words(
        "不是统一社会信用代码：应为 18 位数字或大写字母（不用 I、O、S、V、Z），第 3 至 8 位为数字。",
        "Not a unified social credit code: 18 digits or capitals (never I, O, S, V, Z), the 3rd to 8th being digits.",
    ),
    "citizen_number": Words(
        "不是居民身份证号码：应为 18 位，第 7 至 14 位为出生日期，末位为数字或 X。",
        "Not a citizen's number: 18 characters, the 7th to 14th a day of birth, the last a digit or X.",
    ),
    "any": Words(
        "既不是统一社会信用代码，也不是居民身份证号码：两者均为 18 位。",
        "Neither a unified social credit code nor a citizen's number: both have 18 characters.",
    ),
}
_WRONG_DIGIT = {
    "credit_code": Words(
        "统一社会信用代码的校验位不符，请逐位核对。",
        "The check digit of the unified social credit code is wrong; compare it character by character.",
    ),
    "citizen_number": Words(
        "居民身份证号码的校验位不符，请逐位核对。", "The check digit of the citizen's number is wrong; compare it digit by digit."
    ),
    "any": Words("证照号码的校验位不符，请逐位核对。", "The check digit of the identifier is wrong; compare it character by character."),
}


def check_identifier(party: PartyType | None, identifier: str, pointer: str = "/identifier") -> Fault | None:
    """What is wrong with an identifier, given the type of its bearer; of an unknown type it may be either number."""
    if party is None:
        sort, formed, checked = "any", *_either(identifier)
    elif party in INDIVIDUALS:
        sort, formed = "citizen_number", _is_citizen_number(identifier)
        checked = formed and _citizen_digit_fits(identifier)
    else:
        sort, formed = "credit_code", _is_credit_code(identifier)
        checked = formed and _credit_digit_fits(identifier)
    if not formed:
        return Fault(pointer, "identifier-malformed", _MALFORMED[sort])
    return None if checked else Fault(pointer, "identifier-check-digit", _WRONG_DIGIT[sort])


@cache
def _numbers(sort: str) -> Any:
    """The library's module for a sort of number, loaded when first asked for: it is a sixteenth of the start."""
    return import_module(f"stdnum.cn.{sort}")


def _either(identifier: str) -> tuple[bool, bool]:
    """(has it the form of one of the two, does the check digit of that one fit)."""
    credit, citizen = _is_credit_code(identifier), _is_citizen_number(identifier)
    return credit or citizen, (credit and _credit_digit_fits(identifier)) or (citizen and _citizen_digit_fits(identifier))


def _is_credit_code(identifier: str) -> bool:
    return _CREDIT_CODE.fullmatch(identifier) is not None


def _credit_digit_fits(identifier: str) -> bool:
    return bool(_numbers("uscc").calc_check_digit(identifier[:-1]) == identifier[-1])


def _is_citizen_number(identifier: str) -> bool:
    if not _CITIZEN_NUMBER.fullmatch(identifier):
        return False
    try:
        date(int(identifier[6:10]), int(identifier[10:12]), int(identifier[12:14]))
    except ValueError:
        return False
    return True


def _citizen_digit_fits(identifier: str) -> bool:
    return bool(_numbers("ric").calc_check_digit(identifier) == identifier[-1])
