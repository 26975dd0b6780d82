"""Campaigns, obligations, nil returns and completion as they go in and out."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.declarations.capture import CapturedAt, CaptureOut
from app.declarations.schemas import BasisOut, DeclarationKind, ReceiptOut, RemedyOut
from app.kit import clock
from app.kit.patches import partial
from app.kit.problems import register_message
from app.rulebook.contents import KINDS
from app.rulebook.finding import Level
from app.rulebook.statement import Day, Flag, Name
from app.screening.schemas import PastDay

from .duties import REMIND_DAYS, Circle
from .states import ObligationState, VoidReason

register_message("kind_unknown", "没有这个申报类别；可用：{kinds}。", "No such kind of declaration; there are: {kinds}.")
register_message("given_twice", "不得重复。", "Must not be given twice.")
register_message("last_day_passed", "截止日不得早于今天。", "The last day must not lie before today.")
register_message("period_until_before_period_from", "不得早于 period_from。", "Must not lie before `period_from`.")
register_message("lawful_before_due", "法定期限不得早于截止日 due_on。", "The last day by law must not lie before `due_on`.")
register_message("lawful_without_basis", "填写法定期限须同时填写依据 basis。", "A last day by law needs its `basis`.")


def _kind(value: str) -> str:
    if value not in KINDS:
        raise PydanticCustomError("kind_unknown", "no such kind; there are: {kinds}", {"kinds": ", ".join(KINDS)})
    return value


def _once(value: list[Any]) -> list[Any]:
    if len(set(value)) != len(value):
        raise PydanticCustomError("given_twice", "must not be given twice")
    return value


Kind = Annotated[str, AfterValidator(_kind), Field(json_schema_extra={"enum": list(KINDS)})]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(KINDS)), AfterValidator(_once)]
"""Kinds of declaration, each once."""


def _not_past(value: date) -> date:
    if value < clock.today():
        raise PydanticCustomError("last_day_passed", "the last day must not lie before today")
    return value


LastDay = Annotated[Day, AfterValidator(_not_past)]
RemindDays = Annotated[
    list[Annotated[int, Field(strict=True, ge=1, le=365)]],
    Field(max_length=10, description="截止日前多少天提醒。How many days before the last one a reminder goes out.", examples=[[14, 7, 1]]),
    AfterValidator(_once),
]


class CampaignBasisIn(BaseModel):
    """A text that a campaign rests on."""

    model_config = ConfigDict(extra="forbid")

    instrument: Name = Field(description="文件名称。Title of the instrument.", examples=["领导干部报告个人有关事项规定"])
    article: Name | None = Field(default=None, description="条款；文件无条号时不填。Article, if numbered.", examples=["第五条"])
    since: PastDay = Field(description="该条施行日。In force since.", examples=["2017-02-08"])
    confirmed: Flag = Field(default=False, description="条款是否已核对原文。Whether you have checked the article against its text.")


class CampaignIn(BaseModel):
    """A campaign to be opened."""

    model_config = ConfigDict(extra="forbid")

    title: Name = Field(description="名称。Title.", examples=["二〇二六年持股与兼职专项申报"])
    title_en: Name | None = Field(default=None, description="英文名称。Title in English.", examples=["Holdings and posts of 2026"])
    kinds: Kinds = Field(
        description="涉及的申报类别；每类须有申报或零报告。Kinds: each is accounted for by a declaration or a nil return.",
        examples=[["shareholding", "outside_post"]],
    )
    period_from: Day = Field(description="所报期间首日。First day of the period reported on.", examples=["2026-01-01"])
    period_until: Day = Field(description="所报期间末日。Its last day.", examples=["2026-12-31"])
    due_on: LastDay = Field(description="截止日，当日仍为按期。Last day in time.", examples=["2027-01-31"])
    basis: list[CampaignBasisIn] = Field(default=[], max_length=20, description="依据。What it rests on.")
    lawful_until: Day | None = Field(
        default=None,
        validate_default=True,
        description="法律或党内法规本身规定的末日；空则逾期仅作提示。Last day that the law itself sets; without one, being overdue gives a notice and no more.",
    )
    unit: UUID | None = Field(
        default=None, description="适用的单位及其下级；空为全册。The unit with all below it; none: the whole register."
    )
    circles: list[Circle] = Field(
        default=[], max_length=10, description="适用人员，符合其一即可；空为全员。Whom it binds: one must fit; none: everybody."
    )
    remind_days: RemindDays = list(REMIND_DAYS)

    @field_validator("period_until")
    @classmethod
    def _in_order(cls, value: date, info: ValidationInfo) -> date:
        first = info.data.get("period_from")
        if first is not None and value < first:
            raise PydanticCustomError("period_until_before_period_from", "must not lie before `period_from`")
        return value

    @field_validator("lawful_until")
    @classmethod
    def _by_law(cls, value: date | None, info: ValidationInfo) -> date | None:
        due, basis = info.data.get("due_on"), info.data.get("basis")
        if value is not None and due is not None and value < due:
            raise PydanticCustomError("lawful_before_due", "must not lie before `due_on`")
        if value is not None and basis == []:
            raise PydanticCustomError("lawful_without_basis", "needs a basis")
        return value


class YearlyReportIn(BaseModel):
    """Which year's report of personal matters is to be opened."""

    model_config = ConfigDict(extra="forbid")

    year: Annotated[int, Field(strict=True, ge=2017, le=9998)] = Field(description="所报年度。The year reported on.", examples=[2026])


@partial
class CampaignChange(BaseModel):
    """What may change while a campaign runs; what people owe stays what they were told, and its last day can only be put off."""

    model_config = ConfigDict(extra="forbid")

    title: Name = Field(description="名称。Title.")
    title_en: Name | None = Field(description="英文名称。Title in English.")
    due_on: LastDay = Field(description="截止日，只可延后。Last day, to be put off only.", examples=["2027-02-15"])
    remind_days: RemindDays


class CampaignOut(BaseModel):
    """A round of reporting (集中申报)."""

    id: UUID = Field(description="编号。Its id.")
    title: str = Field(description="名称。Title.")
    title_en: str | None = Field(description="英文名称。Title in English.")
    template: str | None = Field(
        description="所依法定模板；自定者为空。The template of the law; none for one's own.", examples=["yearly_report"]
    )
    kinds: list[DeclarationKind] = Field(description="涉及的申报类别。Kinds.")
    period_from: date = Field(description="所报期间首日。First day of the period.")
    period_until: date = Field(description="所报期间末日。Its last day.")
    due_on: date = Field(description="截止日。Last day in time.")
    lawful_until: date | None = Field(description="法定末日。Last day by law.")
    basis: list[BasisOut] = Field(description="依据。What it rests on.")
    unit: UUID | None = Field(description="适用的单位及其下级；空为全册。The unit with all below it; null: the whole register.")
    circles: list[Circle] = Field(description="适用人员。Whom it binds.")
    remind_days: list[int] = Field(description="提前提醒的天数。Days of reminders before the last.")
    state: str = Field(description="enrolling：人员仍在录入；open；closed。Whether persons are still being entered.", examples=["open"])
    opened_at: datetime = Field(description="开启时刻。When it was opened.")
    closed_at: datetime | None = Field(description="关闭时刻。When it was closed.")

    @classmethod
    def of(cls, row: Any) -> "CampaignOut":
        """From its row."""
        state = "closed" if row["closed_at"] else "open" if row["enrolled_at"] else "enrolling"
        same = {name: row[name] for name in cls.model_fields if name in row}
        return cls(**same, unit=row["unit_id"], circles=[Circle(**one) for one in row["bound"]], state=state)


class AbsenceOut(BaseModel):
    """A finding that the last day passed with neither declaration nor nil return: a suspicion, never a verdict (疑点，不是结论)."""

    id: UUID = Field(description="编号。Its id.")
    rule: str | None = Field(description="不属任何规则，为空。No rule's: null.")
    ban: int | None = Field(description="不属十一个不准，为空。None of the bans: null.")
    level: Level = Field(
        description="级别：提示；法定期限已过且依据均已核对的，违规疑点。A notice; a breach once the day by law has passed."
    )
    title: str = Field(description="标题。Title.")
    message: str = Field(description="说明。What was compared.")
    basis: list[BasisOut] = Field(description="依据。The legal basis.")
    evidence: dict[str, JsonValue] = Field(description="期限与缺失的类别。The days and the kinds outstanding.")
    remedy: RemedyOut | None = Field(description="下一步。The next step.")
    missing_facts: list[str] = Field(description="缺失的事实。Facts left out.")
    confidential: bool = Field(description="恒为 false，本人可见。Always false: open to the official.")
    recorded_at: datetime = Field(description="认定时刻。When it was found.")
    current: bool = Field(description="是否现行。Whether it stands.")


ObligationType = TypeAliasType(
    "ObligationType",
    Annotated[
        Literal["yearly_report", "campaign_return", "new_post_declaration", "leaving_declaration"],
        Field(description="应报事项的类型。Sort of what is owed."),
    ],
)


class ObligationOut(BaseModel):
    """What one person owes by a day (应报事项)."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="义务人。Who owes it.")
    unit: UUID = Field(description="所在单位；完成后为完成时的单位。Their unit; once done, the one of then.")
    type: ObligationType = Field(
        description="类型：年度报告、集中申报、新任报告、离职报告。Type: a yearly report, a campaign's return, a new post's or a leaver's declaration."
    )
    title: str = Field(description="名称。What it is called.")
    campaign: UUID | None = Field(description="所属集中申报；由任职变动引起的为空。Its campaign; none where an event asks for it.")
    event_on: date | None = Field(description="引起义务的变动之日。Day of the event that asks for it.")
    kinds: list[DeclarationKind] = Field(description="须说明的类别。Kinds to be accounted for.")
    outstanding_kinds: list[DeclarationKind] = Field(description="既无申报也无零报告的类别。Those that nothing accounts for.")
    period_from: date = Field(description="所报期间首日。First day of the period.")
    period_until: date | None = Field(description="所报期间末日；空则至今。Its last day; null: to this day.")
    due_on: date = Field(description="截止日，当日仍为按期。Last day in time.")
    days_late: int | None = Field(description="逾期天数；未逾期为空。Days late; null in time.")
    state: ObligationState = Field(
        description="open 待办、met 按期完成、late_met 逾期完成、overdue 逾期、waived 豁免、void 失效。"
        "Open, met in time or late, overdue, waived, or void as nothing is owed any more."
    )
    met_on: date | None = Field(description="各类别均已说明之日。The day by which each kind was accounted for.")
    declaration: UUID | None = Field(
        description="最后一类所凭申报；仅本人与纪检监察机构可见。By which declaration; for oneself and the commission."
    )
    nil_return: UUID | None = Field(description="最后一类所凭零报告，同上。By which nil return; likewise.")
    waiver_reason: str | None = Field(description="豁免理由。Why it was waived.")
    void_reason: VoidReason | None = Field(description="失效原因：已离职、已不在范围、集中申报已关闭。Why it is void.")
    basis: list[BasisOut] = Field(description="依据。What it rests on.")
    absences: list[AbsenceOut] = Field(description="到期缺报的疑点，最近的在前。What was found absent, newest first.")
    opened_at: datetime = Field(description="产生时刻。When it arose.")


class WaiverIn(BaseModel):
    """Why somebody need not do what they owe; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="豁免理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["因病住院，经批准免报"])


class NilReturnIn(BaseModel):
    """There is nothing to declare of these kinds."""

    model_config = ConfigDict(extra="forbid")

    person: UUID | None = Field(default=None, description="报告人；缺省为调用者本人。Whose; the caller's by default.")
    campaign: UUID | None = Field(default=None, description="集中申报；与 obligation 二者填一。The campaign; give this or `obligation`.")
    obligation: UUID | None = Field(
        default=None, description="不属集中申报的应报事项。An obligation that has no campaign, such as a new leader's."
    )
    kinds: Kinds = Field(description="无应报事项的类别。Kinds of which there is nothing.", examples=[["shareholding"]])
    captured_at: CapturedAt = None


class NilReturnWithdrawal(BaseModel):
    """Why a nil return is taken back; kept with it."""

    model_config = ConfigDict(extra="forbid")

    reason: Name = Field(description="撤回理由，1 至 200 字。The reason, 1 to 200 characters.", examples=["发现漏报一项持股"])


class NilReturnOut(BaseModel):
    """A statement that there was nothing to declare (零报告)."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="报告人。Whose it is.")
    unit: UUID = Field(description="报告时所在单位。Their unit then.")
    campaign: UUID | None = Field(description="集中申报。The campaign.")
    obligation: UUID | None = Field(description="应报事项。The obligation, where there is no campaign.")
    kinds: list[DeclarationKind] = Field(description="无应报事项的类别。Kinds of which there was nothing.")
    period_from: date = Field(description="期间首日。First day of the period.")
    period_until: date | None = Field(description="期间末日。Its last day.")
    filed_on: date = Field(description="报告日。Day of filing.")
    filed_at: datetime = Field(description="报告时刻。When it was filed.")
    capture: CaptureOut | None = Field(
        description="离线报告的记录与收到时刻，及以何者为报告日；在线报告为空。When it was recorded without a network and when it came, and which counts; null otherwise."
    )
    withdrawn_at: datetime | None = Field(description="撤回时刻。When it was taken back.")
    withdrawal_reason: str | None = Field(description="撤回理由。Why.")
    contradicted_by: list[UUID] = Field(
        description="与之不一致的同期同类申报（限您可查阅者，至多一百份）；两者并存，由人判断。"
        "Declarations of these kinds in the period, of those that you may read, at most a hundred; both stand, and a person judges."
    )
    receipt: ReceiptOut = Field(description="最近一次操作的回执。Receipt of the newest act.")

    @classmethod
    def of(cls, row: Any, contradicted_by: list[UUID]) -> "NilReturnOut":
        """From its row, with what speaks against it."""
        same = {name: row[name] for name in cls.model_fields if name in row}
        ids = {"person": row["person_id"], "unit": row["unit_id"], "campaign": row["campaign_id"], "obligation": row["obligation_id"]}
        return cls(**same, **ids, contradicted_by=contradicted_by)


class CompletionOut(BaseModel):
    """How far a campaign has come in a unit and all below it."""

    owed: int = Field(description="应报人数，不含失效与豁免。Persons who owe it; without void and waived.")
    met: int = Field(description="按期完成。Met in time.")
    late_met: int = Field(description="逾期完成。Met late.")
    open: int = Field(description="待办。Still open and in time.")
    overdue: int = Field(description="逾期。Overdue.")
    waived: int = Field(description="豁免。Waived.")
    percent: str | None = Field(
        description="完成率，一位小数；无人应报为空。Percent done, with one decimal; null where nobody owes.", examples=["97.5"]
    )


class UnitCompletionOut(CompletionOut):
    """How far it has come in one unit, with all below it."""

    unit: UUID = Field(description="单位。The unit.")
    name: str = Field(description="名称。Its name.")
    parent: UUID | None = Field(description="上级单位。The unit above.")


class CompletionPageOut(BaseModel):
    """One page of units, those with the most overdue first."""

    items: list[UnitCompletionOut] = Field(description="本页各单位。The units of the page.")
    totals: CompletionOut = Field(description="管辖范围内全部，每人一次。Everything within reach, each person once.")
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="单位数，仅在要求时给出。How many units, when asked for.")
