"""Travel, fitness, entertainment and like activities (旅游、健身、娱乐等活动安排)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import rules
from .details import ActivityDetails
from .matter import Activity

CHAPTER = KindChapter(
    name="activity",
    title=Text("旅游、健身、娱乐等活动", "Travel, entertainment and other activities"),
    folder=Path(__file__).parent,
    rules=rules_in(rules),
    details=ActivityDetails,
    matter=Activity,
)
