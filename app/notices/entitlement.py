"""Who is still told: persons in service, on devices that they still have a right to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from app.access.models import api_key
from app.kit import clock
from app.kit.statements import one_of
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person

from .models import device

MOST = 1_000


def in_service() -> ColumnElement[bool]:
    """Not left, the last day included."""
    return or_(person.c.left_on.is_(None), person.c.left_on >= clock.today())


async def in_service_of(view: Reading, persons: Sequence[UUID]) -> list[UUID]:
    """Those of the persons who have not left."""
    return list(await view.connection.scalars(select(person.c.id).where(one_of(person.c.id, list(persons)), in_service())))


def alive() -> ColumnElement[bool]:
    """The device's person is in service, and the key that registered it counts, if a key did."""
    serves = exists().where(person.c.id == device.c.person_id, in_service())
    counts = exists().where(
        api_key.c.id == device.c.key_id,
        api_key.c.revoked_at.is_(None),
        or_(api_key.c.expires_on.is_(None), api_key.c.expires_on >= clock.today()),
    )
    return and_(serves, or_(device.c.key_id.is_(None), counts))


async def remove_dead(unit: Work) -> int:
    """Devices of who has left, and of keys that were revoked or have expired; how many."""
    dead = (await unit.connection.scalars(select(device.c.id).where(~alive()).order_by(device.c.id).limit(MOST))).all()
    if dead:
        await unit.connection.execute(delete(device).where(one_of(device.c.id, list(dead))))
    for device_id in dead:
        unit.record("device.removed", device_id, {"reason": "no-longer-entitled"})
    return len(dead)
