"""Who acted, as people read it: a person by name, or a key by the name that it was given, each with its unit."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.models import api_key
from app.kit.statements import one_of

from .models import person, unit

_KEY = "key:"
_PEOPLE = select(person.c.id, person.c.name, unit.c.name.label("unit")).join(unit, unit.c.id == person.c.unit_id)
_KEYS = select(api_key.c.id, api_key.c.name, unit.c.name.label("unit")).join(unit, unit.c.id == api_key.c.unit_id, isouter=True)


class Actor(NamedTuple):
    """The person for whom somebody acted, if for one, and the credential."""

    person: UUID | None
    credential: str

    @property
    def key(self) -> UUID | None:
        """The id of the API key that was used, if it was one."""
        return UUID(self.credential.removeprefix(_KEY)) if self.credential.startswith(_KEY) else None


async def names_of(connection: AsyncConnection, actors: Iterable[Actor]) -> dict[Actor, dict[str, str | None]]:
    """The name and the unit of each, as they are called today; None where there is neither person nor key."""
    wanted = set(actors)
    people = _PEOPLE.where(one_of(person.c.id, [one.person for one in wanted if one.person]))
    keys = _KEYS.where(one_of(api_key.c.id, [one.key for one in wanted if one.key]))
    found = {row.id: {"name": row.name, "unit": row.unit} for asked in (people, keys) for row in await connection.execute(asked)}
    return {one: found.get(one.person or one.key, {"name": None, "unit": None}) for one in wanted}
