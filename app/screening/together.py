"""Judging many persons: some at a time, rule by rule, and who cannot be judged keeps nobody waiting."""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from app.rulebook.book import Book, Judgement

from .dossiers import Dossier, Shelf, lasting_from

log = logging.getLogger("qinqing.passes")

Told = TypeVar("Told")

_TOGETHER = 128
"""How many declarations are judged together: as many as a processor has at hand."""


class View(Generic[Told]):
    """One person's declarations on a shelf, and what is told of the judgement on each."""

    shelf: Shelf

    @abstractmethod
    def tell(self, place: int, judgement: Judgement) -> Told:
        """What a judgement on the declaration at a place comes to."""

    def close(self) -> None:
        """Let go of the declarations."""
        self.shelf.close()


def judge_together(book: Book, places: Sequence[tuple[Shelf, int]]) -> list[Judgement]:
    """The declarations at places of shelves."""
    matters = []
    for shelf, place in places:
        matter = shelf.filed[place].matter
        matter.history = shelf.history(place)
        matters.append(matter)
    return book.judge_each(matters)


@dataclass(slots=True)
class Judged(Generic[Told]):
    """What is told of each declaration that was judged, and for how many persons that failed."""

    told: list[Told] = field(default_factory=list)
    failed: int = 0


async def judge_all(
    book: Book, dossiers: Sequence[Dossier], look: Callable[[Dossier], View[Told]], since: date | None = None
) -> Judged[Told]:
    """Judge what persons have filed, some persons at a time, with a turn for others in between: judging keeps the processor busy."""
    judged = Judged[Told]()
    for group in _in_groups(dossiers):
        await asyncio.sleep(0)
        _judge_group(judged, group, lambda group: _told(book, [look(dossier) for dossier in group], since))
    return judged


def _judge_group(judged: Judged[Told], group: Sequence[Dossier], judge: Callable[[Sequence[Dossier]], list[Told]]) -> None:
    """Persons together, or, if that fails, one by one: who cannot be judged is logged and keeps nobody waiting."""
    try:
        judged.told += judge(group)
    except Exception:
        if len(group) == 1:
            log.exception("not judged", extra={"person": str(group[0].declarant.id)})
            judged.failed += 1
            return
        for dossier in group:
            _judge_group(judged, [dossier], judge)


def _told(book: Book, views: Sequence[View[Told]], since: date | None) -> list[Told]:
    places = [(view, place) for view in views for place in lasting_from(view.shelf, since)]
    judgements = judge_together(book, [(view.shelf, place) for view, place in places])
    told = [view.tell(place, judgement) for (view, place), judgement in zip(places, judgements, strict=True)]
    for view in views:
        view.close()
    return told


def _in_groups(dossiers: Sequence[Dossier]) -> Iterator[list[Dossier]]:
    group, declarations = list[Dossier](), 0
    for dossier in dossiers:
        group.append(dossier)
        declarations += len(dossier.rows)
        if declarations >= _TOGETHER:
            yield group
            group, declarations = [], 0
    if group:
        yield group
