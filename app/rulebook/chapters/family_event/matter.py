"""A family event as the rules see it."""

from decimal import Decimal

from ...dates import Window
from ...matter import Counted, Matter
from ...money import yuan
from .details import FamilyEventDetails


class FamilyEvent(Matter[FamilyEventDetails]):
    """A wedding, funeral or the like in the light of the facts; it has no single other side."""

    kind = "family_event"

    def counted(self) -> Counted:
        """Gifts from duty-related guests, by themselves: they came from many, so they join no giver's sum."""
        counted, gifts = Counted(alone=True), self.details.gifts_from_duty_related
        if gifts is not None:
            amount = self.in_cny(gifts)
            shown = None if amount is None else yuan(amount)
            counted.add(amount, gifts_from_duty_related=shown, rate_missing=amount is None)
        return counted

    def worth_cny(self) -> Decimal | None:
        """All gifts received."""
        return self.in_cny(self.details.gifts_total)
