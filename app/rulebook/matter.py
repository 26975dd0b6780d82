"""A declaration in the light of the facts: the window of conduct, the relation that counts, what is summed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from .benefits import CeremonyGifts, ShiftedCost
from .dates import Window, add_months, iso
from .facts import Declared, Facts, LeftReason, Party, Person, Rank, Source, StaffClass
from .finding import OWN_ACCORD
from .money import Money, yuan_if_known
from .parameters import Limit, Limits
from .statement import Details, Relation

D = TypeVar("D", bound=Details)

_CIVIL = frozenset(
    {StaffClass.CIVIL_SERVANT, StaffClass.REFERENCE_MANAGED, StaffClass.JUDGE, StaffClass.PROSECUTOR, StaffClass.SECURITIES_REGULATOR}
)


def person_tags(person: Person) -> frozenset[str]:
    """The tags by which citations say whom they bind."""
    tags = {
        "party": person.party_member,
        "nonparty": not person.party_member,
        "civil": person.staff_class in _CIVIL,
        "soe": person.staff_class is StaffClass.SOE_MANAGEMENT,
        "leader": person.is_leader,
        "section+": person.rank.at_least(Rank.SECTION_DEPUTY),
        "bureau+": person.rank.at_least(Rank.BUREAU_DEPUTY),
        "judge": person.staff_class is StaffClass.JUDGE,
        "prosecutor": person.staff_class is StaffClass.PROSECUTOR,
        "securities": person.staff_class is StaffClass.SECURITIES_REGULATOR,
        "resigned": person.left_reason is LeftReason.RESIGNED,
        "retired": person.left_reason is LeftReason.RETIRED,
    }
    return frozenset(tag for tag, holds in tags.items() if holds)


@dataclass(slots=True)
class Counted:
    """What a declaration adds to the sum of benefits from its giver, in CNY.

    `unknown` tells that something counted has no known worth, `solicited` that a counted gift was asked for,
    `pending_unknown` that it was left open whether the giver of a counted gift has a matter pending.
    """

    amount: Decimal = Decimal(0)
    unknown: bool = False
    solicited: bool = False
    pending_unknown: bool = False
    alone: bool = False
    lines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, worth: Decimal | None, **line: Any) -> None:
        """Count one line, shown with what it counts for; a worth that is not known is marked, never guessed."""
        if worth is None:
            self.unknown = True
        else:
            self.amount += worth
        self.lines.append(line | {"counted": yuan_if_known(worth)})

    @property
    def contributes(self) -> bool:
        """Whether there is an amount or a worth still to be learnt."""
        return self.amount > 0 or self.unknown


class Matter(Generic[D]):
    """One declaration seen with what the register knows, on the day of judgement.

    A kind of declaration subclasses this with what its rules need to ask; instances live for one judgement.
    """

    kind: ClassVar[str]

    def __init__(self, declared: Declared, facts: Facts, parameters: Mapping[str, Limit], earlier: "History") -> None:
        self.declared = declared
        self.details: D = declared.details  # type: ignore[assignment]  # the chapter pairs kind and details
        self.party = next(iter(declared.parties.values()), Party())
        self.today = facts.judged_on
        self.facts = facts
        self.limits = Limits(parameters, self.window.end)
        self.person = facts.person.on(self.window.end)
        self._history = earlier

    @cached_property
    def window(self) -> Window:
        """First and last day of the conduct; what continues ends today."""
        first, last = self.details.span()
        return Window(first, max(first, last or self.today))

    @property
    def holds_until(self) -> date | None:
        """The day after which time alone may change what is found, besides that of a remedy: today while the conduct continues."""
        return self.today if self.details.span()[1] is None else None

    @property
    def stated_relation(self) -> Relation | None:
        """The relation as the declarant states it; None for kinds, or statements, without one."""
        return getattr(self.details, "relation", None)

    def relations_known_of(self, party: Party, days: Window | None = None) -> tuple[Relation, ...]:
        """The duty-related relations that the register knows, of a party or its owners, to the person's unit or one above.

        Their windows share a day with `days`, the conduct unless said otherwise; a relation that ended earlier does not count.
        """
        near = (r for r in party.relations if r.relation.duty_related and r.unit in self.person.units)
        return tuple(r.relation for r in near if (days or self.window).meets(r.from_on, r.until_on))

    @cached_property
    def registered_relation(self) -> Relation | None:
        """The register's duty-related relation of the giver, if it knows one."""
        return next(iter(self.relations_known_of(self.party)), None)

    @property
    def implied_relation(self) -> Relation | None:
        """A duty-related relation that other facts of the declaration imply, where neither statement nor register has one."""
        return None

    @cached_property
    def relation(self) -> Relation:
        """The relation that counts: the register only strengthens, it never replaces a duty-related statement."""
        stated = self.stated_relation or Relation.UNKNOWN
        return stated if stated.duty_related else self.registered_relation or self.implied_relation or stated

    @property
    def overridden(self) -> bool:
        """Whether the register's duty-related relation stands above a weaker statement."""
        return self.stated_relation is not self.relation

    @property
    def duty_related(self) -> bool:
        """Whether the relation that counts touches the declarant's duty."""
        return self.relation.duty_related

    @property
    def relation_evidence(self) -> dict[str, Any]:
        """The relation that counts as evidence shows it, with the one stated where something stronger stands above it.

        Empty where nobody stated one and the register knows none.
        """
        stated = self.stated_relation
        if stated is None:
            return {"relation": self.relation.value} if self.duty_related else {}
        return {"relation": self.relation.value} | ({"relation_stated": stated.value} if self.overridden else {})

    def limits_evidence(self, *limits: str) -> dict[str, Any]:
        """The limits of the day that were compared, as evidence shows them."""
        return {"limits": self.limits.seen(*limits)}

    @property
    def registers(self) -> bool:
        """Whether filing this declaration was itself an act of registration."""
        return self.declared.source is not Source.COMMISSION

    def inquiry_before(self, done: date, since: date | None = None) -> date | None:
        """The first inquiry opened by the day on which something was done.

        Not one older than the conduct, or than `since`, the day that gave reason to do it: that inquiry was about something else.
        """
        return min((day for day in self.facts.inquiries if (since or self.window.start) <= day <= done), default=None)

    def put_right_evidence(self, done: date, since: date | None = None) -> dict[str, Any]:
        """What was late and then put right, as evidence shows it: whether of the declarant's own accord (容错纠错).

        It was if the official's side declared it, not the commission, and it was done before an inquiry was opened.
        """
        opened = self.inquiry_before(done, since)
        prompted = {"inquiry_opened_on": iso(opened)} if opened else {}
        return {OWN_ACCORD: self.registers and opened is None} | prompted

    @cached_property
    def earlier(self) -> "tuple[Matter[Any], ...]":
        """Related declarations of the person that come before this one, in order."""
        return self._history.before(self)

    @cached_property
    def earlier_of_group(self) -> "tuple[Matter[Any], ...]":
        """Those earlier declarations whose other side shares an owner with this one's."""
        return tuple(matter for matter in self.earlier if matter.declared.same_group)

    @cached_property
    def order(self) -> tuple[date, date, datetime]:
        """Where this declaration stands among the person's: first day of conduct, day declared, time of creation."""
        return self.window.start, self.declared.declared_on, self.declared.recorded_at

    @cached_property
    def tags(self) -> frozenset[str]:
        """Whom and what the citations' `who` may ask for."""
        return person_tags(self.person) | {"dr" if self.duty_related else "other"}

    def in_cny(self, money: Money | None, day: date | None = None) -> Decimal | None:
        """A sum in CNY at the rate of the day of conduct; None when it or its rate is unknown."""
        return self.facts.rates.in_cny(money, day or self.window.start)

    def rate_missing(self, money: Money | None, day: date | None = None) -> bool:
        """Whether a stated sum cannot be compared because the register has no rate for it."""
        return money is not None and self.in_cny(money, day) is None

    def month_after(self, day: date) -> date:
        """The last day in time for what must be done within one month."""
        return add_months(day, 1)

    def occasions(self) -> list[date]:
        """The days on which something was received of the giver, for rules that look for repetition."""
        return []

    def counted(self) -> Counted:
        """What this declaration adds to the sum that the criminal-law amounts are compared with."""
        return Counted()

    def shifted_cost(self) -> ShiftedCost | None:
        """A cost that somebody duty-related bore, if it was one for the declarant or the state to bear."""
        return None

    def ceremony_gifts(self) -> CeremonyGifts | None:
        """What a wedding, funeral or the like brought from duty-related givers, if anything may have come from them."""
        return None

    def worth_cny(self) -> Decimal | None:
        """The stated worth of the whole matter in CNY, for filters; None when nothing is stated."""
        return None


class History:
    """The related declarations of one judgement as matters, built once."""

    def __init__(self, matters: "list[Matter[Any]]") -> None:
        self._matters = matters

    def before(self, matter: "Matter[Any]") -> "tuple[Matter[Any], ...]":
        """Those that come before a matter, in order."""
        return tuple(sorted((m for m in self._matters if m is not matter and m.order < matter.order), key=lambda m: m.order))

    def after(self, matter: "Matter[Any]") -> "tuple[Matter[Any], ...]":
        """Those that come after it, in order: what is filed now may change what they sum to."""
        return tuple(sorted((m for m in self._matters if m.order > matter.order), key=lambda m: m.order))
