"""Findings as reviewers raise them, and as anybody reads them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.declarations.schemas import Facets, FindingOut
from app.kit import clock
from app.kit.problems import register_message
from app.rulebook.statement import Day, Flag, Name, Note
from app.screening.schemas import PastDay

from .rendering import Origin

register_message("due_day_passed", "期限不得早于今天。", "The day must not lie before today.")


def _not_past(value: date) -> date:
    if value < clock.today():
        raise PydanticCustomError("due_day_passed", "the day must not lie before today")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("text_blank", "at least one visible character")
    return value


Said = Annotated[Note, AfterValidator(_said), Field(json_schema_extra={"minLength": 1})]
"""What somebody says, up to 4,000 characters and not blank."""

NotPast = Annotated[Day, AfterValidator(_not_past)]
"""Today or a later day."""


class BasisIn(BaseModel):
    """A text that the reviewer rests on."""

    model_config = ConfigDict(extra="forbid")

    instrument: Name = Field(description="文件名称。Title of the instrument.", examples=["中国共产党纪律处分条例"])
    article: Name | None = Field(default=None, description="条款；文件无条号时不填。Article, if numbered.", examples=["第一百一十七条"])
    since: PastDay = Field(description="该条施行日。In force since.", examples=["2024-01-01"])
    confirmed: Flag = Field(default=False, description="条款是否已核对原文。Whether you have checked the article against its text.")


class RemedyIn(BaseModel):
    """What the declarant should do next."""

    model_config = ConfigDict(extra="forbid")

    text: Name = Field(description="应当如何办理。What to do.", examples=["请补充说明该事项的办理经过。"])
    due_on: NotPast | None = Field(default=None, description="办理期限。Last day for it.")


RaisedLevel = TypeAliasType(
    "RaisedLevel",
    Annotated[
        Literal["notice", "breach", "serious", "refer"], Field(description="由人提出的疑点的级别。Level of a finding raised by hand.")
    ],
)


class FindingIn(BaseModel):
    """A suspicion that a person has come to: with its basis, and never a verdict."""

    model_config = ConfigDict(extra="forbid")

    declaration: UUID = Field(description="所涉申报，须已提交。The declaration concerned, which must be filed.")
    ban: Annotated[int, Field(strict=True, ge=1, le=11)] = Field(
        description="十一个不准中的序号；各项须由人判断的部分见 /v1/lists。Number of the ban; /v1/lists says what is for a person in each.",
        examples=[4],
    )
    level: RaisedLevel = Field(description="级别，由轻到重：提示、违规疑点、严重疑点、移送。The level, lightest first.")
    title: Name = Field(description="标题，1 至 200 字。Title, 1 to 200 characters.", examples=["对企业采购渠道的建议须作说明"])
    message: Said = Field(
        description="说明，至多 4000 字：依据哪些事实、存何疑问；只述疑点，不下结论。"
        "The facts it rests on and what is in doubt, up to 4,000 characters; it says what is suspected and pronounces nobody guilty.",
        examples=["申报所述调研期间，企业称曾被要求改用指定供应商，须向双方核实。"],
    )
    basis: list[BasisIn] = Field(min_length=1, max_length=20, description="依据，至少一项。What it rests on, at least one text.")
    remedy: RemedyIn | None = Field(default=None, description="下一步。The next step for the declarant, if there is one.")
    missing_facts: list[Name] = Field(
        default=[], max_length=20, description="尚待补充的事实。Facts that are still wanting.", examples=[["企业的书面说明"]]
    )
    confidential: Flag = Field(
        default=True,
        description="是否仅供纪检监察机关查阅；缺省为是。Whether it is for the commission alone, as it is unless said otherwise.",
    )


class FindingWithdrawal(BaseModel):
    """Why a finding is withdrawn; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="撤销理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["经核实，系正常政策辅导"])


class FindingRecordOut(FindingOut):
    """A finding by itself: a suspicion with its basis and remedy, never a verdict (疑点，不是结论)."""

    rule: str | None = Field(  # type: ignore[assignment]  # wider than within a screening, where every finding is a rule's
        description="规则编号；由人提出的为空。Id of the rule; none where a person raised it.", examples=["gift.cash-like"]
    )
    declaration: UUID = Field(description="所涉申报。The declaration concerned.")
    declarant: UUID = Field(description="申报人。Its declarant.")
    unit: UUID = Field(description="申报时所在单位。The declarant's unit when it was filed.")
    kind: str = Field(description="申报类别。Its kind.", examples=["gift"])
    occurred_from: date = Field(description="行为首日。First day of the conduct.")
    origin: Origin = Field(description="规则筛查所得（rule），或由人提出（hand）。Found by a rule, or raised by hand.")
    raised_at: datetime = Field(description="筛查或提出的时刻。When it was found or raised.")
    current: bool = Field(
        description="是否现行；重新筛查、修改、撤回、撤销之后不再现行。"
        "Whether it stands; no longer once it was judged anew, the declaration amended or withdrawn, or the finding withdrawn."
    )
    withdrawal_reason: str | None = Field(description="由人撤销的理由；未撤销为空。Why a reviewer withdrew it, if one did.")


class FindingPageOut(BaseModel):
    """One page of findings."""

    items: list[FindingRecordOut] = Field(description="本页疑点。The findings of the page.")
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="总数，仅在要求时给出。How many in all, when asked for.")
    facets: Facets | None = Field(
        description="所要求的分面，每面至多列 100 个取值，多者在前；未要求则空。"
        "The facets asked for, each with its 100 most frequent values at most; null unless asked for.",
        examples=[{"kind": [{"value": "gift", "count": 12, "at_least": False}]}],
    )
