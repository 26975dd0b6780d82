"""Running sums as answers show them: in previews, and in a person's year."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from app.rulebook.book import Book
from app.rulebook.money import yuan
from app.rulebook.totals import Total


class ComparedLimitOut(BaseModel):
    """A limit that a sum is compared with."""

    id: str = Field(description="标准编号。Id of the limit.", examples=["gift.annual-cap"])
    value: str = Field(description="当日数值（人民币元）。Its value of the day, in CNY.", examples=["600"])
    instrument: str = Field(description="出处。Title of the instrument that sets it.")
    article: str = Field(description="条款。Article.")


class TotalOut(BaseModel):
    """A running sum in CNY: without this matter, of this matter, and with it."""

    id: str = Field(description="累计项编号。Id of the sum.", examples=["gift.annual-cap"])
    title: str = Field(description="累计项名称。What is summed.")
    before: str = Field(description="不含本次。Without this matter.", examples=["300.00"])
    this: str = Field(description="本次。Of this matter.", examples=["150.00"])
    after: str = Field(description="含本次。With it.", examples=["450.00"])
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
                {"id": limit, "value": str(value.value), "instrument": book.title_of(value.instrument), "article": value.article}
                for limit, value in total.limits.items()
            ],
        }
        for total in totals
    ]
