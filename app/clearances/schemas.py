"""Clearances as they go in and out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.rulebook.statement import Name

from .answering import SAID, SAID_OF, Answer, Condition


class ClearanceIn(BaseModel):
    """For whom a clearance is asked, and what for."""

    model_config = ConfigDict(extra="forbid")

    person: UUID = Field(description="人员。The person.")
    purpose: Name = Field(description="用途，如晋升、评优、采购评审。What for.", examples=["拟提任处级领导职务"])


class ConditionOut(BaseModel):
    """What must be done first."""

    code: Condition = Field(description="代码。Its code.")
    text: str = Field(description="说明。In words.")


class AskerOut(BaseModel):
    """Who asked, as they are called today."""

    name: str | None = Field(description="人员姓名或密钥名称。The person, or the name of the key.")
    unit: str | None = Field(description="所在单位。Their unit.")


class ClearanceOut(BaseModel):
    """A clearance as it was given; it says nothing of what was declared or found."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="人员。The person.")
    purpose: str = Field(description="用途。What for.")
    answer: Answer = Field(description="答复。Yes, no, or on conditions.")
    text: str = Field(description="答复的说明。The answer in words.")
    conditions: list[ConditionOut] = Field(description="须先满足的条件。What must be done first.")
    given_at: datetime = Field(description="答复时刻；此后的变化不在其内。When it was given; what happened since is not in it.")
    asked_by: AskerOut = Field(description="申请方。Who asked.")
    inquiry_open: bool | None = Field(
        description="是否正在核查，仅纪检监察机构可见，其他情形为空。Whether an inquiry is open; for the commission alone, else null."
    )

    @classmethod
    def of(cls, row: Mapping[str, Any], *, english: bool) -> "ClearanceOut":
        """From its row, in one language."""
        language = "en" if english else "zh"
        answer = Answer(row["answer"])
        conditions = [Condition(code) for code in row["conditions"]]
        return cls(
            id=row["id"],
            person=row["person_id"],
            purpose=row["purpose"],
            answer=answer,
            text=getattr(SAID[answer], language),
            conditions=[ConditionOut(code=code, text=getattr(SAID_OF[code], language)) for code in conditions],
            given_at=row["given_at"],
            asked_by=AskerOut(**row["asked_by"]),
            inquiry_open=row["inquiry_open"],
        )
