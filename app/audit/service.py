"""The ledger as an auditor reads it.

An auditor who is an official is not to learn of an inquiry into themselves. Positions have no gaps, so that hiding the lines about them alone would
tell them; instead, whoever speaks for a person is shown none of the lines that may come of an inquiry, whoever it concerns.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, ScalarSelect, Select, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller, Scope
from app.kit.errors import Fault, Problem, Words, conflict, invalid, not_found
from app.kit.pages import Page
from app.ledger.models import ledger_checkpoint, ledger_line
from app.ledger.tree import Tree
from app.ledger.unit_of_work import Reading

from .schemas import ConsistencyOut, ProofOut, plain

LARGEST = 2**63 - 1

_line = ledger_line.c
_TELLING = or_(
    *(_line.action.like(f"{noun}.%") for noun in ("inquiry", "finding", "review", "snooze", "export")),
    _line.action.in_(("declaration.screened", "record.read")),
)
"""Lines that may come of an inquiry or of what the commission found by itself; the digest of an export's filters would tell whom they name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which lines a list shows."""

    subject: UUID | None = None
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What holds of these lines."""
        asked = {_line.subject: self.subject, _line.action: self.action, _line.actor: self.actor}
        same = [column == value for column, value in asked.items() if value is not None]
        return same if self.since is None else [*same, _line.at >= self.since, _line.position >= _first_since(self.since)]


def _first_since(instant: datetime) -> ScalarSelect[int]:
    """The first position of lines that are not older: without it a list would go back to the beginning, looking for more.

    The sum keeps the databases from looking for the least position by walking through all of them in order.
    """
    return select(func.min(_line.position + 0)).where(_line.at >= instant, _line.position.is_not(None)).scalar_subquery()


class Audit:
    """The lines that one caller may read, and proofs about the tree."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller
        self.tree = Tree(view.connection)

    async def lines(self, page: Page, asked: LineFilter) -> list[RowMapping]:
        """A page of sealed lines, the last one first, one more than asked for. The position stands in the cursor's place."""
        chosen = self._sealed(select(ledger_line), asked).order_by(_line.position.desc()).limit(page.limit + 1)
        if page.after is not None:
            chosen = chosen.where(_line.position < min(page.after.int, LARGEST))
        return list((await self.connection.execute(chosen)).mappings())

    async def count(self, asked: LineFilter) -> int:
        """How many there are in all."""
        how_many: Any = func.count()
        return await self.connection.scalar(self._sealed(select(how_many).select_from(ledger_line), asked)) or 0

    async def line(self, line_id: UUID) -> RowMapping:
        """One sealed line.

        Raises:
            Problem: 404; 409 while it waits to be sealed.
        """
        row = (await self.connection.execute(select(ledger_line).where(_line.id == line_id, *self._open()))).mappings().first()
        if row is None:
            raise not_found(_LINE)
        if row["position"] is None:
            raise _waiting()
        return row

    async def proof(self, line_id: UUID, size: int | None) -> ProofOut:
        """That a line is in the tree, of its newest size or the one asked for.

        Who may not read the ledger proves what is theirs against the first signed checkpoint that holds it: a size that moves with each poll
        would tell when something is written that concerns them.

        Raises:
            Problem: 403 for a size of one's own choice without the scope; 404; 409; 422 for a size that does not hold the line.
        """
        if size is not None:
            self.caller.require(Scope.AUDIT_READ)
        row = await self.line(line_id)
        if size is None:
            size = await self._default_size(row["position"])
        await self._require_size("size", size, least=row["position"] + 1)
        hashes, root = await self.tree.inclusion(row["position"], size)
        kept = await self.tree.head(ledger_checkpoint.c.size == size)
        return ProofOut(
            line=line_id,
            leaf_index=row["position"],
            leaf_hash=plain(row["leaf_hash"]),
            tree_size=size,
            hashes=[plain(one) for one in hashes],
            root=plain(root),
            checkpoint=kept["note"] if kept else None,
        )

    async def consistency(self, first: int, second: int) -> ConsistencyOut:
        """That the tree of the first size begins that of the second.

        Raises:
            Problem: 422 when there are no such sizes.
        """
        await self._require_size("second", second)
        await self._require_size("first", first, most=second)
        hashes, old, new = await self.tree.consistency(first, second)
        return ConsistencyOut(
            first=first, second=second, hashes=[plain(one) for one in hashes], first_root=plain(old), second_root=plain(new)
        )

    async def checkpoint(self) -> RowMapping:
        """The newest signed checkpoint.

        Raises:
            Problem: 404 when none was signed.
        """
        signed = await self.tree.head(ledger_checkpoint.c.note.is_not(None))
        if signed is None:
            raise _unsigned()
        return signed

    def _sealed(self, statement: Select[Any], asked: LineFilter) -> Select[Any]:
        return statement.where(_line.position.is_not(None), *asked.conditions(), *self._open())

    def _open(self) -> list[ColumnElement[bool]]:
        """What the caller may know of; a declarant's own lines are looked through before."""
        return [] if self.caller.person is None else [not_(_TELLING)]

    async def _default_size(self, position: int) -> int:
        if self.caller.may(Scope.AUDIT_READ):
            return await self.tree.size()
        kept = ledger_checkpoint.c
        first = select(func.min(kept.size)).where(kept.size > position, kept.note.is_not(None))
        return await self.connection.scalar(first) or position + 1

    async def _require_size(self, name: str, size: int, *, least: int = 0, most: int | None = None) -> None:
        most = await self.tree.size() if most is None else most
        if not least <= size <= most:
            said = Words(f"须在 {least} 与 {most} 之间。", f"Must lie between {least} and {most}.")
            raise invalid([Fault(f"/query/{name}", "no-such-tree-size", said)])


_LINE = Words("台账记录", "line of the ledger")


def _waiting() -> Problem:
    problem = conflict(
        "line-not-sealed",
        Words("该记录尚未封存", "The line is not sealed yet"),
        Words("记录在一秒左右内封存，请稍后重试。", "Lines are sealed within about a second; ask again."),
    )
    problem.headers["Retry-After"] = "1"
    return problem


def _unsigned() -> Problem:
    return Problem(
        404,
        "no-checkpoint",
        Words("尚无签名检查点", "No checkpoint is signed yet"),
        Words(
            "台账尚未封存，或未配置签名密钥：PostgreSQL 须设 QINQING_LEDGER_KEY_FILE 并运行 qinqing worker。",
            "Nothing is sealed, or no key is configured: on PostgreSQL, set QINQING_LEDGER_KEY_FILE and run qinqing worker.",
        ),
    )
