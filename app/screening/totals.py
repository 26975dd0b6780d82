"""Running sums as answers show them: in previews, and in a person's year."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from app.rulebook.book import Book
from app.rulebook.money import yuan
from app.rulebook.totals import Total


class ComparedLimitOut(BaseModel):
    """A limit that a sum is compared with."""

    id: str
    value: str
    instrument: str
    article: str


class TotalOut(BaseModel):
    """A running sum in CNY: without this matter, of this matter, and with it."""

    id: str = Field(examples=["gift.annual-cap"])
    title: str
    before: str
    this: str
    after: str
    limits: list[ComparedLimitOut] = Field(description="所比较的标准。The limits that the sum is compared with.")


def render_totals(totals: Sequence[Total], book: Book, *, english: bool) -> list[dict[str, Any]]:
    """Sums as answers show them."""
    return [
        {
            "id": total.id,
            "title": total.title.en if english else total.title.zh,
            "before": yuan(total.before),
            "this": yuan(total.this),
            "after": yuan(total.before + total.this),
            "limits": [
                {"id": limit, "value": str(value.value), "instrument": book.instruments[value.instrument].title, "article": value.article}
                for limit in total.limits
                if (value := book.limits[limit].on(total.day))
            ],
        }
        for total in totals
    ]
