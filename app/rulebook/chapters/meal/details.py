"""What must be stated of a meal (宴请、公务用餐)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import Field

from ...money import Money, in_yuan_alone
from ...statement import Approved, Count, CounterpartyReference, Day, Details, Flag, Name, Payer, Relation, Times, not_before


class MealType(StrEnum):
    """What the meal was for: the norms of official reception bind the first type alone."""

    OFFICIAL_RECEPTION = "official_reception"
    ON_SITE_WORK_MEAL = "on_site_work_meal"
    PUBLIC_BUSINESS_EVENT = "public_business_event"
    PRIVATE = "private"
    CELEBRATION = "celebration"


class Venue(StrEnum):
    """Where the meal was taken; a dining house serving one table counts as a club (会所、一桌餐)."""

    CANTEEN = "canteen"
    RESTAURANT = "restaurant"
    PRIVATE_CLUB = "private_club"
    PRIVATE_DINING_HOUSE = "private_dining_house"
    COMPANY_CANTEEN = "company_canteen"
    HIGH_END_VENUE = "high_end_venue"
    HOME = "home"
    OTHER = "other"


class Alcohol(StrEnum):
    """What was drunk: nothing, ordinary drinks, or high-end ones (高档酒水)."""

    NONE = "none"
    ORDINARY = "ordinary"
    HIGH_END = "high_end"


class MealDisposition(StrEnum):
    """Whether the declarant went; a declined invitation is kept on record and raises nothing."""

    ATTENDED = "attended"
    DECLINED = "declined"


class MealDetails(Details):
    """宴请或公务用餐。A meal that was offered, taken or hosted on official business."""

    first_day = "occurred_on"

    occurred_on: Day = Field(description="用餐日期；多次的为首次。Day of the meal, of the first one in a run.", examples=["2024-05-25"])
    until_on: Day | None = Field(default=None, description="多次用餐的末次日期。Last day of a run of meals.")
    times: Times = Field(default=1, description="次数。How many meals are declared together.")
    host: CounterpartyReference = Field(description="宴请方或接待单位。Who hosted the meal.")
    relation: Relation = Field(description="宴请方与本人职务的关系。How the host stands to the declarant's duty.")
    also_kin: Flag = Field(description="对方是否同时为亲属。Whether the host is also kin.")
    type: MealType = Field(description="用餐性质。What the meal was for.")
    place: Name | None = Field(default=None, description="地点。Place.", examples=["园区职工食堂"])
    venue: Venue = Field(description="场所类型。Sort of venue.")
    payer: Payer = Field(description="费用由谁承担。Who bore the cost.")
    own_share_due: Flag | None = Field(default=None, description="是否应交本人伙食费。Whether the declarant owes a share of the cost.")
    own_share_paid_on: Day | None = Field(default=None, description="本人费用结清日期。Day on which the own share was paid.")
    guests: Count | None = Field(default=None, description="接待对象人数。Number of guests received.", examples=[12])
    companions: Count | None = Field(default=None, description="陪餐人数。Number of officials who kept them company.", examples=[4])
    meal_number_in_visit: Times = Field(default=1, description="本次来访的第几次用餐安排。Which meal of this visit it was.")
    official_letter: Name | None = Field(
        default=None, description="公函文号。Number of the official letter.", examples=["京开函〔2024〕12号"]
    )
    approval: Name | None = Field(default=None, description="批准文号或批准人。Number or author of the approval.")
    guest_list_filed: Flag | None = Field(default=None, description="是否留存接待清单。Whether the list of the reception is on file.")
    alcohol: Alcohol = Field(description="酒水。Alcohol served.")
    tobacco: Flag = Field(description="是否提供香烟。Whether cigarettes were provided.")
    luxury_dishes: Flag = Field(description="是否有高档或野生保护动物菜肴。Whether luxury dishes or protected animals were served.")
    cost: Money | None = Field(default=None, description="总费用。Cost of the whole table, all times included.")
    cost_per_head: Money | None = Field(default=None, description="人均费用。Cost a head.")
    during_inspection: Flag = Field(description="是否在检查、执法、评审期间。Whether it fell into an inspection, enforcement or review.")
    disposition: MealDisposition = Field(description="是否参加。Attended or declined.")

    _in_order = not_before("occurred_on", "until_on")

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """The host."""
        return [("host", self.host)]

    def span(self) -> tuple[date, date | None]:
        """From the first meal to the last."""
        return self.occurred_on, self.until_on or self.occurred_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """A meal is declared once it was taken and paid."""
        return [("/occurred_on", self.occurred_on), ("/until_on", self.until_on), ("/own_share_paid_on", self.own_share_paid_on)]

    def approvable(self) -> str | None:
        """A meal of its sort."""
        return self.type.value

    def approved_by(self, approval: Approved) -> Self:
        """With the number of the approval."""
        return self if self.approval is not None else self.model_copy(update={"approval": approval.number})

    def approval_worth(self) -> Decimal | None:
        """The cost a head, or of the whole table where that alone is stated."""
        return in_yuan_alone(self.cost_per_head or self.cost)
