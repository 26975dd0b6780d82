"""Exchange rates and inquiries as they go in and out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from app.rulebook.money import Currency
from app.rulebook.statement import Day, Name

RateText = Annotated[str, Field(pattern=r"^[0-9]{1,8}(\.[0-9]{1,8})?$", examples=["0.92"])]


class ExchangeRateIn(BaseModel):
    """A rate to be put on record; once on record it is never changed."""

    model_config = ConfigDict(extra="forbid")

    currency: Currency = Field(description="外币代码。The foreign currency.")
    on: Day = Field(description="公布日。The day of the rate.")
    rate: RateText = Field(description="一单位外币折合人民币元。CNY for one unit.")
    source: Name = Field(description="来源。Who published it.", examples=["国家外汇管理局人民币汇率中间价"])


class ExchangeRateOut(BaseModel):
    """A dated rate."""

    id: UUID
    currency: str
    on: date
    rate: Annotated[Decimal, PlainSerializer(lambda rate: f"{rate.normalize():f}", return_type=str)]
    source: str
    created_at: datetime


class InquiryIn(BaseModel):
    """An inquiry to be put on record."""

    model_config = ConfigDict(extra="forbid")

    person: UUID = Field(description="被核查人。The person inquired into.")
    opened_on: Day = Field(description="启动日。First day.")
    reference: Name = Field(description="案号。Reference.")
    closed_on: Day | None = Field(default=None, description="办结日。Last day.")


class InquiryOut(BaseModel):
    """An inquiry, for the commission alone."""

    id: UUID
    person: UUID
    opened_on: date
    reference: str
    closed_on: date | None
    created_at: datetime
