"""Every worked case of the law comes out as its author wrote, and every rule has one that fires and one that does not."""

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.finding import OWN_ACCORD

from .worked_cases import WorkedCase, judge, worked_cases

BOOK = Book(CHAPTERS)
CASES = list(worked_cases(BOOK))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_worked_case_comes_out_as_written(case: WorkedCase) -> None:
    want, found = case.body, {finding.rule: finding for finding in judge(BOOK, case).findings}
    fires = want.get("fires", {})
    assert {rule: str(found[rule].level) if rule in found else None for rule in fires} == fires
    assert not set(want.get("silent", ())) & set(found)
    if want.get("closed"):
        assert set(found) == set(fires)
    for rule, names in want.get("missing", {}).items():
        assert set(names) <= set(found[rule].missing_facts)
    for rule, day in want.get("due_on", {}).items():
        remedy = found[rule].remedy
        assert remedy is not None
        assert remedy.due_on == day
    for rule, accord in want.get("own_accord", {}).items():
        assert found[rule].evidence.get(OWN_ACCORD, "none") == accord
    for rule, rows in want.get("basis", {}).items():
        assert set(rows) <= {f"{row.instrument} {row.article}" for row in found[rule].basis}


@pytest.mark.parametrize("rule", BOOK.rules)
def test_every_rule_has_a_case_that_fires_and_one_that_does_not(rule: str) -> None:
    about = [case.body for case in CASES if case.body["rule"] == rule]
    assert any(rule in body.get("fires", {}) for body in about), f"no worked case makes {rule} fire"
    assert any(rule in body.get("silent", ()) for body in about), f"no worked case keeps {rule} silent"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_judging_is_pure(case: WorkedCase) -> None:
    assert judge(BOOK, case).findings == judge(BOOK, case).findings


@pytest.mark.parametrize("case", CASES, ids=str)
def test_findings_speak_both_languages_and_cite_the_law(case: WorkedCase) -> None:
    for finding in judge(BOOK, case).findings:
        assert all(finding.title)
        assert all(finding.message)
        assert finding.basis
        assert finding.remedy is None or all(finding.remedy.text)
