"""Who may file for whom: oneself, as a delegate, as HR in its units, as the commission."""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select

from app.access.caller import Caller, Scope
from app.declarations.schemas import Filing
from app.kit import clock
from app.kit.errors import Fault, Words, invalid, not_found
from app.ledger.unit_of_work import Reading
from app.people.models import person
from app.people.visibility import in_reach, own
from app.rulebook.facts import Source

_DECLARANT = Words("申报人", "declarant")
_OWN_DISCOVERY = Words(
    "本人的事项由本人申报，不能由本人以纪检发现登记。",
    "What concerns yourself is yours to declare; a colleague enters what was discovered.",
)


async def may_file(view: Reading, caller: Caller, filing: Filing) -> tuple[UUID, Source]:
    """(the declarant, the capacity in which the caller files).

    Raises:
        Problem: 422 when nobody is named, or oneself as discovered; 404 for a person out of reach; 403 naming the scope.
    """
    declarant = filing.declarant or caller.person
    if declarant is None:
        said = Words("此密钥不代表任何人员，请填写申报人。", "This key speaks for nobody; name the declarant.")
        raise invalid([Fault("/declarant", "missing", said)])
    if declarant == caller.person and filing.source in (None, Source.SELF) and caller.may(Scope.DECLARATIONS_WRITE):
        source = Source.SELF
    else:
        source = await _capacity(view, caller, declarant, filing.source)
    if filing.declared_on not in (None, clock.today()):
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS, Scope.REVIEWS_WRITE)
    return declarant, source


async def may_ask(view: Reading, caller: Caller, person_id: UUID | None) -> UUID:
    """For whom the caller may ask for an approval: whoever may file for them.

    Raises:
        Problem: 422 when nobody is named; 404 for a person out of reach; 403 naming the scope.
    """
    whose = person_id or caller.person
    if whose is None:
        said = Words("此密钥不代表任何人员，请填写为谁申请。", "This key speaks for nobody; name the person.")
        raise invalid([Fault("/person", "missing", said)])
    if not (whose == caller.person and caller.may(Scope.DECLARATIONS_WRITE)):
        await _capacity(view, caller, whose, None)
    return whose


async def _capacity(view: Reading, caller: Caller, declarant: UUID, stated: Source | None) -> Source:
    """In which capacity the caller may file for the declarant; who does not act for them must reach their unit."""
    is_own, reached = await _standing(view, caller, declarant)
    source = stated or (Source.SELF if is_own else Source.HR)
    if source is Source.COMMISSION:
        caller.require(Scope.REVIEWS_WRITE)
    elif source is Source.SELF and is_own:
        caller.require(Scope.DECLARATIONS_WRITE, Scope.DECLARATIONS_FILE_FOR_OTHERS)
    else:
        caller.require(Scope.DECLARATIONS_FILE_FOR_OTHERS)
    acts_for = source is Source.SELF and is_own and caller.may(Scope.DECLARATIONS_WRITE)
    if not (acts_for or reached):
        raise not_found(_DECLARANT)
    if source is Source.COMMISSION and declarant == caller.person:
        raise invalid([Fault("/source", "discovered-by-oneself", _OWN_DISCOVERY)])
    return source


async def _standing(view: Reading, caller: Caller, declarant: UUID) -> tuple[bool, bool]:
    """(is the caller the person or the person's delegate, does the caller reach the person's unit)."""
    row = (await view.connection.execute(_asked_standing(caller, clock.today()), {"declarant": declarant})).first()
    return (bool(row.is_own), bool(row.reached)) if row else (False, False)


@lru_cache(maxsize=1_000)
def _asked_standing(caller: Caller, today: date) -> Select[Any]:
    """The statement for a caller, kept for the day, as delegations run by days: building it takes longer than asking it."""
    standing: list[Any] = [own(caller, person.c.id, today).label("is_own"), in_reach(caller, person.c.unit_id).label("reached")]
    return select(*standing).where(person.c.id == bindparam("declarant", type_=Uuid))
