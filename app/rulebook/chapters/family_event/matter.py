"""A family event as the rules see it."""

from decimal import Decimal

from ...matter import Counted, Matter
from .details import FamilyEventDetails


class FamilyEvent(Matter[FamilyEventDetails]):
    """A wedding, funeral or the like in the light of the facts; it has no single other side."""

    kind = "family_event"

    def counted(self) -> Counted:
        """Gifts from duty-related guests, by themselves: they came from many, so they join no giver's sum."""
        counted, gifts = Counted(alone=True), self.details.gifts_from_duty_related
        if gifts is not None:
            counted.add(self.in_cny(gifts), gifts_from_duty_related=gifts.model_dump(mode="json"), rate_missing=self.rate_missing(gifts))
        return counted

    def worth_cny(self) -> Decimal | None:
        """All gifts received."""
        return self.in_cny(self.details.gifts_total)
