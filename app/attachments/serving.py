"""Giving out the bytes of an attachment: never as anything that a browser would run, whole or from where a download broke off."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

from app.kit.errors import Words, conflict
from app.kit.ranges import Part
from app.kit.representation import READ_AGAIN

from .cleaning.outcome import Reason
from .kinds import EXTENSIONS, MediaType
from .schemas import SAID, AttachmentState
from .storage import Store, StoreError, key_of, unavailable

THUMBNAIL_TYPE = MediaType.JPEG


def require_ready(row: Mapping[str, Any]) -> None:
    """There is something to show.

    Raises:
        Problem: 409 while the file is processed, and for good where it is kept apart.
    """
    if row["state"] == AttachmentState.PROCESSING:
        said = Words("请稍候，待其 state 为 ready 后再读取。", "Wait until its `state` is `ready`.")
        raise conflict("attachment-not-ready", Words("附件正在处理", "The attachment is being processed"), said)
    if row["state"] == AttachmentState.QUARANTINED:
        raise conflict("attachment-quarantined", Words("附件已隔离", "The attachment is kept apart"), SAID[Reason(row["reason"])])


def tag_of(row: Mapping[str, Any], what: str) -> str:
    """The entity tag of the bytes: their digest."""
    return f'"{row[f"{what}_digest"].hex()}"'


def headers_of(row: Mapping[str, Any], what: str, part: Part) -> dict[str, str]:
    """What is said of the bytes. They may be stored by who asked, and access is asked for anew each time; nothing in them runs."""
    said = {
        "Content-Type": THUMBNAIL_TYPE if what == "thumbnail" else row["kept_type"],
        "Content-Length": str(part.stop - part.start),
        "Content-Disposition": f"attachment; {_name_of(row)}" if what == "kept" else "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": READ_AGAIN,
        "Accept-Ranges": "bytes",
        "ETag": tag_of(row, what),
    }
    return said if part.whole else {**said, "Content-Range": f"bytes {part.start}-{part.stop - 1}/{part.size}"}


async def bytes_of(store: Store, row: Mapping[str, Any], what: str, part: Part) -> AsyncIterator[bytes]:
    """The bytes of a part, some at a time.

    Raises:
        Problem: 503 when they cannot be had.
    """
    try:
        return await store.open(key_of(row["id"], row[f"{what}_digest"]), part.start, part.stop)
    except StoreError as error:
        raise unavailable() from error


def _name_of(row: Mapping[str, Any]) -> str:
    """A plain name for old programs, and the sender's own, in Chinese too (RFC 8187), with the ending of what it is now."""
    ending = EXTENSIONS[MediaType(row["kept_type"])]
    named = (row["file_name"] or "附件").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    stem = named.rpartition(".")[0] or named
    return f"filename=\"attachment-{str(row['id'])[-12:]}.{ending}\"; filename*=UTF-8''{quote(f'{stem}.{ending}', safe='')}"
