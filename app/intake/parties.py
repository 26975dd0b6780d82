"""Whom a declaration names on the other side, and which counterparties of the register these are."""

from uuid import UUID

from app.counterparties.names import name_key
from app.counterparties.references import resolve, resolve_or_add
from app.ledger.unit_of_work import Reading, Work
from app.rulebook.statement import CounterpartyReference, Details


async def parties_known(view: Reading, details: Details) -> list[UUID | None]:
    """The counterparties named, the main one first; None for one that the register does not know.

    Raises:
        Problem: 422 at the reference.
    """
    return [await resolve(view, reference, _pointer(field)) for field, reference in details.parties_named()]


async def parties_entered(work: Work, details: Details) -> list[UUID | None]:
    """The counterparties named, the main one first; one that the register does not know is entered.

    A new name is locked until it is entered, so names are taken in their own order: two who name the same ones crosswise
    at the same moment would wait for each other.

    Raises:
        Problem: 422 at the reference.
    """
    named = details.parties_named()
    ids = {field: await resolve_or_add(work, reference, _pointer(field)) for field, reference in sorted(named, key=_name)}
    return [ids[field] for field, _ in named]


def _name(named: tuple[str, CounterpartyReference]) -> str:
    return name_key(named[1].name or "")


def _pointer(field: str) -> str:
    return f"/details/{field}"
