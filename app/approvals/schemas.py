"""Approvals as they go in and out: one named type a kind for which an approval can mean something."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kit.errors import Words
from app.kit.unions import Kind, of_each_kind
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.money import Money
from app.rulebook.statement import Day, Details, Name, Note

from .states import ApprovalState
from .visibility import AskedOf

_EXAMPLE_ID = "0199f2a0-7c1e-7abc-8def-0123456789ab"

APPROVABLE = {kind: chapter for kind, chapter in KINDS.items() if chapter.details.approvable is not Details.approvable}
"""The kinds of which some rule asks whether it was approved."""

_KINDS = {
    kind: Kind(
        Words(*chapter.title),
        chapter.details,
        Words("拟进行的事项，内容同申报", "What is intended, stated as it would be declared"),
    )
    for kind, chapter in APPROVABLE.items()
}
_WHAT = Words("事项类别", "Kind of what approval is asked for")


class Request(BaseModel):
    """What every request for an approval carries whatever its kind."""

    model_config = ConfigDict(extra="forbid")

    client_id: UUID | None = Field(
        default=None,
        description="客户端生成的编号；同一编号重发得到同一申请。An id made by the client; sent again, it is the same request.",
        examples=[_EXAMPLE_ID],
    )
    person: UUID | None = Field(
        default=None, description="为谁申请；缺省为调用者本人。For whom; the caller by default.", examples=[_EXAMPLE_ID]
    )
    asked_of: AskedOf = Field(
        description="向谁报批：单位负责人或者人事部门。Who is asked: the head of the unit, or HR.", examples=["unit_head"]
    )
    kind: str
    details: Details
    reason: Note = Field(
        min_length=1, description="报批事由，至多 4000 字。Why, up to 4,000 characters.", examples=["园区现场办公，午间统一用工作餐。"]
    )


class ApprovalDecision(StrEnum):
    """What can be decided."""

    GRANTED = "granted"
    REFUSED = "refused"


class ApprovalConditionsIn(BaseModel):
    """What the approval is bound to."""

    model_config = ConfigDict(extra="forbid")

    max_worth: Money | None = Field(
        default=None,
        description="价值上限，须为人民币：用餐按人均（未填人均的按总额），活动与赠礼按总额，兼职按年报酬。"
        "Up to this worth, in CNY: of a meal a head (or the whole where no more is stated), of an activity or a gift in all, of a post the pay of a year.",
        examples=[{"amount": "60.00", "currency": "CNY"}],
    )


class ApprovalDecisionIn(BaseModel):
    """A decision on a request."""

    model_config = ConfigDict(extra="forbid")

    decision: ApprovalDecision = Field(description="批准或者不批准。Granted or refused.", examples=["granted"])
    note: Note = Field(
        min_length=1, description="批复意见，至多 4000 字。Why, up to 4,000 characters.", examples=["同意，按工作餐标准执行。"]
    )
    conditions: ApprovalConditionsIn | None = Field(default=None, description="批准所附条件。Conditions of the approval.")
    valid_from_on: Day | None = Field(
        default=None,
        description="生效之日，不早于今天；缺省为今天。First day, not before today; today by default.",
        examples=["2026-12-01"],
    )
    expires_on: Day | None = Field(
        default=None,
        description="有效至（含当日）；缺省为所报批事项的最后一日。Last day; by default the last one that was asked for.",
        examples=["2026-12-31"],
    )


class ApprovalReasonIn(BaseModel):
    """Why a request is withdrawn, or an approval revoked."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["行程已取消"])


class ApprovalOfficerOut(BaseModel):
    """Who acted, as they are called today."""

    name: str | None = Field(description="人员姓名或密钥名称。The person, or the name of the key.", examples=["王局长"])
    unit: str | None = Field(description="所在单位。Their unit.", examples=["某市住房和城乡建设局"])


class ApprovalRuleOut(BaseModel):
    """A rule that had something to say."""

    rule: str = Field(description="规则编号。Id of the rule.", examples=["meal.duty-related-host"])
    level: Level = Field(description="级别。Its level.", examples=["notice"])


class ApprovalAssessmentOut(BaseModel):
    """What a preview said when approval was asked for, in the view of who asked."""

    outcome: str = Field(description="最高级别；无疑点为 clear。The highest level; clear without findings.", examples=["notice"])
    answer: str = Field(description="当时的答复。The answer then.", examples=["ask_first"])
    approval_helps: bool | None = Field(
        description="批准能否改变结论；不适用为空。Whether an approval would change the answer; null if it does not arise.", examples=[True]
    )
    rules: list[ApprovalRuleOut] = Field(
        max_length=100,
        description="当时触发的规则。The rules that fired then.",
        examples=[[{"rule": "meal.duty-related-host", "level": "notice"}]],
    )
    rulebook_version: str = Field(description="所用规则库版本。Version of the rulebook.", examples=["3f9a01bc77de"])
    judged_on: date = Field(description="评估日。Day of judgement.", examples=["2026-11-29"])


class ApprovalDecisionOut(BaseModel):
    """How it was decided."""

    decision: ApprovalDecision = Field(description="批准或者不批准。Granted or refused.", examples=["granted"])
    note: str = Field(description="批复意见。Why.", examples=["同意，按工作餐标准执行。"])
    max_worth: Money | None = Field(description="价值上限；无则空。Up to this worth; null without such a condition.")
    valid_from_on: date | None = Field(description="生效之日；未批准的为空。First day; null if refused.", examples=["2026-12-01"])
    expires_on: date | None = Field(description="有效至（含当日）；未批准的为空。Last day; null if refused.", examples=["2026-12-31"])
    office: str = Field(description="以何单位名义决定。In whose name it was decided.", examples=["某市住房和城乡建设局"])
    as_head: bool = Field(
        description="由单位负责人（真）或者人事部门（假）决定。Whether by the head of the unit, or else by HR.", examples=[True]
    )
    decided_at: datetime = Field(description="决定时刻。When.", examples=["2026-11-29T03:00:00Z"])
    decided_by: ApprovalOfficerOut = Field(description="决定人。By whom.")


class ApprovalEndOut(BaseModel):
    """How it was withdrawn or revoked."""

    reason: str = Field(description="理由。Why.", examples=["行程已取消"])
    ended_at: datetime = Field(description="时刻。When.", examples=["2026-11-30T03:00:00Z"])
    ended_by: ApprovalOfficerOut = Field(description="何人。By whom.")


class ApprovalBase(BaseModel):
    """An approval as it stands today."""

    id: UUID = Field(description="编号。Its id.", examples=[_EXAMPLE_ID])
    number: str | None = Field(
        description="批准文号，判定时即用此号；未批准的为空。Its number, by which rules and papers refer to it; null unless granted.",
        examples=["批-2026-3F9A01BC"],
    )
    client_id: UUID | None = Field(description="客户端生成的编号。The id made by the client.", examples=[_EXAMPLE_ID])
    person: UUID = Field(description="为谁申请。For whom.", examples=[_EXAMPLE_ID])
    unit: UUID = Field(description="申请时所在单位。The person's unit when it was asked for.", examples=[_EXAMPLE_ID])
    asked_of: AskedOf = Field(description="向谁报批。Who was asked.", examples=["unit_head"])
    kind: str
    details: Details
    counterparty: UUID = Field(description="对方在登记册中的编号。The other side's id.", examples=[_EXAMPLE_ID])
    first_on: date = Field(description="须由批准覆盖的首日。First day that the approval must cover.", examples=["2026-12-03"])
    last_on: date = Field(description="须由批准覆盖的末日。Last day that it must cover.", examples=["2026-12-03"])
    reason: str = Field(description="报批事由。Why.", examples=["园区现场办公，午间统一用工作餐。"])
    state: ApprovalState = Field(
        description="待批、已批准、未批准、已撤回、已撤销、已过期。Requested, granted, refused, withdrawn, revoked, expired.",
        examples=["requested"],
    )
    assessment: ApprovalAssessmentOut = Field(description="申请时的评估。What a preview said then.")
    decision: ApprovalDecisionOut | None = Field(description="决定；未决定的为空。The decision; null before it.")
    end: ApprovalEndOut | None = Field(description="撤回或者撤销的情况；无则空。How it was withdrawn or revoked; null unless it was.")
    may_decide: bool = Field(description="调用者可否决定或者撤销。Whether the caller may decide or revoke it.", examples=[False])
    requested_at: datetime = Field(description="申请时刻。When it was asked for.", examples=["2026-11-29T02:00:00Z"])
    requested_by: ApprovalOfficerOut = Field(description="申请的提交人。Who asked.")


if TYPE_CHECKING:
    ApprovalIn: TypeAlias = Request
    ApprovalOut: TypeAlias = ApprovalBase
else:
    ApprovalIn = of_each_kind("ApprovalIn", Request, _KINDS, _WHAT)
    ApprovalOut = of_each_kind("ApprovalOut", ApprovalBase, _KINDS, _WHAT)


class ApprovalPageOut(BaseModel):
    """One page of approvals, newest first."""

    items: list[ApprovalOut] = Field(max_length=200, description="本页各项。The approvals of the page.")
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.", examples=["AZnyoHwe"])
    count: int | None = Field(description="总数，仅在要求时给出。How many in all, when asked for.", examples=[3])
