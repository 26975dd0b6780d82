"""Interest against a published line for high returns, which no unit has by default."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.parameters import Limit, LimitValue

from .worked_cases import WorkedCase, judge, worked_cases

BOOK = Book(CHAPTERS)
LENT = next(case for case in worked_cases(BOOK) if case.body["title_en"] == "Money lent to a supervised company at interest")


def level(line: str, rate: str, **over: Any) -> str:
    """At which level interest at a rate is found once a line is published."""
    book = Book(CHAPTERS)
    published = LimitValue(since=date(2018, 10, 1), value=Decimal(line), instrument="screening-practice", article="-", confidence="I")
    known: Limit = BOOK.limits["loan.high-return-rate"]
    book.limits = {**BOOK.limits, known.id: known.model_copy(update={"values": (published,)})}
    body = {**LENT.body, **over, "details": {**LENT.body["details"], "annual_rate_percent": rate, **over.get("details", {})}}
    findings = judge(book, WorkedCase(LENT.chapter, LENT.defaults, body)).findings
    return str(next(finding.level for finding in findings if finding.rule == "loan.interest"))


@pytest.mark.parametrize(("rate", "found"), [("23.9999", "breach"), ("24", "serious"), ("24.0001", "serious")])
def test_a_published_line_makes_a_high_rate_serious_from_that_rate_on(rate: str, found: str) -> None:
    assert level("24", rate) == found


def test_a_line_raises_no_notice() -> None:
    assert level("24", "36", person={"party_member": False}) == "notice"
    assert level("24", "36", details={"also_kin": True}) == "notice"
    assert level("24", "36", details={"repaid_on": "2024-03-01", "from_on": "2023-03-01", "relation": "unknown"}) == "notice"
