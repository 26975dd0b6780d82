"""What only the whole of a giver's benefits shows: repetition and the criminal-law amounts (累计)."""

from pathlib import Path

from ...chapter import Chapter, rules_in
from ...finding import Text
from . import rules

CHAPTER = Chapter(
    name="combined",
    title=Text("累计核查", "Combined"),
    folder=Path(__file__).parent,
    rules=rules_in(rules),
    totals=rules.group_total,
)
