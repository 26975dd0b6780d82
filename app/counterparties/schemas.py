"""Counterparties as they go in and out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import RowMapping

from app.kit.patches import partial
from app.kit.problems import register_message
from app.people.fields import not_before_from
from app.rulebook.statement import Day, Identifier, Name, PartyType, Region, Relation

from .regions import REGIONS

register_message(
    "region_unknown", "不是 ISO 3166-1 二字母代码，如 CN、HK、MO、TW。", "Not an ISO 3166-1 alpha-2 code such as CN, HK, MO or TW."
)


def _on_the_map(value: str) -> str:
    if value not in REGIONS:
        raise PydanticCustomError("region_unknown", "not an ISO 3166-1 alpha-2 code")
    return value


class RelationIn(BaseModel):
    """How a counterparty stands to a unit, on which days."""

    model_config = ConfigDict(extra="forbid")

    unit: UUID = Field(description="单位。The unit.")
    relation: Relation = Field(description="与该单位的关系。How it stands to the unit.")
    from_on: Day | None = Field(default=None, description="起始日；空则不限。First day; none: since ever.")
    until_on: Day | None = Field(default=None, description="截止日；空则至今。Last day; none: to this day.")

    _in_order = field_validator("until_on")(not_before_from)


class _CounterpartyFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="名称或姓名。Name.", examples=["恒远建设有限公司"])
    aliases: list[Name] | None = Field(default=None, max_length=50, description="别名、曾用名、简称。Other names.", examples=[["恒远建设"]])
    type: PartyType = Field(description="类型。Sort of person or body.")
    identifier: Identifier | None = Field(
        default=None,
        description="个人为居民身份证号码，其余为统一社会信用代码；全册唯一。A citizen's number for individuals, else a credit code; unique.",
    )
    region: Annotated[Region, AfterValidator(_on_the_map)] | None = Field(default=None, description="国家或地区。Country or region.")
    parents: list[UUID] | None = Field(default=None, max_length=50, description="直接所有者的编号。Ids of those that own it directly.")
    relations: list[RelationIn] | None = Field(default=None, max_length=200, description="与各单位的关系。How it stands to units.")


class CounterpartyIn(_CounterpartyFields):
    """A counterparty to be registered."""


@partial
class CounterpartyChange(_CounterpartyFields):
    """The fields of a counterparty that change. `relations` replaces those to units within the caller's reach."""


class RelationOut(BaseModel):
    """How a counterparty stands to a unit."""

    unit: UUID
    relation: Relation
    from_on: date | None
    until_on: date | None


class CounterpartyOut(BaseModel):
    """A counterparty (往来对象). One that is not `registered` is known from declarations alone."""

    id: UUID = Field(description="往来对象编号。Id of the counterparty.")
    name: str
    aliases: list[str]
    type: PartyType | None
    identifier: str | None = Field(
        description="仅凭申报权限查询时，个人的证件号码不予显示。Of individuals, hidden from those who merely pick."
    )
    region: str | None
    parents: list[UUID]
    relations: list[RelationOut] = Field(description="管辖范围内单位的关系。Those to units within reach.")
    registered: bool = Field(description="是否已登记；否则仅见于申报。Whether it is registered; if not, declarations alone name it.")
    created_at: datetime = Field(description="首次记载的时刻。When it was first put on record.")

    @classmethod
    def of(cls, row: RowMapping, relations: Sequence[RowMapping], *, identifier: str | None) -> "CounterpartyOut":
        """From its row, the relations and the identifier that the reader may see."""
        columns = {name: row[name] for name in cls.model_fields if name in row and name != "identifier"}
        shown = [RelationOut(unit=r["unit_id"], relation=r["relation"], from_on=r["from_on"], until_on=r["until_on"]) for r in relations]
        return cls(**columns, identifier=identifier, relations=shown)
