"""An activity as the rules see it."""

from datetime import date
from decimal import Decimal

from ...benefits import BEARERS, ShiftedCost
from ...dates import spread
from ...finding import Text
from ...matter import Counted, Matter
from ...once import cached_property
from ...statement import Payer, Relation
from .details import ActivityDetails, ActivityDisposition, ActivityType

_NAMES = {
    ActivityType.TRAVEL: Text("旅游", "Travel"),
    ActivityType.FITNESS: Text("健身", "Fitness"),
    ActivityType.ENTERTAINMENT: Text("娱乐活动", "Entertainment"),
    ActivityType.GOLF: Text("打高尔夫球", "Golf"),
    ActivityType.KARAOKE: Text("唱卡拉OK", "Karaoke"),
    ActivityType.STUDY_TRIP: Text("学习考察", "Study trip"),
    ActivityType.VEHICLE_RIDE: Text("乘车", "Vehicle ride"),
    ActivityType.OTHER: Text("活动", "Activity"),
}


class Activity(Matter[ActivityDetails]):
    """Travel, entertainment or the like in the light of the facts."""

    kind = "activity"

    @property
    def implied_relation(self) -> Relation | None:
        """A subordinate who pays makes the activity duty-related, whatever is stated of the arranger."""
        return Relation.SUBORDINATE if self.details.payer is Payer.SUBORDINATE else None

    @property
    def attended(self) -> bool:
        """Whether the declarant took part."""
        return self.details.disposition is ActivityDisposition.ATTENDED

    @property
    def approved_ride(self) -> bool:
        """A ride in a company's vehicle that the unit approved, as the positive list allows (经批准搭乘企业交通工具)."""
        return self.details.type is ActivityType.VEHICLE_RIDE and self.details.approved is True

    @property
    def treated(self) -> bool:
        """Whether somebody else bore cost that the declarant or the state should have borne."""
        return self.attended and self.details.payer not in (Payer.SELF, Payer.PUBLIC_FUNDS) and not self.approved_ride

    @property
    def named(self) -> Text:
        """The activity as messages name it, with how often it took place."""
        name, times = _NAMES[self.details.type], self.details.times
        return Text(f"{name.zh}共{times}次", f"{name.en}, {times} times,") if times > 1 else name

    @property
    def share_missing(self) -> tuple[str, ...]:
        """Of a cost that was shared, the facts without which nobody can tell if the own share covered it."""
        if self.details.payer is not Payer.SHARED:
            return ()
        sums = {"worth": self.details.worth, "own_share": self.details.own_share}
        left_out = tuple(name for name, stated in sums.items() if stated is None)
        return left_out + (("exchange_rate",) if any(self.rate_missing(stated) for stated in sums.values()) else ())

    @property
    def paid_in_full(self) -> bool:
        """Whether the cost was shared and the declarant's share covers the whole worth."""
        worth, share = self.worth_cny(), self.own_share
        return self.details.payer is Payer.SHARED and worth is not None and share is not None and share >= worth

    @property
    def own_share(self) -> Decimal | None:
        """What the declarant paid, in CNY."""
        return self.in_cny(self.details.own_share)

    @property
    def aggravating(self) -> tuple[str, ...]:
        """What makes an activity of a duty-related arranger a serious matter, by name."""
        circumstances = {
            "overnight": self.details.overnight,
            "with_family": self.details.with_family,
            "repeated": self.details.times >= self.limits["activity.repeated"],
        }
        return tuple(name for name, holds in circumstances.items() if holds)

    @cached_property
    def occasions(self) -> list[date]:
        """Each time that somebody else than kin or a private friend paid."""
        return list(spread(self.window, self.details.times)) if self.treated and not self.relation.private else []

    def _count(self) -> Counted:
        """What a duty-related arranger gave: the worth less what the declarant paid (财产性利益, 解释 12)."""
        counted, said = Counted(), self.details
        if self.treated and self.duty_related:
            unrated = self.rate_missing(said.worth) or self.rate_missing(said.own_share)
            counted.add(self._benefit(), lambda: {"activity": said.type.value, "rate_missing": unrated})
        return counted

    def shifted_cost(self) -> ShiftedCost | None:
        """What a company or a subordinate paid for it, approved rides apart."""
        bearer = BEARERS.get(self.details.payer)
        if bearer is None or not (self.treated and self.duty_related):
            return None
        seen = {"type": self.details.type.value, "payer": self.details.payer.value, "times": self.details.times}
        return ShiftedCost(what=self.named, bearer=bearer, amount=self._benefit(), seen=seen)

    def worth_cny(self) -> Decimal | None:
        """The worth as stated, every time included."""
        return self.in_cny(self.details.worth)

    def _benefit(self) -> Decimal | None:
        worth, share = self.worth_cny(), self.own_share
        if worth is None or (share is None and self.details.own_share is not None):
            return None
        return max(worth - (share or Decimal(0)), Decimal(0))
