"""A counterparty as stated, held against the register before it is written."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.caller import Caller
from app.kit.database import held
from app.kit.errors import Fault, Words, invalid

from .identifiers import check_identifier
from .models import counterparty
from .owners import owned_by
from .relations import unknown_units
from .schemas import CounterpartyIn
from .visibility import visible


async def require_valid(connection: AsyncConnection, caller: Caller, body: CounterpartyIn, before: RowMapping | None = None) -> None:
    """Check the identifier, the units and the owners; `before` is the row of a counterparty that is being changed.

    Raises:
        Problem: 422 with everything that is wrong.
    """
    wrong = check_identifier(body.type, body.identifier) if body.identifier else None
    faults = [wrong] if wrong else []
    faults += await unknown_units(connection, caller, body.relations or [])
    if body.parents and (before is None or [str(parent) for parent in body.parents] != before["parents"]):
        faults += await _wrong_owners(connection, caller, body.parents, before["id"] if before else None)
    if faults:
        raise invalid(faults)


async def _wrong_owners(connection: AsyncConnection, caller: Caller, parents: list[UUID], counterparty_id: UUID | None) -> list[Fault]:
    """A fault for each owner that is unknown or would close a circle; the caller has locked ownership."""
    seen = held(select(counterparty.c.id).where(counterparty.c.id.in_(set(parents)), visible(caller)))
    known = set(await connection.scalars(seen))
    owned = await owned_by(connection, counterparty_id) if counterparty_id else set()
    return wrong_owners(parents, known, owned)


def wrong_owners(parents: Sequence[UUID], known: AbstractSet[UUID], owned: AbstractSet[UUID]) -> list[Fault]:
    """The same, given who is known, and whom the counterparty itself owns."""
    faults = [Fault(f"/parents/{number}", "counterparty-unknown", _UNKNOWN) for number, parent in enumerate(parents) if parent not in known]
    return faults + [Fault(f"/parents/{number}", "parent-owned", _CIRCLE) for number, parent in enumerate(parents) if parent in owned]


_UNKNOWN = Words("没有这个往来对象，请查询后填写其编号。", "Unknown counterparty; look its id up.")
_CIRCLE = Words("所有者不能是其自身或其所拥有的对象。", "Nobody is owned by themselves or by what they own.")
