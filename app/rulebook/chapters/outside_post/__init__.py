"""Posts outside one's unit (兼职、任职)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import counting, leaving, relatives, rules
from .details import OutsidePostDetails
from .matter import OutsidePost

CHAPTER = KindChapter(
    name="outside_post",
    title=Text("兼职与离岗后任职", "Outside posts"),
    folder=Path(__file__).parent,
    rules=(*rules_in(rules), *rules_in(counting), *rules_in(leaving), *rules_in(relatives)),
    details=OutsidePostDetails,
    matter=OutsidePost,
)
