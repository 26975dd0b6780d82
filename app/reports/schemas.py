"""What `GET /v1/me` answers."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from app.access.caller import Scope
from app.rulebook.finding import Level
from app.screening.totals import TotalOut


class MyPersonOut(BaseModel):
    """The caller's own record in short."""

    id: UUID = Field(description="编号。Id.")
    name: str = Field(description="姓名。Name.")
    employee_number: str = Field(description="工号。Employee number.")
    unit: UUID = Field(description="所在单位。Unit.")
    unit_name: str = Field(description="所在单位名称。Name of the unit.")


class TaskOut(BaseModel):
    """Something to be done (待办): a finding's remedy, or a draft to be submitted."""

    declaration: UUID = Field(description="所涉申报。The declaration concerned.")
    kind: str = Field(description="申报类别。Its kind.", examples=["gift"])
    rule: str | None = Field(
        description="所涉规则；草稿及由人提出的为空。The rule; none for drafts and where a reviewer asks.",
        examples=["gift.not-surrendered"],
    )
    level: Level | None = Field(description="疑点等级；草稿为空。Level of the finding; none for drafts.")
    action: str = Field(description="稳定的动作代码。Stable code of the action.", examples=["surrender", "submit-draft", "as-asked"])
    text: str = Field(description="下一步。The next step in words.")
    due_on: date | None = Field(description="期限；无期限则空。Last day in time, if there is one.")
    overdue: bool = Field(description="是否逾期。Whether that day has passed.")


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
