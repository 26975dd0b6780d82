"""Declarations as they go in and out: one named type a kind, picked by `kind`, built from the rulebook's contents."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

from app.kit.problems import register_tags
from app.rulebook.contents import KINDS
from app.rulebook.facts import Source
from app.rulebook.statement import Day, Details, Name, Note


class Status(StrEnum):
    """Where a declaration stands: not yet filed, filed, or taken back with its reason kept."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Filing(BaseModel):
    """What every declaration carries whatever its kind."""

    model_config = ConfigDict(extra="forbid")

    declarant: UUID | None = Field(default=None, description="申报人；缺省为调用者本人。The declarant; the caller by default.")
    kind: str
    details: Details
    status: Literal["submitted", "draft"] = Field(default="submitted", description="提交或存为草稿。Filed, or kept as a draft.")
    source: Source | None = Field(
        default=None,
        description="来源：本人、单位人事、纪检发现；缺省按申报人判定。Who reports: self, HR, or discovered by the commission; derived by default.",
    )
    declared_on: Day | None = Field(default=None, description="申报日，补录纸质记录时填写。Day of filing, set for paper records; today by default.")
    client_reference: Name | None = Field(default=None, description="客户端自有编号。The client's own reference.")
    note: Note | None = Field(default=None, description="说明。A note.")


class DeclarationChange(BaseModel):
    """An amendment: only the fields sent change, within `details` too; the result is validated as a whole."""

    model_config = ConfigDict(extra="forbid")

    details: dict[str, JsonValue] | None = Field(
        default=None,
        description="该类别 details 的部分或全部字段，逐字段替换；null 表示清空。Fields of the kind's details, each replaced whole; null clears.",
        examples=[{"returned_to_unit_on": "2024-05-25"}],
    )
    client_reference: Name | None = Field(default=None, description="客户端自有编号。The client's own reference.")
    note: Note | None = Field(default=None, description="说明。A note.")


class Withdrawal(BaseModel):
    """Why a declaration is taken back; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Name, Field(description="撤回理由。The reason.", examples=["重复申报"])]


class BasisOut(BaseModel):
    """One row of a finding's legal basis."""

    instrument: str = Field(description="文件名称。Title of the instrument.")
    article: str | None = Field(description="条款；文件无条号时为空。Article, if numbered.")
    since: date = Field(description="该条施行日。In force since.")
    confirmed: bool = Field(description="条款是否已经核对原文。False while the citation awaits confirmation.")


class RemedyOut(BaseModel):
    """The next step."""

    action: str = Field(description="稳定的动作代码。Stable code of the action.", examples=["register-and-surrender"])
    text: str
    due_on: date | None


class FindingOut(BaseModel):
    """A suspicion with its legal basis and remedy; never a verdict (疑点，不是结论)."""

    id: UUID
    rule: str = Field(examples=["gift.cash-like"])
    ban: int | None = Field(description="十一个不准中的序号。Number among the eleven bans.")
    level: Literal["record", "notice", "breach", "serious", "refer"]
    title: str
    message: str
    basis: list[BasisOut]
    evidence: dict[str, JsonValue] = Field(description="所比较的数字与所累计的申报。The numbers compared, the declarations summed.")
    remedy: RemedyOut | None
    missing_facts: list[str]
    confidential: bool


class ScreeningOut(BaseModel):
    """What the rulebook says of a declaration."""

    outcome: Literal["clear", "record", "notice", "breach", "serious", "refer"]
    rulebook_version: str
    judged_on: date
    findings: list[FindingOut]


class ReceiptOut(BaseModel):
    """Proof that the act stands in the ledger."""

    line: UUID
    recorded_at: datetime
    leaf_hash: str = Field(description="RFC 6962 叶哈希（base64）。")


class DeclarationBase(BaseModel):
    """A declaration as it stands."""

    id: UUID
    kind: str
    status: Status
    source: Source
    declarant: UUID
    unit: UUID
    counterparty: UUID | None = Field(description="对方在登记册中的编号。The other side's id.")
    details: Details
    revision: int
    declared_on: date
    client_reference: str | None
    note: str | None
    withdrawal_reason: str | None
    created_at: datetime
    screening: ScreeningOut | None = Field(description="草稿未经筛查，为空。Empty for drafts.")
    receipt: ReceiptOut


class RevisionOut(BaseModel):
    """One state of a declaration in its history."""

    revision: int
    status: Status
    details: dict[str, JsonValue]
    note: str | None
    declared_on: date
    made_at: datetime
    made_by: str


class PastScreeningOut(ScreeningOut):
    """One judgement of a declaration, with the revision that was judged."""

    id: UUID
    revision: int
    judged_at: datetime


def _of_each_kind(suffix: str, base: type[BaseModel]) -> Any:
    """A union, discriminated by `kind`, of the base with each kind's details."""
    models = []
    for kind, chapter in KINDS.items():
        name = "".join(part.capitalize() for part in kind.split("_")) + suffix
        fields: dict[str, Any] = {
            "kind": (Literal[kind], Field(description=f"{chapter.title.zh} {chapter.title.en}")),
            "details": (chapter.details, ...),
        }
        models.append(
            create_model(name, __base__=base, __doc__=f"{chapter.title.zh} {chapter.title.en}", **fields)
        )
    return Annotated[Union[tuple(models)], Field(discriminator="kind")]  # noqa: UP007  # built at run time


if TYPE_CHECKING:
    DeclarationIn: TypeAlias = Filing
    DeclarationOut: TypeAlias = DeclarationBase
else:
    DeclarationIn = _of_each_kind("DeclarationIn", Filing)
    DeclarationOut = _of_each_kind("DeclarationOut", DeclarationBase)


class DeclarationPageOut(BaseModel):
    """One page of declarations, newest first."""

    items: list[DeclarationOut]
    next: str | None
    count: int | None


register_tags(list(KINDS))
