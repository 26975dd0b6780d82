"""The headers of tus 1.0.0, read."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.kit.errors import Fault, Problem, Words, invalid
from app.kit.ids import as_id
from app.rulebook.statement import Name

VERSION = "1.0.0"
MEDIA_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
ALGORITHMS = ("sha1", "sha256")
"""sha1 as the protocol wants it; it finds what broke on the way, and proves nothing."""
CHECKSUM_MISMATCH = 460

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_NAMES = TypeAdapter(Name)


class Checksum(NamedTuple):
    """What the bytes of a part must give."""

    algorithm: str
    digest: bytes

    def fits(self, hashed: Any) -> bool:
        """Whether they do."""
        return bool(hashed.digest() == self.digest)

    def start(self) -> Any:
        """A digest to be fed with the bytes."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def require_version(stated: str | None) -> None:
    """The client speaks the version that is spoken here.

    Raises:
        Problem: 412 that names it.
    """
    if stated != VERSION:
        raise Problem(
            412,
            "tus-version-unsupported",
            Words("不支持的 tus 版本", "That version of tus is not spoken here"),
            Words(f"请求头 Tus-Resumable 须为 {VERSION}。", f"Send Tus-Resumable: {VERSION}."),
            headers={"Tus-Version": VERSION},
        )


def require_media_type(stated: str) -> None:
    """The body is a part of a file.

    Raises:
        Problem: 415.
    """
    if stated.partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise Problem(
            415,
            "unsupported-media-type",
            Words("不支持的内容类型", "Unsupported media type"),
            Words(f"请求体类型须为 {MEDIA_TYPE}。", f"Send the part as {MEDIA_TYPE}."),
            headers={"Accept": MEDIA_TYPE},
        )


def number(name: str, stated: str | None) -> int:
    """A header that holds a number of bytes.

    Raises:
        Problem: 422.
    """
    if stated is None or not _NUMBER.fullmatch(stated):
        raise invalid([Fault(f"/header/{name}", "number-malformed", Words("必填，须为字节数。", "Required: a number of bytes."))])
    return int(stated)


def checksum(stated: str | None) -> Checksum | None:
    """The checksum of a part.

    Raises:
        Problem: 400 for an algorithm that is not known, or what is no digest.
    """
    if stated is None:
        return None
    algorithm, _, encoded = stated.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise Problem(
            400,
            "checksum-malformed",
            Words("校验值无法识别", "The checksum cannot be read"),
            Words(
                f"Upload-Checksum 须为 {'、'.join(ALGORITHMS)} 之一加空格加 Base64 摘要。",
                f"Upload-Checksum is one of {', '.join(ALGORITHMS)}, a blank, and the digest in base64.",
            ),
            headers={"Tus-Checksum-Algorithm": ",".join(ALGORITHMS)},
        )
    return Checksum(algorithm, digest)


def checksum_mismatch() -> Problem:
    """460: the part is not what was sent."""
    said = Words("该段在途中损坏，请自同一位置重发。", "The part broke on its way; send it again from the same place.")
    return Problem(CHECKSUM_MISMATCH, "checksum-mismatch", Words("校验不符", "The checksum does not fit"), said)


def metadata(stated: str | None) -> tuple[str | None, UUID | None]:
    """(the file's name, the client's id for it) out of Upload-Metadata; whatever else clients say of a file is not read.

    Raises:
        Problem: 422.
    """
    told = _pairs(stated or "")
    name, own_id = told.get("filename") or told.get("name"), told.get("client_id")
    client_id = as_id(own_id) if own_id else None
    if own_id and client_id is None:
        raise _malformed(Words("client_id 须为 UUID。", "`client_id` must be a UUID."))
    try:
        return (_NAMES.validate_python(name) if name else None), client_id
    except ValidationError as error:
        raise _malformed(
            Words("filename 须为 1 至 200 个可显示的字符。", "`filename` has 1 to 200 characters that can be shown.")
        ) from error


def _pairs(stated: str) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for pair in stated.split(","):
        key, _, encoded = pair.strip().partition(" ")
        try:
            told[key] = base64.b64decode(encoded, validate=True).decode()
        except ValueError as error:
            said = Words("各项须为“键 空格 Base64 值”，以逗号分隔。", "Pairs of a key, a blank and a value in base64, with commas between.")
            raise _malformed(said) from error
    return told


def _malformed(said: Words) -> Problem:
    return invalid([Fault("/header/Upload-Metadata", "metadata-malformed", said)])
