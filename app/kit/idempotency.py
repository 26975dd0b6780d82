"""Idempotency-Key: a POST that is sent again gives the first answer again, byte for byte.

The key is kept in the transaction of the act, so that a crash between the two leaves neither.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from . import clock
from .database import try_lock
from .errors import Fault, Problem, Words, conflict, invalid
from .tables import Instant, Json, metadata

KEPT_FOR = timedelta(days=7)
_KEPT_HEADERS = ("location", "etag", "content-type", "link")

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("caller", String(300), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_idempotency_key_created_at", "created_at"),
)

_running: set[tuple[str, str]] = set()


class Replay(Exception):  # noqa: N818  # not an error: the first answer, on its way out
    """Carries the stored answer past the endpoint."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that this request is the first to use."""

    caller: str
    key: str
    digest: str

    async def keep(self, connection: AsyncConnection, response: Response) -> None:
        """Store the answer in the transaction of the act; errors are not kept, so that a retry can succeed."""
        headers = {name: value for name, value in response.headers.items() if name in _KEPT_HEADERS}
        row = {
            "caller": self.caller,
            "key": self.key,
            "request_digest": self.digest,
            "status": response.status_code,
            "headers": headers,
            "body": bytes(response.body),
            "created_at": clock.now(),
        }
        await connection.execute(insert(idempotency_key).values(row))


async def digest_of(request: Request) -> str:
    """SHA-256 of method, path with query, and body."""
    return digest_with(request, await request.body())


def digest_with(request: Request, body: bytes) -> str:
    """The same, where the body was read piece by piece and its own digest stands for it."""
    seal = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    seal.update(body)
    return seal.hexdigest()


@contextmanager
def running(caller: str, key: str) -> Iterator[None]:
    """Hold a key within this process while its first request runs.

    Raises:
        Problem: 409 while another request with the key is on its way.
    """
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise invalid(
            [
                Fault(
                    "/header/Idempotency-Key",
                    "idempotency-key-malformed",
                    Words("须为 1 至 255 个可见 ASCII 字符。", "Needs 1 to 255 printable ASCII characters."),
                )
            ]
        )
    if (caller, key) in _running:
        raise _still_running()
    _running.add((caller, key))
    try:
        yield
    finally:
        _running.discard((caller, key))


async def claim(connection: AsyncConnection, caller: str, key: str, digest: str) -> Claim:
    """Claim a key inside the transaction.

    Raises:
        Replay: the key was used with the same request before.
        Problem: 409 while another process runs it; 422 when it was used with another request.
    """
    if not await try_lock(connection, f"idempotency {caller} {key}"):
        raise _still_running()
    ours = (idempotency_key.c.caller == caller) & (idempotency_key.c.key == key)
    stored = (await connection.execute(select(idempotency_key).where(ours))).mappings().first()
    if stored is None:
        return Claim(caller, key, digest)
    if stored["created_at"] < clock.now() - KEPT_FOR:
        await connection.execute(delete(idempotency_key).where(ours))
        return Claim(caller, key, digest)
    if stored["request_digest"] != digest:
        raise Problem(
            422,
            "idempotency-key-reused",
            Words("幂等键已用于另一请求", "The idempotency key was used for another request"),
            Words(
                "同一 Idempotency-Key 只能用于内容完全相同的请求，请换用新键。",
                "One key stands for one request, to the byte. Use a new key.",
            ),
            faults=[Fault("/header/Idempotency-Key", "idempotency-key-reused", Words("该键已被使用。", "Already used."))],
        )
    raise Replay(Response(stored["body"], stored["status"], {**stored["headers"], "Idempotent-Replayed": "true"}))


async def kept(connection: AsyncConnection, caller: str, key: str) -> Response | None:
    """The answer that the caller got under a key, if it was a success and is still kept."""
    ours = (idempotency_key.c.caller == caller) & (idempotency_key.c.key == key) & (idempotency_key.c.status < 300)
    stored = (await connection.execute(select(idempotency_key).where(ours))).mappings().first()
    if stored is None or stored["created_at"] < clock.now() - KEPT_FOR:
        return None
    return Response(stored["body"], stored["status"], stored["headers"])


async def forget_old(connection: AsyncConnection) -> int:
    """Drop keys past their seven days; how many there were."""
    result = await connection.execute(delete(idempotency_key).where(idempotency_key.c.created_at < clock.now() - KEPT_FOR))
    return result.rowcount


def _still_running() -> Problem:
    problem = conflict(
        "idempotency-key-in-progress",
        Words("同一请求正在处理", "The first request with this key is still running"),
        Words("请稍候以相同的键与内容重试。", "Wait a moment and send the same request again."),
    )
    problem.headers["Retry-After"] = "1"
    return problem
