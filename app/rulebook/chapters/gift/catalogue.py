"""What well-known articles are worth at the least: the dated table in `catalogue.toml` that stated worths are held against."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ...parameters import Limit, read_limits


class Floor(NamedTuple):
    """The worth in CNY of one unit below which a stated worth looks too low, and where the number comes from."""

    word: str
    title_zh: str
    title_en: str
    each: Decimal
    instrument: str
    article: str


@cache
def catalogue() -> tuple[Limit, ...]:
    """Every article of the table; its id is the word that descriptions are searched for. The book reads it when it is opened.

    Raises:
        RulebookError: with file, line and the field at fault.
    """
    return tuple(read_limits(Path(__file__).with_name("catalogue.toml")))


def floors(description: str, day: date) -> Iterator[Floor]:
    """The floors that stood on the day for the articles that a description names."""
    for article in catalogue():
        value = article.on(day) if article.id in description else None
        if value is not None:
            yield Floor(article.id, article.title_zh, article.title_en, Decimal(value.value), value.instrument, value.article)
