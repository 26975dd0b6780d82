"""What no single kind shows: repetition and the criminal-law amounts (累计), shifted costs, gifts at ceremonies."""

from pathlib import Path

from ...chapter import Chapter, rules_in
from ...finding import Text
from . import ceremony, rules, shifted_cost

CHAPTER = Chapter(
    name="combined",
    title=Text("累计核查", "Combined"),
    folder=Path(__file__).parent,
    rules=(*rules_in(rules), *rules_in(ceremony), *rules_in(shifted_cost)),
    totals=rules.group_total,
)
