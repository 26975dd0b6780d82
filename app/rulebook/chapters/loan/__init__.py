"""Loans and the use of property (借用、借贷)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import rules
from .details import LoanDetails
from .matter import Loan

CHAPTER = KindChapter(
    name="loan",
    title=Text("借贷与借用", "Loans and use of property"),
    folder=Path(__file__).parent,
    rules=rules_in(rules),
    details=LoanDetails,
    matter=Loan,
)
