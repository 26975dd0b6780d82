"""Calendar links as they go in and out."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from app.kit.errors import Language
from app.rulebook.statement import Day


class CalendarIn(BaseModel):
    """A link to be made; the one before ends."""

    model_config = ConfigDict(extra="forbid")

    language: Language = Field(default=Language.ZH, description="日程的语言。The language of its entries.", examples=["zh"])
    expires_on: Day | None = Field(
        default=None, description="最后有效日；空则长期有效。Its last day; none: until it is revoked.", examples=["2027-12-31"]
    )


class CalendarOut(BaseModel):
    """The caller's calendar link, without its secret."""

    language: Language = Field(description="语言。The language.", examples=["zh"])
    expires_on: date | None = Field(description="最后有效日。Its last day.", examples=["2027-12-31"])
    created_at: datetime = Field(description="生成时刻。When it was made.", examples=["2026-11-29T10:00:00Z"])
    fetched_on: date | None = Field(
        description="最近一次被读取之日，不记具体时刻；尚未读取则空。The day of the last fetch, no closer; null before the first.",
        examples=["2026-11-29"],
    )

    @classmethod
    def of(cls, row: RowMapping) -> "CalendarOut":
        """From its row."""
        return cls(**{name: row[name] for name in CalendarOut.model_fields})


class CalendarMade(CalendarOut):
    """A link with its secret, shown this once."""

    path: str = Field(
        description="订阅地址，接在登记册网址之后，仅此一次显示；凭此地址即可读取。The address to subscribe to, below the register's, shown once; whoever has it can read.",
        examples=["/v1/calendars/….ics"],
        repr=False,
    )

    @classmethod
    def with_secret(cls, row: RowMapping, secret: str) -> "CalendarMade":
        """From its row and the secret just made."""
        return cls(path=f"/v1/calendars/{secret}.ics", **CalendarOut.of(row).model_dump())
