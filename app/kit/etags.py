"""Strong entity tags (RFC 9110): a resource's version, quoted, and the precondition that a change must carry."""

import re
from typing import Annotated

from fastapi import Depends, Header

from .errors import Problem, Words


def etag(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


async def _if_match(
    if_match: Annotated[str | None, Header(description='当前版本的 ETag，如 "3"。The ETag that the change starts from.')] = None,
) -> str:
    """The If-Match header.

    Raises:
        Problem: 428 without it, so that nobody overwrites what they have not seen.
    """
    if if_match is None:
        raise Problem(
            428,
            "precondition-required",
            Words("缺少 If-Match 请求头", "The If-Match header is missing"),
            Words("请先读取该记录，将其 ETag 放入 If-Match 后重试。", "Read the record first and send its ETag in If-Match."),
        )
    return if_match


IfMatch = Annotated[str, Depends(_if_match)]


def require_match(if_match: str, version: int) -> None:
    """Check a precondition against the version that stands.

    Raises:
        Problem: 412 when the record has changed since it was read.
    """
    if etag(version) not in [_of_version(tag.strip()) for tag in if_match.split(",")] and if_match.strip() != "*":
        raise stale(version)


def _of_version(tag: str) -> str:
    """The tag without what says in which language and form its record was read: a change starts from the record."""
    return re.sub(r'-[^"]*"$', '"', tag)


def stale(version: int | None = None) -> Problem:
    """412: somebody else was faster."""
    headers = {"ETag": etag(version)} if version is not None else {}
    return Problem(
        412,
        "precondition-failed",
        Words("记录已被更改", "The record has changed"),
        Words(
            "自您读取之后，该记录已有新版本。请重新读取、核对后再提交。",
            "There is a newer version than the one you read. Read it again, compare, and resend.",
        ),
        headers=headers,
    )
