"""A place that publishes how large a family event may be is heeded; where none does, only the report counts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS
from app.rulebook.facts import Declared, Facts, Source
from app.rulebook.finding import Finding
from app.rulebook.parameters import LimitValue

from .worked_cases import PERSON, person_from

EVENT = {"occurred_on": "2024-05-01", "type": "wedding", "reported_on": "2024-04-10", "split_venues": False, "official_vehicle": False}
PUBLISHED = date(2024, 5, 1)


def book(**most: Any) -> Book:
    """The book where a place has published its own numbers of tables or guests."""
    law = Book(CHAPTERS)
    local = dict(law.limits)
    for name, value in most.items():
        known = law.limits[f"family-event.{name}"]
        published = LimitValue(since=PUBLISHED, value=value, instrument="local-ceremonies", article="3", confidence="S")
        local[known.id] = known.model_copy(update={"values": (*known.values, published)})
    law.limits = local
    return law


def found(law: Book, **over: Any) -> Finding | None:
    """The finding on a wedding, if there is one."""
    details = law.details("family_event").model_validate({**EVENT, **over})
    at = datetime(2024, 6, 1, tzinfo=UTC)
    declared = Declared(kind="family_event", details=details, source=Source.SELF, declared_on=at.date(), recorded_at=at)
    judgement = law.judge(Facts(declared=declared, person=person_from(PERSON), judged_on=at.date()))
    return next((finding for finding in judgement.findings if finding.rule == "family-event.report"), None)


@pytest.mark.parametrize("most", [20, Decimal(20)])
def test_a_published_number_is_the_most_there_may_be(most: Any) -> None:
    law = book(tables=most)
    assert found(law, reported_tables=30, actual_tables=20) is None
    finding = found(law, reported_tables=30, actual_tables=21)
    assert finding is not None
    assert finding.level == "breach"
    assert "超过当地标准20桌" in finding.message.zh
    assert finding.evidence["limits"]["family-event.tables"]["value"] in (20, "20")


def test_guests_have_a_number_of_their_own() -> None:
    law = book(guests=200)
    assert found(law, actual_guests=200, actual_tables=90) is None
    assert found(law, actual_guests=201) is not None


def test_it_binds_from_the_day_of_its_publication() -> None:
    law = book(tables=20)
    assert found(law, occurred_on="2024-04-30", actual_tables=21) is None


def test_without_one_no_size_is_too_large() -> None:
    assert found(Book(CHAPTERS), actual_tables=200, actual_guests=2000) is None


def test_everything_that_went_beyond_is_named() -> None:
    finding = found(book(tables=20), reported_tables=20, actual_tables=21, split_venues=True, official_vehicle=True, type="other")
    assert finding is not None
    named = ("more than the 20 reported. ", "more than the local standard of 20. ", "It was split over ", "An official vehicle was used. ")
    assert all(words in finding.message.en for words in named)
    assert finding.message.zh.count("；") == 3
