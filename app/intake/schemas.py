"""What a preview answers, as it goes out."""

from datetime import date

from pydantic import BaseModel, Field

from app.declarations.schemas import BasisOut, ScreeningOut
from app.screening.totals import TotalOut

from .advice import AdviceAnswer
from .steps import AdviceRecipient, AdviceStepKind


class AdviceLimitOut(BaseModel):
    """The limit that matters, in CNY, and how near the sum comes to it."""

    id: str = Field(description="标准编号。Id of the limit.", examples=["gift.annual-cap"])
    title: str = Field(description="标准名称。What it limits.", examples=["其他礼品年度限额"])
    value: str = Field(description="当日数值（人民币元）。Its value of the day, in CNY.", examples=["600.00"])
    before: str | None = Field(
        description="此前累计；不累计的为空。The sum without this matter; null where nothing is summed.", examples=["300.00"]
    )
    after: str | None = Field(
        description="连同本次的累计；不累计的为空。The sum with it; null where nothing is summed.", examples=["450.00"]
    )
    instrument: str = Field(
        description="出处。Title of the instrument that sets it.",
        examples=["关于中央党政机关工作人员在国内交往中收受礼品登记和处理办法"],
    )
    article: str = Field(description="条款。Article.", examples=["3"])


class WantedFactOut(BaseModel):
    """A field that is wanted, by its name and in words."""

    name: str = Field(description="字段名，嵌套的以点分隔。Name of the field, dotted where it lies within another.", examples=["relation"])
    title: str = Field(description="字段含义。What it is, in words.", examples=["与赠送人的关系"])


class AdviceStepOut(BaseModel):
    """One thing to do."""

    kind: AdviceStepKind = Field(
        description="步骤类型：谢绝退还、退出、报批、上交、登记、结清、补充、说明。"
        "Sort of step: refuse, give up, ask for approval, hand over, declare, pay, supply facts, explain.",
        examples=["hand_over"],
    )
    text: str = Field(description="如何办理。What to do.", examples=["请将礼品交本单位登记受理部门，并取得凭证。"])
    due_on: date | None = Field(description="最后期限；无期限的为空。Last day in time; null if none is set.", examples=["2026-12-25"])
    to: AdviceRecipient | None = Field(
        description="向谁办理的代码；无则空。To whom, as a code; null if to nobody.", examples=["gift_registry"]
    )
    to_name: str | None = Field(description="向谁办理。To whom, in words.", examples=["本单位礼品登记受理部门（纪检监察或者指定部门）"])
    rules: list[str] = Field(max_length=100, description="所涉规则编号。The rules for whose sake.", examples=[["gift.not-surrendered"]])
    facts: list[WantedFactOut] = Field(
        max_length=100, description="须补充的字段。The fields to fill in.", examples=[[{"name": "relation", "title": "与赠送人的关系"}]]
    )
    helps: bool | None = Field(
        description="报批能否改变结论，按同样规则试算；其他步骤为空。Whether an approval would change the answer, by the same rules; null for other steps.",
        examples=[True],
    )
    link: str | None = Field(
        description="办理的接口地址；无则空。Where this interface does it; null if nowhere.", examples=["/v1/approvals"]
    )


class AdviceOut(BaseModel):
    """The answer to "may I accept this?", for a person on a phone; it rests on the findings beside it, and is no verdict."""

    answer: AdviceAnswer = Field(
        description="可以、可以但须办理、先报批、不可以、尚不能确定。尚未处置的按收下评估。"
        "Yes, yes with duties, ask first, no, unclear. What is still undecided is judged as if it were accepted.",
        examples=["ask_first"],
    )
    text: str = Field(description="一两句话的答复。The answer in a sentence or two.", examples=["可以收下，但须办理下列事项。"])
    rule: str | None = Field(description="起决定作用的规则；无则空。The rule that decides; null if none does.", examples=["gift.cash-like"])
    basis: list[BasisOut] = Field(max_length=100, description="依据。The legal basis of the answer.")
    limit: AdviceLimitOut | None = Field(description="有关的标准及累计；无则空。The limit that matters, with the sum; null if none does.")
    approval_helps: bool | None = Field(
        description="事先批准能否改变结论；不存在报批或者已填批准的为空。"
        "Whether an approval beforehand would change the answer; null where none can be asked for, or one is stated.",
        examples=[True],
    )
    steps: list[AdviceStepOut] = Field(max_length=200, description="应办事项，按办理顺序。What to do, in order.")


class PreviewOut(BaseModel):
    """The answer to "may I accept this?"; nothing was recorded."""

    advice: AdviceOut = Field(description="可否接受及应办事项。The answer, and what to do.")
    screening: ScreeningOut = Field(description="如此申报将得到的筛查结果。The screening that filing this would get.")
    totals: list[TotalOut] = Field(description="申报后的累计及所比较的标准。The sums that it would bring about, with their limits.")
