"""What the rulebook publishes of its rules is what they do: the limits they read, the names they use."""

from dataclasses import replace

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.parameters import Limit

from .worked_cases import worked_cases

BOOK = Book(CHAPTERS)
FACTS = [case.facts(BOOK) for case in worked_cases(BOOK)]


class Reading(dict[str, Limit]):
    """Limits that remember which of them were read."""

    def __init__(self, limits: dict[str, Limit]) -> None:
        super().__init__(limits)
        self.read: set[str] = set()

    def __getitem__(self, limit: str) -> Limit:
        self.read.add(limit)
        return super().__getitem__(limit)


@pytest.mark.parametrize("rule", BOOK.rules)
def test_a_rule_lists_the_limits_of_its_chapter_that_it_reads(rule: str) -> None:
    alone = Book(replace(chapter, rules=tuple(one for one in chapter.rules if one.id == rule)) for chapter in CHAPTERS)
    alone.limits = reading = Reading(dict(BOOK.limits))
    for facts in FACTS:
        alone.judge(facts)
    chapter = next(chapter for chapter in CHAPTERS if BOOK.rules[rule] in chapter.rules)
    assert set(BOOK.rules[rule].limits) == reading.read & {limit.id for limit in chapter.limits()}


def test_every_limit_is_read_by_a_rule() -> None:
    assert set(BOOK.limits) == {limit for rule in BOOK.rules.values() for limit in rule.limits}


def test_names_of_rules_stand_for_rules() -> None:
    permitted = {name for rule in BOOK.rules.values() for name in rule.permits}
    served = {name for entries in BOOK.lists.values() for entry in entries for name in entry.rules}
    assert served <= set(BOOK.rules)
    assert not permitted & served


def test_every_listed_conduct_has_a_known_source() -> None:
    assert {entry.source for entries in BOOK.lists.values() for entry in entries} <= set(BOOK.instruments)


def test_one_rule_is_confidential() -> None:
    assert [rule.id for rule in BOOK.rules.values() if rule.confidential] == ["gift.returned-after-inquiry"]


def test_numbers_and_bans_are_those_of_the_lists() -> None:
    numbers = [rule.number for rule in BOOK.rules.values()]
    assert len(numbers) == len(set(numbers))
    assert {rule.ban for rule in BOOK.rules.values()} <= {ban.number for ban in BOOK.bans}
