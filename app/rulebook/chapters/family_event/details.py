"""What must be stated of a wedding, a funeral or another family event (操办婚丧喜庆事宜)."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from ...money import Money
from ...statement import Count, Day, Details, Flag


class FamilyEventType(StrEnum):
    """What was celebrated or mourned."""

    WEDDING = "wedding"
    FUNERAL = "funeral"
    BIRTHDAY = "birthday"
    CHILDBIRTH = "childbirth"
    HOUSEWARMING = "housewarming"
    SCHOOL = "school"
    OTHER = "other"


class FamilyEventDetails(Details):
    """操办婚丧喜庆事宜。A family event that the declarant held, as reported and as it went."""

    first_day = "occurred_on"

    occurred_on: Day = Field(description="举办日期。Day of the event.", examples=["2024-10-02"])
    type: FamilyEventType = Field(description="事宜类型。Sort of event.")
    reported_on: Day | None = Field(default=None, description="向组织报告的日期。Day on which it was reported to the unit.")
    reported_tables: Count | None = Field(default=None, description="报告的桌数。Tables reported.")
    actual_tables: Count | None = Field(default=None, description="实际桌数。Tables actually set.")
    reported_guests: Count | None = Field(default=None, description="报告的人数。Guests reported.")
    actual_guests: Count | None = Field(default=None, description="实际人数。Guests who actually came.")
    split_venues: Flag = Field(description="是否分多处、多次举办。Whether it was split over several venues or days.")
    gifts_total: Money | None = Field(default=None, description="收受礼金礼品总额。All gifts received.")
    gifts_from_duty_related: Money | None = Field(
        default=None, description="其中来自管理和服务对象等的金额。Of these, from givers related to the declarant's duty."
    )
    gifts_outside_family: Money | None = Field(
        default=None, description="其中来自亲属以外人员的金额。Of these, from givers outside the family."
    )
    official_vehicle: Flag = Field(description="是否使用公务用车。Whether an official vehicle was used.")

    def span(self) -> tuple[date, date | None]:
        """The day of the event."""
        return self.occurred_on, self.occurred_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """An event is declared once it was held."""
        return [("/occurred_on", self.occurred_on), ("/reported_on", self.reported_on)]
