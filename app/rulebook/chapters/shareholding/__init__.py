"""Shareholdings and business interests (持股、经商办企业)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import family, listed, receiving, reporting, rules
from .details import ShareholdingDetails
from .matter import Shareholding

CHAPTER = KindChapter(
    name="shareholding",
    title=Text("持股与经商办企业", "Shareholdings and business interests"),
    folder=Path(__file__).parent,
    rules=(*rules_in(rules), *rules_in(receiving), *rules_in(listed), *rules_in(reporting), *rules_in(family)),
    details=ShareholdingDetails,
    matter=Shareholding,
)
