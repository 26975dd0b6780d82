"""Verification of the whole ledger: every line against its hash, every hash against the tree, the tree against every checkpoint.

What is read is bounded by a few tiles at a time, however long the log is. Rows that cannot even be read are told of like those that differ.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, func, select

from app.kit.errors import Words
from app.ledger.lines import Line
from app.ledger.merkle import EMPTY_ROOT, HASH_BYTES, WIDTH, Place, Span, edge_of, extended, hash_of
from app.ledger.models import ledger_checkpoint, ledger_line
from app.ledger.notes import Checkpoint, NoteError, VerifierKey
from app.ledger.tree import Tree
from app.ledger.unit_of_work import Reading

STEP = 8 * WIDTH
"""Lines read at a time."""

_line, _checkpoint = ledger_line.c, ledger_checkpoint.c


class Difference(NamedTuple):
    """Something that is not as it was written: what, and of which line where it is one."""

    what: Words
    position: int | None = None
    line: UUID | None = None


def _nobody(_done: int, _size: int) -> None:
    """Nobody wants to know how far it has come."""


@dataclass(slots=True)
class Verification:
    """One pass over the lines that were sealed when it began.

    `keys` are those whose signatures count; `kept` are checkpoints that were kept elsewhere, which the tree must continue.
    """

    view: Reading
    keys: Sequence[VerifierKey]
    kept: Sequence[Checkpoint] = ()
    progress: Callable[[int, int], None] = _nobody
    size: int = 0
    _edge: dict[Place, bytes] = field(default_factory=dict)

    async def differences(self) -> AsyncIterator[Difference]:
        """All that is wrong, in the order of the tree."""
        highest = await self.view.connection.scalar(select(func.max(_line.position)).where(_line.position.is_not(None)))
        self.size = await Tree(self.view.connection).size()
        if highest is not None and highest >= self.size:
            yield Difference(_BEYOND, highest)
        for kept in self.kept:
            if kept.size > self.size:
                yield Difference(_shorter(kept.size, self.size))
        async for found in self._checkpoints(0):
            yield found
        for first in range(0, self.size, STEP):
            async for found in self._part(first, min(first + STEP, self.size)):
                yield found
            self.progress(min(first + STEP, self.size), self.size)
        async for found in self._unsealed():
            yield found

    async def _part(self, first: int, end: int) -> AsyncIterator[Difference]:
        """The lines of a few tiles, then the tree over them and the checkpoints on the way."""
        tree = Tree(self.view.connection)
        tiles = await tree.tiles(Place(0, number) for number in range(first // WIDTH, (end - 1) // WIDTH + 1))
        lines, leaves = await self._lines(first, end), []
        for position in range(first, end):
            sealed = _sealed_hash(tiles, position)
            found = _compared(position, lines.get(position, _GONE), sealed)
            if found is not None:
                yield found
            leaves.append(sealed or _own_hash(lines.get(position)))
        async for found in self._grown(first, leaves):
            yield found

    async def _grown(self, first: int, leaves: Sequence[bytes]) -> AsyncIterator[Difference]:
        """Continue the tree, stopping at each size of which there is a checkpoint; the tiles above the leaves must be as stored."""
        end, size, above = first + len(leaves), first, dict[Place, bytes]()
        sizes = await self.view.connection.scalars(select(_checkpoint.size).where(_checkpoint.size > first, _checkpoint.size <= end))
        for stop in sorted({*sizes, *(kept.size for kept in self.kept if first < kept.size <= end), end}):
            changed = extended(self._edge, size, leaves[size - first : stop - first])
            self._edge = {place: {**self._edge, **changed}[place] for place in edge_of(stop)}
            above |= {place: hashes for place, hashes in changed.items() if place.level}
            async for found in self._checkpoints(stop):
                yield found
            size = stop
        stored = await Tree(self.view.connection).tiles(above)
        for place, hashes in above.items():
            if stored.get(place, b"")[: len(hashes)] != hashes:
                yield Difference(_tile_differs(place))

    async def _checkpoints(self, size: int) -> AsyncIterator[Difference]:
        """The checkpoints of a size, when the tree has grown to it, and their signatures."""
        root = hash_of(Span(0, size), self._edge) if size else EMPTY_ROOT
        rows = await self.view.connection.execute(select(ledger_checkpoint).where(_checkpoint.size == size))
        for row in rows.mappings():
            for what in _wrong_with(row, root, self.keys):
                yield Difference(what)
        for kept in self.kept:
            if kept.size == size and kept.root != root:
                yield Difference(_root_differs(size, kept=True))

    async def _lines(self, first: int, end: int) -> dict[int, RowMapping | None]:
        """The lines by position, None for one that cannot be read; halves are tried when a part cannot."""
        asked = select(ledger_line).where(_line.position >= first, _line.position < end)
        try:
            return {row["position"]: row for row in (await self.view.connection.execute(asked)).mappings()}
        except Exception:  # noqa: BLE001  # whatever somebody has written into a column
            if end - first == 1:
                return {first: None}
            middle = (first + end) // 2
            return {**await self._lines(first, middle), **await self._lines(middle, end)}

    async def _unsealed(self) -> AsyncIterator[Difference]:
        """Lines that wait to be sealed have their hash alone."""
        after = UUID(int=0)
        while True:
            asked = select(ledger_line).where(_line.position.is_(None), _line.id > after).order_by(_line.id).limit(STEP)
            rows = (await self.view.connection.execute(asked)).mappings().all()
            for row in rows:
                if Line.of(row).hash != row["leaf_hash"]:
                    yield Difference(_COLUMNS, None, row["id"])
            if len(rows) < STEP:
                return
            after = rows[-1]["id"]


_GONE = object()


def _sealed_hash(tiles: Mapping[Place, bytes], position: int) -> bytes | None:
    """The leaf hash that the tree holds at a position."""
    number, offset = divmod(position, WIDTH)
    return tiles.get(Place(0, number), b"")[offset * HASH_BYTES : (offset + 1) * HASH_BYTES] or None


def _own_hash(row: RowMapping | None) -> bytes:
    """What stands in for a hash that the tree has lost."""
    return Line.of(row).hash if row is not None else bytes(HASH_BYTES)


def _compared(position: int, row: RowMapping | object | None, sealed: bytes | None) -> Difference | None:
    """What is wrong with the line at a position."""
    if row is _GONE:
        return Difference(_MISSING, position)
    if not isinstance(row, RowMapping):
        return Difference(_UNREADABLE, position)
    computed, kept = Line.of(row).hash, row["leaf_hash"]
    if sealed is None:
        return Difference(_NO_TILE, position, row["id"])
    if computed == kept == sealed:
        return None
    what = _COLUMNS if kept == sealed else _HASH if computed == sealed else _BOTH
    return Difference(what, position, row["id"])


def _wrong_with(row: RowMapping, root: bytes, keys: Sequence[VerifierKey]) -> Iterator[Words]:
    """What is wrong with a checkpoint as it is stored."""
    size = row["size"]
    if row["root"] != root:
        yield _root_differs(size, kept=False)
    if row["note"] is None:
        return
    signed = _opened(row["note"], keys)
    if signed is None:
        yield Words(
            f"大小 {size} 的检查点：没有可信密钥的有效签名。", f"The checkpoint of size {size} bears no valid signature of a trusted key."
        )
    elif (signed.size, signed.root) != (size, root):
        yield Words(f"大小 {size} 的检查点：签名内容与树不符。", f"What was signed as the checkpoint of size {size} is not this tree.")


def _opened(note: str, keys: Sequence[VerifierKey]) -> Checkpoint | None:
    for key in keys:
        try:
            return key.opened(note)
        except NoteError:
            continue
    return None


def _root_differs(size: int, *, kept: bool) -> Words:
    zh, en = ("另存的", "kept elsewhere") if kept else ("", "stored here")
    return Words(f"前 {size} 条记录的根哈希与{zh}检查点不符。", f"The root of the first {size} lines is not that of the checkpoint {en}.")


def _shorter(size: int, there: int) -> Words:
    return Words(
        f"另存的检查点有 {size} 条记录，台账仅有 {there} 条。", f"A checkpoint kept elsewhere has {size} lines, the ledger only {there}."
    )


def _tile_differs(place: Place) -> Words:
    return Words(
        f"第 {place.level} 层第 {place.number} 号瓦片与其下各层不符。",
        f"Tile {place.number} of level {place.level} is not made of those below.",
    )


_MISSING = Words("记录缺失。", "The line is gone.")
_UNREADABLE = Words("记录无法读取。", "The line cannot be read.")
_NO_TILE = Words("树中没有该位置的哈希。", "The tree holds no hash for it.")
_COLUMNS = Words("记录内容与其哈希不符。", "Its columns do not give its hash.")
_HASH = Words("记录所存的哈希被更改。", "The hash stored with it is not its own.")
_BOTH = Words("记录或其哈希与封存时不同。", "It is not what was sealed, or the tree was altered.")
_BEYOND = Words("有记录超出最新检查点。", "There are lines beyond the newest checkpoint.")
