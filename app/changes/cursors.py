"""Where a person's reading of their own affairs stands: the place in the ledger of the newest line that they were shown, and of no other."""

import base64
import binascii
import hashlib
from uuid import UUID

from app.kit.errors import Fault, Problem, Words, invalid

NOTHING = -1
"""Before the first line."""

_VERSION = 1


def written(person: UUID, position: int) -> str:
    """The cursor of a person at a position."""
    plain = bytes([_VERSION]) + (position + 1).to_bytes(8) + _of_whom(person)
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read(person: UUID, cursor: str) -> int:
    """The position that a cursor stands for.

    Raises:
        Problem: 422 when it is none, or somebody else's.
    """
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise _unreadable() from error
    if len(plain) != 17 or plain[0] != _VERSION or written(person, int.from_bytes(plain[1:9]) - 1) != cursor:
        raise _unreadable()
    return int.from_bytes(plain[1:9]) - 1


def ahead() -> Problem:
    """422 for a cursor beyond the end of the ledger, as after the register was restored from a copy."""
    return invalid([Fault("/query/since", "cursor-ahead", _AHEAD)])


def _of_whom(person: UUID) -> bytes:
    return hashlib.sha256(b"changes\n" + person.bytes).digest()[:8]


def _unreadable() -> Problem:
    return invalid([Fault("/query/since", "cursor-invalid", _NOT_YOURS)])


_NOT_YOURS = Words(
    "游标无效或属于他人：请使用本人上次所得的 next；没有的，去掉 since 从头同步。",
    "Not a cursor of yours: use the `next` of your last call, or leave `since` out and start anew.",
)
_AHEAD = Words(
    "游标超前于登记册（可能已由备份恢复）：请去掉 since 从头同步。",
    "The cursor is ahead of the register, which may have been restored from a copy: leave `since` out and start anew.",
)
