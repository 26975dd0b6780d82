"""Many counterparties at once, by their identifiers, or by their names: who is new, what changes; held against the same rules as one by one.

Those who are new are written together. Those who change, and those whom declarations have entered before, take the way of one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping, not_, or_, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault, Words
from app.kit.ids import new_id
from app.kit.problems import faults_of
from app.kit.statements import one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work
from app.people.plans import Act, Plan, refused
from app.people.visibility import units_in_reach

from .checks import wrong_owners
from .identifiers import check_identifier
from .models import counterparty, counterparty_name, counterparty_owner, counterparty_relation
from .names import name_key, name_row
from .owners import lock_owners, owned_by
from .records import record_registered
from .references import lock_names
from .registering import columns_of, keys_of, standing
from .relations import relation_rows, relations_of, unreached
from .schemas import CounterpartyIn
from .service import Counterparties
from .visibility import visible

_SEVERAL = Words("有几个往来对象用此名称，请填写证照号码。", "Several counterparties bear this name; give the identifier.")


@dataclass(slots=True)
class Stated(Plan):
    """What is to be done for one counterparty: the statement as it is to stand, and which fields of it are others."""

    body: CounterpartyIn | None = None
    fields: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the register holds that the statements may mean or name."""

    rows: Sequence[RowMapping]
    relations: Mapping[UUID, Sequence[RowMapping]]
    owners: AbstractSet[UUID]
    units: AbstractSet[UUID]


async def plan_counterparties(
    view: Reading, caller: Caller, stated: Sequence[Mapping[str, Any]], assumed: AbstractSet[UUID] = frozenset()
) -> list[Stated]:
    """What is to be done for counterparties of whom these fields are stated; fields that are not stay, and names once known remain aliases.

    No two refer to each other; `assumed` are owners that would be on record by the time that this is done. Within a unit of work ownership and names are locked.
    """
    if isinstance(view, Work):
        await lock_owners(view.connection)
        await lock_names(view, {name_key(name) for values in stated for name in _names(values)})
    known = await _known(view, caller, stated, assumed)
    plans = [_planned(values, known) for values in stated]
    for plan in plans:
        if plan.before is not None and "parents" in plan.fields and plan.body is not None:
            owned = await owned_by(view.connection, plan.before["id"])
            plan.faults += wrong_owners(plan.body.parents or [], known.owners, owned)
        plan.refuse()
    return plans


async def write_counterparties(work: Work, caller: Caller, plans: Sequence[Stated]) -> None:
    """Do what is planned.

    Raises:
        Problem: 409 for an identifier that was registered meanwhile, 412.
    """
    new = [plan for plan in plans if plan.act is Act.CREATE and plan.body is not None]
    entered = await _entered(work, [plan.body for plan in new if plan.body is not None])
    service = Counterparties(work, caller)
    together = []
    for plan in new:
        body: Any = plan.body
        if body.identifier in entered or not entered.isdisjoint(keys_of(body)):
            plan.id = (await service.register(work, body))["id"]
        else:
            together.append(plan)
    await _insert(work, together)
    for plan in plans:
        if plan.act is Act.CHANGE and plan.before is not None and plan.body is not None:
            await service.restate(work, plan.before, plan.body, plan.fields)


async def _insert(work: Work, plans: Sequence[Stated]) -> None:
    """New counterparties, table by table."""
    now, rows, names, relations = clock.now(), [], [], []
    bodies: list[tuple[Any, CounterpartyIn]] = [(plan.id, plan.body) for plan in plans if plan.body is not None]
    for known, body in bodies:
        row = {"id": known, **columns_of(body), "registered": True, "created_at": now, "version": 1}
        related = relation_rows(known, body.relations or [])
        record_registered(work, row, related, {"taken_over": False, "digest": digest(body.model_dump(mode="json"))})
        rows.append(row)
        names += [name_row(known, key) for key in keys_of(body)]
        relations += related
    owners = await _owners(work, bodies)
    await work.insert((counterparty, rows), (counterparty_name, names), (counterparty_owner, owners), (counterparty_relation, relations))


async def _owners(work: Work, bodies: Sequence[tuple[UUID, CounterpartyIn]]) -> list[dict[str, UUID]]:
    """The closure of ownership for counterparties who own nobody yet."""
    parents = {parent for _, body in bodies for parent in body.parents or []}
    above: dict[UUID, set[UUID]] = {}
    owner = counterparty_owner.c
    for lower, upper in await work.connection.execute(
        select(owner.counterparty_id, owner.owner_id).where(one_of(owner.counterparty_id, list(parents)))
    ):
        above.setdefault(lower, set()).add(upper)
    return [
        {"counterparty_id": known, "owner_id": upper}
        for known, body in bodies
        for upper in {known}.union(*(above[parent] for parent in body.parents or []))
    ]


async def _entered(view: Reading, bodies: Sequence[CounterpartyIn]) -> set[str]:
    """The names and identifiers of theirs that declarations have entered."""
    own = counterparty.c
    keys = {key for body in bodies for key in keys_of(body)}
    identifiers = {body.identifier for body in bodies if body.identifier}
    asked = select(own.name_key, own.identifier).where(not_(own.registered), or_(own.name_key.in_(keys), own.identifier.in_(identifiers)))
    return {said for row in await view.connection.execute(asked) for said in row if said}


async def _known(view: Reading, caller: Caller, stated: Sequence[Mapping[str, Any]], assumed: AbstractSet[UUID]) -> _Known:
    own = counterparty.c
    keys = {name_key(values["name"]) for values in stated if values.get("name")}
    identifiers = {values["identifier"] for values in stated if values.get("identifier")}
    asked = select(counterparty).where(own.registered, or_(own.name_key.in_(keys), own.identifier.in_(identifiers))).order_by(own.id)
    rows = list((await view.connection.execute(locked(asked) if isinstance(view, Work) else asked)).mappings())
    parents = {parent for values in stated for parent in values.get("parents") or ()}
    owners = set(await view.connection.scalars(select(own.id).where(one_of(own.id, list(parents)), visible(caller)))) if parents else set()
    units = {related["unit"] for values in stated for related in values.get("relations") or () if "unit" in related}
    reached = await units_in_reach(view.connection, caller, units, hold=isinstance(view, Work)) if units else set()
    return _Known(rows, await relations_of(view.connection, caller, [row["id"] for row in rows]), owners | assumed, reached)


def _planned(values: Mapping[str, Any], known: _Known) -> Stated:
    """The plan for one; whether its owners are owned by it is yet to be looked at."""
    meant = _meant(values, known.rows)
    if len(meant) > 1:
        return _refused(Fault("/name", "counterparty-ambiguous", _SEVERAL))
    before = meant[0] if meant else None
    try:
        body = CounterpartyIn.model_validate(_whole(values, before, known))
    except ValidationError as error:
        return _refused(*faults_of(error.errors(include_input=False, include_url=False)))
    wrong = check_identifier(body.type, body.identifier) if body.identifier else None
    faults = (
        [*([wrong] if wrong else []), *unreached(body.relations or [], known.units)] if "relations" in values else [wrong] if wrong else []
    )
    if before is None:
        faults += wrong_owners(body.parents or [], known.owners, frozenset())
        return Stated(Act.CREATE, new_id(), faults=faults, body=body)
    fields = _differing(values, body, before, known)
    return Stated(Act.CHANGE if fields else Act.LEAVE, before["id"], before=before, faults=faults, body=body, fields=fields)


def _meant(values: Mapping[str, Any], rows: Sequence[RowMapping]) -> list[RowMapping]:
    """Who is meant: the one with the identifier; else those of the name, of whom none bears another."""
    identifier = values.get("identifier")
    identified = [row for row in rows if identifier and row["identifier"] == identifier]
    if identified or not values.get("name"):
        return identified
    named = [row for row in rows if row["name_key"] == name_key(values["name"])]
    return [row for row in named if row["identifier"] is None] if identifier else named


def _whole(values: Mapping[str, Any], before: RowMapping | None, known: _Known) -> dict[str, Any]:
    """The statement as it is to stand: a name that changes, and aliases that are not stated again, stay among the aliases."""
    if before is None:
        return dict(values)
    stands = standing(before)
    aliases = dict.fromkeys([*stands["aliases"], *(values.get("aliases") or ())])
    if values.get("name", stands["name"]) != stands["name"]:
        aliases[stands["name"]] = None
    related = [
        {"unit": one["unit_id"], **{name: one[name] for name in ("relation", "from_on", "until_on")}}
        for one in known.relations.get(before["id"], ())
    ]
    return {**stands, "relations": related, **values, "aliases": [one for one in aliases if one != values.get("name", stands["name"])]}


def _differing(values: Mapping[str, Any], body: CounterpartyIn, before: RowMapping, known: _Known) -> set[str]:
    columns = columns_of(body)
    fields = {name for name in ("name", "aliases", "type", "identifier", "region") if columns[name] != before[name]}
    if sorted(columns["parents"]) != sorted(before["parents"]):
        fields.add("parents")
    if "relations" in values and _compared(body) != sorted(map(str, map(_as_tuple, known.relations.get(before["id"], ())))):
        fields.add("relations")
    return fields


def _compared(body: CounterpartyIn) -> list[str]:
    return sorted(str((one.unit, one.relation.value, one.from_on, one.until_on)) for one in body.relations or [])


def _as_tuple(row: RowMapping) -> tuple[Any, ...]:
    return (row["unit_id"], str(row["relation"]), row["from_on"], row["until_on"])


def _names(values: Mapping[str, Any]) -> Iterable[str]:
    return (name for name in (values.get("name"), *(values.get("aliases") or ())) if name)


def _refused(*faults: Fault) -> Stated:
    plan = refused(*faults)
    return Stated(plan.act, faults=plan.faults)
