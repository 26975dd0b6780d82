"""The table of floors for stated worths: sourced like a limit, and the number of the day counts."""

from datetime import date
from decimal import Decimal

from app.rulebook.book import Book
from app.rulebook.chapters.gift.catalogue import catalogue, floors
from app.rulebook.contents import CHAPTERS


def test_every_floor_is_in_yuan_and_has_a_known_source() -> None:
    known = set(Book(CHAPTERS).instruments)
    assert catalogue()
    for article in catalogue():
        assert article.unit == "CNY"
        assert {value.instrument for value in article.values} <= known


def test_a_description_is_searched_for_every_article() -> None:
    found = {floor.word: floor.each for floor in floors("茅台酒一瓶、中华烟一条", date(2024, 1, 1))}
    assert found == {"茅台": Decimal(500), "中华": Decimal(300)}
    assert not list(floors("白酒一瓶", date(2024, 1, 1)))
