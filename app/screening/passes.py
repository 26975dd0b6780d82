"""A pass over what a range of persons has filed: to record what the law now says, or to tell what it would say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.jobs.deferring import defer_once
from app.kit import clock
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading
from app.policies.local import standing_limits
from app.rulebook.book import Book, Judgement
from app.rulebook.facts import Source
from app.rulebook.local import LocalLimits

from .dossiers import Dossier, read_dossiers
from .findings import Document, known_findings
from .judging import Screened, screened, stands
from .models import screening
from .service import TAKE_UP, Screening, change_of
from .together import View, judge_all, judge_together


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


class Views(View[tuple[RowMapping, Screened] | None]):
    """What one person has filed, in the commission's view and in the declarant's, which often are one."""

    def __init__(self, book: Book, dossier: Dossier, judged_on: date, local: LocalLimits) -> None:
        self.book = book
        self.shelf = dossier.shelf(book, judged_on, local, openly=False)
        self.shown = dossier.shelf(book, judged_on, local, openly=True) if dossier.secrets else self.shelf

    def close(self) -> None:
        """Let go of both views."""
        super().close()
        self.shown.close()

    def in_both(self, place: int, judgement: Judgement) -> Screened:
        """The declaration at a place, judged as the commission knows it, with the judgement that the declarant is shown."""
        row = self.shelf.filed[place].row
        one_view = self.shown is self.shelf or row["source"] == Source.COMMISSION
        openly = judgement if one_view else judge_together(self.book, [(self.shown, self._shown_places[row["id"]])])[0]
        return screened(self.book, judgement, openly)

    def tell(self, place: int, judgement: Judgement) -> tuple[RowMapping, Screened] | None:
        """The same, with its row; None where it comes out as it stands, of which nothing needs to be kept."""
        row = self.shelf.filed[place].row
        if self.shown is self.shelf and stands(self.book, judgement, row):
            return None
        found = self.in_both(place, judgement)
        return (row, found) if _differs(row, found) else None

    @cached_property
    def _shown_places(self) -> dict[UUID, int]:
        return {filed.row["id"]: place for place, filed in enumerate(self.shown.filed)}


async def rescreen(desk: Screening, persons: Persons) -> dict[str, int]:
    """Judge what some persons have filed anew and keep what differs.

    How many declarations were judged, how many came out differently, and for how many persons it failed.
    """
    today = clock.today()
    dossiers = await read_dossiers(desk.connection, persons.who, today, lock=True)
    local = await standing_limits(desk.connection)
    found = await judge_all(desk.book, dossiers, lambda dossier: Views(desk.book, dossier, today, local), persons.since)
    moved = [now for now in found.told if now]
    kept = await _kept_findings(desk.connection, moved)
    changes = [change_of(dict(row), kept[row["screening_id"]], now) for row, now in moved]
    await desk.keep(changes)
    if changes:
        defer_once(desk.work, TAKE_UP)
    return {"judged": len(found.told), "changed": sum(change.recorded for change in changes), "failed": found.failed}


async def compare(view: Reading, book: Book, persons: Persons) -> tuple[int, Counter[Move]]:
    """What `rescreen` would change, with nothing written: (how many declarations, how often each finding would move)."""
    today, declarations, moved = clock.today(), 0, Counter[Move]()
    local = await standing_limits(view.connection)
    dossiers = await read_dossiers(view.connection, persons.who, today, lock=False)
    found = await judge_all(book, dossiers, lambda dossier: Views(book, dossier, today, local), persons.since)
    judged_anew = [now for now in found.told if now]
    kept = await _kept_findings(view.connection, judged_anew)
    for row, now in judged_anew:
        moves = moves_between(_levels(known_findings(kept[row["screening_id"]])), _levels(now.known))
        declarations += bool(moves)
        moved.update(moves)
    return declarations, moved


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


def moves_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Move]:
    """How the levels of rules move."""
    rules = sorted(before.keys() | after.keys())
    return [Move(rule, before.get(rule), after.get(rule)) for rule in rules if before.get(rule) != after.get(rule)]


def _levels(documents: Sequence[Document]) -> dict[str, str]:
    return {kept["rule"]: kept["level"] for kept in documents}
