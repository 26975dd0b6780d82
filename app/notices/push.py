"""What a push gateway of the operator's is given of a notice: tokens, words without anything personal, how to collapse, and until when.

The register itself speaks to no push service. A gateway subscribes to `notice.raised`, reads the notice here, relays it, and says what is dead.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, select

from app.access.caller import Caller
from app.kit import clock
from app.kit.errors import Language, Words, not_found
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.people.visibility import in_reach
from app.reports.concerns import NoticeType
from app.webhooks.vault import Vault, VaultError

from .devices import MOST, remove_device
from .entitlement import alive
from .models import device, notice
from .schemas import DeadDevice, PushDeviceOut, PushOut
from .wording import TITLE, said_on_a_screen

RELAYED_DAYS = 7
"""How long a notice is worth bringing to a device, unless its day comes sooner."""


class Pushes:
    """The notices of persons within the caller's reach, as a gateway sees them."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, notice_id: UUID, vault: Vault) -> PushOut:
        """A notice, with the devices to which it is to be brought now.

        Raises:
            Problem: 404.
        """
        row = await self._notice(notice_id)
        expires_at = expiry(row)
        wanted = [] if row["read_at"] or row["replaced"] or expires_at <= clock.now() else await self._devices(row)
        devices = [said for one in wanted if (said := _said(row, one, vault)) is not None]
        return PushOut(id=row["id"], collapse_key=row["task"].hex, expires_at=expires_at, devices=devices)

    async def remove_dead(self, work: Work, notice_id: UUID, dead: Sequence[DeadDevice]) -> int:
        """Remove those of the devices that are of the notice's person and have not changed since they were read; how many.

        Raises:
            Problem: 404.
        """
        row = await self._notice(notice_id)
        versions = {one.id: one.version for one in dead}
        theirs = select(device.c.id, device.c.version).where(device.c.person_id == row["person_id"]).with_for_update()
        found = [one for one in (await self.connection.execute(theirs)).mappings() if versions.get(one["id"]) == one["version"]]
        for one in found:
            await remove_device(work, one, "undeliverable")
        return len(found)

    async def _notice(self, notice_id: UUID) -> RowMapping:
        later = notice.alias()
        replaced = exists().where(later.c.person_id == notice.c.person_id, later.c.task == notice.c.task, later.c.id > notice.c.id)
        asked = select(notice, replaced.label("replaced")).join(person, person.c.id == notice.c.person_id)
        asked = asked.where(notice.c.id == notice_id, in_reach(self.caller, person.c.unit_id))
        row: RowMapping | None = (await self.connection.execute(asked)).mappings().first()
        if row is None:
            raise not_found(Words("提醒", "notice"))
        return row

    async def _devices(self, row: RowMapping) -> list[RowMapping]:
        asked = select(device).where(device.c.person_id == row["person_id"], alive()).order_by(device.c.id).limit(MOST)
        return [one for one in (await self.connection.execute(asked)).mappings() if row["type"] in one["topics"]]


def expiry(row: Any) -> datetime:
    """A week after it was raised, or the end of its last day in Shanghai if that comes sooner and was still to come."""
    week: datetime = row["raised_at"] + timedelta(days=RELAYED_DAYS)
    if row["due_on"] is None:
        return week
    day_over = datetime.combine(row["due_on"] + timedelta(days=1), time(), clock.SHANGHAI).astimezone(UTC)
    return min(week, day_over) if day_over > row["raised_at"] else week


def _said(row: RowMapping, one: RowMapping, vault: Vault) -> PushDeviceOut | None:
    """What one device shows; None where the key of its token is lost."""
    try:
        token = vault.open(one["token"], one["id"])
    except VaultError:
        return None
    english = one["language"] == Language.EN
    body = said_on_a_screen(NoticeType(row["type"]), row["due_on"], english=english)
    return PushDeviceOut(
        id=one["id"],
        version=one["version"],
        platform=one["platform"],
        token=token,
        language=one["language"],
        title=TITLE.en if english else TITLE.zh,
        body=body.en if english else body.zh,
    )
