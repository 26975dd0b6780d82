"""A loan as the rules see it."""

from decimal import Decimal
from typing import Any

from ...benefits import ShiftedCost
from ...finding import Text
from ...matter import Counted, Matter
from ...money import yuan, yuan_if_known
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

    @property
    def rate(self) -> Decimal | None:
        """The yearly rate in percent; None when it is not stated."""
        stated = self.details.annual_rate_percent
        return None if stated is None else Decimal(stated)

    @property
    def _returns(self) -> list[Decimal]:
        """What is stated of a return: the rate, and the interest in whatever currency."""
        interest = self.details.interest_received
        return [number for number in (self.rate, interest.amount if interest else None) if number is not None]

    @property
    def free(self) -> bool:
        """Stated to bear no interest: nothing that is stated of a return is more than nothing."""
        return bool(self._returns) and not any(self._returns)

    @property
    def return_missing(self) -> tuple[str, ...]:
        """Rate and interest, where neither is stated; one of them tells that there is a return."""
        return () if self._returns else ("annual_rate_percent", "interest_received")

    @property
    def said_return(self) -> Text:
        """The return on a loan, as a message says it."""
        interest = self.in_cny(self.details.interest_received)
        rate = Text("年利率未填", "the yearly rate not stated")
        if self.rate is not None:
            rate = Text(f"年利率{self.rate.normalize():f}%", f"{self.rate.normalize():f} percent a year")
        if interest is None:
            return Text(f"{rate.zh}，已收利息不详", f"{rate.en}, interest received not known")
        return Text(f"{rate.zh}，已收利息{yuan(interest)}元", f"{rate.en}, CNY {yuan(interest)} of interest received")

    @property
    def return_evidence(self) -> dict[str, Any]:
        """The return as evidence shows it."""
        interest = yuan_if_known(self.in_cny(self.details.interest_received))
        return {"annual_rate_percent": self.details.annual_rate_percent, "interest_received_cny": interest}

    def _count(self) -> Counted:
        """Interest from a duty-related borrower counts in full; the principal does not."""
        counted, interest = Counted(), self.details.interest_received
        if self.details.direction is LoanDirection.LENT and self.duty_related and interest is not None:
            counted.add(
                self.in_cny(interest), lambda: {"interest": interest.model_dump(mode="json"), "rate_missing": self.rate_missing(interest)}
            )
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
