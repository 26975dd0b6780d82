"""API keys (接口密钥): made once, shown once, kept as a digest, never deleted, so that the ledger can always say whose act it was."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, insert, select, update

from app.kit import clock
from app.kit.database import locked
from app.kit.errors import Fault, Words, invalid, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.ledger.unit_of_work import Reading, Work

from .caller import Caller, Scope
from .models import api_key
from .reach import UNIT_UNKNOWN, in_reach, key_unit, keys_and_persons, person, unit

PREFIX = "qq_"


def digest_of(secret: str) -> str:
    """What is stored of a secret: SHA-256, which 256 random bits make as good as any slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """What a new key shall be able to do. Without unit and person it reaches the whole register."""

    name: str
    scopes: frozenset[Scope]
    person: UUID | None = None
    unit: UUID | None = None
    expires_on: date | None = None


class ApiKeys:
    """Makes, lists and revokes keys; an operator of part of the register sees and makes keys of that part alone."""

    def __init__(self, reading: Reading) -> None:
        self.connection = reading.connection

    async def add(self, work: Work, request: KeyRequest, caller: Caller) -> tuple[RowMapping, str]:
        """(the new key's row, its secret, which nobody can read again).

        Raises:
            Problem: 422 when the unit or person is unknown or out of reach, or the last day is past.
        """
        await self._check(request, caller)
        secret = PREFIX + secrets.token_urlsafe(32)
        key_id = new_id()
        row = {
            "id": key_id,
            "name": request.name,
            "secret_digest": digest_of(secret),
            "scopes": sorted(request.scopes),
            "person_id": request.person,
            "unit_id": request.unit,
            "expires_on": request.expires_on,
            "created_at": clock.now(),
            "created_by": work.actor,
            "version": 1,
        }
        await self.connection.execute(insert(api_key).values(row))
        told = {"scopes": row["scopes"], "person": request.person, "unit": request.unit, "expires_on": request.expires_on}
        work.record("api-key.created", key_id, told)
        return await self.get(key_id, caller), secret

    async def get(self, key_id: UUID, caller: Caller) -> RowMapping:
        """One key.

        Raises:
            Problem: 404.
        """
        statement = _seen_by(caller).where(api_key.c.id == key_id)
        row: RowMapping | None = (await self.connection.execute(statement)).mappings().first()
        if row is None:
            raise not_found(Words("密钥", "API key"))
        return row

    async def list(self, page: Page, caller: Caller) -> list[RowMapping]:
        """A page of keys, one more than asked for."""
        return list((await self.connection.execute(page.of(_seen_by(caller), api_key.c.id))).mappings())

    async def count(self, caller: Caller) -> int:
        """How many keys the caller sees."""
        return await self.connection.scalar(select(func.count()).select_from(_seen_by(caller).subquery())) or 0

    async def revoke(self, work: Work, key_id: UUID, if_match: str, caller: Caller) -> None:
        """End a key at once; revoking twice is no error.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get(key_id, caller)
        require_match(if_match, row["version"])
        if row["revoked_at"] is not None:
            return
        same = (api_key.c.id == key_id) & (api_key.c.version == row["version"])
        changed = await self.connection.execute(update(api_key).where(same).values(revoked_at=clock.now(), version=row["version"] + 1))
        if not changed.rowcount:
            raise stale()
        work.record("api-key.revoked", key_id, {})

    async def _check(self, request: KeyRequest, caller: Caller) -> None:
        """Hold a request against the register, all faults at once."""
        faults = []
        if request.expires_on is not None and request.expires_on < clock.today():
            faults.append(_PAST)
        if request.unit is None and request.person is None and caller.roots is not None:
            faults.append(_UNIT_NEEDED)
        if request.unit is not None and not await self._reached(select(unit.c.id), unit.c.id == request.unit, in_reach(caller, unit.c.id)):
            faults.append(UNIT_UNKNOWN)
        if request.person is not None and not await self._reached(
            select(person.c.id), person.c.id == request.person, in_reach(caller, person.c.unit_id)
        ):
            faults.append(_PERSON_UNKNOWN)
        if faults:
            raise invalid(faults)

    async def _reached(self, statement: Select[tuple[UUID]], *conditions: Any) -> bool:
        """Whether there is such a row, which then stays until the key is written."""
        return await self.connection.scalar(locked(statement.where(*conditions))) is not None


def _seen_by(caller: Caller) -> Select[Any]:
    """The keys that a caller sees: those of its units, and those of the whole register if that is its reach."""
    return select(api_key).select_from(keys_and_persons).where(in_reach(caller, key_unit))


_PAST = Fault(
    "/expires_on", "day-past", Words("最后有效日已过，请填写今天或之后的日期。", "The last day is past; give today or a later day.")
)
_UNIT_NEEDED = Fault(
    "/unit",
    "unit-required",
    Words(
        "请填写您管辖范围内的单位或人员；面向全部单位的密钥须由总管理员签发。",
        "Name a unit or person within your reach; only an operator of the whole register makes a key for all units.",
    ),
)
_PERSON_UNKNOWN = Fault(
    "/person", "person-unknown", Words("没有这名人员，或其不在您的管辖范围内。", "No such person, or they lie outside your reach.")
)
