"""Exchange rates and inquiries as they go in and out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import RowMapping

from app.kit import clock
from app.kit.patches import partial
from app.kit.problems import register_message
from app.rulebook.money import Currency
from app.rulebook.statement import Day, Name

register_message("day_in_the_future", "不得晚于今天。", "Not later than today.")
register_message("currency_is_base", "人民币无需汇率。", "CNY needs no rate.")
register_message("rate_is_zero", "汇率须大于零。", "A rate is greater than zero.")
register_message("closed_before_opened", "办结日不得早于启动日。", "An inquiry cannot close before it opens.")


def _not_ahead(value: date) -> date:
    if value > clock.today():
        raise PydanticCustomError("day_in_the_future", "not later than today")
    return value


PastDay = Annotated[Day, AfterValidator(_not_ahead)]
"""A day that has come, in Asia/Shanghai."""


def _foreign(value: str) -> str:
    if value == "CNY":
        raise PydanticCustomError("currency_is_base", "CNY needs no rate")
    return value


def _above_zero(value: str) -> str:
    if Decimal(value) == 0:
        raise PydanticCustomError("rate_is_zero", "a rate is greater than zero")
    return value


RateText = Annotated[str, Field(pattern=r"^[0-9]{1,8}(\.[0-9]{1,8})?$", examples=["7.8124"]), AfterValidator(_above_zero)]
"""CNY for one unit of a currency, a decimal string."""


class ExchangeRateIn(BaseModel):
    """A rate to be put on record; once on record it is never changed."""

    model_config = ConfigDict(extra="forbid")

    currency: Annotated[Currency, AfterValidator(_foreign)] = Field(
        description="外币代码（ISO 4217）。The foreign currency.", examples=["EUR"]
    )
    on: PastDay = Field(description="公布日；自该日起三十一日内有效。Day of publication; the rate stands for 31 days.")
    rate: RateText = Field(description="一单位外币折合人民币元。CNY for one unit.")
    source: Name = Field(description="来源。Who published it.", examples=["中国外汇交易中心人民币汇率中间价"])


class ExchangeRateOut(BaseModel):
    """A dated rate."""

    id: UUID = Field(description="编号。Its id.")
    currency: str = Field(description="外币代码（ISO 4217）。The foreign currency.")
    on: date = Field(description="公布日。Day of publication.")
    rate: Annotated[Decimal, PlainSerializer(lambda rate: f"{rate.normalize():f}", return_type=str)] = Field(
        description="一单位外币折合人民币元，十进制字符串。CNY for one unit, a decimal string.", examples=["7.8124"]
    )
    source: str = Field(description="来源。Who published it.")
    created_at: datetime = Field(description="登记时刻。When it was put on record.")

    @classmethod
    def of(cls, row: RowMapping) -> "ExchangeRateOut":
        """From its row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class InquiryFacts(BaseModel):
    """What is on record of an inquiry besides the person."""

    model_config = ConfigDict(extra="forbid")

    opened_on: PastDay = Field(description="启动日。First day.")
    reference: Name = Field(description="案号。Reference.", examples=["穗纪核〔2026〕17号"])
    closed_on: PastDay | None = Field(default=None, description="办结日；空则尚未办结。Last day; none while it is open.")

    @field_validator("closed_on")
    @classmethod
    def _opened_first(cls, value: date | None, info: ValidationInfo) -> date | None:
        opened = info.data.get("opened_on")
        if value is not None and opened is not None and value < opened:
            raise PydanticCustomError("closed_before_opened", "it cannot close before it opens")
        return value


class InquiryIn(InquiryFacts):
    """An inquiry to be put on record."""

    person: UUID = Field(description="被核查人。The person inquired into.")


@partial
class InquiryChange(InquiryFacts):
    """The fields of an inquiry that change."""


class InquiryOut(BaseModel):
    """An inquiry, for the commission alone."""

    id: UUID = Field(description="编号。Its id.")
    person: UUID = Field(description="被核查人。The person inquired into.")
    opened_on: date = Field(description="启动日。First day.")
    reference: str = Field(description="案号。Reference.")
    closed_on: date | None = Field(description="办结日；空则尚未办结。Last day; none while it is open.")
    created_at: datetime = Field(description="登记时刻。When it was put on record.")

    @classmethod
    def of(cls, row: RowMapping) -> "InquiryOut":
        """From its row."""
        return cls(person=row["person_id"], **{name: row[name] for name in cls.model_fields if name != "person"})
