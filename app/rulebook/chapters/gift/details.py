"""What must be stated of a gift (礼品、礼金), received or given."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ...money import Money, in_yuan_alone
from ...statement import Approved, Count, CounterpartyReference, Day, Details, Flag, Name, Relation, Times
from .kinds import (
    DispositionAction,
    FeeTitle,
    FeeWork,
    GiftCategory,
    GiftChannel,
    GiftDirection,
    GiftOccasion,
    GiftReceiver,
    GiftSetting,
    WorthBasis,
)

Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A whole number of pieces, at least one."""

Hours = Annotated[float, Field(strict=True, gt=0, le=10_000, allow_inf_nan=False, examples=[3])]
"""Hours of work, more than none."""


class GiftFee(BaseModel):
    """讲课费、咨询费等报酬。A fee and the work that it pays for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    work: FeeWork = Field(description="工作内容。The work paid for.")
    hours: Hours | None = Field(default=None, description="工作时数（学时）。Hours worked.")
    title: FeeTitle | None = Field(
        default=None, description="职称，用于对照讲课费标准。Professional title, by which lecture fees are graded."
    )
    real_work: Flag | None = Field(default=None, description="是否实际付出劳动。Whether work was really done.")


class GiftDisposition(BaseModel):
    """礼品处置情况。What became of a gift."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: DispositionAction = Field(description="处置方式。What was done with it.")
    on: Day | None = Field(default=None, description="处置日期；退还、上交须填。Day it was done; needed for a return or a hand-over.")
    receipt_number: Name | None = Field(default=None, description="上交凭证号。Number of the receipt for what was handed in.")
    handlers: Count | None = Field(
        default=None, description="经办人数，不少于二人为宜。How many officers took it over; two are customary.", examples=[2]
    )


class GiftItem(BaseModel):
    """礼品清单的一项。One line of the list of gifts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: GiftCategory = Field(description="类别。Category.")
    description: Name = Field(description="品名及说明。What it is.", examples=["龙井茶两盒"])
    quantity: Quantity = Field(default=1, description="数量。How many pieces.")
    worth: Money | None = Field(
        default=None, description="本项全部价值（含多次）；不详则空。Worth of the whole line, all times included; empty if unknown."
    )
    worth_basis: WorthBasis = Field(description="估价依据。What the worth rests on.")
    times: Times = Field(default=1, description="同类礼品收受次数。How often, for a run of like gifts.")
    until_on: Day | None = Field(default=None, description="多次收受的最后一日。Last day of a run.")
    fee: GiftFee | None = Field(default=None, description="报酬说明，限 fee 类。The fee, for category fee.")
    paid_price: Money | None = Field(
        default=None, description="实付价款，限 below_price_deal 类。Price paid, for category below_price_deal."
    )
    disposition: GiftDisposition = Field(description="处置情况。What became of it.")


class GiftDetails(Details):
    """礼品、礼金的收受或赠送。A gift received or given, in one or more lines."""

    first_day = "received_on"

    received_on: Day = Field(description="收受（赠送）日期。Day of receipt, or of giving.")
    received_away: Flag = Field(description="是否在外地（国外）收受。Whether it was received away from the place of work.")
    returned_to_unit_on: Day | None = Field(
        default=None, description="回本单位之日，期限由此起算。Day of return to the unit; the month counts from it."
    )
    returned_to_country_on: Day | None = Field(
        default=None, description="回国之日，涉外礼品期限由此起算。Day of return to China; starts the month for foreign gifts."
    )
    giver: CounterpartyReference = Field(description="赠送人；赠送时为受赠人。The giver, or the one given to.")
    relation: Relation = Field(description="与赠送人的关系。How the giver stands to the declarant's duty.")
    also_kin: Flag = Field(description="赠送人是否同时为亲属。Whether the giver is also kin.")
    direction: GiftDirection = Field(description="收受或赠送。Received or given.")
    setting: GiftSetting = Field(description="国内交往或对外公务活动。Domestic contacts or foreign affairs.")
    receiver: GiftReceiver = Field(description="实际收受人。Who took it.")
    aware_on: Day | None = Field(
        default=None, description="他人代收时本人知悉之日。Day on which the declarant learnt of it, when somebody else took it."
    )
    occasion: GiftOccasion = Field(description="事由。Occasion.")
    channel: GiftChannel = Field(description="送达方式。How it arrived.")
    public_event: Flag = Field(description="是否在公开活动中统一发放。Whether it was handed out at a public event.")
    giver_has_pending_matter: Flag | None = Field(
        default=None, description="赠送人是否有事项待办；不明则空。Whether the giver has a matter pending; empty if unknown."
    )
    reciprocated: Money | None = Field(default=None, description="回礼价值。Worth of what was given in return.")
    returned_attempts: Count | None = Field(default=None, description="退还尝试次数。How often a return was tried.")
    approved: Flag | None = Field(default=None, description="对外赠礼是否经批准。Whether a gift given in foreign affairs was approved.")
    solicited: Flag | None = Field(default=None, description="是否索要。Whether it was asked for.")
    items: tuple[GiftItem, ...] = Field(min_length=1, max_length=50, description="礼品清单，1 至 50 项。The lines, 1 to 50.")

    @model_validator(mode="after")
    def _days_in_order(self) -> "GiftDetails":
        """Nothing that follows a gift comes before it."""
        for pointer, day in self.settled_days():
            if day is not None and day < self.received_on:
                raise PydanticCustomError("day_before_receipt", "lies before `received_on`", {"at": pointer})
        return self

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """The giver, or the one given to."""
        return [("giver", self.giver)]

    def span(self) -> tuple[date, date | None]:
        """From receipt to the last day of the longest run."""
        runs = [item.until_on for item in self.items if item.until_on]
        return self.received_on, max(self.received_on, *runs) if runs else self.received_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """What was received, learnt, brought back or handed over is stated once it is done."""
        runs = [(f"/items/{number}/until_on", item.until_on) for number, item in enumerate(self.items)]
        done = [(f"/items/{number}/disposition/on", item.disposition.on) for number, item in enumerate(self.items)]
        returns = [("/returned_to_unit_on", self.returned_to_unit_on), ("/returned_to_country_on", self.returned_to_country_on)]
        return [("/received_on", self.received_on), ("/aware_on", self.aware_on), *returns, *runs, *done]

    def approvable(self) -> str | None:
        """A gift given in foreign affairs; no approval excuses one that was received."""
        given = self.direction is GiftDirection.GIVEN and self.setting is GiftSetting.FOREIGN_AFFAIRS
        return self.direction.value if given else None

    def approved_by(self, approval: Approved) -> Self:  # noqa: ARG002  # the rules ask whether, not by whom
        """As approved."""
        fits = self.approved is None and self.approvable()
        return self.model_copy(update={"approved": True}) if fits else self

    def accepted(self) -> Self:
        """With every line that is still pending kept."""
        kept = GiftDisposition(action=DispositionAction.KEPT)
        pending = DispositionAction.PENDING
        items = tuple(item.model_copy(update={"disposition": kept}) if item.disposition.action is pending else item for item in self.items)
        received = self.direction is GiftDirection.RECEIVED
        return self.model_copy(update={"items": items}) if received and items != self.items else self

    def approval_worth(self) -> Decimal | None:
        """Of all lines together, if each is known."""
        worths = [in_yuan_alone(item.worth) for item in self.items]
        return sum((worth for worth in worths if worth is not None), Decimal(0)) if None not in worths else None
