"""The lines of a gift as the registration system sees them: what became of each, and whether it was in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ...dates import iso, written
from ...finding import Level, Text
from ...money import yuan, yuan_if_known
from ...parameters import Limits
from .details import GiftItem
from .kinds import DispositionAction, GiftCategory


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to register a gift and hand it in (登记上交期限), one month from the day that starts it.

    `on` is None while that starting day is not stated; then `missing` names the field, `provisional` is a month from
    receipt, and nothing counts as late.
    """

    on: date | None
    provisional: date
    missing: str

    @property
    def shown(self) -> date:
        """The day to act by: the deadline, or the provisional one."""
        return self.on or self.provisional

    def missed_by(self, day: date) -> bool:
        """Whether something done on that day came too late."""
        return self.on is not None and day > self.on

    def unsure_on(self, day: date | None) -> bool:
        """Whether that day is late or in time depending on the fact left out."""
        return self.on is None and day is not None and day > self.provisional

    def runs_on(self, day: date) -> bool:
        """Whether that day is in time whatever the fact left out may be."""
        return day <= self.shown

    def level_on(self, day: date) -> Level:
        """A reminder while there is time, or while lateness cannot be told; a suspected breach afterwards."""
        return Level.BREACH if self.missed_by(day) else Level.NOTICE

    def missing_on(self, day: date) -> tuple[str, ...]:
        """The fact without which nobody can tell whether that day is late."""
        return (self.missing,) if self.unsure_on(day) else ()

    def said(self, today: date) -> Text:
        """The deadline as a message says it."""
        if self.on is None:
            return Text(
                f"期限起算日未填，暂计至{written(self.provisional)}",
                f"the day that starts the month is not stated, so the deadline is {self.provisional} for now",
            )
        if self.missed_by(today):
            return Text(f"期限已于{written(self.on)}届满", f"the deadline was {self.on}")
        return Text(f"期限至{written(self.on)}（含当日）", f"the deadline is {self.on}, that day included")


class LineState(StrEnum):
    """Where a line stands on the day of judgement."""

    REFUSED = "refused"
    UNDATED = "undated"
    CLEARED = "cleared"
    OPEN = "open"
    RETAINED = "retained"


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of a gift with its worth in CNY, its state and the day on which it was registered, if it was; made often, so not frozen.

    `worth` and `paid` are None when unknown or without an exchange rate (`rate_missing`). `handout` marks a promotional
    article that a duty-related giver gave away at a public event; the limits of the day say whether that was permitted.
    """

    number: int
    item: GiftItem
    state: LineState
    pending: bool
    last_on: date
    worth: Decimal | None
    paid: Decimal | None
    rate_missing: bool
    registered_on: date | None
    handout: bool
    limits: Limits

    @property
    def category(self) -> GiftCategory:
        """The stated category."""
        return self.item.category

    @property
    def action(self) -> DispositionAction:
        """What was stated to have been done with it."""
        return self.item.disposition.action

    @property
    def handed_over_on(self) -> date | None:
        """The day on which it left the declarant's hands, if it has and the day is known."""
        return self.disposed_on if self.action.hands_over and not self.pending else None

    @property
    def held(self) -> bool:
        """Whether it is still there to be handed in."""
        return self.pending or self.action is DispositionAction.KEPT

    @property
    def retained(self) -> bool:
        """Kept, consumed, or not handed over by the deadline (逾期视同收受)."""
        return self.state is LineState.RETAINED

    @property
    def unsettled(self) -> bool:
        """Still with the declarant, or not known to have left."""
        return self.state in (LineState.RETAINED, LineState.OPEN, LineState.UNDATED)

    @property
    def gone(self) -> bool:
        """Refused, or returned to the giver in time: nothing is left to register."""
        returned = self.state is LineState.CLEARED and self.action is DispositionAction.RETURNED
        return returned or self.state is LineState.REFUSED

    @property
    def earned(self) -> bool:
        """A fee that is not known to be a pretence: pay for work is no gift."""
        return self.category is GiftCategory.FEE and (self.item.fee is None or self.item.fee.real_work is not False)

    @property
    def gap(self) -> Decimal | None:
        """What a deal was worth beyond the price paid; None when either is unknown."""
        return None if self.worth is None or self.paid is None else self.worth - self.paid

    @property
    def full_price(self) -> bool:
        """A deal in which nothing was given away."""
        return self.category is GiftCategory.BELOW_PRICE_DEAL and self.gap is not None and self.gap <= 0

    @property
    def permitted(self) -> bool:
        """A handout of small worth, which the positive list permits."""
        return self._ceiling is not None and self.worth is not None and self.worth < self._ceiling

    @property
    def perhaps_permitted(self) -> bool:
        """A handout that would be permitted if its worth were known and small."""
        return self._ceiling is not None and self.worth is None

    @property
    def _ceiling(self) -> Decimal | None:
        """The worth below which a handout is permitted; None for other lines, and before the positive list."""
        ceiling: Decimal | None = self.limits.get("gift.promotional") if self.handout else None
        return ceiling

    @property
    def is_gift(self) -> bool:
        """Whether the registration duty looks at it: no pay for work, no full price, no permitted article."""
        return not (self.earned or self.full_price or self.permitted or self.perhaps_permitted)

    @property
    def disposed_on(self) -> date | None:
        """The stated day of the disposition."""
        return self.item.disposition.on

    @property
    def unreceipted(self) -> bool:
        """Handed in to an authority without a receipt number."""
        return self.action.hands_in and self.item.disposition.receipt_number is None

    @property
    def worth_missing(self) -> tuple[str, ...]:
        """The fact that keeps the worth from being compared, if any."""
        if self.worth is not None:
            return ()
        return ("exchange_rate",) if self.rate_missing else ("worth",)

    def seen(self) -> dict[str, Any]:
        """The line as evidence shows it."""
        unrated = {"rate_missing": True} if self.rate_missing else {}
        return unrated | {
            "line": self.number,
            "category": self.category.value,
            "description": self.item.description,
            "worth_cny": yuan_if_known(self.worth),
            "times": self.item.times,
            "disposition": self.action.value,
            "disposed_on": iso(self.disposed_on),
            "state": self.state.value,
        }


def state_of(item: GiftItem, deadline: Deadline, today: date) -> LineState:
    """What became of an item by today."""
    action, on = item.disposition.action, item.disposition.on
    if action is DispositionAction.REFUSED:
        return LineState.REFUSED
    if is_pending(item, today):
        return LineState.RETAINED if deadline.missed_by(today) else LineState.OPEN
    if action.hands_over and on is None:
        return LineState.UNDATED
    if action.hands_over and on is not None and not deadline.missed_by(on):
        return LineState.CLEARED
    return LineState.RETAINED


def is_pending(item: GiftItem, today: date) -> bool:
    """Whether an item is still to be disposed of.

    A hand-over announced for a later day has not happened yet, and no unit may let somebody keep money.
    """
    action, on = item.disposition.action, item.disposition.on
    undecidable = action is DispositionAction.OWN_UNIT_DECIDES and item.category.cash_like
    announced = action.hands_over and on is not None and on > today
    return undecidable or announced or action is DispositionAction.PENDING


def handed_in_on(item: GiftItem, today: date) -> date | None:
    """The day of a receipted hand-in: form and gift go in together, so it registers the gift (1995 规定 第三条)."""
    done = item.disposition
    receipted = done.action.hands_in and done.receipt_number is not None
    return done.on if receipted and done.on is not None and done.on <= today else None


def known_sum(lines: Iterable[Line]) -> Decimal:
    """The sum of the known worths in CNY."""
    return sum((line.worth for line in lines if line.worth is not None), Decimal(0))


def worths_missing(lines: Iterable[Line]) -> tuple[str, ...]:
    """The facts without which the worth of some line is unknown."""
    return tuple(dict.fromkeys(name for line in lines for name in line.worth_missing))


def total_times(lines: Iterable[Line]) -> int:
    """How often something was received, all lines together."""
    return sum(line.item.times for line in lines)


def seen(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as evidence shows them."""
    return [line.seen() for line in lines]


def summed(lines: Sequence[Line]) -> dict[str, Any]:
    """Lines as evidence shows them, with their known worth and how often."""
    return {"lines": seen(lines), "worth_cny": yuan(known_sum(lines)), "times": total_times(lines)}
