"""What must be stated of travel, entertainment and like activities (旅游、健身、娱乐等活动安排)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field

from ...money import Money, in_yuan_alone
from ...statement import Approved, CounterpartyReference, Day, Details, Flag, Payer, Relation, Times, not_before


class ActivityType(StrEnum):
    """What was arranged; a ride in a company's vehicle is the one that may be approved."""

    TRAVEL = "travel"
    FITNESS = "fitness"
    ENTERTAINMENT = "entertainment"
    GOLF = "golf"
    KARAOKE = "karaoke"
    STUDY_TRIP = "study_trip"
    VEHICLE_RIDE = "vehicle_ride"
    OTHER = "other"


class ActivityDisposition(StrEnum):
    """Whether the declarant took part; a declined invitation is kept on record and raises nothing."""

    ATTENDED = "attended"
    DECLINED = "declined"


class ActivityDetails(Details):
    """旅游、健身、娱乐等活动。Travel, fitness, entertainment or the like, arranged by somebody else."""

    first_day = "from_on"

    from_on: Day = Field(description="开始日期。First day.", examples=["2024-05-25"])
    until_on: Day = Field(description="结束日期；当日结束的与开始日期相同。Last day; the first one again when it ended that day.")
    type: ActivityType = Field(description="活动类型。Sort of activity.")
    arranged_by: CounterpartyReference = Field(description="安排方。Who arranged it.")
    relation: Relation = Field(description="安排方与本人职务的关系。How the arranger stands to the declarant's duty.")
    also_kin: Flag = Field(description="对方是否同时为亲属。Whether the arranger is also kin.")
    payer: Payer = Field(description="费用由谁承担。Who bore the cost.")
    own_share: Money | None = Field(default=None, description="本人已付部分。What the declarant paid.")
    worth: Money | None = Field(default=None, description="本人所受安排的总价值，含全部次数。Worth of it all, every time included.")
    with_family: Flag = Field(description="是否携带家属。Whether family took part.")
    overnight: Flag = Field(description="是否过夜。Whether it lasted overnight.")
    sightseeing: Flag = Field(description="是否包含观光游览。Whether it included sightseeing.")
    approved: Flag | None = Field(default=None, description="是否经单位批准。Whether the unit approved it.")
    times: Times = Field(default=1, description="次数。How many times are declared together.")
    disposition: ActivityDisposition = Field(description="是否参加。Attended or declined.")

    _in_order = not_before("from_on", "until_on")

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """Who arranged it."""
        return [("arranged_by", self.arranged_by)]

    def span(self) -> tuple[date, date | None]:
        """From the first day to the last."""
        return self.from_on, self.until_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """An activity is declared once it is over."""
        return [("/from_on", self.from_on), ("/until_on", self.until_on)]

    def approvable(self) -> str | None:
        """An activity of its sort."""
        return self.type.value

    def approved_by(self, approval: Approved) -> Self:  # noqa: ARG002  # the rules ask whether, not by whom
        """As approved."""
        return self if self.approved is not None else self.model_copy(update={"approved": True})

    def approval_worth(self) -> Decimal | None:
        """The worth of it all."""
        return in_yuan_alone(self.worth)
