"""What must be stated of a post outside one's unit (兼职、任职)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from ...money import Money, in_yuan_alone
from ...statement import Approved, CounterpartyReference, Day, Details, Flag, Name, Relation, Times, not_before


class OrganisationKind(StrEnum):
    """What sort of body the post is in."""

    ENTERPRISE = "enterprise"
    PUBLIC_INSTITUTION = "public_institution"
    SOCIAL_ORGANISATION = "social_organisation"
    FOUNDATION = "foundation"
    INTERMEDIARY = "intermediary"
    OTHER = "other"


class PostType(StrEnum):
    """What the post is; honorary ones count, and so does lending one's certificate (挂证)."""

    EMPLOYEE = "employee"
    ADVISER = "adviser"
    DIRECTOR = "director"
    INDEPENDENT_DIRECTOR = "independent_director"
    SUPERVISOR = "supervisor"
    LEGAL_REPRESENTATIVE = "legal_representative"
    HONORARY = "honorary"
    CERTIFICATE_ONLY = "certificate_only"
    RELATIVE_POST = "relative_post"


class PostHolder(StrEnum):
    """Who holds the post: the declarant or one of the family."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_SPOUSE = "child_spouse"
    OTHER_RELATIVE = "other_relative"


class PostDisposition(StrEnum):
    """Whether the post was taken; one that was declined is kept on record and raises nothing."""

    HELD = "held"
    DECLINED = "declined"


class PostApproval(BaseModel):
    """兼职批准。Who approved the post, under which number and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Name = Field(description="批准机关。The approving body.", examples=["中共某区委组织部"])
    number: Name = Field(description="批准文号。Number of the approval.", examples=["组函〔2024〕8号"])
    on: Day = Field(description="批准日期。Day of the approval.")


class OutsidePostDetails(Details):
    """在本单位以外兼职或任职。A post outside the declarant's unit, before or after leaving service."""

    first_day = "from_on"
    in_advance = True

    organisation: CounterpartyReference = Field(description="兼职单位。The organisation.")
    organisation_kind: OrganisationKind = Field(description="单位性质。Sort of organisation.")
    title: Name = Field(description="职务名称。Title of the post.", examples=["技术顾问"])
    post_type: PostType = Field(description="职务类型。Sort of post.")
    holder: PostHolder = Field(description="任职人。Who holds it.")
    relation: Relation | None = Field(
        default=None, description="该单位与本人职务的关系。How the organisation stands to the declarant's duty."
    )
    real_work: Flag = Field(description="是否实际工作。Whether real work is done.")
    from_on: Day = Field(description="开始日期；可事先填报。First day; may lie ahead.", examples=["2024-06-01"])
    until_on: Day | None = Field(default=None, description="结束日期；仍在任则空。Last day; empty while held.")
    term_number: Times = Field(default=1, description="第几届任期。Which term in office this is.")
    approval: PostApproval | None = Field(default=None, description="批准情况；未经批准则空。The approval; empty without one.")
    filed_with: Name | None = Field(default=None, description="备案机关。The body with which the post is on file.")
    pay_per_year: Money = Field(description="年度报酬合计，无报酬填0。All pay in a year; 0 if unpaid.")
    equity: Flag = Field(description="是否取得股权。Whether equity comes with it.")
    assigned_by_unit: Flag = Field(description="是否由本单位委派。Whether the declarant's unit assigned the post.")
    in_former_jurisdiction: Flag | None = Field(
        default=None,
        description="是否在原任职务管辖地区和业务范围内；不明则空。Whether it lies in the former jurisdiction; empty if unknown.",
    )
    related_to_former_work: Flag | None = Field(
        default=None, description="是否与原工作业务直接相关；不明则空。Whether it relates directly to the former work; empty if unknown."
    )
    consented_by_organisation_department: Flag = Field(
        description="是否征得组织（人事）部门同意。Whether the organisation department consented."
    )
    professional_innovation: Flag = Field(
        description="是否属于专业技术人员兼职创新或在职创办企业。Whether it is innovation work of professional staff."
    )
    disposition: PostDisposition = Field(description="是否任职。Held or declined.")

    _in_order = not_before("from_on", "until_on")

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """The organisation."""
        return [("organisation", self.organisation)]

    def span(self) -> tuple[date, date | None]:
        """From the first day to the last; a post without one continues."""
        return self.from_on, self.until_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """A post may be declared in advance, its approval not."""
        return [("/approval/on", self.approval.on if self.approval else None)]

    def approvable(self) -> str | None:
        """A post of its sort, if the declarant is to hold it."""
        return self.post_type.value if self.holder is PostHolder.SELF else None

    def approval_days(self) -> tuple[date, date]:
        """The day on which the post begins, which is the one that the rules hold an approval against."""
        return self.from_on, self.from_on

    def approved_by(self, approval: Approved) -> Self:
        """With the approval."""
        fits = self.approval is None and self.approvable()
        return self.model_copy(update={"approval": PostApproval(**approval._asdict())}) if fits else self

    def approval_worth(self) -> Decimal | None:
        """The pay of a year."""
        return in_yuan_alone(self.pay_per_year)
