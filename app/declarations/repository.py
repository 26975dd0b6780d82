"""Writes of declarations: rows and revisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from app.kit import clock
from app.kit.errors import Words, not_found
from app.kit.etags import stale
from app.kit.statements import Rows
from app.ledger.lines import digest
from app.ledger.unit_of_work import Work

from .models import declaration, declaration_revision
from .searching import index_rows

Values: TypeAlias = dict[str, Any]

STATED = tuple(f"declaration.{done}" for done in ("drafted", "redrafted", "submitted", "amended", "withdrawn"))
"""The acts that leave a revision, and a line with its digest."""

_KEPT = (
    *("revision", "version", "details", "note", "declared_on", "status", "capture"),
    *("counterparty_id", "further_counterparty_id", "occurred_from", "occurred_until", "worth_cents"),
)
"""What a revision keeps of a declaration."""

SCREENED = ("screening_id", "outcome", "shown_outcome", "counted_cents", "worth_cents", "due_on", "substance", "version")
"""The columns that follow from a screening."""

_MARK = update(declaration).where(declaration.c.id == bindparam("of_id")).values({name: bindparam(name) for name in SCREENED})


class Declarations:
    """Adds and changes declarations; every state is kept as a revision and told to the ledger by its digest."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def enter(self, values: Values) -> tuple[Values, tuple[Rows, ...]]:
        """(a new declaration with its receipt, the rows to insert for it); what it was judged to goes in together with them."""
        values = {**values, "revision": 1, "version": 1, "created_by": self.work.actor}
        values["receipt"] = self._line(f"declaration.{_done(values['status'])}", values, captured_in(values["capture"]))
        revision = self._revision(values, values["created_at"])
        indexed = index_rows(self.work.connection, values["id"], values["search_text"])
        return values, ((declaration, [values]), (declaration_revision, [revision]), indexed)

    async def change(self, before: Values, changes: Values, action: str, told: Mapping[str, Any] | None = None) -> Values:
        """A new revision of a declaration, from the version that was read; `told` is what else its line holds.

        Raises:
            Problem: 412 when somebody else changed it in between.
        """
        changes = {**changes, "revision": before["revision"] + 1, "version": before["version"] + 1}
        after = {**before, **changes}
        after["receipt"] = changes["receipt"] = self._line(action, after, told)
        await self._update(before, changes)
        await self._index(before, after)
        await self.work.connection.execute(insert(declaration_revision), self._revision(after, clock.now()))
        return after

    async def mark_screened(self, screened: Sequence[Values]) -> None:
        """Point declarations at their newest screenings, under the lock on their declarants, without which nobody changes them.

        The values are those of `SCREENED`, and the id. The version moves only when what the declarant sees has moved.
        """
        await self.work.connection.execute(_MARK, [{"of_id": each["id"], **{name: each[name] for name in SCREENED}} for each in screened])

    async def get(self, declaration_id: UUID) -> Values:
        """The row as it stands, for a caller whose sight of it was checked before.

        Raises:
            Problem: 404.
        """
        row = (await self.work.connection.execute(select(declaration).where(declaration.c.id == declaration_id))).mappings().first()
        if row is None:
            raise not_found(Words("申报", "declaration"))
        return dict(row)

    async def _index(self, before: Values, after: Values) -> None:
        """Let the declaration be found by the words that it now has, and no others."""
        if after["search_text"] == before["search_text"]:
            return
        (table, old), (_, new) = (index_rows(self.work.connection, one["id"], one["search_text"]) for one in (before, after))
        for row in old:
            await self.work.connection.execute(delete(table).filter_by(**row))
        if new:
            await self.work.connection.execute(insert(table), list(new))

    async def _update(self, before: Values, changes: Values) -> None:
        same = (declaration.c.id == before["id"]) & (declaration.c.version == before["version"])
        result = await self.work.connection.execute(update(declaration).where(same).values(changes))
        if result.rowcount != 1:
            raise stale()

    def _revision(self, values: Values, made_at: datetime) -> Values:
        return {**{name: values[name] for name in _KEPT}, "declaration_id": values["id"], "made_at": made_at, "made_by": self.work.actor}

    def _line(self, action: str, values: Values, besides: Mapping[str, Any] | None) -> dict[str, str]:
        told = {"kind": values["kind"], "revision": values["revision"], "status": values["status"], "digest": revision_digest(values)}
        return self.work.record(action, values["id"], {**told, **(besides or {})}).receipt()


def revision_digest(values: Values) -> str:
    """SHA-256 over what a revision states: the ledger proves it without holding it. A capture is part of it where there is one."""
    stated = {name: values[name] for name in ("details", "note", "declared_on", "status", "source", "declarant_id")}
    return digest({**stated, **captured_in(values["capture"])})


def captured_in(capture: Mapping[str, Any] | None) -> dict[str, Any]:
    """A capture for a line or a digest; nothing where there is none, as in all that was written before."""
    return {} if capture is None else {"captured": capture}


def _done(status: str) -> str:
    return "drafted" if status == "draft" else status
