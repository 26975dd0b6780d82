"""Time alone changes no finding before the day for which it is looked at again: else a change would go unnoticed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.kit.ids import new_id
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.facts import Declared, Facts, Party, Person, Source, StaffClass
from app.screening.findings import document
from app.screening.judging import Screened, substance
from tests.rulebook.worked_cases import WorkedCase, worked_cases

from .declaring import Json, gift, line

BOOK = Book(CHAPTERS)
DAYS = (1, 10, 20, 27, 28, 29, 30, 31, 32, 33, 45, 62, 93, 200, 400)
"""How many days later it is judged again: often about a month, which is what most deadlines are."""

LINES = (
    line("goods", "150.00"),
    line("goods", None),
    line("cash", "50.00"),
    line("rare_specialty", "90.00"),
    line("promotional", None),
    line("membership_card", "500.00"),
)
RELATIONS = ("supervised_current", "colleague", "unknown", "kin", "foreign_counterpart")
CIRCUMSTANCES: tuple[Json, ...] = (
    {},
    {"received_away": True},
    {"received_away": True, "returned_to_unit_on": "2026-03-01"},
    {"setting": "foreign_affairs"},
    {"receiver": "spouse"},
    {"receiver": "child", "aware_on": "2026-03-01"},
    {"public_event": True},
)


def pending(item: Json, relation: str, over: Json) -> Facts:
    """A gift still to be disposed of, filed by a civil servant of the Party a few days after receipt."""
    details = BOOK.details("gift").model_validate(gift("2026-02-25", item, relation=relation, **over))
    declared = Declared(
        kind="gift",
        details=details,
        source=Source.SELF,
        declared_on=date(2026, 3, 2),
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        id=str(new_id()),
        parties={"giver": Party()},
    )
    return Facts(declared=declared, person=Person(party_member=True, staff_class=StaffClass.CIVIL_SERVANT), judged_on=date(2026, 3, 2))


def judged(facts: Facts, day: date) -> Screened:
    """What the book says on a day."""
    judgement = BOOK.judge(replace(facts, judged_on=day))
    documents = [document(found, new_id(), BOOK) for found in judgement.findings]
    return Screened(new_id(), day, BOOK.version, judgement, documents, documents, judgement.matter)


def change_unseen(facts: Facts) -> Any:
    """The first change that comes before the day for which it was expected: (the day, before, after)."""
    standing = judged(facts, facts.judged_on)
    for days in DAYS:
        day = facts.judged_on + timedelta(days=days)
        now, due = judged(facts, day), standing.columns()["due_on"]
        if due is not None and due < day:
            standing = now
        if substance(now.shown) != substance(standing.shown):
            return day, substance(standing.shown), substance(now.shown)
    return None


@pytest.mark.parametrize("item", LINES, ids=lambda item: f"{item['category']}-{item['worth'] and item['worth']['amount']}")
@pytest.mark.parametrize("relation", RELATIONS)
def test_a_pending_gift_changes_after_its_day_alone(item: Json, relation: str) -> None:
    for over in CIRCUMSTANCES:
        assert change_unseen(pending(item, relation, over)) is None, over


def alone_or_a_post(case: WorkedCase) -> bool:
    """Posts beside others are looked at too: one that is to begin may come to overlap one that is held."""
    return case.chapter.name == "outside_post" or not case.body.get("history")


@pytest.mark.parametrize("case", [case for case in worked_cases(BOOK) if alone_or_a_post(case)], ids=str)
def test_a_worked_case_changes_after_its_day_alone(case: WorkedCase) -> None:
    assert change_unseen(case.facts(BOOK)) is None
