"""Weddings, funerals and other family events (操办婚丧喜庆事宜)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import rules
from .details import FamilyEventDetails
from .matter import FamilyEvent

CHAPTER = KindChapter(
    name="family_event",
    title=Text("婚丧喜庆事宜", "Weddings, funerals and other family events"),
    folder=Path(__file__).parent,
    rules=rules_in(rules),
    details=FamilyEventDetails,
    matter=FamilyEvent,
)
