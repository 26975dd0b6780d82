"""Gifts and money gifts (礼品、礼金)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import (
    catalogue,
    courtesy,
    deals,
    fees,
    foreign,
    inquiry,
    permitted,
    plausibility,
    receiving,
    reception,
    registration,
    relations,
    surrender,
)
from .details import GiftDetails
from .matter import Gift

CHAPTER = KindChapter(
    name="gift",
    title=Text("礼品与礼金", "Gifts"),
    folder=Path(__file__).parent,
    rules=(
        *rules_in(receiving),
        *rules_in(registration),
        *rules_in(surrender),
        *rules_in(relations),
        *rules_in(inquiry),
        *rules_in(foreign),
        *rules_in(permitted),
        *rules_in(courtesy),
        *rules_in(fees),
        *rules_in(deals),
        *rules_in(plausibility),
        *rules_in(reception),
    ),
    details=GiftDetails,
    matter=Gift,
    totals=surrender.yearly_total,
    catalogue=catalogue.catalogue,
)
