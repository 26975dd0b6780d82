"""The tree as the database holds it: its head, its tiles, and what they prove."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from .merkle import Place, Span, consistency_path, hash_of, inclusion_path, tiles_of
from .models import ledger_checkpoint, ledger_tile


class Tree:
    """Reads the tree. Tiles only grow, so that what is read one after the other fits together."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def head(self, *conditions: Any) -> RowMapping | None:
        """The newest checkpoint, or the newest of those for which the conditions hold; none before the first sealing."""
        asked = select(ledger_checkpoint).where(*conditions).order_by(ledger_checkpoint.c.size.desc()).limit(1)
        return (await self.connection.execute(asked)).mappings().first()

    async def size(self) -> int:
        """How many lines are sealed."""
        head = await self.head()
        return head["size"] if head else 0

    async def tiles(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Those of the tiles that there are."""
        named = tuple_(ledger_tile.c.level, ledger_tile.c.number)
        wanted = [tuple(place) for place in places]
        rows = await self.connection.execute(select(ledger_tile).where(named.in_(wanted))) if wanted else ()
        return {Place(level, number): hashes for level, number, hashes in rows}

    async def inclusion(self, index: int, size: int) -> tuple[list[bytes], bytes]:
        """(the hashes that prove that the leaf is in the tree of that size, its root)."""
        *hashes, root = await self._hashes([*inclusion_path(index, size), Span(0, size)])
        return hashes, root

    async def consistency(self, first: int, second: int) -> tuple[list[bytes], bytes, bytes]:
        """(the hashes that prove that the first tree begins the second, the root of each)."""
        *hashes, old, new = await self._hashes([*consistency_path(first, second), Span(0, first), Span(0, second)])
        return hashes, old, new

    async def _hashes(self, spans: list[Span]) -> list[bytes]:
        tiles = await self.tiles(tiles_of(spans))
        return [hash_of(span, tiles) for span in spans]
