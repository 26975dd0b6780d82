"""What a question to the ledger may hold."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


def _instant(value: Any) -> datetime:
    """RFC 3339 with its offset; a number is no instant, and a time without an offset is none for certain."""
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass
    raise PydanticCustomError("instant_malformed", "an instant is written as RFC 3339 says, such as 2026-11-25T08:00:00Z")


Instant = Annotated[datetime, BeforeValidator(_instant, json_schema_input_type=datetime)]
"""An instant with its offset from UTC."""
