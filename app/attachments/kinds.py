"""What may be attached, told by the first bytes of a file and by nothing that is said of it."""

from collections.abc import Mapping
from enum import StrEnum

import puremagic

from app.kit.errors import Problem, Words

HEAD_BYTES = 4096
"""How much of a file is looked at."""


class MediaType(StrEnum):
    """What may be attached."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    PDF = "application/pdf"


ANY = "application/octet-stream"

_ALSO: Mapping[str, MediaType] = {"image/heif": MediaType.HEIC, "image/jpg": MediaType.JPEG}
"""Other names of the same."""

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
"""Of ISO/IEC 23008-12, annex B; those that stand for other codecs as well are left to the decoder."""

EXTENSIONS: Mapping[MediaType, str] = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.HEIC: "heic", MediaType.PDF: "pdf"}

ACCEPTED = ", ".join(MediaType)


def media_type_of(head: bytes) -> MediaType | None:
    """What a file is by its first bytes; None for anything that is not taken."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return MediaType.HEIC
    try:
        found = puremagic.magic_string(head[:HEAD_BYTES])
    except (puremagic.PureError, ValueError):
        return None
    names = (one.mime_type for one in found if one.offset == 0)
    return next((MediaType(name) for name in names if name in MediaType.__members__.values()), None)


def stated_type(content_type: str) -> MediaType | None:
    """What the sender says that a file is; None where nothing is said.

    Raises:
        Problem: 415 for something that is not taken.
    """
    name = content_type.partition(";")[0].strip().lower()
    if name in ("", ANY):
        return None
    known = _ALSO.get(name) or next((one for one in MediaType if one == name), None)
    if known is None:
        raise not_taken()
    return known


def require_taken(head: bytes, stated: MediaType | None) -> MediaType:
    """What a file is.

    Raises:
        Problem: 415 when it is nothing that is taken, or not what is said of it.
    """
    found = media_type_of(head)
    if found is None:
        raise not_taken()
    if stated not in (None, found):
        raise Problem(
            415,
            "media-type-mismatch",
            Words("文件内容与所述类型不符", "The file is not of the type that was stated"),
            Words(
                f"文件内容是 {found}，请以该类型或 {ANY} 重新提交。",
                f"By its content it is {found}; send it as that, or as {ANY}.",
            ),
        )
    return found


def not_taken() -> Problem:
    """415 that names what is taken."""
    return Problem(
        415,
        "unsupported-media-type",
        Words("不支持的文件类型", "Unsupported type of file"),
        Words(
            f"附件须为 JPEG、PNG、HEIC 照片或 PDF，以内容为准；请求体为文件本身，类型为 {ACCEPTED} 或 {ANY}。",
            f"Attach a photo as JPEG, PNG or HEIC, or a PDF; the content counts. The body is the file itself, as {ACCEPTED} or {ANY}.",
        ),
        headers={"Accept": f"{ACCEPTED}, {ANY}"},
    )
