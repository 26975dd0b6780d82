"""What the engine is told: who declared what, of whom, when, and what the register knows besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from .local import LocalLimits
from .money import Rates
from .statement import Details, PartyType, Relation


class Source(StrEnum):
    """Who put the matter on record; the commission's own entries register nothing."""

    SELF = "self"
    HR = "hr"
    COMMISSION = "commission"


class StaffClass(StrEnum):
    """The class of public staff that decides which norms bind a person."""

    CIVIL_SERVANT = "civil_servant"
    REFERENCE_MANAGED = "reference_managed"
    INSTITUTION_MANAGEMENT = "institution_management"
    INSTITUTION_PROFESSIONAL = "institution_professional"
    SOE_MANAGEMENT = "soe_management"
    GRASSROOTS = "grassroots"
    JUDGE = "judge"
    PROSECUTOR = "prosecutor"
    SECURITIES_REGULATOR = "securities_regulator"


class Rank(StrEnum):
    """Ranks of leadership, lowest first (无 副科 正科 副处 正处 副厅局 正厅局 省部)."""

    NONE = "none"
    SECTION_DEPUTY = "section_deputy"
    SECTION_CHIEF = "section_chief"
    DIVISION_DEPUTY = "division_deputy"
    DIVISION_CHIEF = "division_chief"
    BUREAU_DEPUTY = "bureau_deputy"
    BUREAU_CHIEF = "bureau_chief"
    MINISTRY = "ministry"

    def at_least(self, other: "Rank") -> bool:
        """Whether this rank is the other or above it."""
        return _RANKS[self] >= _RANKS[other]


_RANKS = {rank: place for place, rank in enumerate(Rank)}


class LeftReason(StrEnum):
    """Why a person is no longer in service."""

    RESIGNED = "resigned"
    RETIRED = "retired"
    DISMISSED = "dismissed"


class EmployerKind(StrEnum):
    """Employers of relatives that the securities rules name."""

    SECURITIES_FIRM = "securities_firm"
    FUND_MANAGER = "fund_manager"
    SECURITIES_INTERMEDIARY = "securities_intermediary"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post that the person held from `from_on` to `until_on` (None: still); `units` is its unit and all above it, nearest first."""

    from_on: date
    until_on: date | None
    units: tuple[str, ...]
    rank: Rank
    is_leader: bool
    staff_class: StaffClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The declarant as on record at the day of judgement; `units` is the person's unit and all above it, nearest first."""

    party_member: bool
    staff_class: StaffClass
    rank: Rank = Rank.NONE
    is_leader: bool = False
    units: tuple[str, ...] = ()
    birth_on: date | None = None
    prior_graft_sanction: bool = False
    left_on: date | None = None
    left_reason: LeftReason | None = None
    inside_information: tuple[tuple[str, date, date | None], ...] = ()
    relatives_employers: tuple[EmployerKind, ...] = ()
    posts: tuple[Post, ...] = ()

    def on(self, day: date) -> "Person":
        """The person as of a day: a post of the history that covers it counts, else today's."""
        if not self.posts:
            return self
        post = next((p for p in self.posts if p.from_on <= day and (p.until_on is None or day <= p.until_on)), None)
        if post is None:
            return self
        return replace(self, units=post.units, rank=post.rank, is_leader=post.is_leader, staff_class=post.staff_class)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRelation:
    """How a counterparty, or one of its owners, stands to a unit in the register's own knowledge."""

    unit: str
    relation: Relation
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other side as the register knows it, its owners' relations included; `names` are its name and aliases.

    `owners` are the ids of itself and of all that own it: two sides that share one are of one group.
    """

    id: str | None = None
    names: frozenset[str] = frozenset()
    type: PartyType | None = None
    region: str | None = None
    relations: tuple[KnownRelation, ...] = ()
    owners: frozenset[str] = frozenset()

    def grouped_with(self, other: "Party") -> bool:
        """Whether both share an owner, or one is the other's."""
        return not self.owners.isdisjoint(other.owners)


NOBODY = Party()
"""The other side where nothing is on record of it."""


class Captured(NamedTuple):
    """What was recorded without a network: on which day, on which it arrived, and whether the former is the day of declaration."""

    captured_on: date
    received_on: date
    counts: bool


@dataclass(slots=True, kw_only=True)
class Declared:
    """One declaration as the rules take it; nobody changes it, but a frozen one takes twice as long to make.

    `parties` are those on the other side by the field that names them, the one summed over first; `same_group` tells
    whether that one shares an owner with that of the declaration being judged. `approval` is the id of the approval on record
    that a fact of the details was taken from.
    """

    kind: str
    details: Details
    source: Source
    declared_on: date
    recorded_at: datetime
    id: str | None = None
    parties: Mapping[str, Party] = field(default_factory=dict)
    same_group: bool = True
    captured: Captured | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the judgements of all that one person declared share on a day, which is the one that deadlines are measured against."""

    person: Person
    judged_on: date
    inquiries: tuple[date, ...] = ()
    rates: Rates = field(default_factory=Rates)
    local: LocalLimits = field(default_factory=LocalLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Circumstances):
    """All that one judgement rests on.

    `related` are submitted declarations of the same person, in any order, that rules may sum over: those of the
    giver's group, the year's gifts, the outside posts. `duty_related_cny` is the sum of what was counted for all
    duty-related givers outside the group.
    """

    declared: Declared
    related: Sequence[Declared] = ()
    duty_related_cny: Decimal = Decimal(0)
