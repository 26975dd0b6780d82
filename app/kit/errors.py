"""What can go wrong, said so that the caller knows the field and the remedy (RFC 9457, in Chinese and English)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple


class Language(StrEnum):
    """The languages that the register speaks."""

    ZH = "zh"
    EN = "en"


class Words(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str


class Fault(NamedTuple):
    """One field that is wrong: its JSON pointer, a stable code, and the words."""

    pointer: str
    code: str
    message: Words


class Problem(Exception):  # noqa: N818  # the RFC's own term
    """An answer that is not a success. `code` is stable and kebab-case; titles say what, details say what to do.

    `conflict` explains a stale change, as `ConflictOut` shows it; its texts are `Words`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: Words,
        detail: Words | None = None,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail or title
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.conflict: Mapping[str, Any] | None = None


def not_found(what: Words | None = None) -> Problem:
    """404, alike for what does not exist and for what the caller may not see."""
    zh, en = what or Words("记录", "record")
    return Problem(
        404,
        "not-found",
        Words(f"未找到该{zh}", f"No such {en}"),
        Words("编号不存在，或不在您的权限范围内。", "The id does not exist or lies outside your reach."),
    )


def invalid(faults: Sequence[Fault]) -> Problem:
    """422 with the fields at fault."""
    return Problem(
        422,
        "invalid-request",
        Words("请求内容有误", "The request is not valid"),
        Words("请按 errors 中逐项说明更正后重新提交。", "Correct each field named in `errors` and send the request again."),
        faults=faults,
    )


def conflict(code: str, title: Words, detail: Words) -> Problem:
    """409: the request is fine, the state of the register does not allow it."""
    return Problem(409, code, title, detail)
