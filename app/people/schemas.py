"""Units, persons and delegations as they go in and out."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import RowMapping

from app.kit.patches import partial
from app.rulebook.facts import EmployerKind, LeftReason, Rank, StaffClass
from app.rulebook.statement import Day, Flag, Name

from .fields import BirthDay, Code, not_before_from


class UnitKind(StrEnum):
    """What sort of body a unit is."""

    PARTY_ORGAN = "party_organ"
    GOVERNMENT = "government"
    STREET_OFFICE = "street_office"
    PUBLIC_INSTITUTION = "public_institution"
    STATE_ENTERPRISE = "state_enterprise"
    OTHER = "other"


class _UnitFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="单位名称。Name.", examples=["某市住房和城乡建设局"])
    code: Code | None = Field(default=None, description="单位代码，全册唯一。Code, unique in the register.", examples=["GZ-ZJ-01"])
    parent: UUID | None = Field(default=None, description="上级单位；空则为顶层。The unit above; none for a top one.")
    kind: UnitKind = Field(description="单位性质。Sort of body.")
    jurisdiction: list[Name] | None = Field(
        default=None, max_length=100, description="监管的行业与区域。Sectors and areas that it supervises.", examples=[["建筑业", "天河区"]]
    )
    head: UUID | None = Field(
        default=None,
        description="单位负责人，决定本单位人员的报批事项；空则由上级单位负责人决定。The head, who decides on approvals; if none, the head of the unit above does.",
        examples=["0199f2a0-7c1e-7abc-8def-0123456789ab"],
    )


class UnitIn(_UnitFields):
    """A unit to be put on record."""


@partial
class UnitChange(_UnitFields):
    """The fields of a unit that change."""


class UnitOut(BaseModel):
    """A unit (单位)."""

    id: UUID = Field(description="单位编号。Id of the unit.")
    name: str
    code: str | None
    parent: UUID | None
    kind: UnitKind
    jurisdiction: list[str]
    head: UUID | None = Field(
        description="单位负责人；未登记则空。The head; none on record if null.", examples=["0199f2a0-7c1e-7abc-8def-0123456789ab"]
    )
    created_at: datetime = Field(description="登记时刻。When it was put on record.")

    @classmethod
    def of(cls, row: RowMapping) -> "UnitOut":
        """From its row."""
        return cls(**_same(cls, row), parent=row["parent_id"], head=row["head_id"])


class InsideInformationIn(BaseModel):
    """Inside information on an issuer, as the person's post brings it (内幕信息)."""

    model_config = ConfigDict(extra="forbid")

    issuer: Name = Field(description="发行人名称。The issuer's name.")
    from_on: Day = Field(description="知悉之日。First day of knowing.")
    until_on: Day | None = Field(
        default=None,
        description="离开岗位或者信息公开之日；空则仍掌握。Day of leaving the post, or of publication; none while it is still held.",
    )

    _in_order = field_validator("until_on")(not_before_from)


class RelativeIn(BaseModel):
    """A close relative, with the employer that the securities rules ask for."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(description="姓名。Name.")
    relation: Name = Field(description="与本人关系。How related.", examples=["spouse"])
    employer: Name | None = Field(default=None, description="工作单位。Employer.")
    employer_kind: EmployerKind | None = Field(default=None, description="工作单位性质。Sort of employer.")


class PostIn(BaseModel):
    """One post of the dated history: on the days that it covers it counts instead of today's."""

    model_config = ConfigDict(extra="forbid")

    unit: UUID = Field(description="任职单位。Unit.")
    position: Name | None = Field(default=None, description="职务。Position.")
    rank: Rank = Field(description="职级。Rank.")
    is_leader: Flag = Field(description="是否领导职务。Whether a leading post.")
    staff_class: StaffClass = Field(description="人员类别。Class of staff.")
    from_on: Day = Field(description="任职之日。First day.")
    until_on: Day | None = Field(default=None, description="离任之日；空则在任。Last day; none while held.")

    _in_order = field_validator("until_on")(not_before_from)


class _PersonFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    employee_number: Code = Field(description="工号，全册唯一。Employee number, unique in the register.", examples=["E00017"])
    name: Name = Field(description="姓名。Name.", examples=["张明"])
    unit: UUID = Field(description="所在单位。The unit of today's post.")
    position: Name | None = Field(default=None, description="职务。Position.", examples=["科长"])
    party_member: Flag = Field(description="是否中共党员。Whether a member of the Party.")
    staff_class: StaffClass = Field(description="人员类别。Class of staff.")
    rank: Rank = Field(description="职级。Rank.")
    is_leader: Flag = Field(description="是否领导干部。Whether in a leading post.")
    birth_on: BirthDay | None = Field(default=None, description="出生日期。Day of birth.")
    prior_graft_sanction: Flag = Field(default=False, description="曾因贪污受贿受处分。Sanctioned for graft before.")
    post_from_on: Day | None = Field(default=None, description="现职起始日。First day of today's post.")
    left_on: Day | None = Field(default=None, description="离职之日。Day of leaving service.")
    left_reason: LeftReason | None = Field(default=None, description="离职原因，与离职之日同填。Why; goes with the day.")
    inside_information: list[InsideInformationIn] | None = Field(
        default=None, max_length=200, description="知悉的内幕信息。Inside information known."
    )
    relatives: list[RelativeIn] | None = Field(default=None, max_length=100, description="近亲属。Close relatives.")
    posts: list[PostIn] | None = Field(default=None, max_length=100, description="任职经历。Dated history of posts.")


class PersonIn(_PersonFields):
    """A person to be put on record."""

    left_reason: LeftReason | None = Field(
        default=None, validate_default=True, description="离职原因，与离职之日同填。Why the person left; goes with the day."
    )

    @field_validator("left_reason")
    @classmethod
    def _left_wholly(cls, value: LeftReason | None, info: ValidationInfo) -> LeftReason | None:
        if "left_on" in info.data and (value is None) != (info.data["left_on"] is None):
            raise PydanticCustomError("left_in_part", "`left_on` and `left_reason` go together")
        return value


@partial
class PersonChange(_PersonFields):
    """The fields of a person that change."""


class InsideInformationOut(BaseModel):
    """Inside information on an issuer."""

    issuer: str
    from_on: date
    until_on: date | None


class RelativeOut(BaseModel):
    """A close relative."""

    name: str
    relation: str
    employer: str | None
    employer_kind: EmployerKind | None


class PostOut(BaseModel):
    """One post of the history."""

    unit: UUID
    position: str | None
    rank: Rank
    is_leader: bool
    staff_class: StaffClass
    from_on: date
    until_on: date | None


class PersonOut(BaseModel):
    """An official (公职人员) as on record today."""

    id: UUID = Field(description="人员编号。Id of the person.")
    employee_number: str
    name: str
    unit: UUID
    position: str | None
    party_member: bool
    staff_class: StaffClass
    rank: Rank
    is_leader: bool
    birth_on: date | None
    prior_graft_sanction: bool
    post_from_on: date | None
    left_on: date | None
    left_reason: LeftReason | None
    inside_information: list[InsideInformationOut]
    relatives: list[RelativeOut]
    posts: list[PostOut]
    created_at: datetime = Field(description="建档时刻。When the person was put on record.")

    @classmethod
    def of(cls, row: RowMapping) -> "PersonOut":
        """From its row."""
        return cls(**_same(cls, row), unit=row["unit_id"])


class DelegationIn(BaseModel):
    """Somebody shall file and read in the name of a person."""

    model_config = ConfigDict(extra="forbid")

    person: UUID | None = Field(default=None, description="委托人；空则为本人。Who delegates; the caller by default.")
    delegate: UUID = Field(description="代办人。Who acts for them.")
    from_on: Day = Field(description="起始日。First day.")
    until_on: Day | None = Field(default=None, description="截止日；空则直至撤销。Last day; none: until it is ended.")

    _in_order = field_validator("until_on")(not_before_from)


class DelegationOut(BaseModel):
    """A delegation (代办委托)."""

    id: UUID = Field(description="授权编号。Id of the delegation.")
    person: UUID
    delegate: UUID
    from_on: date
    until_on: date | None
    ended_at: datetime | None = Field(description="撤销时刻；未撤销为空。When it was ended early, if it was.")
    created_at: datetime = Field(description="授权时刻。When it was made.")

    @classmethod
    def of(cls, row: RowMapping) -> "DelegationOut":
        """From its row."""
        return cls(**_same(cls, row), person=row["person_id"], delegate=row["delegate_id"])


def _same(shape: type[BaseModel], row: RowMapping) -> dict[str, Any]:
    """The columns that bear the names of the shape's fields."""
    return {name: row[name] for name in shape.model_fields if name in row}
