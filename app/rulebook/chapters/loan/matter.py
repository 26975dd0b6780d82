"""A loan as the rules see it."""

from decimal import Decimal

from ...matter import Counted, Matter
from .details import LoanDetails, LoanDirection


class Loan(Matter[LoanDetails]):
    """A loan in the light of the facts; it continues until it is repaid, or today."""

    kind = "loan"

    def counted(self) -> Counted:
        """Interest from a duty-related borrower counts in full; the principal does not."""
        counted, interest = Counted(), self.details.interest_received
        if self.details.direction is LoanDirection.LENT and self.duty_related and interest is not None:
            counted.add(self.in_cny(interest), interest=interest.model_dump(mode="json"), rate_missing=self.rate_missing(interest))
        return counted

    def worth_cny(self) -> Decimal | None:
        """The principal."""
        return self.in_cny(self.details.principal)
