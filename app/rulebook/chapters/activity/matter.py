"""An activity as the rules see it."""

from datetime import date
from decimal import Decimal

from ...dates import spread
from ...matter import Counted, Matter
from ...statement import Payer, Relation
from .details import ActivityDetails, ActivityDisposition, ActivityType


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

    def occasions(self) -> list[date]:
        """Each time that somebody else than kin or a private friend paid."""
        return list(spread(self.window, self.details.times)) if self.treated and not self.relation.private else []

    def counted(self) -> Counted:
        """What a duty-related arranger gave: the worth less what the declarant paid (财产性利益, 解释 12)."""
        counted, said = Counted(), self.details
        if self.treated and self.duty_related:
            unrated = self.rate_missing(said.worth) or self.rate_missing(said.own_share)
            counted.add(self._benefit(), activity=said.type.value, rate_missing=unrated)
        return counted

    def worth_cny(self) -> Decimal | None:
        """The worth as stated, every time included."""
        return self.in_cny(self.details.worth)

    def _benefit(self) -> Decimal | None:
        worth, share = self.worth_cny(), self.in_cny(self.details.own_share)
        if worth is None or (share is None and self.details.own_share is not None):
            return None
        return max(worth - (share or Decimal(0)), Decimal(0))
