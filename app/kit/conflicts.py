"""What a refusal tells of a conflict: from which state a change started, what stands now, and field by field whether the two can both be kept."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, JsonValue


class ChangedBy(StrEnum):
    """Whose the newer state is."""

    YOURSELF = "yourself"
    DECLARANT = "declarant"
    DELEGATE = "delegate"
    HR = "hr"
    COMMISSION = "commission"
    REGISTER = "register"
    OTHER = "other"


class ConflictSide(StrEnum):
    """Which side has changed a field."""

    YOURS = "yours"
    THEIRS = "theirs"
    BOTH = "both"


class ConflictFieldOut(BaseModel):
    """One field that at least one side has changed."""

    pointer: Annotated[str, Field(max_length=200)] = Field(
        description="该字段的 JSON Pointer，以申报为根。JSON pointer of the field, in the record.",
        examples=["/details/returned_to_unit_on"],
    )
    changed_by: ConflictSide = Field(description="何方改动：您、他方或双方。Which side has changed it.", examples=["both"])
    collides: bool = Field(
        description="为真时双方改动不同，须由人取舍；为假时可照原样重新提交。True where both changed it differently, so that a person must choose.",
        examples=[True],
    )
    base: JsonValue = Field(
        description="您所据版本中的值；所据版本不明时为空。Its value where you started; null where that is not known.",
        examples=["2024-05-20"],
    )
    yours: JsonValue = Field(
        description="您要改成的值；未改为空。What you would make of it; null where you left it.", examples=["2024-05-25"]
    )
    theirs: JsonValue = Field(description="现值。What it is now.", examples=["2024-05-24"])


class ConflictOut(BaseModel):
    """Why a change was refused as stale (412), so that a person can choose; told to who may read the record."""

    based_on: int | None = Field(
        description="您所据的版本（revision）；无从辨认为空。The revision that you started from; null where the register cannot tell.",
        examples=[2],
    )
    stands: int = Field(description="现行版本（revision）。The revision that stands.", examples=[3])
    etag: Annotated[str, Field(max_length=20)] = Field(
        description="现行 ETag，据此重新提交。The ETag that stands; resend against it.", examples=['"4"']
    )
    changed_by: ChangedBy = Field(
        description="现行版本由何人形成；register 为登记册重新筛查，内容未变。"
        "Whose the newer state is; `register`: it was judged anew and says what it said.",
        examples=["yourself"],
    )
    changed_by_words: Annotated[str, Field(max_length=100)] = Field(
        description="同上，文字说明。The same in words.", examples=["本人（可能在另一台设备上）"]
    )
    changed_at: datetime | None = Field(
        description="形成时刻；仅重新筛查的为空。When; null where it was judged anew alone.", examples=["2026-11-28T08:00:00Z"]
    )
    fields: Annotated[list[ConflictFieldOut], Field(max_length=100)] = Field(
        description="一方或双方改动的字段。Fields that one side or both have changed.", examples=[[]]
    )
    remedy: Annotated[str, Field(max_length=400)] = Field(
        description="如何处理。What to do.", examples=["各字段互不冲突：以现行 ETag 原样重新提交即可。"]
    )
