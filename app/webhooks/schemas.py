"""Webhooks and their deliveries as they go in and out."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from app.access.caller import Caller, Scope
from app.kit import clock
from app.kit.patches import partial
from app.rulebook.statement import Flag, Name

from .outcomes import Outcome
from .topics import Rights, Topic

Pattern = Annotated[str, Field(max_length=60, pattern=r"^(\*|[a-z-]+\.(\*|[a-z-]+))$", examples=["declaration.*"])]
"""Topics: one by its name, all of a sort, or all."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class _WebhookFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        min_length=1,
        max_length=2000,
        description="接收网址，须为 https，不得指向内部网络。Where messages are sent: https, and nowhere inside.",
        examples=["https://hr.example.cn/hooks/qinqing"],
    )
    topics: list[Pattern] = Field(
        min_length=1,
        max_length=50,
        description="主题，见 /v1/webhooks/topics。Topics: `declaration.submitted`, `declaration.*`, or `*` for all that the caller may know.",
        examples=[["declaration.submitted", "person.*"]],
    )
    description: Name | None = Field(default=None, description="用途说明。What it is for.", examples=["人事系统"])
    unit: UUID | None = Field(
        default=None,
        description="仅限该单位及其下级；空则为调用者的管辖范围。Only of this unit and all below; else as far as the caller reaches.",
    )
    enabled: Flag = Field(
        default=True,
        description="是否推送；停用期间的事项待恢复后补送。Whether messages are sent; a disabled one goes on where it stopped.",
    )


class WebhookIn(_WebhookFields):
    """A webhook to be made."""


@partial
class WebhookChange(_WebhookFields):
    """The fields of a webhook that change."""


class ReplayIn(BaseModel):
    """From where a webhook is to be told again."""

    model_config = ConfigDict(extra="forbid")

    from_position: Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)] = Field(
        description="台账位置，自此重新推送；大于现有者则只推送此后的。The position in the ledger; beyond its end: only what comes from now on.",
        examples=[0],
    )


class WebhookOut(BaseModel):
    """A webhook without its secret."""

    id: UUID = Field(description="编号。Its id.")
    url: str = Field(description="接收网址。Where messages are sent.")
    topics: list[str] = Field(description="主题。Topics.")
    description: str | None = Field(description="用途说明。What it is for.")
    unit: UUID | None = Field(description="仅限该单位及其下级；空则为全部。Only of this unit and all below; else of the whole register.")
    enabled: bool = Field(description="是否推送。Whether messages are sent.")
    disabled_reason: str | None = Field(
        description="由登记册停用的原因：gone（接收方答复 410）或 failing（连续五日未能送达）。Why the register disabled it: `gone` (410), or `failing` for five days.",
        examples=["gone"],
    )
    failing_since: datetime | None = Field(description="自何时起未能送达。Since when nothing was delivered.")
    former_secret_until: datetime | None = Field(description="原密钥并用至何时。Until when the former secret signs too.")
    created_at: datetime = Field(description="设立时刻。When it was made.")
    created_by: str = Field(description="设立所用凭证。The credential that made it.")

    @classmethod
    def of(cls, row: RowMapping) -> "WebhookOut":
        """From its row."""
        return cls(**_fields(row))


class WebhookMade(WebhookOut):
    """A webhook with its secret, shown this once."""

    secret: str = Field(description="签名密钥，仅此一次显示。The secret, shown once.", repr=False, examples=["whsec_…"])

    @classmethod
    def with_secret(cls, row: RowMapping, secret: str) -> "WebhookMade":
        """From its row and the secret just made."""
        return cls(secret=secret, **_fields(row))


def _fields(row: RowMapping) -> dict[str, Any]:
    same = ("id", "url", "topics", "description", "enabled", "disabled_reason", "failing_since", "created_at", "created_by")
    former = row["former_until"] if row["former_until"] and row["former_until"] > clock.now() else None
    return {**{name: row[name] for name in same}, "unit": row["unit_id"], "former_secret_until": former}


class TopicOut(BaseModel):
    """A topic."""

    topic: str = Field(description="主题。The topic.", examples=["declaration.submitted"])
    description_zh: str = Field(description="中文说明。In Chinese.")
    description_en: str = Field(description="英文说明。In English.")
    scopes: list[Scope] = Field(description="订阅须有其一。One of these scopes is needed.")
    confidential: bool = Field(
        description="是否可能出自核查；仅限不代表任何人员的密钥。Whether it may come of an inquiry; for keys that speak for nobody."
    )
    by_unit: bool = Field(
        description="能否按单位推送。Whether its records stand in a unit; else it is told by webhooks of the whole register."
    )
    available: bool = Field(description="调用者能否订阅。Whether the caller may subscribe.")

    @classmethod
    def of(cls, topic: Topic, caller: Caller, *, by_unit: bool) -> "TopicOut":
        """As a caller sees it."""
        return cls(
            topic=topic.action,
            description_zh=f"{topic.words.zh}。",
            description_en=f"{topic.words.en}.",
            scopes=sorted(topic.scopes),
            confidential=topic.confidential,
            by_unit=by_unit,
            available=Rights.of(caller).cover(topic),
        )


class TryOut(BaseModel):
    """One attempt; nothing of the answer is kept but its status."""

    at: datetime = Field(description="时刻。When.")
    outcome: Outcome = Field(description="结果。What came of it.")
    status: int | None = Field(description="HTTP 状态码。The status of the answer, if there was one.")
    milliseconds: int = Field(description="耗时（毫秒）。How long it took.")


class DeliveryOut(BaseModel):
    """A message to one webhook, and what became of it."""

    id: UUID = Field(description="编号。Its id.")
    message: UUID = Field(description="即 webhook-id 请求头，每次重试相同。As in the header `webhook-id`, the same in every attempt.")
    type: str = Field(description="主题。The topic.")
    subject: UUID = Field(description="所涉记录。The record concerned.")
    position: int | None = Field(description="台账位置；测试消息为空。Position in the ledger; none for a test.")
    happened_at: datetime = Field(description="事项发生时刻。When it happened.")
    state: DeliveryState = Field(description="waiting 待送，delivered 已送达，dead 已放弃。Where it stands.")
    attempts: int = Field(description="已尝试次数。How often it was tried.")
    next_attempt_at: datetime | None = Field(
        description="下次尝试；待送而为空者，在等同一记录的前一消息。The next attempt; one that waits without it waits for an earlier message of its subject."
    )
    ended_at: datetime | None = Field(description="送达或放弃的时刻。When it was delivered or given up.")
    tries: list[TryOut] = Field(description="最近二十次尝试。The last twenty attempts.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "DeliveryOut":
        """From its row."""
        same = ("id", "message", "position", "happened_at", "state", "attempts", "next_attempt_at", "ended_at")
        tries = [TryOut(**one) for one in row["tries"]]
        return cls(**{name: row[name] for name in same}, type=row["action"], subject=row["told_subject"], tries=tries)
