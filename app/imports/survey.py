"""A file looked through before it is taken in: how many rows it has, which share a key, and which must come before which.

What is noted lies in a file of its own beside it, so that memory does not grow with the rows.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from .days import DayOrder, orders_in
from .layout import Table
from .tables import Outcome, Row, Status, Ties

DEEPEST = 60
"""How many rows may stand above one another; beyond, they are taken for a circle."""

_BATCH = 5_000

_TABLES = """
CREATE TABLE key (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE repeated (number INTEGER PRIMARY KEY, first INTEGER);
CREATE TABLE name (name TEXT, number INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID;
CREATE TABLE tie (number INTEGER, needs TEXT);
CREATE TABLE made (name TEXT, id BLOB, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE TABLE level (number INTEGER PRIMARY KEY, level INTEGER);
"""


class Survey:
    """What is known of a file as a whole."""

    def __init__(self, path: Path) -> None:
        self._notes = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._notes.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        self.rows = 0
        self.levels = 1
        self._orders: set[DayOrder] = set()

    def close(self) -> None:
        """Let go of the notes."""
        self._notes.close()

    def look(self, table: Table) -> None:
        """Look through all rows."""
        for rows in _batches(table.rows()):
            self.rows += len(rows)
            self._orders.update(order for row in rows for order in orders_in(row.cells.values()))
            self._note([(row.number, table.kind.ties(row)) for row in rows])
        self.levels = self._order()

    @property
    def day_order(self) -> DayOrder | None:
        """Which stands first in its days such as 03/02/2023, as others such as 28/02/2023 give it away; None where none does, or where they disagree."""
        return next(iter(self._orders)) if len(self._orders) == 1 else None

    def _note(self, tied: Sequence[tuple[int, Ties]]) -> None:
        put = self._notes.executemany
        for number, ties in tied:
            if ties.key is not None and not self._is_first(ties.key, number):
                self._notes.execute("INSERT INTO repeated SELECT ?, number FROM key WHERE key = ?", (number, ties.key))
        put(
            "INSERT OR IGNORE INTO name VALUES (?, ?)",
            ((name, number) for number, ties in tied if ties.needs or ties.names for name in ties.names),
        )
        put("INSERT INTO tie VALUES (?, ?)", ((number, needed) for number, ties in tied for needed in ties.needs))

    def _is_first(self, key: str, number: int) -> bool:
        return self._notes.execute("INSERT OR IGNORE INTO key VALUES (?, ?)", (key, number)).rowcount > 0

    def _order(self) -> int:
        """Give each row that needs others of the file its level, one above the highest of theirs; how many levels there are."""
        run = self._notes.execute
        run(
            "CREATE TABLE edge AS SELECT DISTINCT tie.number, name.number AS above FROM tie JOIN name ON name.name = tie.needs WHERE name.number <> tie.number"
        )
        run("CREATE INDEX ix_edge ON edge (number, above)")
        run("INSERT INTO level SELECT DISTINCT number, NULL FROM edge")
        for level in range(1, DEEPEST):
            placed = run(
                "UPDATE level SET level = ? WHERE level IS NULL AND NOT EXISTS (SELECT 1 FROM edge JOIN level AS above ON above.number = edge.above "
                "WHERE edge.number = level.number AND coalesce(above.level, ?) >= ?)",
                (level, level, level),
            ).rowcount
            if not placed:
                return level
        return DEEPEST

    def repeated(self, rows: Sequence[Row]) -> dict[int, int]:
        """Of rows whose key stood in an earlier row: their numbers, with that of the first."""
        return dict(self._between("SELECT number, first FROM repeated", rows))

    def level_of(self, rows: Sequence[Row]) -> dict[int, int | None]:
        """Of rows that need others: their numbers, with their level; None where they stand in a circle."""
        return dict(self._between("SELECT number, level FROM level", rows)) if self.levels > 1 or self._circles() else {}

    def _circles(self) -> bool:
        return self._notes.execute("SELECT 1 FROM level LIMIT 1").fetchone() is not None

    def _between(self, asked: str, rows: Sequence[Row]) -> list[tuple[int, int]]:
        if not rows:
            return []
        return self._notes.execute(f"{asked} WHERE number BETWEEN ? AND ?", (rows[0].number, rows[-1].number)).fetchall()  # our own words

    def note_made(self, ties: Mapping[int, Ties], outcomes: Iterable[Outcome]) -> None:
        """Remember what rows of a dry run would have made."""
        made = (
            (name, outcome.id.bytes)
            for outcome in outcomes
            if outcome.status is not Status.FAILED and outcome.id is not None
            for name in ties[outcome.number].names
        )
        self._notes.executemany("INSERT OR IGNORE INTO made VALUES (?, ?)", made)

    def made(self, names: Iterable[str]) -> dict[str, list[UUID]]:
        """What rows of a dry run would have made under these names."""
        found: dict[str, list[UUID]] = {}
        for name in set(names):
            ids = self._notes.execute("SELECT id FROM made WHERE name = ?", (name,)).fetchall()
            if ids:
                found[name] = [UUID(bytes=one) for (one,) in ids]
        return found


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
