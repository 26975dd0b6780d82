"""Drafts of local standards as they go in and out."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from app.rulebook.statement import Day, Name, Note

DecimalText = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$", examples=["20"])]


class DraftState(StrEnum):
    """What became of a draft."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class LocalValueIn(BaseModel):
    """What a limit is to be from a day on, with its source."""

    model_config = ConfigDict(extra="forbid")

    limit: str = Field(max_length=60, description="标准编号，见 /v1/limits。Id of the limit.", examples=["family-event.tables"])
    since: Day = Field(description="施行日；该日及以后的行为适用。It applies to conduct of that day and later.")
    value: DecimalText | None = Field(
        description="数值，十进制字符串；空则自该日起不再有本地标准。The value, a decimal string; null ends the unit's own standard from that day on."
    )
    instrument: Name = Field(description="文件名称。Title of the instrument that sets it.", examples=["某区婚丧喜庆事宜管理办法"])
    article: Name = Field(description="条款；无条号的填“-”。Article; - where there is none.", examples=["第五条"])
    note: Note | None = Field(default=None, description="说明。A note.")


class LimitDraftIn(BaseModel):
    """Values that a unit is to set for itself and all below it."""

    model_config = ConfigDict(extra="forbid")

    unit: UUID = Field(description="发布单位；适用于该单位及其下级。The unit; the values hold for it and all below it.")
    values: list[LocalValueIn] = Field(min_length=1, max_length=100, description="各项标准。The values.")
    note: Note | None = Field(default=None, description="起草说明。Why it is drafted.")


class LocalValueOut(BaseModel):
    """What a limit is to be from a day on, with its source."""

    limit: str = Field(description="标准编号。Id of the limit.", examples=["family-event.tables"])
    since: date = Field(description="施行日。The first day of conduct that it applies to.")
    value: str | None = Field(description="数值；空为不再有本地标准。The value; null ends the unit's own standard.", examples=["20"])
    instrument: str = Field(description="文件名称。Title of the instrument.")
    article: str = Field(description="条款。Article.")
    note: str | None = Field(description="说明。A note.")


class LimitDraftOut(BaseModel):
    """A draft of local standards, or what became of it; its values are never changed."""

    id: UUID = Field(description="编号。Its id.")
    unit: UUID = Field(description="发布单位。The unit.")
    values: list[LocalValueOut] = Field(description="各项标准。The values.")
    note: str | None = Field(description="起草说明。Why it was drafted.")
    state: DraftState = Field(description="状态：起草、已发布、已废弃。Drafted, published, discarded.")
    created_at: datetime = Field(description="起草时刻。When it was drafted.")
    created_by: str = Field(description="起草者。Who drafted it.")
    closed_at: datetime | None = Field(description="发布或者废弃的时刻。When it was published or discarded.")
    closed_by: str | None = Field(description="发布或者废弃者。Who published or discarded it.")
    edition: int | None = Field(description="本地标准的版次，全册自 1 起。Counts what was published in the register, from 1.")

    @classmethod
    def of(cls, row: RowMapping) -> "LimitDraftOut":
        """From its row."""
        return cls(unit=row["unit_id"], **{name: row[name] for name in cls.model_fields if name != "unit"})
