"""Changes as answers show them: one named shape a sort of record, each with the record as its own address gives it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.approvals.schemas import ApprovalOut
from app.attachments.schemas import AttachmentOut
from app.declarations.schemas import DeclarationOut
from app.obligations.schemas import NilReturnOut, ObligationOut
from app.people.schemas import DelegationOut
from app.reviews.review_schemas import ReviewRecordOut
from app.reviews.schemas import FindingRecordOut


class ChangedType(StrEnum):
    """The sorts of records that are caught up with."""

    DECLARATION = "declaration"
    FINDING = "finding"
    REVIEW = "review"
    OBLIGATION = "obligation"
    NIL_RETURN = "nil_return"
    DELEGATION = "delegation"
    APPROVAL = "approval"
    ATTACHMENT = "attachment"


class _ChangeOut(BaseModel):
    id: UUID = Field(description="记录编号。Id of the record.", examples=["01939c7a-0000-7000-8000-000000000000"])
    client_id: UUID | None = Field(
        description="客户端自拟的 UUID；申报、报批与附件有之。The UUID that its client made, of declarations, approvals and attachments.",
        examples=["9f0c2f5e-3d0b-4c52-9a7e-0d8a2f6b1c11"],
    )
    changed_at: datetime = Field(description="最近一次变动的时刻。When it last changed.", examples=["2026-11-28T08:00:00Z"])
    gone: bool = Field(description="为真时已不再可见，客户端应予删除。True where you see it no more; drop it.", examples=[False])


def _of(described: str) -> Any:
    return Field(description=f"{described}现状，同其单独读取；gone 为真时为空。As its own address gives it now; null where it is gone.")


class ChangedDeclarationOut(_ChangeOut):
    """A declaration, a draft or a withdrawn one included, with the findings of its screening."""

    type: Literal["declaration"] = Field(description="记录类型。Sort of record.", examples=["declaration"])
    record: DeclarationOut | None = _of("申报")


class ChangedFindingOut(_ChangeOut):
    """A finding that a reviewer raised by hand; those of rules come with their declaration."""

    type: Literal["finding"] = Field(description="记录类型。Sort of record.", examples=["finding"])
    record: FindingRecordOut | None = _of("疑点")


class ChangedReviewOut(_ChangeOut):
    """A review in which one was asked or told something."""

    type: Literal["review"] = Field(description="记录类型。Sort of record.", examples=["review"])
    record: ReviewRecordOut | None = _of("审查")


class ChangedObligationOut(_ChangeOut):
    """Something that one owes, or owed."""

    type: Literal["obligation"] = Field(description="记录类型。Sort of record.", examples=["obligation"])
    record: ObligationOut | None = _of("应报事项")


class ChangedNilReturnOut(_ChangeOut):
    """A nil return."""

    type: Literal["nil_return"] = Field(description="记录类型。Sort of record.", examples=["nil_return"])
    record: NilReturnOut | None = _of("零报告")


class ChangedDelegationOut(_ChangeOut):
    """A delegation that one gave or was given."""

    type: Literal["delegation"] = Field(description="记录类型。Sort of record.", examples=["delegation"])
    record: DelegationOut | None = _of("代办")


class ChangedApprovalOut(_ChangeOut):
    """Something that leave was asked for."""

    type: Literal["approval"] = Field(description="记录类型。Sort of record.", examples=["approval"])
    record: ApprovalOut | None = _of("报批事项")


class ChangedAttachmentOut(_ChangeOut):
    """A photo or document of one's own declaration, and what became of it."""

    type: Literal["attachment"] = Field(description="记录类型。Sort of record.", examples=["attachment"])
    record: AttachmentOut | None = _of("附件")


ChangedOut = TypeAliasType(
    "ChangedOut",
    Annotated[
        ChangedDeclarationOut
        | ChangedFindingOut
        | ChangedReviewOut
        | ChangedObligationOut
        | ChangedNilReturnOut
        | ChangedDelegationOut
        | ChangedApprovalOut
        | ChangedAttachmentOut,
        Field(discriminator="type", description="一份有变动的记录。A record that has changed."),
    ],
)


class ChangesOut(BaseModel):
    """What has changed, each record once in its newest state, in the order of their newest changes."""

    items: Annotated[list[ChangedOut], Field(max_length=200)] = Field(description="变动的记录。The records that changed.")
    next: Annotated[str, Field(max_length=64)] = Field(
        description="下次的 since；没有变动时同所给者。The `since` of the next call; the one given where nothing changed.",
        examples=["AQAAAAAAAAAqc1d0uF6jLpA"],
    )
    more: bool = Field(description="为真时还有，请即再取。True where there is more to fetch at once.", examples=[False])
