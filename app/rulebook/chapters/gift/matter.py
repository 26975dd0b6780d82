"""A gift as the rules see it."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ...benefits import CeremonyGifts, ShiftedCost, quoted
from ...dates import Window, iso, spread
from ...finding import Remedy, Text
from ...matter import Counted, Matter
from ...once import cached_property
from ...statement import PartyType, Relation
from .details import GiftDetails, GiftItem
from .kinds import GiftCategory, GiftDirection, GiftOccasion, GiftReceiver, GiftSetting
from .lines import Deadline, Line, handed_in_on, is_pending, known_sum, state_of, summed, worths_missing

HONG_KONG_MACAO_TAIWAN = frozenset({"HK", "MO", "TW"})
"""Regions whose residents' gifts follow the foreign-affairs rules (国务院令第133号 第十三条)."""

_ORDINARY = frozenset({Relation.COLLEAGUE, Relation.SUPERIOR_OR_OWN_UNIT, Relation.FOREIGN_COUNTERPART, Relation.UNRELATED})
_CEREMONIES = frozenset(
    {GiftOccasion.WEDDING, GiftOccasion.FUNERAL, GiftOccasion.BIRTHDAY, GiftOccasion.CHILDBIRTH, GiftOccasion.HOUSEWARMING}
)


class Gift(Matter[GiftDetails]):
    """A gift, received or given, in the light of the facts."""

    kind = "gift"

    @cached_property
    def relation(self) -> Relation:
        """The relation that counts; a giver with a matter pending is a future subject of supervision."""
        known = super().relation
        pending = self.details.giver_has_pending_matter is True and not known.duty_related
        return Relation.SUPERVISED_PROSPECTIVE if pending else known

    @cached_property
    def received(self) -> bool:
        """Whether the declarant, or somebody close, received it."""
        return self.details.direction is GiftDirection.RECEIVED

    @cached_property
    def own_hands(self) -> bool:
        """Whether the declarant took it in person."""
        return self.details.receiver is GiftReceiver.SELF

    @cached_property
    def examined(self) -> bool:
        """Whether the duties of the receiver apply: it was received, and the declarant knows of it."""
        return self.received and (self.own_hands or self.details.aware_on is not None)

    @cached_property
    def region(self) -> str | None:
        """The giver's region, as registered or else as stated."""
        return self.party.region or self.details.giver.region

    @property
    def giver_type(self) -> PartyType | None:
        """What sort of person or body the giver is, as registered or else as stated."""
        return self.party.type or self.details.giver.type

    @cached_property
    def foreign(self) -> bool:
        """Whether the foreign-affairs rules stand in place of domestic registration."""
        from_there = self.region in HONG_KONG_MACAO_TAIWAN and not self.relation.private
        return self.details.setting is GiftSetting.FOREIGN_AFFAIRS or from_there

    @cached_property
    def ordinary(self) -> bool:
        """A giver outside duty and outside the private circle: the money thresholds of 1995 apply."""
        return self.relation in _ORDINARY

    @cached_property
    def tags(self) -> frozenset[str]:
        """Besides the person's: `hmt` for givers of Hong Kong, Macao and Taiwan."""
        return super().tags | ({"hmt"} if self.region in HONG_KONG_MACAO_TAIWAN else set())

    @cached_property
    def deadline(self) -> Deadline:
        """One month from receipt, from the return when it was received away, or from learning of it."""
        stated = self.details
        start, missing = (stated.received_on, "") if self.own_hands else (stated.aware_on, "aware_on")
        if self.own_hands and stated.received_away:
            start, missing = stated.returned_to_unit_on, "returned_to_unit_on"
            if self.foreign:
                start, missing = stated.returned_to_country_on, "returned_to_country_on"
        return Deadline(start and self.month_after(start), self.month_after(stated.received_on), missing)

    @property
    def holds_until(self) -> date | None:
        """The deadline, while something is still to be disposed of: some rules are silent until it has passed."""
        return self.deadline.shown if self.pick(lambda line: line.pending) else None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the list, as it stands today."""
        return tuple(self._line(number, item) for number, item in enumerate(self.details.items, start=1))

    def _line(self, number: int, item: GiftItem) -> Line:
        worth, paid = self.in_cny(item.worth), self.in_cny(item.paid_price)
        return Line(
            number=number,
            item=item,
            state=state_of(item, self.deadline, self.today),
            pending=is_pending(item, self.today),
            last_on=item.until_on or self.details.received_on,
            worth=worth,
            paid=paid,
            rate_missing=(item.worth is not None and worth is None) or (item.paid_price is not None and paid is None),
            registered_on=self._registered_on(item),
            handout=item.category is GiftCategory.PROMOTIONAL and self.details.public_event and self.duty_related,
            limits=self.limits,
        )

    def _registered_on(self, item: GiftItem) -> date | None:
        """The earlier of the filing, if it registers, and of a receipted hand-in."""
        filed = self.declared.declared_on if self.registers else None
        return min((day for day in (filed, handed_in_on(item, self.today)) if day is not None), default=None)

    def pick(self, wanted: Callable[[Line], bool]) -> list[Line]:
        """The lines that satisfy a condition."""
        return [line for line in self.lines if wanted(line)]

    @cached_property
    def retained(self) -> list[Line]:
        """Lines kept, consumed, or not handed over by the deadline."""
        return self.pick(lambda line: line.retained)

    def handed_over_evidence(self, lines: Sequence[Line]) -> dict[str, Any]:
        """For lines that were all handed over in the end, though too late: whether of the declarant's own accord."""
        days = [day for line in lines if line.retained and (day := line.handed_over_on)]
        return self.put_right_evidence(max(days)) if days and len(days) == len(lines) else {}

    @cached_property
    def worth_lines(self) -> list[Line]:
        """Lines not gone whose sum the thresholds for ordinary gifts are compared with."""
        return self.pick(lambda line: line.category.counts_by_worth and not line.gone)

    def undecided(self, threshold: str) -> bool:
        """Whether goods of unknown worth keep it open if the sum of an ordinary gift reaches a threshold."""
        floor = self.limits.get(threshold)
        return floor is not None and known_sum(self.worth_lines) < floor and any(line.worth is None for line in self.worth_lines)

    @cached_property
    def to_register(self) -> list[Line]:
        """Lines that must be registered within the month (1995 规定 第二条)."""
        return self._due("gift.register")

    @cached_property
    def to_surrender(self) -> list[Line]:
        """Lines that must be handed in within the month."""
        return self._due("gift.surrender")

    def _due(self, threshold: str) -> list[Line]:
        """From a duty-related giver whatever the worth; from an ordinary one money always, goods from a sum on."""
        if self.duty_related:
            return self.pick(lambda line: line.is_gift and not line.gone)
        if not self.ordinary or self.foreign:
            return []
        floor = self.limits.get(threshold)
        reached = floor is not None and known_sum(self.worth_lines) >= floor
        return self.pick(lambda line: not line.gone and (line.category.cash_like or (reached and line.category.counts_by_worth)))

    @cached_property
    def small_goods(self) -> Decimal | None:
        """The goods kept of an ordinary gift too small to be handed in whole, which the yearly cap adds up; None if there are none."""
        kept = self.pick(lambda line: line.category.counts_by_worth and line.action.keeps)
        if not (kept and self.examined and self.ordinary) or self.foreign:
            return None
        total = known_sum(kept)
        return total if total < self.limits["gift.surrender"] else None

    @cached_property
    def occasions(self) -> list[date]:
        """One run from receipt to the latest day of the lines still held, as often as the most frequent of them."""
        held = self.pick(lambda line: line.unsettled and not line.permitted and not line.earned)
        if not held or not self.received or self.relation.private:
            return []
        run = Window(self.details.received_on, max(line.last_on for line in held))
        return list(spread(run, max(line.item.times for line in held)))

    def _count(self) -> Counted:
        """Retained lines of a duty-related giver: their worth, of a cheap deal what was given away in it."""
        counted = Counted()
        if not (self.examined and self.duty_related):
            return counted
        for line in self.retained:
            if not (line.permitted or line.earned or line.full_price):
                counted.add(line.gap if line.category is GiftCategory.BELOW_PRICE_DEAL else line.worth, line.seen)
        if counted.counts:
            counted.solicited = self.details.solicited is True
            counted.pending_unknown = self.details.giver_has_pending_matter is None
        return counted

    def shifted_cost(self) -> ShiftedCost | None:
        """Expenses that a duty-related giver paid and that were not paid back in time (代付费用)."""
        lines = [line for line in self.retained if line.category is GiftCategory.EXPENSE_PAYMENT]
        if not (lines and self.examined and self.duty_related):
            return None
        return ShiftedCost(bearer=Text("赠送人", "the giver"), **self._told(lines))

    def ceremony_gifts(self) -> CeremonyGifts | None:
        """Whatever a duty-related giver gave at a ceremony and was kept; illness and promotion are none."""
        occasion, lines = self.details.occasion, self.retained
        if occasion not in _CEREMONIES or not (lines and self.examined and self.duty_related):
            return None
        return CeremonyGifts(occasion=occasion.value, **self._told(lines))

    def _told(self, lines: list[Line]) -> dict[str, Any]:
        """Lines as rules over every kind are told of them."""
        named, known = quoted([line.item.description for line in lines]), not worths_missing(lines)
        seen = summed(lines) | self.clock_evidence | self.handed_over_evidence(lines)
        return {"what": named, "amount": known_sum(lines) if known else None, "seen": seen, "due_on": self.due_on}

    def worth_cny(self) -> Decimal | None:
        """The known worths of all lines together."""
        return known_sum(self.lines) if any(line.worth is not None for line in self.lines) else None

    @property
    def clock_evidence(self) -> dict[str, Any]:
        """The deadline, as evidence shows it; the day it was compared with is the screening's own."""
        due = self.deadline
        return {"deadline": iso(due.on)} | ({} if due.on else {"provisional_deadline": iso(due.provisional)})

    def remedy(self, action: str, text: Text) -> Remedy:
        """A next step, due by the deadline while it runs; afterwards at once, so without a day."""
        return Remedy(action, text, self.due_on)

    @property
    def declared_under(self) -> str | None:
        """The register of gifts, of duty-related givers or of others."""
        if not (self.received and self.examined and self.to_register) or self.foreign:
            return None
        return "gift.unregistered" if self.duty_related else "gift.other-unregistered"

    @property
    def due_on(self) -> date | None:
        """The deadline while it runs; None afterwards, when something is to be done at once."""
        return self.deadline.shown if self.deadline.runs_on(self.today) else None
