"""When somebody is told: whatever days are looked at, each thing at most once, and the gravest last."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.kit import clock
from app.notices.stages import DAYS, OVERDUE, Mark, days_of, mark_of, notice_for
from app.reports.concerns import Concern, NoticeType
from app.rulebook.finding import Level

START = datetime(2026, 11, 1, 4, tzinfo=clock.SHANGHAI)
offsets = st.integers(0, 60)


def concern(due_on: date | None, level: Level | None = None, action: str | None = "surrender") -> Concern:
    about = {"person": uuid4(), "about": "x", "since": START, "version": 1, "text": "x", "declaration": uuid4()}
    return Concern(**about, notice=NoticeType.FINDING_SHOWN, action=action, due_on=due_on, level=level)  # type: ignore[arg-type]


@given(looked=st.lists(offsets, min_size=1, max_size=30), due=st.none() | offsets, grave=st.booleans())
def test_each_stage_is_told_at_most_once_and_in_order(looked: list[int], due: int | None, grave: bool) -> None:
    due_on = None if due is None else START.date() + timedelta(days=due)
    one = concern(due_on, Level.BREACH if grave else Level.NOTICE)
    told = list[Mark]()
    for day in sorted(looked):
        with time_machine.travel(START + timedelta(days=day), tick=False):
            mark = mark_of(one, DAYS)
            for _ in range(2):
                if notice_for(one, mark, told, START):
                    told.append(mark)
    assert told, "what has arisen is told at the first look"
    assert len(told) <= 2 + len(DAYS)
    assert all(earlier.stage < later.stage for earlier, later in pairwise(told))
    if due is not None and max(looked) > due:
        assert told[-1].stage == OVERDUE


@given(stage=st.integers(0, OVERDUE), due_on=st.none() | st.dates())
def test_a_mark_is_read_as_it_was_written(stage: int, due_on: date | None) -> None:
    mark = Mark(stage, due_on)
    assert Mark.read(str(mark)) == mark
    assert len(str(mark)) <= 20


def test_news_is_told_once_whatever_its_level() -> None:
    news = concern(None, Level.SERIOUS, action=None)
    mark = mark_of(news, DAYS)
    assert notice_for(news, mark, [], START) is NoticeType.FINDING_SHOWN
    assert notice_for(news, mark, [mark], START) is None


@pytest.mark.parametrize(("written", "days"), [("7,3,1", (7, 3, 1)), (" 30 , 0", (30, 0)), ("", ())])
def test_days_are_read_from_a_setting(written: str, days: tuple[int, ...]) -> None:
    assert days_of(written) == days


@pytest.mark.parametrize("written", ["-1", "366", "a week", "1;2"])
def test_other_days_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"days|invalid literal"):
        days_of(written)
