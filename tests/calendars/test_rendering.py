"""Whatever is due, the calendar is one that a strict reader takes, and it is the same bytes for the same."""

import random
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.calendars.rendering import rendered
from app.reports.concerns import Concern
from app.rulebook.book import Book
from app.rulebook.contents import CHAPTERS, KINDS

from .test_calendars import strictly

BOOK = Book(CHAPTERS)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # hypothesis wants naive bounds


@st.composite
def tasks(draw: st.DrawFn) -> Concern:
    record, kind = draw(st.uuids()), draw(st.none() | st.sampled_from(sorted(KINDS)))
    return Concern(
        person=UUID(int=1),
        about=str(record),
        since=draw(instants),
        version=draw(st.integers(1, 10_000)),
        text="请将礼品交本单位登记受理部门，并取得凭证。",
        notice=None,
        action="surrender",
        due_on=draw(st.none() | st.dates(date(1949, 10, 1), date(2999, 12, 30))),
        kind=kind,
        declaration=record if kind else None,
        obligation=None if kind else record,
    )


@given(
    due=st.lists(tasks(), max_size=20, unique_by=lambda task: task.about),
    english=st.booleans(),
    address=st.sampled_from(["http://test", "https://" + "very-long-name." * 12 + "example.cn:8443"]),
)
def test_it_is_read_again_as_it_was_meant(due: list[Concern], *, english: bool, address: str) -> None:
    content = rendered(due, BOOK, english=english, address=address)
    shuffled = random.sample(due, len(due))
    assert rendered(shuffled, BOOK, english=english, address=address) == content
    events = {event["uid"]: event for event in strictly(content).walk("VEVENT")}
    dated = [task for task in due if task.due_on]
    assert set(events) == {f"{task.id}@qinqing.invalid" for task in dated}
    for task in dated:
        event = events[f"{task.id}@qinqing.invalid"]
        assert event["dtstart"].dt == task.due_on
        assert (event["dtend"].dt - event["dtstart"].dt).days == 1
        assert event["sequence"] == task.version
        assert event["dtstamp"].dt == event["last-modified"].dt == task.since.replace(microsecond=0)
        assert event["url"].startswith(address)
        assert event["summary"].isascii() == english
