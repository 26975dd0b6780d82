"""Field types of units and persons, and the words for what can be wrong with them."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.kit import clock
from app.kit.problems import register_message
from app.rulebook.statement import Name, Note

_CODE_LENGTH = 60
_OLDEST = date(1900, 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

register_message("until_before_from", "结束日不得早于开始日。", "Must not lie before the first day.")
register_message(
    "left_in_part", "left_on 与 left_reason 须同时填写或同时留空。", "`left_on` and `left_reason` go together: give both or neither."
)
register_message("birth_unlikely", "出生日期须在 1900-01-01 与今天之间。", "A day of birth lies between 1900-01-01 and today.")


def _short(value: str) -> str:
    if len(value) > _CODE_LENGTH:
        raise PydanticKnownError("string_too_long", {"max_length": _CODE_LENGTH})
    return value


Code = Annotated[Name, AfterValidator(_short), Field(json_schema_extra={"maxLength": _CODE_LENGTH})]
"""A code or number by which other systems know a record: 1 to 60 characters."""

ExternalId = Annotated[Note, Field(min_length=1, max_length=200)]
"""What another system calls a record: its own words, kept to the letter."""


def _written_out(value: Any) -> Any:
    if not (isinstance(value, str) and _DAY.fullmatch(value)) and type(value) is not date:
        raise PydanticCustomError("day_malformed", "a day is written YYYY-MM-DD with ASCII digits, such as 1968-05-25")
    return value


def _in_living_memory(value: date) -> date:
    if not _OLDEST <= value <= clock.today():
        raise PydanticCustomError("birth_unlikely", "a day of birth lies between 1900-01-01 and today")
    return value


BirthDay = Annotated[date, BeforeValidator(_written_out, json_schema_input_type=date), AfterValidator(_in_living_memory)]
"""A day of birth. Retired officials may be older than the days that can be declared."""


def not_before_from(value: date | None, info: ValidationInfo) -> date | None:
    """A last day is the first day `from_on` or a later one; it stands after it in the shape."""
    first = info.data.get("from_on")
    if value is not None and first is not None and value < first:
        raise PydanticCustomError("until_before_from", "must not lie before the first day")
    return value
