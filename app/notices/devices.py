"""Devices (设备): registered by their owners, updated by the same, moved when a phone changes hands, and removed."""

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, insert, select, update

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import lock, lock_all
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import as_id, new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work
from app.people.models import person
from app.webhooks.service import opened
from app.webhooks.vault import Vault

from .entitlement import in_service
from .models import device
from .own import person_of
from .schemas import DeviceChange, DeviceIn, Platform

MOST = 20
"""Devices that a person may have."""

Rows: TypeAlias = list[RowMapping]


def token_digest(platform: Platform, token: str) -> str:
    """By what a token is found again without being kept in the clear: it is long and random, so SHA-256 hides it."""
    return hashlib.sha256(f"{platform.value}:{token}".encode()).hexdigest()


class Devices:
    """The devices of the caller."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller
        self.person = person_of(caller)

    async def list(self, page: Page) -> Rows:
        """A page of devices, newest first, one more than asked for."""
        return list((await self.connection.execute(page.of(self._own(), device.c.id))).mappings())

    async def count(self) -> int:
        """How many there are."""
        return await self.connection.scalar(select(func.count()).select_from(device).where(device.c.person_id == self.person)) or 0

    async def get(self, device_id: UUID) -> RowMapping:
        """One of them.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._own().where(device.c.id == device_id))).mappings().first()
        if row is None:
            raise not_found(Words("设备", "device"))
        return row

    async def register(self, work: Work, vault: Vault | None, body: DeviceIn) -> tuple[RowMapping, bool]:
        """(the device, whether it is new). The caller's own with this token or installation is updated, somebody else's ends.

        Raises:
            Problem: 403 for who has left; 409 without a key to keep tokens under, or when there are too many.
        """
        kept, digest = opened(vault), token_digest(body.platform, body.token)
        await lock_all(self.connection, [f"device {digest}", f"devices {self.person}"])
        await self._require_in_service()
        standing = await self._standing(digest, body)
        await self._end_others(work, digest, keep=None if standing is None else standing["id"])
        said = {"topics": [one.value for one in body.topics], "language": body.language.value, "client_id": body.client_id}
        if standing is not None:
            changes = {**said, **_kept(kept, standing["id"], body.platform, body.token), "key_id": self._key()}
            return await self._change(work, standing, changes), False
        if await self.count() >= MOST:
            raise _too_many()
        device_id = new_id()
        row = {
            "id": device_id,
            "person_id": self.person,
            "key_id": self._key(),
            "platform": body.platform.value,
            **_kept(kept, device_id, body.platform, body.token),
            **said,
            "registered_at": clock.now(),
            "changed_at": clock.now(),
            "version": 1,
        }
        await self.connection.execute(insert(device).values(row))
        work.record("device.registered", device_id, {"platform": row["platform"], "topics": row["topics"]})
        return await self.get(device_id), True

    async def change(self, work: Work, vault: Vault | None, device_id: UUID, if_match: str, change: DeviceChange) -> RowMapping:
        """Change the fields that were sent; a new token takes the place of the former, wherever it was registered.

        Raises:
            Problem: 404, 409 without a key to keep tokens under, 412.
        """
        row, sent = await self.get(device_id), change.model_dump(mode="json", exclude_unset=True)
        require_match(if_match, row["version"])
        if "token" in sent:
            platform, token = Platform(row["platform"]), sent.pop("token")
            digest = token_digest(platform, token)
            await lock(self.connection, f"device {digest}")
            await self._end_others(work, digest, keep=device_id)
            sent |= _kept(opened(vault), device_id, platform, token)
        return await self._change(work, row, sent)

    async def remove(self, work: Work, device_id: UUID, if_match: str) -> None:
        """End a device.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get(device_id)
        require_match(if_match, row["version"])
        await remove_device(work, row, "asked")

    async def _standing(self, digest: str, body: DeviceIn) -> RowMapping | None:
        """The caller's own with this token, else of this installation."""
        same = (await self.connection.execute(self._own().where(device.c.token_digest == digest))).mappings().first()
        if same is not None or body.client_id is None:
            return same
        here = and_(device.c.client_id == body.client_id, device.c.platform == body.platform.value)
        return (await self.connection.execute(self._own().where(here).order_by(device.c.id))).mappings().first()

    async def _end_others(self, work: Work, digest: str, keep: UUID | None) -> None:
        other: ColumnElement[bool] = device.c.token_digest == digest
        row = (await self.connection.execute(select(device).where(other))).mappings().first()
        if row is not None and row["id"] != keep:
            await remove_device(work, row, "moved")

    async def _change(self, work: Work, row: RowMapping, changes: Mapping[str, Any]) -> RowMapping:
        same = and_(device.c.id == row["id"], device.c.version == row["version"])
        changed = update(device).where(same).values(**changes, changed_at=clock.now(), version=row["version"] + 1)
        if not (await self.connection.execute(changed)).rowcount:
            raise stale()
        work.record("device.changed", row["id"], {"fields": sorted(set(changes) & {"topics", "language", "client_id", "token"})})
        return await self.get(row["id"])

    async def _require_in_service(self) -> None:
        if await self.connection.scalar(select(person.c.id).where(person.c.id == self.person, in_service())) is None:
            raise left()

    def _own(self) -> Any:
        return select(device).where(device.c.person_id == self.person)

    def _key(self) -> UUID | None:
        """The API key that the caller came with; what an issuer's token says ends by itself."""
        sort, _, key = self.caller.actor.partition(":")
        return as_id(key) if sort == "key" else None


async def remove_device(work: Work, row: Mapping[str, Any] | RowMapping, reason: str) -> None:
    """End a device, with its line."""
    await work.connection.execute(delete(device).where(device.c.id == row["id"]))
    work.record("device.removed", row["id"], {"reason": reason})


def _kept(vault: Vault, device_id: UUID, platform: Platform, token: str) -> dict[str, Any]:
    return {"token": vault.seal(token, device_id), "token_digest": token_digest(platform, token), "token_end": token[-4:]}


def left() -> Problem:
    """403: who has left gets no notices and no calendar."""
    return Problem(
        403,
        "not-in-service",
        Words("已离职人员不再接收提醒", "Who has left the service gets no notices"),
        Words("如登记有误，请联系人事部门更正。", "If the record is wrong, ask the personnel department."),
    )


def _too_many() -> Problem:
    return conflict(
        "too-many-devices",
        Words("设备已达上限", "There are as many devices as there may be"),
        Words(f"每人至多 {MOST} 台，请先删除不再使用的。", f"A person has at most {MOST}; remove one that is no longer used."),
    )
