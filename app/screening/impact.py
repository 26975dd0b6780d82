"""What a draft of local standards would change in what is filed (影响评估): judged with the draft, and without it where it mattered.

It is reckoned on what declarants themselves are shown: who owns rules may be a declarant too, and must not learn from a count that
something was put on record of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from app.ledger.unit_of_work import Reading
from app.rulebook.book import Book, Judgement
from app.rulebook.local import LocalLimits

from .dossiers import Dossier, Shelf, read_dossiers
from .passes import Move, Persons, moves_between
from .together import View, judge_all, judge_together

MOST_EXAMPLES = 5
"""How many declarations of each sort a report names."""


@dataclass(slots=True)
class Impact:
    """Counts of declarations, those with a rule's move by the unit they were filed in, and examples of these."""

    judged: int = 0
    failed: int = 0
    touched: int = 0
    newly_flagged: int = 0
    no_longer_flagged: int = 0
    moves: Counter[tuple[str, Move]] = field(default_factory=Counter)
    examples: dict[tuple[str, Move], list[str]] = field(default_factory=lambda: defaultdict(list))

    def count(self, declaration: UUID, unit: UUID, moves: list[Move]) -> None:
        """Count one declaration that the draft touches."""
        self.touched += 1
        self.newly_flagged += any(move.before is None for move in moves)
        self.no_longer_flagged += any(move.after is None for move in moves)
        for move in moves:
            self._add((str(unit), move), 1, [str(declaration)])

    def as_document(self) -> dict[str, Any]:
        """As it is kept."""
        moves = [[unit, *move, times, self.examples[unit, move]] for (unit, move), times in self.moves.items()]
        return {name: getattr(self, name) for name in _COUNTS} | {"moves": moves}

    @classmethod
    def merged(cls, documents: Iterable[Mapping[str, Any]]) -> "Impact":
        """Several together."""
        whole = cls()
        for document in documents:
            for name in _COUNTS:
                setattr(whole, name, getattr(whole, name) + document[name])
            for unit, rule, before, after, times, examples in document["moves"]:
                whole._add((unit, Move(rule, before, after)), times, examples)
        return whole

    def _add(self, key: tuple[str, Move], times: int, examples: list[str]) -> None:
        self.moves[key] += times
        named = self.examples[key]
        named += examples[: MOST_EXAMPLES - len(named)]


_COUNTS = ("judged", "failed", "touched", "newly_flagged", "no_longer_flagged")


async def impact_on(view: Reading, book: Book, persons: Persons, judged_on: date, drafted: LocalLimits) -> Impact:
    """What the draft would change for some persons; `drafted` are the local standards with the draft."""
    dossiers = await read_dossiers(view.connection, persons.who, judged_on, lock=False)
    found = await judge_all(book, dossiers, lambda dossier: _Trial(book, dossier, judged_on, drafted), persons.since)
    impact = Impact(judged=len(found.told), failed=found.failed)
    for row, moves in filter(None, found.told):
        impact.count(row["id"], row["unit_id"], moves)
    return impact


class _Trial(View[tuple[RowMapping, list[Move]] | None]):
    """One person's declarations with the draft, and without it once that is asked for."""

    def __init__(self, book: Book, dossier: Dossier, judged_on: date, drafted: LocalLimits) -> None:
        self.book = book
        self.dossier = dossier
        self.judged_on = judged_on
        self.drafted = drafted
        self.shelf = dossier.shelf(book, judged_on, drafted, openly=True)

    @cached_property
    def without(self) -> Shelf:
        return self.dossier.shelf(self.book, self.judged_on, self.drafted.without or LocalLimits(), openly=True)

    def close(self) -> None:
        """Let go of both."""
        super().close()
        if "without" in self.__dict__:
            self.without.close()

    def tell(self, place: int, judgement: Judgement) -> tuple[RowMapping, list[Move]] | None:
        """The rules that move; only where a judgement read a limit that the draft changes can it come out differently."""
        if not any(matter.limits.drafted for matter in (judgement.matter, *judgement.matter.history.earlier)):
            return None
        before = judge_together(self.book, [(self.without, place)])[0]
        return self.shelf.filed[place].row, moves_between(_levels(before), _levels(judgement))


def _levels(judgement: Judgement) -> dict[str, str]:
    return {finding.rule: finding.level.value for finding in judgement.findings if not finding.confidential}
