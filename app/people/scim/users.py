"""Persons as SCIM users: read, put on record, changed, and taken off while the register keeps them."""

from collections.abc import Iterable
from typing import Any, TypeAlias
from uuid import UUID

from scim2_models import Reference, Resource
from sqlalchemy import RowMapping, exists, or_, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Words, not_found
from app.kit.etags import etag
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person, unit
from app.people.persons import Persons, number_taken, visible_persons
from app.people.schemas import PersonChange, PersonIn
from app.people.visibility import in_reach
from app.rulebook.facts import LeftReason

from .attributes import called, there
from .resources import USERS, EnterpriseUser, Membership, Name, OfficialUser
from .stating import external_id_of, meta_of, shaped, unit_named, user_name_of, written

Model: TypeAlias = type[Resource[Any]]
_SELECT = select(person, unit.c.name.label("unit_name")).join(unit, unit.c.id == person.c.unit_id)
_OFFICIAL = ("staff_class", "rank", "is_leader", "party_member", "post_from_on", "birth_on")


class Users:
    """The users whom a caller sees; their references begin with `base`, the address of the service."""

    def __init__(self, reading: Reading, caller: Caller, model: Model, base: str) -> None:
        self.connection = reading.connection
        self.persons = Persons(reading, caller)
        self.caller = caller
        self.model: Any = model
        self.base = base

    async def get(self, person_id: UUID | None, *, held: bool = False) -> Resource[Any]:
        """One user; `held` keeps others from changing it until commit.

        Raises:
            Problem: 404.
        """
        return self._resource(await self._row(person_id, held=held))

    async def read(self, ids: Iterable[UUID]) -> dict[UUID, Resource[Any]]:
        """These users, whom the caller was found to see."""
        rows = (await self.connection.execute(_SELECT.where(one_of(person.c.id, list(ids))))).mappings()
        return {row["id"]: self._resource(row) for row in rows}

    async def add(self, work: Work, given: Resource[Any]) -> Resource[Any]:
        """Put a person on record, or bring back one who was taken off.

        Raises:
            Problem: 409 for an employee number that is in use, 422.
        """
        stated = await self._stated(given) | _leaving(given, None)
        gone = (await self.connection.execute(self._taken_off(given))).mappings().first()
        kept = _provisioned(given)
        await self._require_free(given, gone["id"] if gone else None)
        if gone is None:
            row = await self.persons.add(work, shaped(PersonIn, stated), kept)
        else:
            back = shaped(PersonChange, stated)
            row = await self.persons.change(work, gone["id"], etag(gone["version"]), back, {**kept, "deprovisioned_at": None})
        return await self.get(row["id"])

    async def change(self, work: Work, given: Resource[Any]) -> Resource[Any]:
        """Change what differs from what stands.

        Raises:
            Problem: 404, 409, 412, 422.
        """
        row = await self._row(UUID(given.id))
        stated = {**await self._stated(given), **_leaving(given, row)}
        standing = {**row, "unit": row["unit_id"]}
        changed = {name: value for name, value in stated.items() if value != written(standing[name])}
        kept = {name: value for name, value in _provisioned(given).items() if value != row[name]}
        if "employee_number" in changed or kept:
            await self._require_free(given, row["id"])
        if changed or kept:
            await self.persons.change(work, row["id"], etag(row["version"]), shaped(PersonChange, changed), kept)
        return await self.get(row["id"])

    async def remove(self, work: Work, person_id: UUID | None) -> None:
        """Take a person off as far as SCIM is concerned: they have left, today unless it is known when; the record and all that is on file stay.

        Raises:
            Problem: 404, 412.
        """
        row = await self._row(person_id)
        left = {} if _has_left(row) else {"left_on": clock.today(), "left_reason": row["left_reason"] or LeftReason.RESIGNED}
        gone = {"deprovisioned_at": clock.now()}
        await self.persons.change(work, row["id"], etag(row["version"]), shaped(PersonChange, left), gone)

    async def move(self, work: Work, ids: Iterable[UUID], unit_id: UUID) -> None:
        """Move persons to a unit, as far as they are not there.

        Raises:
            Problem: 404 for a person out of reach.
        """
        wanted = select(person.c.id, person.c.version).where(one_of(person.c.id, list(ids)), person.c.unit_id != unit_id)
        for row in (await self.connection.execute(locked(wanted.order_by(person.c.id)))).all():
            await self.persons.change(work, row.id, etag(row.version), shaped(PersonChange, {"unit": unit_id}))

    def _taken_off(self, given: Resource[Any]) -> Any:
        """The person of this name or number who was taken off, if within reach."""
        name, number = _names(given)
        same = select(person.c.id, person.c.version).where(or_(called(name), person.c.employee_number == number), ~there())
        return locked(same.where(in_reach(self.caller, person.c.unit_id)).limit(1))

    async def _require_free(self, given: Resource[Any], own: UUID | None) -> None:
        """Nobody else has this user name; where it is the employee number, another's login name may be it.

        Raises:
            Problem: 409.
        """
        others = select(exists().where(called(_names(given)[0]), person.c.id.is_distinct_from(own)))
        if await self.connection.scalar(others):
            raise number_taken()

    async def _row(self, person_id: UUID | None, *, held: bool = False) -> RowMapping:
        if held:
            await self.connection.execute(locked(select(person.c.id).where(person.c.id == person_id)))
        statement = _SELECT.where(person.c.id == person_id, visible_persons(self.caller), there())
        row = None if person_id is None else (await self.connection.execute(statement)).mappings().first()
        if row is None:
            raise not_found(Words("人员", "person"))
        return row

    async def _stated(self, given: Any) -> dict[str, Any]:
        """What a resource states of a person, besides whether they have left, in the words of the register."""
        official: Any = given[OfficialUser]
        core = {"employee_number": _names(given)[1], "name": given.display_name, "position": given.title or None}
        told = {name: getattr(official, name) or None if name.endswith("_on") else getattr(official, name) for name in _OFFICIAL}
        return {**core, **told, "unit": await unit_named(self.connection, self.caller, official.unit, "/unit")}

    def _resource(self, row: RowMapping) -> Resource[Any]:
        """A person as a user. Its tag is weak: the unit's name may change beneath it."""
        login, number = row["user_name"], row["employee_number"]
        unit_at: Reference[Any] = Reference(f"{self.base}/Groups/{row['unit_id']}")
        told = {name: written(row[name]) for name in (*_OFFICIAL, "left_on", "left_reason")}
        made: Resource[Any] = self.model.model_construct(
            schemas=[],
            id=str(row["id"]),
            external_id=row["external_id"],
            user_name=login or number,
            display_name=row["name"],
            name=Name.model_construct(formatted=row["name"]),
            title=row["position"],
            active=not _has_left(row),
            groups=[Membership.model_construct(value=str(row["unit_id"]), ref=unit_at, display=row["unit_name"])],
            meta=meta_of(USERS.name, row, str(row["version"])),
            EnterpriseUser=EnterpriseUser.model_construct(
                schemas=[], employee_number=number if login else None, department=row["unit_name"]
            ),
            OfficialUser=OfficialUser.model_construct(schemas=[], unit=unit_at, **told),
        )
        return made


def _names(given: Any) -> tuple[str, str]:
    """The user name and the employee number, which is the user name unless it is said."""
    enterprise = given[EnterpriseUser]
    return given.user_name, (enterprise.employee_number if enterprise else None) or given.user_name


def _provisioned(given: Any) -> dict[str, Any]:
    """What an HR system calls a person. A user name is kept where the employee number was said beside it."""
    enterprise = given[EnterpriseUser]
    said = enterprise is not None and enterprise.employee_number
    return {"external_id": external_id_of(given), "user_name": user_name_of(given) if said else None}


def _has_left(row: RowMapping) -> bool:
    """A day of leaving that is still to come is known, and the person in service until then."""
    return row["left_on"] is not None and row["left_on"] <= clock.today()


def _leaving(given: Any, row: RowMapping | None) -> dict[str, Any]:
    """When and why a person left. What was changed counts: the day if it was, else whether they are in service."""
    official = given[OfficialUser]
    day, reason = official.left_on or None, official.left_reason or None
    stood = written(row["left_on"]) if row else None
    if day == stood:
        was_active = not (row and _has_left(row))
        if given.active and not was_active:
            day = None
        elif given.active is False and was_active:
            day = clock.today().isoformat()
    if day is None:
        return {"left_on": None, "left_reason": None if stood else reason}
    return {"left_on": day, "left_reason": reason or LeftReason.RESIGNED.value}
