"""From the secret in a request to its caller, remembered for a moment."""

import hmac
import time
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.kit import clock
from app.kit.database import Database
from app.kit.errors import Words

from .caller import Caller, known_scopes, unauthenticated
from .keys import digest_of
from .models import api_key
from .reach import key_unit, keys_and_persons

REMEMBERED_AT_MOST = 10_000


class _Known(NamedTuple):
    """A caller, the last day of its key, and the moment (monotonic seconds) at which to ask again."""

    caller: Caller
    expires_on: date | None
    until: float


class KeyRing:
    """Callers by key, remembered for a moment so that a busy client costs one look-up a moment, not one a request.

    A revocation is seen at once by the process that made it and by all others when the moment is over. An expiry is
    always seen at once.
    """

    def __init__(self, database: Database, remember_seconds: float) -> None:
        self._database = database
        self._remember = remember_seconds
        self._callers: dict[str, _Known] = {}
        self._revocations = 0

    async def caller(self, secret: str) -> Caller:
        """The caller that a key stands for.

        Raises:
            Problem: 401 when the key is unknown, revoked or expired.
        """
        digest = digest_of(secret)
        known = self._callers.get(digest)
        if known is None or known.until <= time.monotonic():
            known = await self._ask(digest)
        if known.expires_on is not None and known.expires_on < clock.today():
            raise unauthenticated(Words("密钥已过期，请向管理员申请新密钥。", "The key has expired; ask the operator for a new one."))
        return known.caller

    def forget(self) -> None:
        """Ask the database again, because a key was revoked."""
        self._revocations += 1
        self._callers.clear()

    async def _ask(self, digest: str) -> _Known:
        """What the database says; not remembered if a key was revoked meanwhile, since it may have been this one."""
        revocations = self._revocations
        async with self._database.reading() as connection:
            row = await _look_up(connection, digest)
        caller = Caller(f"key:{row['id']}", known_scopes(row["scopes"]), row["person_id"], _roots(row))
        known = _Known(caller, row["expires_on"], time.monotonic() + self._remember)
        if revocations == self._revocations:
            if len(self._callers) >= REMEMBERED_AT_MOST:
                self._callers.clear()
            self._callers[digest] = known
        return known


async def _look_up(connection: AsyncConnection, digest: str) -> RowMapping:
    """The key with that digest, if it has not been revoked."""
    statement = (
        select(api_key, key_unit.label("root"))
        .select_from(keys_and_persons)
        .where(api_key.c.secret_digest == digest, api_key.c.revoked_at.is_(None))
    )
    row = (await connection.execute(statement)).mappings().first()
    if row is None or not hmac.compare_digest(row["secret_digest"], digest):
        raise unauthenticated(Words("密钥无效或已撤销。", "The key is unknown or revoked."))
    return row


def _roots(row: RowMapping) -> frozenset[UUID] | None:
    """The key's unit, else its person's; the whole register only for a key that was made without either.

    A key whose person has gone from the register reaches nothing rather than everything.
    """
    if row["root"] is not None:
        return frozenset([row["root"]])
    return frozenset() if row["person_id"] is not None else None
