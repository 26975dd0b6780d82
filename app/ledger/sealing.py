"""The sealer: committed lines get the next places in the tree, and a signed checkpoint vouches for it.

A line waits as long as it has no position, whatever its id and whatever the clock says, so that one committed late is not passed over. One
transaction gives positions, writes the tiles and the checkpoint: a kill leaves all of it or nothing. Of several sealers one holds the lock.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, exists, func, insert, select, update

from app.kit import clock
from app.kit.database import Database, try_lock
from app.kit.rounds import repeat

from .merkle import EMPTY_ROOT, Place, Span, edge_of, extended, hash_of
from .models import ledger_checkpoint, ledger_line, ledger_tile
from .notes import SigningKey
from .tree import Tree
from .unit_of_work import Reading, Work, reading, work

PAUSE_SECONDS = 0.5
"""How often lines are looked for that wait."""

_BATCH = 1000
_ACTOR = "sealer"
_unsealed = ledger_line.c.position.is_(None)

log = logging.getLogger("qinqing.sealer")


async def sealed_lines(view: Reading) -> int:
    """How many lines are sealed: positions below that can be read without a gap."""
    return await view.connection.scalar(select(func.max(ledger_checkpoint.c.size))) or 0


class AlteredTreeError(Exception):
    """Somebody has altered the tree that is to be continued; `qinqing verify-ledger` says where."""


class Sealer:
    """Seals what waits; without a key checkpoints stay unsigned until there is one."""

    def __init__(self, database: Database, key: SigningKey | None) -> None:
        self.database = database
        self.key = key
        self.verifier_key = key.verifier.text if key else None

    async def run(self, stopping: asyncio.Event) -> None:
        """Seal until `stopping` is set; what fails is logged and tried again."""
        if self.key is None:
            log.warning("checkpoints are not signed: no QINQING_LEDGER_KEY_FILE")
        await repeat(self.seal, stopping, PAUSE_SECONDS, log, "sealing failed")

    async def seal(self) -> int:
        """Seal all that waits now; how many lines."""
        sealed = 0
        while await self._is_something_due():
            async with work(self.database, _ACTOR) as unit:
                if not await try_lock(unit.connection, "ledger sealer"):
                    break
                sealed += await self._seal_some(unit)
        return sealed

    async def _is_something_due(self) -> bool:
        """Asked of a reader, so that nobody who writes waits for a sealer with nothing to do."""
        async with reading(self.database) as view:
            if await view.connection.scalar(select(exists().where(_unsealed))):
                return True
            return self._is_open(await Tree(view.connection).head())

    def _is_open(self, head: RowMapping | None) -> bool:
        """There is no checkpoint yet, or the newest is unsigned though there is a key."""
        return head is None or (self.key is not None and head["note"] is None)

    async def _seal_some(self, unit: Work) -> int:
        tree = Tree(unit.connection)
        head = await tree.head()
        size = head["size"] if head else 0
        leaves = await self._placed(unit, size)
        if not leaves and not self._is_open(head):
            return 0
        edge = await tree.tiles(edge_of(size))
        if head is not None and hash_of(Span(0, size), edge) != head["root"]:
            raise AlteredTreeError(f"the tiles do not give the root of size {size}")
        changed = extended(edge, size, leaves)
        await _keep_tiles(unit, edge, changed)
        grown = size + len(leaves)
        root = hash_of(Span(0, grown), {**edge, **changed}) if grown else EMPTY_ROOT
        await self._keep_checkpoint(unit, head, grown, root)
        return len(leaves)

    async def _placed(self, unit: Work, size: int) -> Sequence[bytes]:
        """Give the next positions to lines that wait; their leaf hashes in that order."""
        waiting = select(ledger_line.c.id).where(_unsealed).order_by(ledger_line.c.id).limit(_BATCH).subquery()
        placed = select(waiting.c.id, (func.row_number().over(order_by=waiting.c.id) + (size - 1)).label("position")).subquery()
        given = update(ledger_line).values(position=placed.c.position).where(ledger_line.c.id == placed.c.id)
        rows = await unit.connection.execute(given.returning(ledger_line.c.position, ledger_line.c.leaf_hash))
        return [leaf_hash for _, leaf_hash in sorted(tuple(row) for row in rows)]

    async def _keep_checkpoint(self, unit: Work, head: RowMapping | None, size: int, root: bytes) -> None:
        """Put the new head in place of the one before, which stays only as the last of its hour."""
        now = clock.now()
        if head is not None and (head["size"] == size or _hour(head["sealed_at"]) == _hour(now)):
            await unit.connection.execute(delete(ledger_checkpoint).where(ledger_checkpoint.c.size == head["size"]))
        note = self.key.signed(size, root) if self.key else None
        row = {"size": size, "root": root, "sealed_at": now, "verifier_key": self.verifier_key, "note": note}
        await unit.connection.execute(insert(ledger_checkpoint).values(row))


async def _keep_tiles(unit: Work, before: Mapping[Place, bytes], changed: Mapping[Place, bytes]) -> None:
    """Tiles that grow are updated, new ones inserted."""
    rows = [_tile_row(place, hashes) for place, hashes in changed.items() if place not in before]
    if rows:
        await unit.connection.execute(insert(ledger_tile), rows)
    for place, hashes in changed.items():
        if place in before:
            same = (ledger_tile.c.level == place.level) & (ledger_tile.c.number == place.number)
            await unit.connection.execute(update(ledger_tile).where(same).values(hashes=hashes))


def _tile_row(place: Place, hashes: bytes) -> dict[str, Any]:
    return {"level": place.level, "number": place.number, "hashes": hashes}


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
