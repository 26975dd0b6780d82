"""Notices, devices and what a push gateway is given, as they go in and out."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import RowMapping

from app.kit.errors import Language
from app.kit.patches import partial
from app.reports.concerns import NoticeType
from app.rulebook.statement import Name
from app.webhooks.topics import PLACES

from .wording import said_to_oneself

_ID = "01a2287d-0158-77fc-a4f7-d59c9da998e5"
_AT = "2026-11-29T10:00:00Z"


class Platform(StrEnum):
    """Whose push service a device listens to."""

    APNS = "apns"
    FCM = "fcm"
    HMS = "hms"
    WEBPUSH = "webpush"
    OTHER = "other"


class SubjectType(StrEnum):
    """What sort of record a notice is about."""

    DECLARATION = "declaration"
    REVIEW = "review"
    OBLIGATION = "obligation"
    APPROVAL = "approval"


def path_of(sort: str, record: UUID) -> str:
    """Where the official reads the record, below the register's address."""
    return f"/v1/{PLACES[sort]}/{record}"


class NoticeSubjectOut(BaseModel):
    """The record that a notice is about."""

    type: SubjectType = Field(description="记录类型。What sort of record.", examples=["declaration"])
    id: UUID = Field(description="编号。Its id.", examples=[_ID])
    path: str = Field(description="查阅地址。Where it is read.", examples=[f"/v1/declarations/{_ID}"])


class NoticeOut(BaseModel):
    """That something is due or new for the caller."""

    id: UUID = Field(description="编号。Its id.", examples=[_ID])
    type: NoticeType = Field(
        description="缘由：新的待办、临近期限、逾期、要求说明、新的核查提示。Why it was raised.", examples=["task-due"]
    )
    text: str = Field(description="说明。In words.", examples=["您有一项廉洁申报事项即将到期。期限：11 月 30 日。"])
    task: UUID = Field(
        description="所涉待办的编号（见 /v1/me/tasks）。The task that it is about.", examples=["5f0c1f0e-3c55-5d4b-8f5c-0a4c0e9b7c11"]
    )
    subject: NoticeSubjectOut = Field(
        description="所涉记录。The record concerned.", examples=[{"type": "declaration", "id": _ID, "path": f"/v1/declarations/{_ID}"}]
    )
    due_on: date | None = Field(description="期限；无期限则空。Last day in time, if there is one.", examples=["2026-11-30"])
    raised_at: datetime = Field(description="发出时刻。When it was raised.", examples=[_AT])
    read_at: datetime | None = Field(
        description="本人标记已读的时刻；未读为空。When the caller marked it as read; empty until then.", examples=["2026-11-29T08:30:00Z"]
    )

    @classmethod
    def of(cls, row: RowMapping, *, english: bool) -> "NoticeOut":
        """From its row, in one language."""
        same = {name: row[name] for name in ("id", "type", "task", "due_on", "raised_at", "read_at")}
        sort, record = row["subject_type"], row["subject_id"]
        subject = NoticeSubjectOut(type=SubjectType(sort), id=record, path=path_of(sort, record))
        return cls(**same, subject=subject, text=said_to_oneself(NoticeType(row["type"]), row["due_on"], english=english))


class NoticesReadIn(BaseModel):
    """Which notices have been read."""

    model_config = ConfigDict(extra="forbid")

    up_to: UUID | None = Field(default=None, description="该条及更早的全部。This one and all before it.", examples=[_ID])
    ids: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="所列各条，至多 200 条。These, at most 200.", examples=[[_ID]]
    )

    @model_validator(mode="after")
    def _one_way(self) -> "NoticesReadIn":
        if (self.up_to is None) == (self.ids is None):
            raise PydanticCustomError("read_needs_up_to_or_ids", "give either `up_to` or `ids`")
        return self


class NoticesReadOut(BaseModel):
    """What came of it."""

    read: int = Field(ge=0, description="此次标记的条数。How many were marked now.", examples=[3])
    unread: int = Field(ge=0, description="仍未读的条数。How many are still unread.", examples=[0])


Token = Annotated[str, Field(min_length=16, max_length=4096, pattern=r"^[!-~]([ -~]*[!-~])?$")]
Wanted = Annotated[list[NoticeType], Field(min_length=1, max_length=20)]


class _DeviceFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: Token = Field(
        description="推送服务给出的令牌；webpush 为订阅的 JSON 文本。加密保存，只显示末四位。"
        "The push service's token, for webpush the subscription as JSON text; kept encrypted, of which the end alone is shown.",
        examples=["d3adb33fd3adb33fd3adb33fd3adb33fd3adb33fd3adb33fd3adb33fd3adb33f"],
    )
    topics: Wanted = Field(
        default=list(NoticeType),
        description="要接收的提醒类型，缺省为全部。Which notices are wanted; all by default.",
        examples=[["task-due"]],
    )
    language: Language = Field(default=Language.ZH, description="语言。The language.", examples=["zh"])


class DeviceIn(_DeviceFields):
    """A device on which the caller wants notices."""

    platform: Platform = Field(description="推送服务。Whose push service.", examples=["apns"])
    client_id: Name | None = Field(
        default=None,
        description="安装标识；同一标识再次登记即更新令牌。The installation; registered again, its token is replaced.",
        examples=["ios-7f3a"],
    )


@partial
class DeviceChange(_DeviceFields):
    """The fields of a device that change."""


class DeviceOut(BaseModel):
    """A device without its token."""

    id: UUID = Field(description="编号。Its id.", examples=[_ID])
    platform: Platform = Field(description="推送服务。Whose push service.", examples=["apns"])
    token_end: str = Field(min_length=4, max_length=4, description="令牌末四位。The end of its token.", examples=["b33f"])
    topics: list[NoticeType] = Field(max_length=20, description="接收的提醒类型。Which notices it gets.", examples=[["task-due"]])
    language: Language = Field(description="语言。The language.", examples=["zh"])
    client_id: str | None = Field(description="安装标识。The installation.", examples=["ios-7f3a"])
    registered_at: datetime = Field(description="登记时刻。When it was registered.", examples=[_AT])
    changed_at: datetime = Field(description="最近更改时刻。When it was last changed.", examples=[_AT])

    @classmethod
    def of(cls, row: RowMapping) -> "DeviceOut":
        """From its row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class PushDeviceOut(BaseModel):
    """Where a notice is to be brought, and what it says there."""

    id: UUID = Field(description="设备编号。The device.", examples=[_ID])
    version: int = Field(
        ge=1, description="设备版本，报告失效时回传。Its version, to be sent back with a report that it is dead.", examples=[1]
    )
    platform: Platform = Field(description="推送服务。Whose push service.", examples=["apns"])
    token: str = Field(description="令牌。Its token.", examples=["d3adb33fd3adb33fd3adb33fd3adb33f"], repr=False)
    language: Language = Field(description="语言。The language.", examples=["zh"])
    title: str = Field(description="标题。The title.", examples=["廉洁申报提醒"])
    body: str = Field(
        description="正文，不含个人内容。The text, with nothing personal in it.", examples=["您有一项廉洁申报事项将于 11 月 30 日到期。"]
    )


class PushOut(BaseModel):
    """A notice for a push gateway: to which devices, and until when; it tells neither whom it is for nor what it is about."""

    id: UUID = Field(description="编号。Its id.", examples=[_ID])
    collapse_key: str = Field(
        max_length=64,
        description="折叠键：同键的后一条取代前一条。A later notice with the same key takes the place of this one.",
        examples=["5f0c1f0e3c555d4b8f5c0a4c0e9b7c11"],
    )
    expires_at: datetime = Field(description="此后不再推送。After it, not to be pushed any more.", examples=["2026-11-30T16:00:00Z"])
    devices: list[PushDeviceOut] = Field(
        max_length=100,
        description="设备；已读、已被后一条取代、已失效或无人登记的为空。The devices; none once it was read, replaced by a later one or expired.",
        examples=[[]],
    )


class DeadDevice(BaseModel):
    """A device that the push service no longer knows."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="设备编号。The device.", examples=[_ID])
    version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)] = Field(
        description="读取时的版本；此后更新过的设备不受影响。The version that was read: one that has changed since stays.", examples=[1]
    )


class UndeliverableIn(BaseModel):
    """What a push gateway has learnt to be dead."""

    model_config = ConfigDict(extra="forbid")

    devices: list[DeadDevice] = Field(
        min_length=1, max_length=100, description="失效的设备。Devices that are dead.", examples=[[{"id": _ID, "version": 1}]]
    )


class UndeliverableOut(BaseModel):
    """What came of it."""

    removed: int = Field(ge=0, description="移除的设备数。How many devices were removed.", examples=[1])
