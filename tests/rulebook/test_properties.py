"""What holds for every declaration of every kind, whatever it states."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.facts import Facts
from app.rulebook.finding import OWN_ACCORD, Finding, Level, Text

from .statements import declared, facts

BOOK = Book(CHAPTERS)
KINDS = sorted(BOOK.kinds)
COMBINED = ("combined.split-or-repeated", "combined.criminal-threshold")
every_kind = pytest.mark.parametrize("kind", KINDS)
briefly = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])


def levels(known: Facts) -> dict[str, Level]:
    """The level of each rule that fires on the facts."""
    return {finding.rule: finding.level for finding in BOOK.judge(known).findings}


@every_kind
@briefly
@given(data=st.data())
def test_whatever_is_stated_can_be_judged_and_shown(kind: str, data: st.DataObject) -> None:
    judgement = BOOK.judge(data.draw(facts(BOOK, kind)))
    for finding in judgement.findings:
        json.dumps(finding.evidence, allow_nan=False)
        assert finding.level in Level
        assert finding.basis
        assert all(finding.message)
        assert finding.remedy is None or all(finding.remedy.text)
        assert finding.confidential == BOOK.rules[finding.rule].confidential
    assert all(total.this >= 0 for total in BOOK.totals(judgement.matter))


@every_kind
@briefly
@given(data=st.data())
def test_the_same_facts_give_the_same_findings_in_whatever_order_they_come(kind: str, data: st.DataObject) -> None:
    known = data.draw(facts(BOOK, kind))
    shuffled = replace(known, related=data.draw(st.permutations(known.related)))
    assert BOOK.judge(known).findings == BOOK.judge(known).findings == BOOK.judge(shuffled).findings


@every_kind
@briefly
@given(data=st.data())
def test_more_history_never_removes_a_combined_finding(kind: str, data: st.DataObject) -> None:
    known = data.draw(facts(BOOK, kind))
    more = data.draw(declared(BOOK, data.draw(st.sampled_from(KINDS)), 50))
    before, after = levels(known), levels(replace(known, related=[*known.related, more]))
    assert all(rule in after and after[rule].weight >= before[rule].weight for rule in COMBINED if rule in before)


@every_kind
@briefly
@given(data=st.data())
def test_an_inquiry_adds_its_own_rule_and_at_most_takes_the_own_accord_from_others(kind: str, data: st.DataObject) -> None:
    known = data.draw(facts(BOOK, kind))
    beside = [finding for finding in BOOK.judge(known).findings if not finding.confidential]
    without = BOOK.judge(replace(known, inquiries=())).findings
    assert [_but_for_inquiries(finding) for finding in beside] == [_but_for_inquiries(finding) for finding in without]
    for finding, other in zip(beside, without, strict=True):
        assert finding.evidence.get(OWN_ACCORD) in (other.evidence.get(OWN_ACCORD), False)


def _but_for_inquiries(finding: Finding) -> Finding:
    """The finding without the mark of own accord and the words to it."""
    rest = {name: value for name, value in finding.evidence.items() if name not in (OWN_ACCORD, "inquiry_opened_on")}
    return replace(finding, evidence=rest, message=Text("", ""))


REFUSED = {"category": "cash", "description": "现金", "worth_basis": "unknown", "disposition": {"action": "refused"}}


@pytest.mark.parametrize(
    ("kind", "over"),
    [
        ("gift", {"items": [REFUSED, REFUSED | {"category": "goods"}]}),
        ("meal", {"disposition": "declined"}),
        ("activity", {"disposition": "declined"}),
        ("outside_post", {"disposition": "declined"}),
    ],
)
@briefly
@given(data=st.data())
def test_nothing_fires_on_what_was_declined(kind: str, over: dict[str, Any], data: st.DataObject) -> None:
    assert not BOOK.judge(data.draw(facts(BOOK, kind, over))).findings


@briefly
@given(data=st.data())
def test_a_gift_given_is_looked_at_by_its_own_rule_alone(data: st.DataObject) -> None:
    known = data.draw(facts(BOOK, "gift", {"direction": "given"}))
    assert set(levels(known)) <= {"gift.given-to-official"}
    assert not BOOK.totals(BOOK.judge(replace(known, related=())).matter)
