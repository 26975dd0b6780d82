"""Units as SCIM groups: their members are the persons of the unit and the units right below it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from scim2_models import Reference, Resource
from sqlalchemy import RowMapping, select

from app.access.caller import Caller
from app.kit.database import locked
from app.kit.errors import Fault, Words, invalid, not_found
from app.kit.etags import etag
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person, unit
from app.people.schemas import UnitChange, UnitIn, UnitKind
from app.people.units import Units
from app.people.visibility import in_reach, unknown_person

from .attributes import id_in, there
from .resources import GROUPS, Member, UnitGroup
from .stating import external_id_of, meta_of, shaped, unit_named
from .users import Users

Model: TypeAlias = type[Resource[Any]]


class Belonging(NamedTuple):
    """Who belongs to a unit: its persons, and the units right below."""

    persons: Sequence[UUID]
    units: Sequence[UUID]


class Groups:
    """The groups that a caller reaches."""

    def __init__(self, reading: Reading, caller: Caller, model: Model, users: Users) -> None:
        self.connection = reading.connection
        self.units = Units(reading, caller)
        self.users = users
        self.caller = caller
        self.model: Any = model
        self.base = users.base

    async def get(self, unit_id: UUID | None, *, held: bool = False, with_members: bool = True) -> Resource[Any]:
        """One group, with all its members unless they are not wanted; `held` keeps others from changing it until commit.

        Raises:
            Problem: 404.
        """
        row = await self._row(unit_id, held=held)
        return self._resource(row, (await self.belonging([row["id"]]))[row["id"]], with_members=with_members)

    async def read(self, ids: Iterable[UUID], *, with_members: bool = True) -> dict[UUID, Resource[Any]]:
        """These groups, which the caller was found to reach."""
        rows = (await self.connection.execute(select(unit).where(one_of(unit.c.id, list(ids))))).mappings().all()
        members = await self.belonging([row["id"] for row in rows])
        return {row["id"]: self._resource(row, members[row["id"]], with_members=with_members) for row in rows}

    async def belonging(self, ids: Sequence[UUID]) -> Mapping[UUID, Belonging]:
        """Who belongs to each of the units, in the order of their ids."""
        persons: dict[UUID, list[UUID]] = defaultdict(list)
        units: dict[UUID, list[UUID]] = defaultdict(list)
        of_units = select(person.c.unit_id, person.c.id).where(one_of(person.c.unit_id, list(ids)), there()).order_by(person.c.id)
        below = select(unit.c.parent_id, unit.c.id).where(one_of(unit.c.parent_id, list(ids))).order_by(unit.c.id)
        for asked, found in ((of_units, persons), (below, units)):
            for where, who in await self.connection.execute(asked):
                found[where].append(who)
        return {one: Belonging(persons[one], units[one]) for one in ids}

    async def add(self, work: Work, given: Resource[Any]) -> Resource[Any]:
        """Put a unit on record, and move its members there. Without a parent it stands below the one unit that the caller is set over, if it is one.

        Raises:
            Problem: 409 for a code that is in use, 422.
        """
        stated = await self._stated(given)
        if stated["parent"] is None and self.caller.roots is not None and len(self.caller.roots) == 1:
            (stated["parent"],) = self.caller.roots
        row = await self.units.add(work, shaped(UnitIn, stated), {"external_id": external_id_of(given)})
        await self._settle(work, row, Belonging([], []), given)
        return await self.get(row["id"])

    async def change(self, work: Work, given: Resource[Any]) -> Resource[Any]:
        """Change what differs from what stands, and move who is to belong there or no longer is.

        Raises:
            Problem: 404, 409, 412, 422.
        """
        row = await self._row(UUID(given.id))
        standing = {**{name: row[name] for name in ("name", "code", "kind", "jurisdiction")}, "parent": row["parent_id"]}
        changed = {name: value for name, value in (await self._stated(given)).items() if value != standing[name]}
        external = {} if given.external_id == row["external_id"] else {"external_id": external_id_of(given)}
        if changed or external:
            row = await self.units.change(work, row["id"], etag(row["version"]), shaped(UnitChange, changed), external)
        await self._settle(work, row, (await self.belonging([row["id"]]))[row["id"]], given)
        return await self.get(row["id"])

    async def remove(self, work: Work, unit_id: UUID | None) -> None:
        """Take an empty unit off the register.

        Raises:
            Problem: 404, 412; 409 while it has units, persons or records.
        """
        row = await self._row(unit_id)
        await self.units.remove(work, row["id"], etag(row["version"]))

    async def _settle(self, work: Work, row: RowMapping, stood: Belonging, given: Any) -> None:
        """Move members in, and out to the unit above: a person always has a unit."""
        wanted = [id_in(member.value or member.ref or "") for member in given.members or []]
        present = {*stood.persons, *stood.units}
        coming = await self._known([one for one in wanted if one not in present])
        leaving = Belonging(*([one for one in part if one not in wanted] for part in stood))
        if leaving.persons and row["parent_id"] is None:
            raise invalid([Fault("/members", "unit-required", _NOWHERE)])
        await self.users.move(work, coming.persons, row["id"])
        await self.users.move(work, leaving.persons, row["parent_id"])
        for one, parent in [*((one, row["id"]) for one in coming.units), *((one, row["parent_id"]) for one in leaving.units)]:
            version = (await self.units.get(one))["version"]
            await self.units.change(work, one, etag(version), shaped(UnitChange, {"parent": parent}))

    async def _known(self, wanted: Sequence[UUID | None]) -> Belonging:
        """Which of these are persons, and which are units.

        Raises:
            Problem: 422 when one is neither, or out of reach.
        """
        ids = [one for one in wanted if one is not None]
        persons = select(person.c.id).where(one_of(person.c.id, ids), in_reach(self.caller, person.c.unit_id), there())
        units = select(unit.c.id).where(one_of(unit.c.id, ids), in_reach(self.caller, unit.c.id))
        known = Belonging(*[list((await self.connection.execute(asked)).scalars()) for asked in (persons, units)] if ids else ([], []))
        if len(known.persons) + len(known.units) < len(set(wanted)):
            raise invalid([unknown_person("/members")])
        return known

    async def _row(self, unit_id: UUID | None, *, held: bool = False) -> RowMapping:
        if unit_id is None:
            raise not_found(Words("单位", "unit"))
        if held:
            await self.connection.execute(locked(select(unit.c.id).where(unit.c.id == unit_id)))
        return await self.units.get(unit_id)

    async def _stated(self, given: Any) -> dict[str, Any]:
        """What a resource states of a unit, in the words of the register."""
        told = given[UnitGroup] or UnitGroup()
        return {
            "name": given.display_name,
            "code": told.code or None,
            "parent": await unit_named(self.connection, self.caller, told.parent, "/parent"),
            "kind": told.kind or UnitKind.OTHER.value,
            "jurisdiction": told.jurisdiction or [],
        }

    def _resource(self, row: RowMapping, who: Belonging, *, with_members: bool = True) -> Resource[Any]:
        """A unit as a group."""
        told = hashlib.sha256(b"".join(one.bytes for part in who for one in part)).hexdigest()[:16]
        extension = UnitGroup.model_construct(
            schemas=[],
            code=row["code"],
            kind=None if row["kind"] == UnitKind.OTHER else row["kind"],
            parent=Reference(f"{self.base}/Groups/{row['parent_id']}") if row["parent_id"] else None,
            jurisdiction=row["jurisdiction"] or None,
        )
        made: Resource[Any] = self.model.model_construct(
            schemas=[],
            id=str(row["id"]),
            external_id=row["external_id"],
            display_name=row["name"],
            members=[*self._members("User", who.persons), *self._members("Group", who.units)] if with_members else None,
            meta=meta_of(GROUPS.name, row, f"{row['version']}-{told}"),
            UnitGroup=extension if row["code"] or extension.kind or extension.parent or extension.jurisdiction else None,
        )
        return made

    def _members(self, sort: str, ids: Sequence[UUID]) -> list[Member]:
        fields, base = {"value", "ref", "type"}, f"{self.base}/{sort}s"
        return [Member.model_construct(fields, value=str(one), ref=Reference(f"{base}/{one}"), type=sort) for one in ids]


_NOWHERE = Words(
    "顶层单位的人员不能直接移出，请将其加入另一单位。",
    "A person always has a unit, and there is none above this one: add them to another unit instead.",
)
