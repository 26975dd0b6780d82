"""A declaration in the light of the facts: the window of conduct, the relation that counts, what is summed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from .benefits import CeremonyGifts, ShiftedCost
from .dates import Window, add_months, iso
from .facts import NOBODY, Circumstances, Declared, LeftReason, Party, Person, Rank, Source, StaffClass
from .finding import OWN_ACCORD
from .money import Money, yuan_if_known
from .once import cached_property
from .parameters import Limit, Limits
from .statement import Details, Relation

D = TypeVar("D", bound=Details)

_CIVIL = frozenset(
    {StaffClass.CIVIL_SERVANT, StaffClass.REFERENCE_MANAGED, StaffClass.JUDGE, StaffClass.PROSECUTOR, StaffClass.SECURITIES_REGULATOR}
)


def person_tags(person: Person) -> frozenset[str]:
    """The tags by which citations say whom they bind."""
    return _tags_of(person.party_member, person.staff_class, person.rank, person.is_leader, person.left_reason)


@cache
def _tags_of(
    party_member: bool,  # part of the key
    staff_class: StaffClass,
    rank: Rank,
    is_leader: bool,
    left_reason: LeftReason | None,
) -> frozenset[str]:
    """There are few sorts of persons, so each is thought through once."""
    tags = {
        "party": party_member,
        "nonparty": not party_member,
        "civil": staff_class in _CIVIL,
        "soe": staff_class is StaffClass.SOE_MANAGEMENT,
        "leader": is_leader,
        "section+": rank.at_least(Rank.SECTION_DEPUTY),
        "bureau+": rank.at_least(Rank.BUREAU_DEPUTY),
        "judge": staff_class is StaffClass.JUDGE,
        "prosecutor": staff_class is StaffClass.PROSECUTOR,
        "securities": staff_class is StaffClass.SECURITIES_REGULATOR,
        "resigned": left_reason is LeftReason.RESIGNED,
        "retired": left_reason is LeftReason.RETIRED,
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
    _shown: list[tuple[Decimal | None, Callable[[], dict[str, Any]]]] = field(default_factory=list)

    def add(self, worth: Decimal | None, line: Callable[[], dict[str, Any]]) -> None:
        """Count one line, which shows itself if asked to; a worth that is not known is marked, never guessed."""
        if worth is None:
            self.unknown = True
        else:
            self.amount += worth
        self._shown.append((worth, line))

    @property
    def counts(self) -> bool:
        """Whether anything was counted."""
        return bool(self._shown)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was counted, each line with what it counts for."""
        return [line() | {"counted": yuan_if_known(worth)} for worth, line in self._shown]

    @property
    def contributes(self) -> bool:
        """Whether there is an amount or a worth still to be learnt."""
        return self.amount > 0 or self.unknown


class Matter(Generic[D]):
    """One declaration seen with what the register knows, on the day of judgement.

    A kind of declaration subclasses this with what its rules need to ask. Only of the matter that is judged do rules ask what came
    before it, so only that one has a history; what others are asked for, such as what they count for, they answer by themselves.
    """

    kind: ClassVar[str]
    history: "History"

    def __init__(self, declared: Declared, circumstances: Circumstances, parameters: Mapping[str, Limit]) -> None:
        self.declared = declared
        self.details: D = declared.details  # type: ignore[assignment]  # the chapter pairs kind and details
        self.party = next(iter(declared.parties.values()), NOBODY)
        self.today = circumstances.judged_on
        self.circumstances = circumstances
        self.person = circumstances.person.on(self.window.end)
        self.limits = Limits(parameters, self.window.end, circumstances.local, self.person.units)

    @cached_property
    def window(self) -> Window:
        """First and last day of the conduct; what continues ends today."""
        first, last = self.details.span()
        return Window(first, max(first, last or self.today))

    @property
    def holds_until(self) -> date | None:
        """The day after which time alone may change what is found, besides that of a remedy: today while the conduct continues."""
        return self.today if self.details.span()[1] is None else None

    @cached_property
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

    @cached_property
    def overridden(self) -> bool:
        """Whether the register's duty-related relation stands above a weaker statement."""
        return self.stated_relation is not self.relation

    @cached_property
    def duty_related(self) -> bool:
        """Whether the relation that counts touches the declarant's duty."""
        return self.relation.duty_related

    @cached_property
    def relation_evidence(self) -> dict[str, Any]:
        """The relation that counts as evidence shows it, with the one stated where something stronger stands above it.

        Empty where nobody stated one and the register knows none. Beside it the person's own interests in the other side.
        """
        stated, interests = self.stated_relation, {"own_interests": self.own_interests} if self.own_interests else {}
        if stated is None:
            return interests | ({"relation": self.relation.value} if self.duty_related else {})
        return interests | {"relation": self.relation.value} | ({"relation_stated": stated.value} if self.overridden else {})

    @property
    def own_interests(self) -> list[str | None]:
        """The declared shareholdings and posts that the person has in the other side, or its group, during the conduct."""
        held = ((other, body) for other in self.history.earlier if (body := other.interest_in()))
        shared = (other for other, body in held if body.grouped_with(self.party))
        return [other.declared.id for other in shared if other.window.meets(*self.window)]

    def interest_in(self) -> Party | None:
        """The body in which the person has shares or a post by this declaration."""
        return None

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
        return min((day for day in self.circumstances.inquiries if (since or self.window.start) <= day <= done), default=None)

    def put_right_evidence(self, done: date, since: date | None = None) -> dict[str, Any]:
        """What was late and then put right, as evidence shows it: whether of the declarant's own accord (容错纠错).

        It was if the official's side declared it, not the commission, and it was done before an inquiry was opened.
        """
        opened = self.inquiry_before(done, since)
        prompted = {"inquiry_opened_on": iso(opened)} if opened else {}
        return {OWN_ACCORD: self.registers and opened is None} | prompted

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
        return self.circumstances.rates.in_cny(money, day or self.window.start)

    def rate_missing(self, money: Money | None, day: date | None = None) -> bool:
        """Whether a stated sum cannot be compared because the register has no rate for it."""
        return money is not None and self.in_cny(money, day) is None

    def month_after(self, day: date) -> date:
        """The last day in time for what must be done within one month."""
        return add_months(day, 1)

    @cached_property
    def occasions(self) -> list[date]:
        """The days on which something was received of the giver, for rules that look for repetition."""
        return []

    @cached_property
    def counted(self) -> Counted:
        """What this declaration adds to the sum that the criminal-law amounts are compared with."""
        return self._count()

    def _count(self) -> Counted:
        """The same, for a kind of which anything is counted."""
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

    @property
    def declared_under(self) -> str | None:
        """The rule by which it must be put on record whatever else is found of it; None where no norm asks for that."""
        return None

    @property
    def due_on(self) -> date | None:
        """The last day to put it on record while that is still in time."""
        return None


class History(NamedTuple):
    """What else the person declared that rules sum over, as it stands to one matter, in order.

    `earlier` is all that comes before it, `of_group` those of them whose other side shares an owner with the matter's, `later` all that
    comes after: what is filed now may change what they sum to. `duty_related_cny` is the sum of what is counted for all duty-related
    givers outside that group, in CNY.
    """

    earlier: "tuple[Matter[Any], ...]"
    of_group: "tuple[Matter[Any], ...]" = ()
    later: "tuple[Matter[Any], ...]" = ()
    duty_related_cny: Decimal = Decimal(0)

    @classmethod
    def around(
        cls, matter: "Matter[Any]", of_group: "Sequence[Matter[Any]]", others: "Sequence[Matter[Any]]", duty_related_cny: Decimal
    ) -> "History":
        """The same of declarations in any order, `of_group` those of the giver's group, `others` the rest."""
        every = sorted((*of_group, *others), key=_order)
        return cls(
            earlier=_before(matter, every),
            of_group=_before(matter, sorted(of_group, key=_order)),
            later=tuple(other for other in every if other.order > matter.order),
            duty_related_cny=duty_related_cny,
        )

    def before(self, matter: "Matter[Any]") -> "History":
        """What of it came before one of the earlier ones; of that one's group and the sums nothing is known then."""
        return History(_before(matter, self.earlier))


def _before(matter: "Matter[Any]", others: "Iterable[Matter[Any]]") -> "tuple[Matter[Any], ...]":
    return tuple(other for other in others if other.order < matter.order)


def _order(matter: "Matter[Any]") -> tuple[date, date, datetime]:
    return matter.order
