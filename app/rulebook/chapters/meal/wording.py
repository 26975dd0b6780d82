"""How findings on meals begin: the day, or the first of a run."""

from ...dates import written
from ...finding import Text
from .matter import Meal


def lead_of(meal: Meal) -> Text:
    """The day of the meal, and how often."""
    day, times = meal.details.occurred_on, meal.details.times
    if times > 1:
        return Text(f"{written(day)}起共{times}次用餐：", f"{times} meals from {day} on. ")
    return Text(f"{written(day)}用餐：", f"Meal of {day}. ")
