"""Attachments as they go in and out."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kit.errors import Words
from app.rulebook.statement import Name

from .cleaning.outcome import Reason
from .kinds import MediaType


class AttachmentState(StrEnum):
    """What has become of a file."""

    PROCESSING = "processing"
    READY = "ready"
    QUARANTINED = "quarantined"


SAID: Mapping[Reason, Words] = {
    Reason.UNREADABLE: Words("文件无法读取，可能已损坏，请重新拍摄或导出后另行提交。", "The file cannot be read; take or export it anew."),
    Reason.TOO_MANY_PIXELS: Words("照片像素过多，请缩小后重新提交。", "The picture has too many pixels; send a smaller one."),
    Reason.TOO_MANY_FRAMES: Words("文件含有多帧画面，请提交单张照片。", "The file holds many pictures; send a single one."),
    Reason.TOO_MANY_PAGES: Words("文件页数过多，请拆分后重新提交。", "The document has too many pages; split it."),
    Reason.ENCRYPTED: Words("文件已加密，请去除密码后重新提交。", "The document is encrypted; remove its password."),
    Reason.TOO_DEMANDING: Words(
        "处理该文件所需时间或内存过多，请以照片方式提交。", "The file takes too much time or memory to read; send a photo of it instead."
    ),
    Reason.INFECTED: Words("文件含有恶意程序，已隔离，不提供下载。", "The file is infected; it is kept apart and shown to nobody."),
}
"""Why a file is not shown, and what to do."""


class ReceivedOut(BaseModel):
    """A file as it was sent."""

    media_type: MediaType = Field(description="依内容识别的类型。What it is by its content.", examples=["image/heic"])
    bytes: int = Field(description="字节数。How many bytes it has.", examples=[2_310_448])
    sha256: str = Field(
        description="SHA-256，十六进制。SHA-256 of it, in hexadecimal.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )


class KeptOut(BaseModel):
    """The file as it is kept and shown: the same picture or pages, without what told of place, device and author."""

    media_type: MediaType = Field(description="类型；HEIC 转为 JPEG。What it is; a heic is kept as jpeg.", examples=["image/jpeg"])
    bytes: int = Field(description="字节数。How many bytes it has.", examples=[1_904_113])
    sha256: str = Field(
        description="SHA-256，十六进制，即下载时的 ETag。SHA-256 of it, in hexadecimal; the ETag of its content.",
        examples=["60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"],
    )
    width: int | None = Field(description="宽，像素；PDF 为空。Pixels across; empty for a PDF.", examples=[4032])
    height: int | None = Field(description="高，像素；PDF 为空。Pixels down; empty for a PDF.", examples=[3024])
    pages: int | None = Field(description="页数，仅 PDF。How many pages a PDF has.", examples=[2])


class QuarantineOut(BaseModel):
    """Why a file is kept apart."""

    reason: Reason = Field(description="代码。Its code.", examples=["unreadable"])
    text: str = Field(description="说明与办法。What is wrong, and what to do.", examples=[SAID[Reason.UNREADABLE].zh])


class AttachmentWithdrawalOut(BaseModel):
    """That an attachment was withdrawn."""

    at: datetime = Field(description="撤回时刻。When.", examples=["2026-11-29T08:00:00Z"])
    reason: str = Field(description="撤回理由。Why.", examples=["误传他人收据"])


class AttachmentWithdrawal(BaseModel):
    """Why an attachment is withdrawn; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="撤回理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["误传他人收据"])


class AttachmentOut(BaseModel):
    """A photo or document of a declaration."""

    id: UUID = Field(
        description="编号；续传时即上传编号。Its id; that of its upload, if it came in parts.",
        examples=["01932f6e-7d2c-7a51-9d0e-3f5a2b1c4d5e"],
    )
    declaration: UUID = Field(
        description="所属申报。The declaration that it belongs to.", examples=["01932f6e-1111-7a51-9d0e-3f5a2b1c4d5e"]
    )
    client_id: UUID | None = Field(
        description="客户端自编的编号。The id that the client gave it.", examples=["7d444840-9dc0-41d1-b245-5ffdce74fad2"]
    )
    file_name: str | None = Field(description="原文件名，仅供辨认。Its name, to know it by.", examples=["发票.jpg"])
    state: AttachmentState = Field(
        description="处理中、可查看或已隔离。Being processed, ready, or kept apart and not shown.", examples=["ready"]
    )
    quarantine: QuarantineOut | None = Field(description="隔离的原因。Why it is kept apart.")
    received: ReceivedOut = Field(description="收到的文件。The file as it was sent.")
    kept: KeptOut | None = Field(description="保存并展示的文件；处理完毕前为空。The file as it is kept and shown, once it is ready.")
    created_at: datetime = Field(description="登记时刻。When it was attached.", examples=["2026-11-29T08:00:00Z"])
    withdrawal: AttachmentWithdrawalOut | None = Field(
        description="撤回情况；撤回后记录与文件仍保留。That it was withdrawn; record and file stay."
    )

    @classmethod
    def of(cls, row: Mapping[str, Any], *, english: bool) -> "AttachmentOut":
        """From its row, in one language."""
        reason, withdrawn = row["reason"] and Reason(row["reason"]), row["withdrawn_at"]
        return cls(
            id=row["id"],
            declaration=row["declaration_id"],
            client_id=row["client_id"],
            file_name=row["file_name"],
            state=AttachmentState(row["state"]),
            quarantine=QuarantineOut(reason=reason, text=getattr(SAID[reason], "en" if english else "zh")) if reason else None,
            received=ReceivedOut(media_type=row["received_type"], bytes=row["received_bytes"], sha256=row["received_digest"].hex()),
            kept=_kept(row) if row["kept_digest"] else None,
            created_at=row["created_at"],
            withdrawal=AttachmentWithdrawalOut(at=withdrawn, reason=row["withdrawal_reason"]) if withdrawn else None,
        )


def _kept(row: Mapping[str, Any]) -> KeptOut:
    return KeptOut(
        media_type=row["kept_type"],
        bytes=row["kept_bytes"],
        sha256=row["kept_digest"].hex(),
        width=row["width"],
        height=row["height"],
        pages=row["pages"],
    )
