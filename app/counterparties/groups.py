"""Groups (关联企业): counterparties that share an owner count as one other side, as the rules see them."""

from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Select, exists, select

from .models import counterparty_owner


def group_of(counterparty_id: UUID) -> Select[Any]:
    """The ids of all that share an owner with the counterparty, itself included."""
    ours, theirs = counterparty_owner.alias("ours"), counterparty_owner.alias("theirs")
    shared = select(theirs.c.counterparty_id).join_from(ours, theirs, theirs.c.owner_id == ours.c.owner_id)
    return shared.where(ours.c.counterparty_id == counterparty_id).distinct()


def heads() -> CTE:
    """(`counterparty_id`, `head_id`): whom each belongs to in the end; itself where nobody owns it, several where several do.

    Two share an owner exactly when they share one of these, as owners never form a circle.
    """
    of, above = counterparty_owner.alias("of"), counterparty_owner.alias("above")
    owned = exists().where(above.c.counterparty_id == of.c.owner_id, above.c.owner_id != of.c.owner_id)
    return select(of.c.counterparty_id, of.c.owner_id.label("head_id")).where(~owned).cte("head")
