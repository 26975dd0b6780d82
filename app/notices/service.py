"""One's own notices: read, and marked as read."""

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, RowMapping, func, select, update

from app.access.caller import Caller
from app.kit import clock
from app.kit.pages import Page
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.reports.concerns import NoticeType

from .models import notice
from .own import person_of
from .schemas import NoticesReadIn

Rows: TypeAlias = list[RowMapping]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFilter:
    """Which notices a list shows; what is None does not narrow."""

    unread: bool | None = None
    type: NoticeType | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What must hold."""
        said = [] if self.type is None else [notice.c.type == self.type.value]
        if self.unread is not None:
            said.append(notice.c.read_at.is_(None) if self.unread else notice.c.read_at.is_not(None))
        return said


class Notices:
    """The notices of the caller, and of nobody else: not of those for whom one acts either."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.person = person_of(caller)

    async def list(self, page: Page, asked: NoticeFilter) -> Rows:
        """A page of notices, newest first, one more than asked for."""
        statement = select(notice).where(notice.c.person_id == self.person, *asked.conditions())
        return list((await self.connection.execute(page.of(statement, notice.c.id))).mappings())

    async def count(self, asked: NoticeFilter) -> int:
        """How many there are in all."""
        counted = select(func.count()).select_from(notice).where(notice.c.person_id == self.person, *asked.conditions())
        return await self.connection.scalar(counted) or 0

    async def read(self, work: Work, body: NoticesReadIn) -> int:
        """Mark notices as read, those of the caller's among them; how many were unread. They are brought to no device any more."""
        which = notice.c.id <= body.up_to if body.up_to is not None else one_of(notice.c.id, list(body.ids or ()))
        unread = notice.c.person_id == self.person, notice.c.read_at.is_(None), which
        marked = update(notice).where(*unread).values(read_at=clock.now()).returning(notice.c.id)
        ids = sorted((await self.connection.scalars(marked)).all())
        if ids:
            work.record("notice.read", ids[-1], {"notices": len(ids)})
        return len(ids)
