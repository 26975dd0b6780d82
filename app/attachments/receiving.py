"""A file on its way in: put down on disk as it comes, so that the memory of a process does not grow with what it is sent."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.kit.errors import Fault, Problem, Words, invalid
from app.kit.scratch import scratch

from .kinds import HEAD_BYTES


@dataclass(frozen=True, slots=True)
class Received:
    """A file on disk, in a folder of its own, as it came."""

    path: Path
    size: int
    digest: bytes
    head: bytes

    @property
    def folder(self) -> Path:
        """The folder, which takes what comes of the file."""
        return self.path.parent


def workshop() -> AbstractContextManager[Path]:
    """A folder for one file, gone with all that is in it when the work is done, or when whoever was killed at it is missed."""
    return scratch("qinqing-attachment-")


async def received(body: AsyncIterator[bytes], folder: Path, most: int) -> Received:
    """A body put down as it comes.

    Raises:
        Problem: 413 for one that is too long, 422 for none.
    """
    path, size, digest, head = folder / "received", 0, hashlib.sha256(), b""
    with path.open("wb") as file:
        async for part in body:
            size += len(part)
            if size > most:
                raise too_long(most)
            file.write(part)
            digest.update(part)
            head = head if len(head) >= HEAD_BYTES else (head + part)[:HEAD_BYTES]
    if not size:
        raise invalid(
            [Fault("", "file-empty", Words("请求体为空，请以文件内容作为请求体。", "The body is empty; send the file itself as the body."))]
        )
    return Received(path, size, digest.digest(), head)


def too_long(most: int) -> Problem:
    """413."""
    megabytes = most / 1_000_000
    return Problem(
        413,
        "file-too-large",
        Words("文件过大", "The file is too large"),
        Words(f"附件不得超过 {megabytes:g} MB。", f"An attachment may have at most {megabytes:g} MB."),
    )
