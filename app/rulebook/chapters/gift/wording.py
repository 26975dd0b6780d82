"""How messages speak of the lines of a gift: their names, worth and days, in both languages."""

from collections.abc import Sequence
from datetime import date

from ...finding import Text
from ...money import yuan
from .lines import Line, known_sum, total_times, worths_missing

STATE_DAY = Text("请补充退还或者上交的日期。", "Add the day of the return or hand-over.")
STATE_WORTH = Text("请补充礼品价值及估价依据。", "Add the worth of the gift and what it rests on.")


def said_worth(lines: Sequence[Line]) -> Text:
    """The worth of lines as a message says it; a sum that leaves something out says so."""
    total, open_ended = known_sum(lines), bool(worths_missing(lines))
    if open_ended and not total:
        return Text("价值不详", "of unknown worth")
    if open_ended:
        return Text(f"已知价值合计{yuan(total)}元", f"worth at least CNY {yuan(total)}")
    return Text(f"价值合计{yuan(total)}元", f"worth CNY {yuan(total)}")


def came(since: date, lines: Sequence[Line]) -> Text:
    """When, and how often, lines came, as a message says it."""
    times = total_times(lines)
    if times == len(lines):
        return Text(f"{since}", f"on {since}")
    return Text(f"{since}起分{times}次", f"from {since} on, {times} times,")


def named(lines: Sequence[Line]) -> Text:
    """Lines as a message names them: the first by its description, the rest by their number."""
    first, more = lines[0].item.description, len(lines) - 1
    if not more:
        return Text(f"“{first}”", f"“{first}”")
    return Text(f"“{first}”等{more + 1}项", f"“{first}” and {more} more")
