"""The register as the storage of a SCIM service: one request of one caller, within one unit of work."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from scim2_models import Path, Resource, ResourceType, ResponseParameters, SearchRequest
from scim2_server.storage import AsyncScimStorage, SearchPage

from app.access.caller import Caller
from app.ledger.unit_of_work import Reading, Work

from .attributes import id_in
from .finding import Finding
from .groups import Groups, Model
from .resources import GROUPS, USERS
from .users import Users


class Register(AsyncScimStorage):
    """What a caller may see of the register and, given a unit of work, may change in it.

    `shown` are the persons of whom the answer tells something. Of many operations in one request each has a savepoint.
    """

    supports_cursors = True

    def __init__(self, reading: Reading, caller: Caller, models: dict[str, Model], base: str, *, many: bool = False) -> None:
        self.reading = reading
        self.work = reading if isinstance(reading, Work) else None
        self.caller = caller
        self.models = models
        self.many = many
        self.users = Users(reading, caller, models["User"], base)
        self.groups = Groups(reading, caller, models["Group"], self.users)
        self.shown: set[UUID] = set()

    async def get(
        self, resource_type: ResourceType, resource_id: str, *, response_parameters: ResponseParameters[Any] | None = None
    ) -> Resource[Any]:
        """One resource; where the request may change it, kept from others until commit."""
        wanted = _id(resource_id)
        if self.work is not None:
            return await self._room(resource_type).get(wanted, held=True)
        if resource_type is USERS:
            return self._showing(await self.users.get(wanted))
        members = response_parameters is None or self._with_members(response_parameters)
        return self._showing(await self.groups.get(wanted, with_members=members))

    async def search(self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None) -> SearchPage:
        """A page of what the caller sees and the filter matches."""
        ids = await Finding(self.caller, search_request, self.models).ids(self.reading.connection, resource_types, position)
        members = GROUPS in resource_types and self._with_members(search_request)
        read = {
            USERS.name: await self.users.read(self._of(ids.found, USERS)),
            GROUPS.name: await self.groups.read(self._of(ids.found, GROUPS), with_members=members),
        }
        page = [read[sort][one] for sort, one in ids.found if one in read[sort]]
        return SearchPage(ids.total, [self._showing(resource) for resource in page], ids.following, ids.preceding)

    async def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Put a resource on record."""
        return await self._room(resource_type).add(self._writing(), resource)

    async def update(self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None) -> Resource[Any]:
        """Change a resource. It was held since it was read, so that its version is the expected one."""
        del expected_version
        return await self._room(resource_type).change(self._writing(), resource)

    async def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Take a resource off. It was held since it was read, as above."""
        del expected_version
        await self._room(resource_type).remove(self._writing(), _id(resource_id))

    @asynccontextmanager
    async def operation(self) -> AsyncIterator[None]:
        """One operation; of many, each may fail by itself."""
        if self.work is None or not self.many:
            yield
            return
        async with self.work.attempt():
            yield

    def _room(self, resource_type: ResourceType) -> Users | Groups:
        return self.users if resource_type is USERS else self.groups

    def _writing(self) -> Work:
        if self.work is None:
            raise RuntimeError("a read has nothing to write with")
        return self.work

    def _with_members(self, asked: ResponseParameters[Any]) -> bool:
        """Whether the answer keeps the members of groups."""
        kept = Path.__class_getitem__(self.models["Group"]).iter_paths(  # type: ignore[attr-defined]
            include_subattributes=False,
            include_extensions=False,
            attributes=asked.attributes or [],
            excluded_attributes=asked.excluded_attributes or [],
        )
        return any(str(path) == "members" for path in kept)

    def _showing(self, resource: Resource[Any]) -> Resource[Any]:
        """Note whom the answer tells of: the person, or the persons who belong to the unit."""
        told: Any = resource
        if isinstance(resource, self.models["User"]):
            self.shown.add(UUID(told.id))
        else:
            self.shown.update(UUID(member.value) for member in told.members or [] if member.type == USERS.name)
        return resource

    @staticmethod
    def _of(found: Sequence[tuple[str, UUID]], resource_type: ResourceType) -> list[UUID]:
        return [one for sort, one in found if sort == resource_type.name]


def _id(text: str) -> UUID | None:
    return id_in(text) if "/" not in text else None
