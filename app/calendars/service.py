"""A person's calendar link: made, told of, revoked; and read by whoever has its secret."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, delete, exists, insert, or_, select, update

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import Database, lock
from app.kit.errors import Fault, Language, Words, invalid, not_found
from app.kit.etags import require_match
from app.kit.ids import new_id
from app.ledger.unit_of_work import WORKER, Reading, Work, reading, work
from app.notices.devices import left
from app.notices.entitlement import in_service
from app.notices.own import person_of
from app.people.models import person
from app.reports.tasks import Desk, tasks_of
from app.rulebook.book import Book

from .models import calendar_link
from .schemas import CalendarIn

_LINK = Words("日程订阅", "calendar link")
_SECRET_LENGTH = 43


class CalendarLinks:
    """The link of the caller."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.person = person_of(caller)

    async def get(self) -> RowMapping:
        """The link, whether it has expired or not.

        Raises:
            Problem: 404 where there is none.
        """
        row: RowMapping | None = (await self.connection.execute(self._own())).mappings().first()
        if row is None:
            raise not_found(_LINK)
        return row

    async def make(self, work: Work, body: CalendarIn) -> tuple[RowMapping, str]:
        """(a new link, its secret, which nobody can read again); the one before ends.

        Raises:
            Problem: 403 for who has left; 422 for a last day that is past.
        """
        if body.expires_on is not None and body.expires_on < clock.today():
            raise invalid([_PAST])
        await lock(self.connection, f"calendar {self.person}")
        if await self.connection.scalar(select(person.c.id).where(person.c.id == self.person, in_service())) is None:
            raise left()
        await self._end(work, "rotated")
        secret, link_id = secrets.token_urlsafe(32), new_id()
        row = {
            "id": link_id,
            "person_id": self.person,
            "secret_digest": _digest(secret.encode()),
            "language": body.language.value,
            "expires_on": body.expires_on,
            "created_at": clock.now(),
            "version": 1,
        }
        await self.connection.execute(insert(calendar_link).values(row))
        work.record("calendar.created", link_id, {"language": row["language"], "expires_on": body.expires_on and str(body.expires_on)})
        return await self.get(), secret

    async def remove(self, work: Work, if_match: str) -> None:
        """End the link at once.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get()
        require_match(if_match, row["version"])
        await self._end(work, "asked")

    async def _end(self, work: Work, reason: str) -> None:
        ended = delete(calendar_link).where(calendar_link.c.person_id == self.person).returning(calendar_link.c.id)
        for link_id in (await self.connection.scalars(ended)).all():
            work.record("calendar.removed", link_id, {"reason": reason})

    def _own(self) -> Any:
        return select(calendar_link).where(calendar_link.c.person_id == self.person)


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it is sent, a digest of it, and since when it has been so."""

    content: bytes
    digest: str
    changed_at: datetime


async def read_feed(database: Database, book: Book, secret: str, address: str) -> Feed | None:
    """What the link with this secret shows; None for a secret that is unknown, revoked or expired, or whose person has left, which are all alike."""
    from .rendering import rendered  # noqa: PLC0415  # its library is loaded where there are calendars

    async with reading(database) as view:
        row = await _link(view, secret)
        if row is None:
            return None
        english = row["language"] == Language.EN
        content = rendered(await tasks_of(Desk(view, book, english=english), row["person_id"]), book, english=english, address=address)
    digest, today = _digest(content), clock.today()
    same = digest == row["content_digest"]
    changed_at = row["content_changed_at"] if same else clock.now().replace(microsecond=0)
    if not same or row["fetched_on"] != today:
        # bookkeeping of the link's and no act: at most once a day unless something has changed
        async with work(database, WORKER) as unit:
            noted = {"fetched_on": today, "content_digest": digest, "content_changed_at": changed_at}
            await unit.connection.execute(update(calendar_link).where(calendar_link.c.id == row["id"]).values(noted))
    return Feed(content, digest, changed_at)


async def _link(view: Reading, secret: str) -> RowMapping | None:
    """Looked for by a digest, so that how long it takes says nothing of how near a guess has come."""
    shape = len(secret) == _SECRET_LENGTH and secret.isascii()
    asked = select(calendar_link).where(calendar_link.c.secret_digest == _digest(secret.encode(errors="replace")), _counts())
    row = (await view.connection.execute(asked)).mappings().first()
    return row if shape else None


def _counts() -> ColumnElement[bool]:
    serves = exists().where(person.c.id == calendar_link.c.person_id, in_service())
    return and_(serves, or_(calendar_link.c.expires_on.is_(None), calendar_link.c.expires_on >= clock.today()))


async def remove_dead(unit: Work) -> int:
    """Links that have expired or whose persons have left; how many."""
    dead: list[UUID] = list((await unit.connection.scalars(delete(calendar_link).where(~_counts()).returning(calendar_link.c.id))).all())
    for link_id in dead:
        unit.record("calendar.removed", link_id, {"reason": "no-longer-entitled"})
    return len(dead)


def _digest(plain: bytes) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(plain).hexdigest()


_PAST = Fault(
    "/expires_on", "day-past", Words("最后有效日已过，请填写今天或之后的日期。", "The last day is past; give today or a later day.")
)
