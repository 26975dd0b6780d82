"""A family event as the rules see it."""

from decimal import Decimal
from typing import NamedTuple

from ...benefits import CeremonyGifts
from ...finding import Text
from ...matter import Counted, Matter
from ...money import Money
from ...once import cached_property
from .details import FamilyEventDetails, FamilyEventType

_GIFTS = Text("礼品礼金", "gifts")


class Scale(NamedTuple):
    """One measure of how large an event was: as reported, as it went, and the most that the place allows, where it has a limit."""

    name: str
    reported: int | None
    actual: int | None
    local: int | None


class FamilyEvent(Matter[FamilyEventDetails]):
    """A wedding, funeral or the like in the light of the facts; it has no single other side."""

    kind = "family_event"

    @cached_property
    def tags(self) -> frozenset[str]:
        """`vehicle` for the norms on the use of official vehicles."""
        return super().tags | ({"vehicle"} if self.details.official_vehicle else frozenset())

    @property
    def scales(self) -> tuple[Scale, Scale]:
        """Tables and guests."""
        said = self.details
        return (
            Scale("tables", said.reported_tables, said.actual_tables, self._local_limit("family-event.tables")),
            Scale("guests", said.reported_guests, said.actual_guests, self._local_limit("family-event.guests")),
        )

    def _local_limit(self, limit: str) -> int | None:
        """The local standard, where one is published; the limit says `none` otherwise."""
        most = self.limits.get(limit)
        return None if most is None or isinstance(most, str) else int(most)

    @property
    def reported_late(self) -> bool:
        """Whether it was reported only afterwards; funerals may be (丧事可以事后补报)."""
        reported, held = self.details.reported_on, self.details.occurred_on
        return reported is not None and reported > held and self.details.type is not FamilyEventType.FUNERAL

    def _count(self) -> Counted:
        """Gifts from duty-related guests, by themselves: they came from many, so they join no giver's sum."""
        counted, gifts = Counted(alone=True), self.details.gifts_from_duty_related
        if gifts is not None:
            counted.add(
                self.in_cny(gifts),
                lambda: {"gifts_from_duty_related": gifts.model_dump(mode="json"), "rate_missing": self.rate_missing(gifts)},
            )
        return counted

    def ceremony_gifts(self) -> CeremonyGifts | None:
        """The sum from duty-related guests; where it was left out, whatever came in, as nobody can tell from whom."""
        said = self.details
        open_source = said.gifts_from_duty_related is None
        received = (said.gifts_total, said.gifts_outside_family) if open_source else (said.gifts_from_duty_related,)
        missing = ("gifts_from_duty_related",) if open_source else ()
        gifts = next((sum_of for sum_of in received if sum_of is not None and sum_of.amount > 0), None)
        if gifts is None:
            return None
        return CeremonyGifts(occasion=said.type.value, what=_GIFTS, amount=self.in_cny(gifts), seen=self._gifts_seen, missing=missing)

    @property
    def _gifts_seen(self) -> dict[str, object]:
        """The sums as stated, in whatever currency."""
        names = ("gifts_total", "gifts_outside_family", "gifts_from_duty_related")
        sums: dict[str, Money | None] = {name: getattr(self.details, name) for name in names}
        return {name: stated and stated.model_dump(mode="json") for name, stated in sums.items()}

    def worth_cny(self) -> Decimal | None:
        """All gifts received."""
        return self.in_cny(self.details.gifts_total)
