"""Groups (关联企业): counterparties that share an owner count as one other side, as the rules see them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, exists, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.kit.statements import one_of

from .models import counterparty_owner


def group_of(counterparty_id: UUID) -> Select[Any]:
    """The ids of all that share an owner with the counterparty, itself included."""
    ours, theirs = counterparty_owner.alias("ours"), counterparty_owner.alias("theirs")
    shared = select(theirs.c.counterparty_id).join_from(ours, theirs, theirs.c.owner_id == ours.c.owner_id)
    return shared.where(ours.c.counterparty_id == counterparty_id).distinct()


def heads() -> Subquery:
    """(`counterparty_id`, `head_id`): whom each belongs to in the end; itself where nobody owns it, several where several do.

    Two share an owner exactly when they share one of these, as owners never form a circle.
    """
    every = counterparty_owner.c
    unowned = select(every.counterparty_id).group_by(every.counterparty_id).having(func.count() == 1).subquery("unowned")
    return (
        select(every.counterparty_id, every.owner_id.label("head_id"))
        .join(unowned, unowned.c.counterparty_id == every.owner_id)
        .subquery("head")
    )


def in_one_group(parties: Any, *others: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether one of the other columns names a counterparty that shares an owner with one of the given ids, or with a column."""
    ours, theirs = counterparty_owner.alias(), counterparty_owner.alias()
    given = one_of(ours.c.counterparty_id, parties) if isinstance(parties, list) else ours.c.counterparty_id == parties
    owned_alike = theirs.c.owner_id == ours.c.owner_id, or_(*(theirs.c.counterparty_id == other for other in others))
    return exists().where(given, *owned_alike).correlate_except(ours, theirs)
