"""The log as files that a mirror or a witness reads: tiles of hashes, and bundles of entries (C2SP tlog-tiles)."""

import re
from typing import NamedTuple

from sqlalchemy import select

from app.access.caller import Caller
from app.kit.errors import Problem, Words, not_found
from app.ledger.lines import Line
from app.ledger.merkle import HASH_BYTES, WIDTH, Place
from app.ledger.models import ledger_line
from app.ledger.tree import Tree
from app.ledger.unit_of_work import Reading

_ADDRESS = re.compile(r"((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Address(NamedTuple):
    """Which tile of a level, and how many of its entries: 256, or fewer of one that is not full (`.p/<W>`)."""

    number: int
    width: int

    @classmethod
    def parse(cls, path: str) -> "Address":
        """Read `x001/x234/067` or `x001/x234/067.p/8`.

        Raises:
            Problem: 404 when no tile can have that address.
        """
        found = _ADDRESS.fullmatch(path)
        if found is None or found[1].startswith("x000") or int(found[2] or WIDTH) > WIDTH - bool(found[2]):
            raise not_found(_TILE)
        return cls(int(re.sub("[x/]", "", found[1])), int(found[2] or WIDTH))


class Tiles:
    """Tiles and bundles as they stand; what was once there stays the same."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def hashes(self, level: int, address: Address) -> bytes:
        """A tile of hashes.

        Raises:
            Problem: 404 when the tree does not reach so far.
        """
        place, length = Place(level, address.number), address.width * HASH_BYTES
        hashes = (await Tree(self.connection).tiles([place])).get(place, b"")[:length]
        if len(hashes) < length:
            raise not_found(_TILE)
        return hashes

    async def entries(self, address: Address) -> bytes:
        """The lines below a tile of level 0, each as its length in two bytes and the text that is hashed.

        Raises:
            Problem: 403 for whoever speaks for a person; 404.
        """
        if self.caller.person is not None:
            raise _person_bound()
        first, line = address.number * WIDTH, ledger_line.c
        asked = select(ledger_line).where(line.position >= first, line.position < first + address.width).order_by(line.position)
        leaves = [Line.of(row).leaf for row in (await self.connection.execute(asked)).mappings()]
        if len(leaves) < address.width:
            raise not_found(_TILE)
        return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


_TILE = Words("瓦片", "tile")


def _person_bound() -> Problem:
    return Problem(
        403,
        "key-without-person-needed",
        Words("须使用不代表任何人员的密钥", "A key that speaks for nobody is needed"),
        Words(
            "全部记录仅提供给不代表任何人员的密钥，因其中或有持有人不应知悉的事项。",
            "Whole bundles are given to keys that speak for nobody, as they may hold what their holder must not know of.",
        ),
    )
