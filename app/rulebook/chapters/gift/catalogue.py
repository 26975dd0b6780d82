"""What well-known articles are worth at the least: the dated table in `catalogue.toml` that stated worths are held against."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
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


CATALOGUE: tuple[Limit, ...] = tuple(read_limits(Path(__file__).with_name("catalogue.toml")))
"""Every article of the table; its id is the word that descriptions are searched for. Read once: a table at fault stops the start."""


def floors(description: str, day: date) -> Iterator[Floor]:
    """The floors that stood on the day for the articles that a description names."""
    for article in CATALOGUE:
        value = article.on(day) if article.id in description else None
        if value is not None:
            yield Floor(article.id, article.title_zh, article.title_en, Decimal(value.value), value.instrument, value.article)
