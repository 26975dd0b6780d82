"""What `GET /v1/me`, `GET /v1/me/accesses` and `GET /v1/statistics` answer."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.access.caller import Scope
from app.rulebook.finding import Level
from app.screening.totals import TotalOut

from .concerns import ActMethod
from .groups import By


class MyPersonOut(BaseModel):
    """The caller's own record in short."""

    id: UUID = Field(description="编号。Id.")
    name: str = Field(description="姓名。Name.")
    employee_number: str = Field(description="工号。Employee number.")
    unit: UUID = Field(description="所在单位。Unit.")
    unit_name: str = Field(description="所在单位名称。Name of the unit.")


class MyAccessOut(BaseModel):
    """That somebody was shown one's own records."""

    id: UUID = Field(description="编号。Id.")
    accessed_at: datetime = Field(description="查阅时间。When.")
    name: str | None = Field(description="查阅人姓名，或密钥名称。Name of the person who looked, or of the key.")
    unit: str | None = Field(description="其所在单位；面向全册的密钥为空。Their unit; none for a key over the whole register.")
    operation: str = Field(description="操作（operationId）。The operation.", examples=["read_declaration"])
    what: str = Field(description="所做之事。What was done, in words.", examples=["读取申报"])


class ActOut(BaseModel):
    """A request that settles a task."""

    method: ActMethod = Field(description="请求方法。Its method.", examples=["POST"])
    path: str = Field(
        description="地址，接在登记册网址之后。Its path, below the register's address.",
        examples=["/v1/declarations/01a2287d-0154-7a11-8c39-5b1f0a6d2e4c/submission"],
    )


class TaskOut(BaseModel):
    """Something to be done (待办): a finding's remedy, a draft to be submitted, a reviewer's request to be answered, what is owed by a day, or what is to be decided."""

    id: UUID = Field(
        description="编号，同一待办始终不变。Its id, the same as long as it is about the same.",
        examples=["5f0c1f0e-3c55-5d4b-8f5c-0a4c0e9b7c11"],
    )
    declaration: UUID | None = Field(
        description="所涉申报；要求答复与应报事项为空。The declaration concerned; none for a request and for what is owed."
    )
    kind: str | None = Field(description="申报类别。Its kind.", examples=["gift"])
    review: UUID | None = Field(description="要求答复的审查，以 answer 答复。The review in which an answer is asked for; none otherwise.")
    obligation: UUID | None = Field(description="应报事项，以申报或零报告了结。What is owed; done by a declaration or a nil return.")
    approval: UUID | None = Field(
        description="等待调用者决定的报批事项。The request for an approval that waits for the caller to decide.",
        examples=["0199f2a0-7c1e-7abc-8def-0123456789ab"],
    )
    rule: str | None = Field(
        description="所涉规则；草稿及由人提出的为空。The rule; none for drafts and where a reviewer asks.",
        examples=["gift.not-surrendered"],
    )
    level: Level | None = Field(description="疑点等级；草稿为空。Level of the finding; none for drafts.")
    action: str = Field(
        description="稳定的动作代码。Stable code of the action.",
        examples=["surrender", "submit-draft", "as-asked", "answer-request", "declare-or-nil-return", "decide-approval"],
    )
    text: str = Field(description="下一步。The next step in words.")
    due_on: date | None = Field(description="期限；无期限则空。Last day in time, if there is one.")
    days_left: int | None = Field(
        description="距期限的天数：当日为 0，逾期为负；无期限则空。Days to the last one: 0 on it, negative after; null without one.",
        examples=[3],
    )
    overdue: bool = Field(description="是否逾期。Whether that day has passed.")
    acts: list[ActOut] = Field(
        max_length=2,
        description="办结所用的请求，任选其一。Requests that settle it, one of them.",
        examples=[[{"method": "PATCH", "path": "/v1/declarations/01a2287d-0154-7a11-8c39-5b1f0a6d2e4c"}]],
    )


class KindTotalOut(BaseModel):
    """What was declared of a kind this year."""

    kind: str = Field(description="申报类别。Kind.", examples=["gift"])
    declarations: int = Field(description="已提交份数。How many are filed.")
    worth: str = Field(description="已知价值合计（人民币元）。Known worths together, in CNY.", examples=["1888.00"])


class MyYearOut(BaseModel):
    """This year's totals: what was declared by kind, and the sums that run by the year."""

    year: int = Field(description="公历年度（北京时间），按发生日归属。Calendar year, by the first day of conduct.")
    kinds: list[KindTotalOut] = Field(description="各类申报。By kind.")
    totals: list[TotalOut] = Field(
        description="按年累计、与标准比较的数额；尚无则空。Sums by the year that limits are compared with; empty while there are none."
    )


class MeOut(BaseModel):
    """Who is calling."""

    person: MyPersonOut | None = Field(description="所代表的人员；密钥不代表任何人则空。The person that the caller speaks for, if any.")
    scopes: list[Scope] = Field(description="权限。Scopes.")
    units: list[UUID] | None = Field(
        description="管辖的单位及其下级；空为全部。Units reached, with all below; null for the whole register."
    )
    tasks: list[TaskOut] = Field(description="待办，最紧迫者在前。What is to be done, the most urgent first.")
    year: MyYearOut | None = Field(
        description="本人本年累计；无本人申报权限则空。One's own year; null without `declarations:write` or a person."
    )


class LevelCountsOut(BaseModel):
    """How many findings of each level; all null where they are suppressed."""

    record: int | None = Field(description="记录。Noted or permitted.")
    notice: int | None = Field(description="提示。Notices.")
    breach: int | None = Field(description="违规疑点。Suspected breaches.")
    serious: int | None = Field(description="严重疑点。Serious suspicions.")
    refer: int | None = Field(description="移送。To be referred.")


class NumbersOut(BaseModel):
    """What is counted of a group, or of everything asked for."""

    declarations: int | None = Field(description="已提交且未撤回的申报份数。Declarations filed and not withdrawn.")
    declarants: int | None = Field(description="申报人数。Officials who declared them.")
    findings: LevelCountsOut = Field(description="现行疑点，按级别。Findings that stand, by level.")
    own_accord: int | None = Field(
        description="其中逾期后主动纠正的（容错纠错）。Those on what was late and has been put right of one's own accord."
    )
    worth: str | None = Field(description="已知价值合计（人民币元）。Known worths together, in CNY.", examples=["1888.00"])
    suppressed: bool = Field(description="是否因数目过小而隐去，隐去的为空。Whether small numbers are suppressed, which are null then.")


class GroupOut(NumbersOut):
    """One group of statistics."""

    key: str | None = Field(
        description="单位或往来对象的编号、月份、规则、不准序号、类别、级别；无从归属的为空。"
        "Id of the unit or counterparty, month, rule, number of the ban, kind or level; null for what belongs to none.",
        examples=["2026-10"],
    )
    label: str = Field(description="名称。Name or title.")
    persons: int | None = Field(description="该单位（不含下级）在职人数；仅按单位统计时给出。Staff now in that very unit; by unit alone.")
    declared_per_head: str | None = Field(
        description="人均申报份数，两位小数；仅按单位统计时给出。Declarations a head, with two decimals; by unit alone.", examples=["0.35"]
    )
    upheld: int | None = Field(
        description="已办结审查中，未以“无问题”结案的该规则疑点数（按申报计）；仅按规则统计时给出。"
        "Of closed reviews, suspicions of the rule, one a declaration, that did not come to `no_issue`; by rule alone."
    )
    no_issue: int | None = Field(description="其中以“无问题”结案的；仅按规则统计时给出。Those that came to `no_issue`; by rule alone.")
    days_to_review: str | None = Field(
        description="已办结审查自立项至办结的平均天数，一位小数；仅按单位统计时给出。Mean days from opening to closing, with one decimal; by unit alone.",
        examples=["12.5"],
    )


class StatisticsOut(BaseModel):
    """Groups, and everything asked for together."""

    by: By = Field(description="分组方式。What is counted by.")
    items: list[GroupOut] = Field(description="本页各组。The groups of the page.")
    totals: NumbersOut = Field(
        description="全部合计；一份申报可属多个规则或不准，故未必等于各组之和。"
        "Everything asked for; a declaration may belong to several rules or bans, so that groups need not add up to it."
    )
    next: str | None = Field(description="下一页的游标；末页为空。Cursor of the next page; empty on the last.")
    count: int | None = Field(description="组数，仅在要求时给出。How many groups in all, when asked for.")
