"""An outside post as the rules see it."""

from datetime import date
from decimal import Decimal

from ...dates import add_years
from ...facts import LeftReason, Party, Rank, StaffClass
from ...matter import Counted, Matter
from ...once import cached_property
from .details import OrganisationKind, OutsidePostDetails, PostDisposition, PostHolder, PostType

_SOCIAL = frozenset({OrganisationKind.SOCIAL_ORGANISATION, OrganisationKind.FOUNDATION})


class OutsidePost(Matter[OutsidePostDetails]):
    """A post in the light of the facts; it continues until it is given up, or today."""

    kind = "outside_post"

    @cached_property
    def tags(self) -> frozenset[str]:
        """In service or not, and the sort of organisation, for norms that bind one of them alone."""
        return super().tags | {"social" if self.social else "notsocial"} | ({"inservice"} if self.in_service else frozenset())

    @property
    def held(self) -> bool:
        """Whether the post was taken."""
        return self.details.disposition is PostDisposition.HELD

    @property
    def own(self) -> bool:
        """Whether the declarant holds it; what relatives hold is judged by rules of its own."""
        return self.held and self.details.holder is PostHolder.SELF

    def interest_in(self) -> Party | None:
        """The organisation of one's own post."""
        return self.party if self.own else None

    @property
    def social(self) -> bool:
        """Whether the organisation is a society or a foundation (社会团体、基金会)."""
        return self.details.organisation_kind in _SOCIAL

    @property
    def holds_until(self) -> date | None:
        """Today until the post is over: one that lies ahead may come to overlap another, and once it has ended it can only be explained."""
        return None if self.ended else self.today

    @property
    def ended(self) -> bool:
        """Whether the post is over by the day of judgement."""
        return self.details.until_on is not None and self.details.until_on < self.today

    @property
    def in_service(self) -> bool:
        """Whether the declarant was in service when the post began."""
        return self.person.left_on is None or self.details.from_on < self.person.left_on

    @property
    def after_leaving(self) -> bool:
        """Whether the declarant resigned or retired and holds the post on that day or later; dismissal has its own norms."""
        left = self.person.left_on is not None and self.window.end >= self.person.left_on
        return left and self.person.left_reason in (LeftReason.RESIGNED, LeftReason.RETIRED)

    @property
    def certificate_only(self) -> bool:
        """Whether only a professional certificate is lent (挂证)."""
        return self.details.post_type is PostType.CERTIFICATE_ONLY

    @property
    def cadre(self) -> bool:
        """Whether the norms on cadres bind: public organs and the management of public institutions (党政领导干部)."""
        return "civil" in self.tags or self.person.staff_class is StaffClass.INSTITUTION_MANAGEMENT

    @property
    def senior(self) -> bool:
        """Leaders, and those of division rank or above: three years bind them after leaving (县处级以上)."""
        return self.person.is_leader or self.person.rank.at_least(Rank.DIVISION_DEPUTY)

    @property
    def ban_to_be_looked_up(self) -> bool:
        """Whether a person must first look up that a ban on outside posts binds this class of staff at all."""
        return self.person.staff_class is StaffClass.GRASSROOTS

    @property
    def approved_in_time(self) -> bool:
        """Whether an approval stood when the post began; one given later heals nothing."""
        approval = self.details.approval
        return approval is not None and approval.on <= self.details.from_on

    @property
    def years_begun(self) -> int:
        """Years of the post that have begun by its last day or today."""
        start, end = self.details.from_on, min(self.window.end, self.today)
        years = max(end.year - start.year, 0)
        return 0 if end < start else years + (1 if add_years(start, years) <= end else 0)

    def _count(self) -> Counted:
        """Pay without work from a duty-related or formerly supervised organisation, for each year begun (挂名领薪, 2007意见 6)."""
        counted = Counted()
        tied = self.duty_related or self.details.in_former_jurisdiction is True
        if self.held and tied and not self.details.real_work and not self.certificate_only:
            pay = self.in_cny(self.details.pay_per_year)
            total = None if pay is None else pay * self.years_begun
            counted.add(total, lambda: {"years": self.years_begun, "rate_missing": total is None})
        return counted

    def worth_cny(self) -> Decimal | None:
        """The pay of a year."""
        return self.in_cny(self.details.pay_per_year)
