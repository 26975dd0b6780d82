"""A loan as the rules see it."""

from decimal import Decimal

from ...benefits import ShiftedCost
from ...finding import Text
from ...matter import Counted, Matter
from .details import LoanDetails, LoanDirection, LoanSubject

_BORROWED = {
    LoanSubject.MONEY: Text("借款", "Loan of money"),
    LoanSubject.HOUSING: Text("借用住房", "Use of housing"),
    LoanSubject.VEHICLE: Text("借用车辆", "Use of a vehicle"),
    LoanSubject.OTHER: Text("借用财物", "Use of property"),
}


class Loan(Matter[LoanDetails]):
    """A loan in the light of the facts; it continues until it is repaid, or today."""

    kind = "loan"

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
