"""Parts of a file that are asked for (RFC 9110, section 14), so that a download goes on where it broke off."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header

from .errors import Problem, Words

AskedRange = Annotated[
    str | None, Header(alias="Range", description="续传，如 bytes=1000000-。A part, to resume a download.", examples=["bytes=0-"])
]
IfRange = Annotated[
    str | None, Header(description="首次下载的 ETag；文件已变则给出全部。The ETag of the first part; all of another file otherwise.")
]

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes that are asked for: from the first up to, and not including, the last."""

    start: int
    stop: int
    size: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the file."""
        return (self.start, self.stop) == (0, self.size)


def part_of(size: int, tag: str, asked: str | None, if_range: str | None) -> Part:
    """The part that a Range header asks for; all of it where there is none, where it is of several or unheard-of parts, or where the file is another.

    Raises:
        Problem: 416 when the part lies outside the file.
    """
    found = _RANGE.fullmatch(asked or "")
    if found is None or found[0] == "bytes=-" or (if_range is not None and if_range != tag):
        return Part(0, size, size)
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    stop = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < start:
        return Part(0, size, size)
    if start >= size:
        raise _outside(size)
    return Part(start, stop, size)


def _outside(size: int) -> Problem:
    return Problem(
        416,
        "range-outside",
        Words("所请求的部分不在文件中", "The part lies outside the file"),
        Words(f"文件共 {size} 字节，请更正 Range。", f"The file has {size} bytes; correct the Range header."),
        headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
    )
