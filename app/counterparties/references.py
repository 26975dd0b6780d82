"""Whom a declaration means: its reference to the other side, resolved to one counterparty.

An id stands for itself. Otherwise a registered counterparty with the same identifier is meant, else the only registered
one that bears the name or has it as an alias; else one row per identifier and per name stands for what is not registered,
so that two declarations that say the same mean the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, insert, select, union, update
from sqlalchemy.exc import IntegrityError

from app.kit import clock
from app.kit.database import held, insert_unless_there, lock_all
from app.kit.errors import Fault, Words, invalid
from app.kit.ids import new_id
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.rulebook.statement import CounterpartyReference

from .identifiers import check_identifier
from .models import counterparty, counterparty_name, counterparty_owner
from .names import name_key, name_row
from .records import record, record_entered
from .regions import REGIONS

_UNKNOWN = Words(
    "没有这个已登记的往来对象，请查询后填写其编号，或改填名称。", "No such registered counterparty; look its id up, or give a name instead."
)
_NO_REGION = Words("不是 ISO 3166-1 二字母代码，如 CN、HK、MO、TW。", "Not an ISO 3166-1 alpha-2 code such as CN, HK, MO or TW.")


async def resolve(view: Reading, reference: CounterpartyReference, pointer: str) -> UUID | None:
    """The counterparty that is meant, None when the register knows none by that name; `pointer` is where the reference stands.

    Raises:
        Problem: 422 for an id that is not registered, a wrong check digit, or a region that is none.
    """
    known = await _find(view, reference, pointer)
    return None if known is None else known.id


async def resolve_or_add(work: Work, reference: CounterpartyReference, pointer: str) -> UUID:
    """The counterparty that is meant; an unknown name is entered, not registered, with what is stated of it.

    Raises:
        Problem: 422 as for `resolve`.
    """
    known = await _find(work, reference, pointer)
    if known is None:
        return await _add(work, reference)
    if reference.identifier is not None and known.identifier is None and not known.registered:
        await _note_identifier(work, known, reference.identifier)
    found: UUID = known.id
    return found


def faults_of_reference(reference: CounterpartyReference, pointer: str) -> list[Fault]:
    """What is wrong with a reference as it is written."""
    faults = [Fault(f"{pointer}/region", "region-unknown", _NO_REGION)] if reference.region and reference.region not in REGIONS else []
    wrong = check_identifier(reference.type, reference.identifier, f"{pointer}/identifier") if reference.identifier else None
    return [*faults, wrong] if wrong else faults


async def _find(view: Reading, reference: CounterpartyReference, pointer: str) -> Row[Any] | None:
    """The row that is meant, in one statement; within a unit of work it stays until the declaration refers to it."""
    faults = faults_of_reference(reference, pointer)
    if faults:
        raise invalid(faults)
    found = await _candidates(view, reference)
    if reference.id is None:
        return _meant(found, reference.identifier)
    if not found:
        raise invalid([Fault(f"{pointer}/id", "counterparty-unknown", _UNKNOWN)])
    return found[0]


_ROWS: Select[Any] = select(counterparty.c.id, counterparty.c.registered, counterparty.c.identifier, counterparty.c.version).order_by(
    counterparty.c.id
)
_NAMED = select(counterparty_name.c.counterparty_id).where(counterparty_name.c.name_key == bindparam("named"))
_IDENTIFIED = select(counterparty.c.id).where(counterparty.c.identifier == bindparam("identified"))
_BY_ID = _ROWS.where(counterparty.c.id == bindparam("meant", type_=Uuid), counterparty.c.registered)
_BY_NAME = _ROWS.where(counterparty.c.id.in_(_NAMED))
_BY_NAME_OR_IDENTIFIER = _ROWS.where(counterparty.c.id.in_(union(_NAMED, _IDENTIFIED)))
_HELD = {statement: held(statement) for statement in (_BY_ID, _BY_NAME, _BY_NAME_OR_IDENTIFIER)}
"""Built once, with parameters: building a statement takes longer than asking it."""


async def _candidates(view: Reading, reference: CounterpartyReference) -> Sequence[Row[Any]]:
    """All that the id, the identifier or the name may stand for, oldest first."""
    statement, values = _asked(reference)
    return (await view.connection.execute(_HELD[statement] if isinstance(view, Work) else statement, values)).all()


def _asked(reference: CounterpartyReference) -> tuple[Select[Any], dict[str, Any]]:
    if reference.id is not None:
        return _BY_ID, {"meant": reference.id}
    named = {"named": name_key(reference.name or "")}
    if reference.identifier is None:
        return _BY_NAME, named
    return _BY_NAME_OR_IDENTIFIER, named | {"identified": reference.identifier}


def _meant(found: Sequence[Row[Any]], identifier: str | None) -> Row[Any] | None:
    """The one of the candidates that is meant; those without the identifier were found by name."""
    identified = [row for row in found if identifier is not None and row.identifier == identifier]
    named = [row for row in found if row not in identified]
    registered = [row for row in named if row.registered]
    for choice in ([row for row in identified if row.registered], registered if len(registered) == 1 else [], identified):
        if choice:
            return choice[0]
    return next((row for row in named if not row.registered), None)


async def _add(work: Work, reference: CounterpartyReference) -> UUID:
    """Enter an unregistered counterparty, or find the one that somebody else has entered in the meantime."""
    key = name_key(reference.name or "")
    await lock_name(work, key)
    own = new_id()
    row: dict[str, Any] = {
        "id": own,
        "name": reference.name,
        "name_key": key,
        "aliases": [],
        "type": reference.type,
        "identifier": reference.identifier,
        "region": reference.region,
        "parents": [],
        "registered": False,
        "created_at": clock.now(),
        "version": 1,
    }
    meanwhile = _meant(await _candidates(work, reference), reference.identifier)
    if meanwhile is None:
        entered = await work.connection.execute(insert_unless_there(work.connection, counterparty).values(row))
        if not entered.rowcount:
            meanwhile = _meant(await _candidates(work, reference), reference.identifier)
    if meanwhile is not None:
        known: UUID = meanwhile.id
        return known
    await work.connection.execute(insert(counterparty_name).values(name_row(own, key)))
    await work.connection.execute(insert(counterparty_owner).values(counterparty_id=own, owner_id=own))
    record_entered(work, row, {"digest": digest(reference.model_dump(mode="json"))})
    return own


async def lock_name(work: Work, key: str) -> None:
    """One at a time enters or registers a name; else a name could be entered while it is being registered."""
    await lock_names(work, [key])


async def lock_names(work: Work, keys: Iterable[str]) -> None:
    """The same for several names."""
    await lock_all(work.connection, [f"counterparty name {key}" for key in keys])


async def _note_identifier(work: Work, known: Row[Any], identifier: str) -> None:
    """Keep an identifier that is stated for the first time, so that it alone finds the same counterparty from now on.

    Should another row have just been entered with it, that one keeps it.
    """
    same = (counterparty.c.id == known.id) & (counterparty.c.version == known.version)
    try:
        async with work.connection.begin_nested():
            noted = await work.connection.execute(update(counterparty).where(same).values(identifier=identifier, version=known.version + 1))
    except IntegrityError:
        return
    if noted.rowcount:
        await record(work, "counterparty.identified", known.id, {"digest": digest(identifier)})
