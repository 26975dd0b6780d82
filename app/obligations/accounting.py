"""What accounts for an obligation: each of its kinds by a declaration that stands and touches the period, or by a nil return that stands.

Declarations that the commission has entered account for nothing, as they register nothing; so nothing here moves with what an official may not know.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, String, Uuid, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from app.declarations.models import declaration
from app.declarations.schemas import Status
from app.kit.database import locked
from app.kit.statements import one_of
from app.kit.tables import Json, as_text
from app.ledger.unit_of_work import Work
from app.rulebook.facts import Source

from .models import nil_return, obligation
from .moving import Row, Values, move, move_each
from .states import DONE, UNMET, ObligationState, done_as


class Account(NamedTuple):
    """A kind that is accounted for: since which day, by which declaration or nil return."""

    kind: str
    on: date
    declaration: UUID | None
    nil_return: UUID | None


class Done(NamedTuple):
    """The day by which every kind was accounted for, and by what the last one was; all None while one is not."""

    on: date | None
    declaration: UUID | None
    nil_return: UUID | None


def outstanding(kinds: Sequence[str], accounts: Iterable[Account]) -> list[str]:
    """The kinds that nothing accounts for, in their order."""
    accounted = {account.kind for account in accounts}
    return [kind for kind in kinds if kind not in accounted]


def done(kinds: Sequence[str], accounts: Sequence[Account]) -> Done | None:
    """When and by what an obligation was met; None while a kind is outstanding. Of several for one kind the first counts."""
    if outstanding(kinds, accounts):
        return None
    first = {kind: min((one for one in accounts if one.kind == kind), key=_order) for kind in kinds}
    last = max(first.values(), key=_order)
    return Done(last.on, last.declaration, last.nil_return)


def _order(account: Account) -> tuple[date, str]:
    return account.on, str(account.declaration or account.nil_return)


async def accounts_of(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[Account]]:
    """By obligation, what accounts for its kinds."""
    found = defaultdict[UUID, list[Account]](list)
    if not ids:
        return found
    for row in (await connection.execute(_accounts(), {"ids": list(ids)})).mappings():
        for kind in [row["kind"]] if row["kind"] else row["kinds"]:
            found[row["id"]].append(Account(kind, row["day"], row["declaration_id"], row["nil_return_id"]))
    return found


def _accounts() -> CompoundSelect[Any]:
    returned = (
        select(
            obligation.c.id,
            cast(null(), String).label("kind"),
            nil_return.c.kinds,
            nil_return.c.filed_on.label("day"),
            cast(null(), Uuid).label("declaration_id"),
            nil_return.c.id.label("nil_return_id"),
        )
        .join_from(obligation, nil_return, nil_return.c.person_id == obligation.c.person_id)
        .where(one_of(obligation.c.id, "ids"), nil_return.c.withdrawn_at.is_(None), returned_for())
    )
    declared = (
        select(
            obligation.c.id,
            declaration.c.kind.label("kind"),
            cast(null(), Json).label("kinds"),
            declaration.c.declared_on.label("day"),
            declaration.c.id.label("declaration_id"),
            cast(null(), Uuid).label("nil_return_id"),
        )
        .join_from(obligation, declaration, declaration.c.declarant_id == obligation.c.person_id)
        .where(one_of(obligation.c.id, "ids"), stands(), touches(obligation), names(obligation.c.kinds, declaration.c.kind))
    )
    return union_all(returned, declared)


def stands() -> ColumnElement[bool]:
    """The declaration is filed, by the official or for them."""
    return and_(declaration.c.status == Status.SUBMITTED, declaration.c.source != Source.COMMISSION)


def touches(of: Any) -> ColumnElement[bool]:
    """The conduct shares a day with the period of an obligation or a nil return."""
    begun = or_(of.c.period_until.is_(None), declaration.c.occurred_from <= of.c.period_until)
    return and_(begun, or_(declaration.c.occurred_until.is_(None), declaration.c.occurred_until >= of.c.period_from))


def names(kinds: ColumnElement[Any], kind: ColumnElement[str]) -> ColumnElement[bool]:
    """A list of kinds, which is kept as JSON, holds the kind."""
    return as_text(kinds).like(literal('%"') + kind + literal('"%'))


def returned_for() -> ColumnElement[bool]:
    """The nil return was made for the obligation, or for its campaign."""
    return or_(nil_return.c.obligation_id == obligation.c.id, nil_return.c.campaign_id == obligation.c.campaign_id)


COLUMNS = obligation.c[
    "id",
    "person_id",
    "type",
    "campaign_id",
    "event_on",
    "kinds",
    "due_on",
    "lawful_until",
    "state",
    "met_on",
    "declaration_id",
    "nil_return_id",
    "version",
]
"""What moving an obligation needs to know of it."""


async def account_for(work: Work, person_id: UUID) -> None:
    """See anew what the person owes, after a declaration or a nil return was filed, amended or taken back; in the transaction of that act."""
    known = select(*COLUMNS).where(obligation.c.person_id == person_id, obligation.c.state.in_((*UNMET, *DONE))).order_by(obligation.c.id)
    await settle(work, (await work.connection.execute(locked(known, of=obligation))).mappings().all())


async def settle(work: Work, rows: Sequence[Row]) -> list[Row]:
    """Mark locked obligations done that are accounted for, and open again what no longer is; those that stay unmet."""
    accounts = await accounts_of(work.connection, [row["id"] for row in rows])
    left, taken_back, now_done = list[Row](), list[Row](), list[tuple[Row, ObligationState, Values]]()
    for row in rows:
        found = done(row["kinds"], accounts.get(row["id"], []))
        if found is None:
            (taken_back if row["state"] in DONE else left).append(row)
        elif found != (row["met_on"], row["declaration_id"], row["nil_return_id"]):
            now_done.append((row, done_as(found.on or row["due_on"], row["due_on"]), _met_by(found)))
    await move(work, taken_back, ObligationState.OPEN, _met_by(Done(None, None, None)))
    await move_each(work, now_done)
    return left


def _met_by(found: Done) -> Values:
    return {"met_on": found.on, "declaration_id": found.declaration, "nil_return_id": found.nil_return}
