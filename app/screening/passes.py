"""A pass over what a range of persons has filed: to record what the law now says, or to tell what it would say."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.kit import clock
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading
from app.policies.local import standing_limits
from app.rulebook.book import Book, Judgement
from app.rulebook.facts import Source
from app.rulebook.local import LocalLimits

from .dossiers import Dossier, Shelf, lasting_from, read_dossiers
from .findings import Document, known_findings
from .judging import Screened, screened, stands
from .models import screening
from .service import Screening, change_of

log = logging.getLogger("qinqing.passes")


class Move(NamedTuple):
    """A rule whose finding would come, go or change its level; None where there is no finding."""

    rule: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """Whose declarations are looked at, and of which conduct: what lasted to `since` or beyond, with all that may sum over it."""

    who: ColumnElement[bool]
    since: date | None = None


class Views:
    """What one person has filed, in the commission's view and in the declarant's, which often are one."""

    def __init__(self, book: Book, dossier: Dossier, judged_on: date, local: LocalLimits) -> None:
        self.book = book
        self.known = dossier.shelf(book, judged_on, local, openly=False)
        self.shown = dossier.shelf(book, judged_on, local, openly=True) if dossier.secrets else self.known

    def close(self) -> None:
        """Let go of both views."""
        self.known.close()
        self.shown.close()

    def judge(self, place: int) -> Screened:
        """The declaration at a place, judged in both views."""
        return self._in_both(place, judged(self.book, self.known, place))

    def judge_anew(self, place: int) -> Screened | None:
        """The same; None where it comes out as it stands, of which nothing needs to be kept."""
        row, judgement = self.known.filed[place].row, judged(self.book, self.known, place)
        if self.shown is self.known and stands(self.book, judgement, row):
            return None
        found = self._in_both(place, judgement)
        return found if _differs(row, found) else None

    @cached_property
    def _shown_places(self) -> dict[UUID, int]:
        return {filed.row["id"]: place for place, filed in enumerate(self.shown.filed)}

    def _in_both(self, place: int, judgement: Judgement) -> Screened:
        row = self.known.filed[place].row
        one_view = self.shown is self.known or row["source"] == Source.COMMISSION
        return screened(self.book, judgement, judgement if one_view else judged(self.book, self.shown, self._shown_places[row["id"]]))


def judged(book: Book, shelf: Shelf, place: int) -> Judgement:
    """The declaration at a place of a shelf."""
    return book.judge_among(shelf.filed[place].matter, shelf.history(place))


async def rescreen(desk: Screening, persons: Persons) -> dict[str, int]:
    """Judge what some persons have filed anew and keep what differs.

    How many declarations were judged, how many came out differently, and for how many persons it failed.
    """
    connection, today, told, moved = desk.connection, clock.today(), _Told(), list[tuple[RowMapping, Screened]]()
    dossiers = await read_dossiers(connection, persons.who, today, lock=True)
    local = await standing_limits(connection)
    async for dossier in one_by_one(dossiers):
        moved += _judge_each(desk.book, dossier, (today, local), persons.since, told)
    kept = await _kept_findings(connection, moved)
    changes = [change_of(dict(row), kept[row["screening_id"]], found) for row, found in moved]
    told.changed = sum(change.recorded for change in changes)
    await desk.keep(changes)
    return asdict(told)


async def compare(view: Reading, book: Book, persons: Persons) -> tuple[int, Counter[Move]]:
    """What `rescreen` would change, with nothing written: (how many declarations, how often each finding would move)."""
    today, declarations, moved = clock.today(), 0, Counter[Move]()
    local = await standing_limits(view.connection)
    async for dossier in one_by_one(await read_dossiers(view.connection, persons.who, today, lock=False)):
        judged_anew = list(_judge_each(book, dossier, (today, local), persons.since, _Told()))
        kept = await _kept_findings(view.connection, judged_anew)
        for row, found in judged_anew:
            moves = moves_between(_levels(known_findings(kept[row["screening_id"]])), _levels(found.known))
            declarations += bool(moves)
            moved.update(moves)
    return declarations, moved


@dataclass(slots=True)
class _Told:
    judged: int = 0
    changed: int = 0
    failed: int = 0


def _judge_each(
    book: Book, dossier: Dossier, of: tuple[date, LocalLimits], since: date | None, told: _Told
) -> Iterator[tuple[RowMapping, Screened]]:
    """Those of a person's declarations that come out otherwise by the law of a day; who cannot be judged is told of and keeps nobody waiting."""
    try:
        with closing(Views(book, dossier, *of)) as views:
            for place in lasting_from(views.known, since):
                found = views.judge_anew(place)
                told.judged += 1
                if found:
                    yield views.known.filed[place].row, found
    except Exception:
        log.exception("not judged", extra={"person": str(dossier.declarant.id)})
        told.failed += 1


def _differs(row: RowMapping, found: Screened) -> bool:
    """Whether anything is to be kept of a new judgement."""
    return any(row[name] != value for name, value in found.columns().items() if name != "screening_id")


async def _kept_findings(connection: AsyncConnection, moved: Sequence[tuple[RowMapping, Screened]]) -> dict[UUID, RowMapping]:
    """The findings that stand of some declarations, by their screening."""
    if not moved:
        return {}
    asked = select(screening.c.id, screening.c.findings, screening.c.commission_findings).where(one_of(screening.c.id, "ids"))
    rows = (await connection.execute(asked, {"ids": [row["screening_id"] for row, _ in moved]})).mappings()
    return {row["id"]: row for row in rows}


async def one_by_one(dossiers: Sequence[Dossier]) -> AsyncIterator[Dossier]:
    """A person at a time, with a turn for others in between: judging keeps the processor busy."""
    for dossier in dossiers:
        await asyncio.sleep(0)
        yield dossier


def moves_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Move]:
    """How the levels of rules move."""
    rules = sorted(before.keys() | after.keys())
    return [Move(rule, before.get(rule), after.get(rule)) for rule in rules if before.get(rule) != after.get(rule)]


def _levels(documents: Sequence[Document]) -> dict[str, str]:
    return {kept["rule"]: kept["level"] for kept in documents}
