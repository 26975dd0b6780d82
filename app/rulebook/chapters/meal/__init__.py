"""Meals offered, taken or hosted (宴请、公务用餐)."""

from pathlib import Path

from ...chapter import KindChapter, rules_in
from ...finding import Text
from . import payment, reception, rules
from .details import MealDetails
from .matter import Meal

CHAPTER = KindChapter(
    name="meal",
    title=Text("宴请与公务用餐", "Meals and official receptions"),
    folder=Path(__file__).parent,
    rules=rules_in(rules) + rules_in(payment) + rules_in(reception),
    details=MealDetails,
    matter=Meal,
)
