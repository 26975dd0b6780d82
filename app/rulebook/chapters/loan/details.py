"""What must be stated of a loan or of the use of property (借用、借贷)."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from ...money import Money
from ...statement import CounterpartyReference, Day, Details, Flag, Percent, Relation, not_before


class LoanDirection(StrEnum):
    """Whether the declarant borrows or lends."""

    BORROWED = "borrowed"
    LENT = "lent"


class LoanSubject(StrEnum):
    """What is borrowed or lent."""

    MONEY = "money"
    HOUSING = "housing"
    VEHICLE = "vehicle"
    OTHER = "other"


class LoanDetails(Details):
    """借贷或借用财物。A loan, or the use of somebody's housing or vehicle."""

    first_day = "from_on"

    direction: LoanDirection = Field(description="借入或借出。Borrowed or lent.")
    subject: LoanSubject = Field(description="标的。What is borrowed or lent.")
    other_party: CounterpartyReference = Field(description="对方。The lender or borrower.")
    relation: Relation = Field(description="与对方的关系。How the other party stands to the declarant's duty.")
    also_kin: Flag = Field(description="对方是否同时为亲属。Whether the other party is also kin.")
    from_on: Day = Field(description="起始日。First day.", examples=["2024-01-15"])
    repaid_on: Day | None = Field(default=None, description="归还日；未还则空。Day of return; empty while outstanding.")
    principal: Money | None = Field(default=None, description="本金。Principal.")
    annual_rate_percent: Percent | None = Field(default=None, description="年利率（%）。Annual rate in percent.")
    interest_received: Money | None = Field(default=None, description="已收利息。Interest received so far.")
    costs_borne_by_other: Flag = Field(description="费用是否由对方承担。Whether the other party bears the running costs.")
    duty_affected: Flag | None = Field(
        default=None, description="是否影响公正执行公务；不明则空。Whether duty was affected; empty if unknown."
    )

    _in_order = not_before("from_on", "repaid_on")

    def parties_named(self) -> list[tuple[str, CounterpartyReference]]:
        """The lender or borrower."""
        return [("other_party", self.other_party)]

    def span(self) -> tuple[date, date | None]:
        """From the first day until it is repaid."""
        return self.from_on, self.repaid_on

    def settled_days(self) -> list[tuple[str, date | None]]:
        """A loan is declared once it was made."""
        return [("/from_on", self.from_on), ("/repaid_on", self.repaid_on)]
