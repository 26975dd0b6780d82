"""A loan as the rules see it."""

from decimal import Decimal

from ...benefits import ShiftedCost
from ...facts import StaffClass
from ...finding import Text
from ...matter import Counted, Matter
from .details import LoanDetails, LoanDirection, LoanSubject

_LENT = Text("出借款物", "Loan to somebody")
_BORROWED = {
    LoanSubject.MONEY: Text("借款", "Loan of money"),
    LoanSubject.HOUSING: Text("借用住房", "Use of housing"),
    LoanSubject.VEHICLE: Text("借用车辆", "Use of a vehicle"),
    LoanSubject.OTHER: Text("借用财物", "Use of property"),
}


class Loan(Matter[LoanDetails]):
    """A loan in the light of the facts; it continues until it is repaid, or today."""

    kind = "loan"

    @property
    def named(self) -> Text:
        """What was borrowed or lent, as messages name it."""
        return _LENT if self.details.direction is LoanDirection.LENT else _BORROWED[self.details.subject]

    @property
    def of_soe_leader(self) -> bool:
        """Whether the declarant leads a state enterprise: the rules of 2009 ask for no effect on duty."""
        return self.person.is_leader and self.person.staff_class is StaffClass.SOE_MANAGEMENT

    @property
    def effect_decides(self) -> bool:
        """Whether the norm of the day asks a Party member for an effect that took place (影响), not for one that is possible (可能影响)."""
        return self.person.party_member and self.limits.get("loan.effect-on-duty") == "actual"

    @property
    def firmly_barred(self) -> bool:
        """Whether the norms on Party members are met as stated: possible effects count since 2024, before that only one that took place."""
        return self.person.party_member and (self.details.duty_affected is True or not self.effect_decides)

    @property
    def free_of_interest(self) -> bool:
        """Whether it is stated that nothing is taken for the loan."""
        rate, interest = self.details.annual_rate_percent, self.details.interest_received
        taken = (rate is not None and Decimal(rate) > 0) or (interest is not None and interest.amount > 0)
        return not taken and not self.terms_missing

    @property
    def terms_missing(self) -> tuple[str, ...]:
        """Rate and interest, where neither is stated."""
        unsaid = self.details.annual_rate_percent is None and self.details.interest_received is None
        return ("annual_rate_percent", "interest_received") if unsaid else ()

    @property
    def of_high_return(self) -> bool:
        """Whether the rate reaches the one that the place has published as a large return; nowhere by default (大额回报)."""
        line, rate = self.limits.get("loan.high-return-rate"), self.details.annual_rate_percent
        return rate is not None and line is not None and not isinstance(line, str) and Decimal(rate) >= line

    def counted(self) -> Counted:
        """Interest from a duty-related borrower counts in full; the principal does not."""
        counted, interest = Counted(), self.details.interest_received
        if self.details.direction is LoanDirection.LENT and self.duty_related and interest is not None:
            counted.add(self.in_cny(interest), interest=interest.model_dump(mode="json"), rate_missing=self.rate_missing(interest))
        return counted

    def shifted_cost(self) -> ShiftedCost | None:
        """The running costs of what was borrowed, where a duty-related lender bore them."""
        said = self.details
        if said.direction is not LoanDirection.BORROWED or not (said.costs_borne_by_other and self.duty_related):
            return None
        seen = {"subject": said.subject.value, "costs_borne_by_other": True}
        return ShiftedCost(what=_BORROWED[said.subject], bearer=Text("出借方", "the lender"), amount=None, seen=seen)

    def worth_cny(self) -> Decimal | None:
        """The principal."""
        return self.in_cny(self.details.principal)
