"""What must be stated of a shareholding or another stake in a business (持股、投资、经商办企业)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ...money import Money
from ...statement import CounterpartyReference, Day, Details, Flag, Name, Percent, Relation, not_before


class HoldingType(StrEnum):
    """What is held: listed shares are free as such, the closely held types are not."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    INDIVIDUAL_BUSINESS = "individual_business"
    OFFSHORE = "offshore"
    FUND = "fund"
    INSURANCE = "insurance"
    TRUST = "trust"


class Holder(StrEnum):
    """In whose name the stake stands; a nominee holds it for the declarant (代持)."""

    SELF = "self"
    NOMINEE = "nominee"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_SPOUSE = "child_spouse"
    PARENT = "parent"


class BusinessRole(StrEnum):
    """What the holder does in the business beside holding it."""

    NONE = "none"
    LEGAL_REPRESENTATIVE = "legal_representative"
    PARTNER = "partner"
    DIRECTOR = "director"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"
    ACTUAL_CONTROLLER = "actual_controller"


class Acquisition(StrEnum):
    """How the stake came about; dry shares are shares that nothing was paid for (干股)."""

    PURCHASED = "purchased"
    INHERITED = "inherited"
    FOUNDER = "founder"
    GIFTED = "gifted"
    DRY_SHARE = "dry_share"
    PRE_LISTING = "pre_listing"
    OTHER = "other"


class AnnualReport(BaseModel):
    """年度个人有关事项报告。Whether and at what sum the stake stood in the yearly report of personal matters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: Annotated[int, Field(strict=True, ge=1949, le=9998)] = Field(description="报告所属年度。The year reported on.", examples=[2023])
    included: Flag = Field(description="是否已填报。Whether the stake was included.")
    amount: Money | None = Field(default=None, description="填报金额。The sum reported.")


class ShareholdingDetails(Details):
    """持股、投资或经商办企业。A stake in a company, fund or business, held by the declarant or the family."""

    first_day = "acquired_on"

    issuer: CounterpartyReference = Field(description="所投资的企业或发行人。The company, fund or business.")
    type: HoldingType = Field(description="类型。What is held.")
    holder: Holder = Field(description="持有人。In whose name it is held.")
    nominee_name: Name | None = Field(default=None, description="代持人姓名。Name of the nominee.")
    role: BusinessRole = Field(description="持有人在企业的职务或身份。The holder's role in the business.")
    share_percent: Percent | None = Field(default=None, description="持股比例（%）。Share in percent.")
    cost: Money | None = Field(default=None, description="出资额。What was paid for it.")
    market_value: Money | None = Field(default=None, description="市值或评估值。Market or assessed value.")
    acquired_on: Day = Field(description="取得日期。Day of acquisition.", examples=["2021-03-15"])
    acquired_from: CounterpartyReference | None = Field(default=None, description="转让方或赠与方。From whom it came.")
    relation: Relation | None = Field(
        default=None, description="转让方或赠与方与本人职务的关系。How that party stands to the declarant's duty."
    )
    acquired_how: Acquisition = Field(description="取得方式。How it was acquired.")
    disposed_on: Day | None = Field(default=None, description="处置日期；仍持有则空。Day of disposal; empty while held.")
    disposal_refused: Flag = Field(description="是否拒不按要求处置。Whether an order to dispose of it was refused.")
    issuer_in_jurisdiction: Flag | None = Field(
        default=None,
        description="是否在本人管辖地区或业务范围内；不明则空。Whether the issuer is in the declarant's jurisdiction; empty if unknown.",
    )
    issuer_trades_with_own_unit: Flag | None = Field(
        default=None,
        description="是否与本单位有业务往来或关联；不明则空。Whether it deals with the declarant's own unit; empty if unknown.",
    )
    issuer_trades_with_relatives_employer: Flag | None = Field(
        default=None,
        description="是否与亲属任职的证券类机构有业务关系；不明则空。Whether it deals with a relative's employer; empty if unknown.",
    )
    annual_report: AnnualReport | None = Field(default=None, description="年度报告情况；未知则空。The yearly report; empty if unknown.")
    returns_received: Money | None = Field(default=None, description="已获收益。Returns received so far.")

    _in_order = not_before("acquired_on", "disposed_on")

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """Who gave or sold the stake comes first: a gift of shares is summed with that party's other benefits."""
        giver = [("acquired_from", self.acquired_from)] if self.acquired_from else []
        return [*giver, ("issuer", self.issuer)]

    def span(self) -> tuple[date, date | None]:
        """From acquisition to disposal."""
        return self.acquired_on, self.disposed_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """A stake is declared once it was acquired."""
        return [("/acquired_on", self.acquired_on), ("/disposed_on", self.disposed_on)]
