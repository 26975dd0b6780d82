"""Lines, and a tree that is looked at."""

import base64
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.kit.database import Database
from app.kit.ids import new_id
from app.ledger.models import ledger_line
from app.ledger.notes import Checkpoint, SigningKey
from app.ledger.tree import Tree
from app.ledger.unit_of_work import reading, work

from . import rfc

KEY = SigningKey("log.example/register", bytes(range(32)))


async def write(database: Database, lines: int = 1) -> list[UUID]:
    """Write so many lines in one unit of work; their ids."""
    async with work(database, "test") as unit:
        return [unit.record("thing.done", new_id(), {"number": number}).id for number in range(lines)]


async def sealed(database: Database) -> Sequence[RowMapping]:
    """The sealed lines in the order of the tree."""
    async with reading(database) as view:
        asked = select(ledger_line).where(ledger_line.c.position.is_not(None)).order_by(ledger_line.c.position)
        return (await view.connection.execute(asked)).mappings().all()


async def head(database: Database) -> RowMapping:
    """The newest checkpoint."""
    async with reading(database) as view:
        newest = await Tree(view.connection).head()
    assert newest is not None
    return newest


async def require_whole(database: Database, lines: int) -> None:
    """All lines are in the tree, each once and without a gap, and the signed root is the one that the RFC gives for them."""
    rows, newest = await sealed(database), await head(database)
    assert [row["position"] for row in rows] == list(range(lines))
    root = rfc.root([row["leaf_hash"] for row in rows])
    assert (newest["size"], newest["root"]) == (lines, root)
    assert KEY.verifier.opened(newest["note"]) == Checkpoint(KEY.name, lines, root)
    assert newest["note"].splitlines()[:3] == [KEY.name, str(lines), base64.b64encode(root).decode()]
