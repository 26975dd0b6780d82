"""Tasks as a calendar (RFC 5545): an all-day event on each last day, the same bytes as long as nothing has changed.

Events and not to-dos, which subscriptions do not show in most calendars. A link leaks, so nothing is in it but the kind of declaration, the day and an address that asks
for a key.
"""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from app.kit.errors import Words
from app.notices.schemas import path_of
from app.notices.wording import CALENDAR
from app.reports.concerns import Concern
from app.rulebook.book import Book

DOMAIN = "qinqing.invalid"
"""What makes ids of events unique in the world; no address (RFC 2606), as the register does not know its own."""

REFRESH = timedelta(hours=6)
ALARM = timedelta(hours=-15)
"""Nine in the morning of the day before: an all-day event begins at midnight."""

_MATTER = Words("廉洁申报事项到期", "Integrity matter due")


def rendered(tasks: Iterable[Concern], book: Book, *, english: bool, address: str) -> bytes:
    """The calendar of all that has a last day; `address` is where the register is reached."""
    calendar, name = Calendar(), CALENDAR.en if english else CALENDAR.zh
    calendar.add("prodid", f"-//Qinqing//Integrity register//{'EN' if english else 'ZH'}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for task in sorted((one for one in tasks if one.due_on), key=lambda one: (one.due_on, one.id)):
        calendar.add_component(_event(task, _summary(task, book, english=english), address))
    content: bytes = calendar.to_ical()
    return content


def _event(task: Concern, summary: str, address: str) -> Event:
    event, due_on = Event(), task.due_on
    if due_on is None:
        raise ValueError("what has no day is in no calendar")
    event.add("uid", f"{task.id}@{DOMAIN}")
    event.add("dtstamp", task.since.replace(microsecond=0))
    event.add("last-modified", task.since.replace(microsecond=0))
    event.add("sequence", task.version)
    event.add("dtstart", due_on)
    event.add("dtend", due_on + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("url", address + path_of(*task.subject))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    alarm.add("description", summary)
    event.add_component(alarm)
    return event


def _summary(task: Concern, book: Book, *, english: bool) -> str:
    """The kind of declaration, and nothing of what was declared; that somebody is asked for facts looks like anything else that is due."""
    if task.kind is None:
        return _MATTER.en if english else _MATTER.zh
    title = book.kinds[task.kind].title
    return f"{title.en}: due" if english else f"{title.zh}申报事项到期"
