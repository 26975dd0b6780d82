"""Which declarations a caller sees, and whose confidential findings: one condition for lists and single reads."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Uuid, and_, false, literal, not_, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import COMMISSION, Caller, Scope
from app.kit.errors import Words, not_found
from app.ledger.unit_of_work import Reading
from app.people.visibility import in_reach, own
from app.rulebook.facts import Source

from .models import declaration
from .schemas import Status

Found = TypeVar("Found")

DECLARATION = Words("申报", "declaration")


async def by_either_id(view: Reading, named: UUID, read: Callable[[UUID], Awaitable[Found | None]]) -> Found:
    """What `read` finds of one declaration by its id, else by the id whose client named it so (`client_id`): every door with a declaration in its path.

    `read` holds visibility. The common way costs no statement of its own; an id comes first, so that nobody can stand before a declaration
    by calling their own like it.

    Raises:
        Problem: 404.
    """
    found = await read(named)
    if found is None:
        known = await view.connection.scalar(select(declaration.c.id).where(declaration.c.client_id == named))
        found = None if known is None else await read(known)
    if found is None:
        raise not_found(DECLARATION)
    return found


def is_named(column: ColumnElement[UUID], named: UUID) -> ColumnElement[bool]:
    """That a column holds the id of the declaration that is named by either of its ids, for what is looked up by an id of its own besides."""
    return or_(column == named, column == select(declaration.c.id).where(declaration.c.client_id == named).scalar_subquery())


def visible(caller: Caller, status: ColumnElement[str] = declaration.c.status) -> ColumnElement[bool]:
    """The declarant's own; in the commission's reach, all but drafts; what one filed. Never what was discovered of oneself.

    `status` is what it says of a declaration where that is not asked of today: the rest of what decides never changes.
    """
    ways: list[ColumnElement[bool]] = []
    if caller.may(Scope.DECLARATIONS_WRITE):
        ways.append(and_(own(caller, declaration.c.declarant_id), declaration.c.source != Source.COMMISSION))
    if caller.may(*COMMISSION):
        ways.append(and_(in_reach(caller, declaration.c.unit_id), status != Status.DRAFT, _not_of_oneself(caller)))
    if caller.may(Scope.DECLARATIONS_FILE_FOR_OTHERS, Scope.REVIEWS_WRITE):
        ways.append(and_(declaration.c.created_by == caller.actor, in_reach(caller, declaration.c.unit_id)))
    return or_(*ways) if ways else false()


def _not_of_oneself(caller: Caller) -> ColumnElement[bool]:
    """Not discovered of the caller, who may sit on the commission."""
    return true() if caller.person is None else or_(declaration.c.source != Source.COMMISSION, declaration.c.declarant_id != caller.person)


def as_commission(caller: Caller) -> ColumnElement[bool]:
    """The declarations that the caller sees with the commission's eyes, confidential findings included: never one's own.

    Nor those seen as somebody's delegate alone, of units that the commission's office does not reach; whoever speaks for
    nobody sees none beyond reach anyway.
    """
    if not caller.may(*COMMISSION):
        return false()
    if caller.person is None:
        return true()
    return and_(in_reach(caller, declaration.c.unit_id), declaration.c.declarant_id != caller.person)


def counted(caller: Caller) -> ColumnElement[bool]:
    """What statistics count: within reach, with the commission's eyes. Never one's own, as a number that moves would tell of an inquiry."""
    return and_(in_reach(caller, declaration.c.unit_id), as_commission(caller))


async def is_as_commission(view: Reading, caller: Caller, declarant_id: UUID, unit_id: UUID) -> bool:
    """`as_commission` for a declaration at hand; the database is asked only where the reach decides."""
    if not caller.may(*COMMISSION) or declarant_id == caller.person:
        return False
    if caller.person is None or caller.roots is None:
        return True
    return bool(await view.connection.scalar(select(in_reach(caller, literal(unit_id, Uuid)))))


def in_view(commission: ColumnElement[bool], known: ColumnElement[bool], shown: ColumnElement[bool]) -> ColumnElement[bool]:
    """What holds in the commission's view where the caller has it (`as_commission`), and in the declarant's elsewhere.

    Where there is one view alone, its condition stands by itself, so that an index serves.
    """
    if commission is true():
        return known
    return or_(and_(known, commission), and_(shown, not_(commission)))


def whose(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[UUID, bool]]:
    """Whose declarations these are, and whether the declarants may know of them: not of what the commission discovered."""
    return ((row["declarant_id"], row["source"] != Source.COMMISSION) for row in rows)
