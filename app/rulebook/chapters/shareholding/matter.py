"""A shareholding as the rules see it."""

import unicodedata
from datetime import date
from decimal import Decimal

from ...dates import Window
from ...facts import NOBODY, Party, StaffClass
from ...matter import Counted, Matter
from ...money import Money
from ...once import cached_property
from ...statement import Relation
from .details import Acquisition, Holder, HoldingType, ShareholdingDetails

_OWN = frozenset({Holder.SELF, Holder.NOMINEE})
_FAMILY = frozenset({Holder.SPOUSE, Holder.CHILD, Holder.CHILD_SPOUSE})
_CLOSELY_HELD = frozenset(
    {
        HoldingType.UNLISTED,
        HoldingType.PARTNERSHIP,
        HoldingType.SOLE_PROPRIETORSHIP,
        HoldingType.INDIVIDUAL_BUSINESS,
        HoldingType.OFFSHORE,
    }
)
_UNPAID = frozenset({Acquisition.DRY_SHARE, Acquisition.GIFTED})
_LOOKED_UP_FIRST = frozenset({StaffClass.GRASSROOTS, StaffClass.INSTITUTION_PROFESSIONAL})


class Shareholding(Matter[ShareholdingDetails]):
    """A stake in the light of the facts; it continues until it is disposed of, or today."""

    kind = "shareholding"

    @property
    def own(self) -> bool:
        """Whether the stake is the declarant's: in own name, or in a nominee's."""
        return self.details.holder in _OWN

    def interest_in(self) -> Party | None:
        """The issuer of one's own stake."""
        return self.issuer if self.own else None

    @property
    def of_family(self) -> bool:
        """Whether spouse, child or a child's spouse holds it: the norms on family business look at these (配偶、子女及其配偶)."""
        return self.details.holder in _FAMILY

    @property
    def closely_held(self) -> bool:
        """Whether it is a stake in a business that is traded on no exchange (非上市企业、个体、合伙、境外公司)."""
        return self.details.type in _CLOSELY_HELD

    @property
    def issuer(self) -> Party:
        """The business itself; `party` is whoever gave or sold the stake, where that is stated."""
        return self.declared.parties.get("issuer", NOBODY)

    @cached_property
    def inside_information(self) -> list[tuple[date, date | None]]:
        """The spans in which the declarant has inside information on the issuer, by whatever name the record knows it."""
        names = {_folded(name) for name in (*self.issuer.names, self.details.issuer.name or "")}
        return [(since, until) for issuer, since, until in self.person.inside_information if _folded(issuer) in names]

    @cached_property
    def in_jurisdiction(self) -> bool | None:
        """Whether the issuer is in the declarant's jurisdiction: as stated, or because the register has it as supervised."""
        if Relation.SUPERVISED_CURRENT in self.relations_known_of(self.issuer):
            return True
        return self.details.issuer_in_jurisdiction

    @property
    def jurisdiction_evidence(self) -> dict[str, bool | None]:
        """What counts for the jurisdiction, and what was stated where the register stands above it."""
        stated = self.details.issuer_in_jurisdiction
        overridden = {} if stated is self.in_jurisdiction else {"issuer_in_jurisdiction_stated": stated}
        return {"issuer_in_jurisdiction": self.in_jurisdiction, **overridden}

    @cached_property
    def report_year(self) -> int | None:
        """The year of whose report something is to be asked: the one stated, else the first at whose end the stake was held.

        None where it was not held then, so that no report had to list it.
        """
        stated, first = self.details.annual_report, self.limits.get("shareholding.report.first-year")
        if stated:
            held = self.window.meets(date(stated.year, 1, 1), date(stated.year, 12, 31))
            return stated.year if held else None
        year = max(self.window.start.year, first or 0)
        return year if first and self.window.end >= date(year, 12, 31) else None

    @property
    def report_due_on(self) -> date | None:
        """The last day for that report, in the year after; None where there is no such report or no norm stood yet."""
        due = self.limits.get("shareholding.report.due")
        return date.fromisoformat(f"{self.report_year + 1}-{due}") if due and self.report_year else None

    @property
    def holds_until(self) -> date | None:
        """For a stake that is gone, the last day for the report that had to list it: only then is it late."""
        return super().holds_until or self.report_due_on

    @property
    def one_person_business(self) -> bool:
        """A business that has no shares to hold, only somebody who runs it (个人独资企业、个体工商户)."""
        return self.details.type in (HoldingType.SOLE_PROPRIETORSHIP, HoldingType.INDIVIDUAL_BUSINESS)

    @property
    def ban_to_be_looked_up(self) -> bool:
        """Whether a person must first look up that a ban on business binds this class of staff at all."""
        return self.person.staff_class in _LOOKED_UP_FIRST

    @cached_property
    def registered_relation(self) -> Relation | None:
        """How the register knows the giver on the day the stake came: what it became later makes no gift of it."""
        came = Window(self.details.acquired_on, self.details.acquired_on)
        return next(iter(self.relations_known_of(self.party, came)), None)

    @property
    def from_duty_related(self) -> bool:
        """Whether it came from somebody tied to the declarant's duty; a supervised issuer counts where no giver is stated."""
        return self.duty_related or (self.details.acquired_from is None and self.details.issuer_in_jurisdiction is True)

    def _count(self) -> Counted:
        """Dry or gifted shares of a duty-related giver: what they are worth, else what they brought, less what was paid (2007意见 2)."""
        counted = Counted()
        if self.details.acquired_how in _UNPAID and self.from_duty_related:
            unrated = any(map(self.rate_missing, (self._value, self.details.cost)))
            counted.add(self._unpaid_benefit(), lambda: {"acquired_how": self.details.acquired_how.value, "rate_missing": unrated})
        return counted

    def worth_cny(self) -> Decimal | None:
        """The market value, else what was paid."""
        return self.in_cny(self.details.market_value or self.details.cost)

    @property
    def _value(self) -> Money | None:
        return self.details.market_value or self.details.returns_received

    def _unpaid_benefit(self) -> Decimal | None:
        value = self.in_cny(self._value)
        if value is None or self.rate_missing(self.details.cost):
            return None
        return max(value - (self.in_cny(self.details.cost) or Decimal(0)), Decimal(0))


def _folded(name: str) -> str:
    """A name without what full-width forms and blanks around it change."""
    return unicodedata.normalize("NFKC", name).strip()
