"""Declarations as they go in and out: one named type a kind, picked by `kind`, built from the rulebook's contents."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypeAliasType

from app.kit.errors import Words
from app.kit.patches import partial
from app.kit.unions import Kind, of_each_kind
from app.rulebook.contents import KINDS
from app.rulebook.facts import Source
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Details, Name, Note

from .capture import CapturedAt, CaptureOut


class Status(StrEnum):
    """Where a declaration stands: not yet filed, filed, or taken back with its reason kept."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


DeclarationKind = TypeAliasType(
    "DeclarationKind", Annotated[str, Field(description="申报类别。Kind of declaration.", json_schema_extra={"enum": [*KINDS]})]
)
"""One of the kinds that the rulebook has; a name for clients."""

FilingStatus = TypeAliasType(
    "FilingStatus", Annotated[Literal["submitted", "draft"], Field(description="提交或存为草稿。Filed, or kept as a draft.")]
)
ScreeningOutcome = TypeAliasType(
    "ScreeningOutcome",
    Annotated[
        Literal["clear", "record", "notice", "breach", "serious", "refer"],
        Field(description="疑点的最高级别；无疑点为 clear。The highest level among findings; clear without any."),
    ],
)


class Filing(BaseModel):
    """What every declaration carries whatever its kind."""

    model_config = ConfigDict(extra="forbid")

    declarant: UUID | None = Field(default=None, description="申报人；缺省为调用者本人。The declarant; the caller by default.")
    kind: str
    details: Details
    status: FilingStatus = Field(default="submitted", description="提交或存为草稿。Filed, or kept as a draft.")
    source: Source | None = Field(
        default=None,
        description="来源：本人、单位人事、纪检发现；缺省按申报人判定。Who reports: self, HR, or discovered by the commission; derived by default.",
    )
    declared_on: Day | None = Field(
        default=None,
        description="申报日，补录纸质记录时填写，不得晚于今天；缺省为今天。Day of filing, set for paper records, not in the future; today by default.",
        examples=["2026-11-20"],
    )
    captured_at: CapturedAt = None
    client_id: UUID | None = Field(
        default=None,
        description="客户端自拟的 UUID，离线时先行使用；各接口中可代替 id。同一人以之重发同样的申报，得到同一份。"
        "A UUID that the client made, to be used before there is an id; doors take either. Sent again by its maker, the same filing is answered again.",
        examples=["9f0c2f5e-3d0b-4c52-9a7e-0d8a2f6b1c11"],
    )
    client_reference: Name | None = Field(
        default=None, description="客户端自有编号。The client's own reference.", examples=["OA-2026-0815"]
    )
    note: Note | None = Field(
        default=None, description="说明，至多 4000 字。A note of up to 4,000 characters.", examples=["收件时本人不在办公室。"]
    )


@partial
class DeclarationChange(BaseModel):
    """An amendment: only the fields sent change, within `details` too; the result is validated as a whole."""

    model_config = ConfigDict(extra="forbid")

    details: dict[str, JsonValue] = Field(
        description="该类别 details 的部分或全部字段，逐字段替换；null 表示清空。Fields of the kind's details, each replaced whole; null clears.",
        examples=[{"returned_to_unit_on": "2024-05-25"}],
    )
    client_reference: Name | None = Field(description="客户端自有编号。The client's own reference.", examples=["OA-2026-0815"])
    note: Note | None = Field(description="说明，至多 4000 字。A note of up to 4,000 characters.", examples=["更正收受日期。"])


class Submission(BaseModel):
    """How a draft comes to be filed; nothing needs to be said."""

    model_config = ConfigDict(extra="forbid")

    captured_at: CapturedAt = None


class Withdrawal(BaseModel):
    """Why a declaration is taken back; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="撤回理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["重复申报"])


class BasisOut(BaseModel):
    """One row of a finding's legal basis."""

    instrument: str = Field(description="文件名称。Title of the instrument.")
    article: str | None = Field(description="条款；文件无条号时为空。Article, if numbered.")
    since: date = Field(description="该条施行日。In force since.")
    confirmed: bool = Field(description="条款是否已经核对原文。False while the citation awaits confirmation.")


class RemedyOut(BaseModel):
    """The next step."""

    action: str = Field(description="稳定的动作代码。Stable code of the action.", examples=["register-and-surrender"])
    text: str = Field(description="应当如何办理。What to do.")
    due_on: date | None = Field(description="办理期限；无期限的为空。Last day for it; empty if there is none.")


class FindingOut(BaseModel):
    """A suspicion with its legal basis and remedy; never a verdict (疑点，不是结论)."""

    id: UUID = Field(description="疑点编号。Id of the finding.")
    rule: str = Field(description="规则编号。Id of the rule.", examples=["gift.cash-like"])
    ban: int | None = Field(description="十一个不准中的序号。Number among the eleven bans.")
    level: Level = Field(
        description="级别，由轻到重：记录、提示、违规疑点、严重疑点、移送。The level, lightest first: record, notice, breach, serious, refer."
    )
    title: str = Field(description="标题。Title.")
    message: str = Field(description="说明所比较的数字与日期。What was compared, with its numbers and days.")
    basis: list[BasisOut] = Field(description="行为当日有效的依据。The legal basis as of the day of conduct.")
    evidence: dict[str, JsonValue] = Field(
        description="所比较的数字与所累计的申报；逾期后已纠正的，`own_accord` 标明是否出于主动。"
        "The numbers compared, the declarations summed; `own_accord` tells of what was put right late whether it was of one's own accord."
    )
    remedy: RemedyOut | None = Field(description="下一步。The next step, if there is one.")
    missing_facts: list[str] = Field(description="缺失的事实，以字段名表示。Facts left out that matter, by field name.")
    confidential: bool = Field(description="是否仅供纪检监察机关查阅。Whether it is for the commission alone.")


class ScreeningOut(BaseModel):
    """What the rulebook says of a declaration."""

    outcome: ScreeningOutcome = Field(description="最高级别；无疑点为 clear。The highest level among the findings; clear without any.")
    rulebook_version: str = Field(description="所用规则库版本。Version of the rulebook that judged.")
    judged_on: date = Field(description="筛查日。Day of judgement.")
    findings: list[FindingOut] = Field(description="疑点，按规则顺序。The findings, in the order of the rules.")


class ReceiptOut(BaseModel):
    """Proof that the act stands in the ledger."""

    line: UUID = Field(description="台账行编号。Id of the ledger line.")
    recorded_at: datetime = Field(description="记入台账的时刻。Instant of the line.")
    leaf_hash: str = Field(description="RFC 6962 叶哈希（base64）。The line's RFC 6962 leaf hash, base64.")


class DeclarationBase(BaseModel):
    """A declaration as it stands."""

    id: UUID = Field(description="申报编号。Id of the declaration.")
    kind: str
    status: Status = Field(description="草稿、已提交或已撤回。Draft, submitted or withdrawn.")
    source: Source = Field(description="来源：本人、单位人事、纪检发现。Who reports: self, HR, or discovered by the commission.")
    declarant: UUID = Field(description="申报人。The declarant.")
    unit: UUID = Field(description="申报时所在单位。The declarant's unit when it was filed.")
    counterparty: UUID | None = Field(description="对方在登记册中的编号。The other side's id.")
    details: Details
    revision: int = Field(description="版本号，自 1 起。Number of the revision, from 1.")
    declared_on: date = Field(description="申报日。Day of declaration.")
    capture: CaptureOut | None = Field(
        description="离线申报的记录与收到时刻，及以何者为申报日；在线申报为空。When it was recorded without a network and when it came, and which counts; null otherwise."
    )
    client_id: UUID | None = Field(
        description="客户端自拟的 UUID。The UUID that its client made.", examples=["9f0c2f5e-3d0b-4c52-9a7e-0d8a2f6b1c11"]
    )
    client_reference: str | None = Field(description="客户端自有编号。The client's own reference.")
    note: str | None = Field(description="说明。A note.")
    withdrawal_reason: str | None = Field(description="撤回理由；未撤回为空。Why it was withdrawn, if it was.")
    created_at: datetime = Field(description="首次保存的时刻。When it was first kept.")
    screening: ScreeningOut | None = Field(description="草稿未经筛查，为空。Empty for drafts.")
    receipt: ReceiptOut = Field(description="最近一次操作的回执。Receipt of the newest act.")


class RevisionOut(BaseModel):
    """One state of a declaration in its history."""

    revision: int = Field(description="版本号，自 1 起。Number of the revision, from 1.")
    status: Status = Field(description="该版本的状态。Its status then.")
    details: dict[str, JsonValue] = Field(description="该版本的内容。What it stated then.")
    note: str | None = Field(description="该版本的说明。Its note then.")
    declared_on: date = Field(description="申报日。Day of declaration.")
    made_at: datetime = Field(description="形成该版本的时刻。When the revision was made.")
    made_by: str = Field(description="形成该版本的密钥或令牌。The credential that made it.")


class PastScreeningOut(ScreeningOut):
    """One judgement of a declaration, with the revision that was judged."""

    id: UUID = Field(description="筛查编号。Id of the screening.")
    revision: int = Field(description="被筛查的版本。The revision that was judged.")
    judged_at: datetime = Field(description="筛查的时刻。Instant of the judgement.")


_KIND = Words("申报类别", "Kind of declaration")
_STATED = Words("该类别须申报的内容", "What must be stated for the kind")


def _of_each_kind(name: str, base: type[BaseModel]) -> Any:
    """The base with the details of each kind, in the order of the rulebook's contents."""
    kinds = {kind: Kind(Words(*chapter.title), chapter.details, _STATED) for kind, chapter in KINDS.items()}
    return of_each_kind(name, base, kinds, _KIND)


if TYPE_CHECKING:
    DeclarationIn: TypeAlias = Filing
    DeclarationOut: TypeAlias = DeclarationBase
else:
    DeclarationIn = _of_each_kind("DeclarationIn", Filing)
    DeclarationOut = _of_each_kind("DeclarationOut", DeclarationBase)


class FacetValueOut(BaseModel):
    """How many of what a list finds have one value."""

    value: str | None = Field(
        description="取值：类别、状态、级别、单位编号、规则编号、不准序号、年度；无从归属的为空。The value; null for what has none."
    )
    count: int = Field(description="份（项）数。How many.")
    at_least: bool = Field(
        description="为真时仅统计了最新的五万份（项），实有数不低于此。When true, only the newest 50,000 were counted, and there may be more."
    )


Facets = TypeAliasType(
    "Facets",
    Annotated[
        dict[str, list[FacetValueOut]], Field(description="分面：每面的取值，多者在前。By facet, its values, the most frequent first.")
    ],
)
"""By the name of the facet, its values, the most frequent first."""


class DeclarationPageOut(BaseModel):
    """One page of declarations."""

    items: list[DeclarationOut] = Field(description="本页申报。The declarations of the page.")
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="总数，仅在要求时给出。How many in all, when asked for.")
    facets: Facets | None = Field(
        description="所要求的分面，每面至多列 100 个取值，多者在前；未要求则空。"
        "The facets asked for, each with its 100 most frequent values at most; null unless asked for.",
        examples=[{"kind": [{"value": "gift", "count": 12, "at_least": False}]}],
    )
