"""A meal as the rules see it."""

from datetime import date
from decimal import Decimal

from ...benefits import BEARERS, ShiftedCost
from ...dates import spread
from ...finding import Text
from ...matter import Matter
from ...once import cached_property
from ...statement import Payer, Relation
from .details import Alcohol, MealDetails, MealDisposition, MealType, Venue

_PAID_BY_SELF_OR_STATE = frozenset({Payer.SELF, Payer.SHARED, Payer.PUBLIC_FUNDS})
_CLUBS = frozenset({Venue.PRIVATE_CLUB, Venue.PRIVATE_DINING_HOUSE})
_BUSINESS = frozenset({MealType.PUBLIC_BUSINESS_EVENT, MealType.ON_SITE_WORK_MEAL})
_PLAIN_VENUES = frozenset({Venue.CANTEEN, Venue.RESTAURANT, Venue.COMPANY_CANTEEN, Venue.OTHER})
_EVERYDAY_VENUES = _PLAIN_VENUES | {Venue.HOME}


class Meal(Matter[MealDetails]):
    """A meal in the light of the facts; a run of meals lasts from the first to the last."""

    kind = "meal"

    @property
    def implied_relation(self) -> Relation | None:
        """A subordinate who pays makes the meal duty-related, whatever is stated of the host."""
        return Relation.SUBORDINATE if self.details.payer is Payer.SUBORDINATE else None

    @cached_property
    def tags(self) -> frozenset[str]:
        """`reception` for the norms that bind official receptions alone."""
        return super().tags | ({"reception"} if self.details.type is MealType.OFFICIAL_RECEPTION else frozenset())

    @cached_property
    def attended(self) -> bool:
        """Whether the declarant went; an invitation that was declined raises nothing."""
        return self.details.disposition is MealDisposition.ATTENDED

    @property
    def reception(self) -> bool:
        """Whether it was an official reception that took place (公务接待)."""
        return self.attended and self.details.type is MealType.OFFICIAL_RECEPTION

    @cached_property
    def treated(self) -> bool:
        """Whether somebody else than the declarant or the state bore the cost."""
        return self.attended and self.details.payer not in _PAID_BY_SELF_OR_STATE

    @property
    def in_club(self) -> bool:
        """Whether the venue is a private club, or a dining house that works like one (私人会所、一桌餐)."""
        return self.details.venue in _CLUBS

    @property
    def frugal(self) -> bool:
        """Nothing on the table that work meals must not have: alcohol, cigarettes, luxury dishes."""
        return self.details.alcohol is Alcohol.NONE and not self.details.tobacco and not self.details.luxury_dishes

    @cached_property
    def work_meal(self) -> bool:
        """Whether it has the shape of a work meal of the positive list, its approval apart (正面清单工作餐)."""
        of_business = self.details.type in _BUSINESS and self.details.venue in _PLAIN_VENUES
        plain = self.frugal and not self.details.during_inspection and self.details.meal_number_in_visit == 1
        return self.treated and self.duty_related and of_business and plain and self._within_local_standard

    @property
    def lacking(self) -> tuple[str, ...]:
        """What a work meal lacks before it is a permitted one: the facts left out, by field."""
        allowed = self.details.approval is not None or self.details.own_share_paid_on is not None
        capped = self._per_head_cap is not None and self.per_head is None
        unrated = capped and self.rate_missing(self.details.cost_per_head)
        return (() if allowed else ("approval",)) + (("cost_per_head",) if capped else ()) + (("exchange_rate",) if unrated else ())

    @cached_property
    def permitted(self) -> bool:
        """Whether the positive list permits this meal."""
        return self.work_meal and not self.lacking

    @property
    def aggravating(self) -> tuple[str, ...]:
        """What makes a meal of a duty-related host a serious matter, by name."""
        circumstances = {
            "repeated": self.details.times >= self.limits["meal.repeated"],
            "during_inspection": self.details.during_inspection,
            "high_end_alcohol": self.details.alcohol is Alcohol.HIGH_END,
            "luxury_dishes": self.details.luxury_dishes,
        }
        return tuple(name for name, holds in circumstances.items() if holds)

    @property
    def trifling(self) -> bool:
        """A single simple meal at an everyday place, so cheap that a person should look first (a local line, not law)."""
        simple = self.frugal and self.details.times == 1 and not self.details.during_inspection
        cheap = self.per_head is not None and self.per_head < self.limits["meal.trifle-per-head"]
        return simple and cheap and self.details.venue in _EVERYDAY_VENUES

    @cached_property
    def occasions(self) -> list[date]:
        """Each meal that somebody else than kin or a private friend paid for, permitted work meals apart."""
        if not self.treated or self.permitted or self.relation.private:
            return []
        return list(spread(self.window, self.details.times))

    def shifted_cost(self) -> ShiftedCost | None:
        """The bill that a company or a subordinate paid; not for work meals that at most lack their approval."""
        bearer, times = BEARERS.get(self.details.payer), self.details.times
        if bearer is None or not (self.attended and self.duty_related) or self.work_meal:
            return None
        what = Text(f"共{times}次用餐", f"{times} meals") if times > 1 else Text("用餐", "Meal")
        seen = {"payer": self.details.payer.value, "times": times}
        return ShiftedCost(what=what, bearer=bearer, amount=self.worth_cny(), seen=seen)

    def worth_cny(self) -> Decimal | None:
        """The cost of the whole table."""
        return self.in_cny(self.details.cost)

    @property
    def per_head(self) -> Decimal | None:
        """The cost a head in CNY."""
        return self.in_cny(self.details.cost_per_head)

    @property
    def _per_head_cap(self) -> Decimal | int | None:
        """The local standard a head, where one is published; the limit says `none` otherwise."""
        cap = self.limits.get("meal.work-meal-per-head")
        return None if isinstance(cap, str) else cap

    @cached_property
    def _within_local_standard(self) -> bool:
        """False as well for days before any positive list permitted work meals."""
        if self.limits.get("meal.work-meal-per-head") is None:
            return False
        return self._per_head_cap is None or self.per_head is None or self.per_head <= self._per_head_cap
