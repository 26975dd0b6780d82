"""What notices say, in plain words: to the official who is logged in, and to a lock screen that anybody may look at."""

from datetime import date

from app.kit.errors import Words
from app.reports.concerns import NoticeType

TITLE = Words("廉洁申报提醒", "Integrity register")
CALENDAR = Words("廉洁申报日程", "Integrity register")

_OWN = {
    NoticeType.TASK_ARISEN: Words("您有一项新的应报事项", "There is something new that you owe a report on"),
    NoticeType.TASK_DUE: Words("您有一项廉洁申报事项即将到期", "Something that you are to do is due soon"),
    NoticeType.TASK_OVERDUE: Words("您有一项廉洁申报事项已逾期，请即办理", "Something that you are to do is overdue; do it now"),
    NoticeType.FACTS_REQUESTED: Words("有一项说明请求待您答复", "A reviewer asks you for facts"),
    NoticeType.APPROVAL_REQUESTED: Words("有一项报批等您决定", "A request for an approval waits for you to decide"),
    NoticeType.APPROVAL_DECIDED: Words("您的报批事项已有决定", "Your request for an approval was decided"),
    NoticeType.FINDING_SHOWN: Words("您的申报有新的核查提示", "There is a new finding on what you declared"),
}
"""Every type has its words; the day follows them."""


def day_in_words(day: date, *, english: bool) -> str:
    """A day without its year, as people say it."""
    return f"{day.day} {_MONTHS[day.month - 1]}" if english else f"{day.month} 月 {day.day} 日"


def said_to_oneself(kind: NoticeType, due_on: date | None, *, english: bool) -> str:
    """The whole of it, for the official."""
    words = _OWN[kind].en if english else _OWN[kind].zh
    if due_on is None:
        return f"{words}." if english else f"{words}。"
    day = day_in_words(due_on, english=english)
    return f"{words}. Last day: {day}." if english else f"{words}。期限：{day}。"


def said_on_a_screen(kind: NoticeType, due_on: date | None, *, english: bool) -> Words:
    """What leaves the register: that there is something, and by when; what it is, and who asks, is for who logs in. The same words for all that is new."""
    day = due_on and day_in_words(due_on, english=english)
    if kind is NoticeType.TASK_OVERDUE:
        return (
            Words(f"您有一项廉洁申报事项已于 {day} 到期，请即办理。", f"An integrity matter of yours was due on {day}.") if day else _NEWS
        )
    if day:
        return Words(f"您有一项廉洁申报事项将于 {day}到期。", f"An integrity matter of yours is due on {day}.")
    return _NEWS


_NEWS = Words("您有一条新的廉洁申报提醒，请登录查看。", "There is a new notice for you in the integrity register; log in to read it.")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
