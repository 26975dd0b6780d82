"""Where the bytes lie: a folder or an object store, by one interface.

A key is the attachment's id and the SHA-256 of the bytes: whoever does a thing twice writes the same bytes to the same place, and nothing is ever overwritten by something else.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from app.kit.errors import Problem, Words, conflict

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PART_BYTES = 1 << 18
"""How much of a file is in memory while it is read."""


class StoreError(Exception):
    """The store does not answer, or not as it should."""


class MissingError(StoreError):
    """There are no such bytes."""


class Stored(NamedTuple):
    """Something that lies in a store."""

    key: str
    since: datetime
    size: int


class Store(Protocol):
    """Keeps bytes under keys."""

    async def put(self, key: str, file: Path) -> None:
        """Keep a file; done when it would outlive a crash.

        Raises:
            StoreError: it could not be kept.
        """

    async def open(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from the first up to, and not including, the last, some at a time.

        Raises:
            MissingError: there are none.
            StoreError: the store does not answer.
        """

    async def delete(self, keys: Iterable[str]) -> None:
        """Let bytes go; those that are not there are gone already.

        Raises:
            StoreError: the store does not answer.
        """

    def all(self, below: str = "") -> AsyncIterator[Stored]:
        """All that lies there, or below a prefix."""


def key_of(attachment_id: UUID, digest: bytes) -> str:
    """Where the bytes of an attachment with this digest lie."""
    return f"{attachment_id}/{digest.hex()}"


class FolderOrBucket:
    """`file:///folder`, `s3://bucket/prefix`, and what else the library knows. Credentials and regions come from the environment, as each provider names them."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self.folder = Path(unquote(parts.path)) if parts.scheme == "file" else None

    @cached_property
    def _store(self) -> "ObjectStore":
        """Opened when it is first needed, and a folder is made then."""
        from obstore.store import LocalStore, from_url  # noqa: PLC0415  # loaded where there are attachments

        if self.folder is not None:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(self.folder)
        plain = os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true"  # not heeded by the library where it is told anything else
        client: Any = {"timeout": "60s", "connect_timeout": "5s", "allow_http": plain}
        retry: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
        return from_url(self.url, client_options=client, retry_config=retry)

    async def _is_there(self) -> bool:
        """Whether anything was ever kept: who only reads makes no folder."""
        return self.folder is None or "_store" in self.__dict__ or await asyncio.to_thread(self.folder.exists)

    async def put(self, key: str, file: Path) -> None:
        """Keep a file, on disk once the disk has said so."""
        import obstore  # noqa: PLC0415  # as said above

        try:
            await obstore.put_async(self._store, key, file)
            if self.folder is not None:
                await asyncio.to_thread(_sync, self.folder / key)
        except Exception as error:
            raise StoreError(key) from error

    async def open(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes of a part."""
        import obstore  # noqa: PLC0415  # as said above

        if not await self._is_there():
            raise MissingError(key)
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, stop)})
        except FileNotFoundError as error:
            raise MissingError(key) from error
        except Exception as error:
            raise StoreError(key) from error
        return _parts(found.stream(min_chunk_size=PART_BYTES))

    async def delete(self, keys: Iterable[str]) -> None:
        """Let bytes go."""
        import obstore  # noqa: PLC0415  # as said above

        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue
            except Exception as error:
                raise StoreError(key) from error

    async def all(self, below: str = "") -> AsyncIterator[Stored]:
        """All that lies there, a thousand at a time; nothing where nothing was ever kept."""
        import obstore  # noqa: PLC0415  # as said above

        if not await self._is_there():
            return
        async for some in obstore.list(self._store, below or None, chunk_size=1000):
            for one in some:
                yield Stored(one["path"], one["last_modified"], one["size"])


async def _parts(stream: Any) -> AsyncIterator[bytes]:
    async for part in stream:
        yield bytes(part)


def _sync(file: Path) -> None:
    """Have the disk write down a file, its name, and that of its folder."""
    for place in (file, file.parent, file.parent.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


async def fetched(store: Store, key: str, size: int, path: Path) -> None:
    """Write stored bytes to a path.

    Raises:
        StoreError: as above.
    """
    with path.open("wb") as file:
        async for part in await store.open(key, 0, size):
            file.write(part)


def not_set_up() -> Problem:
    """409 where a register has no place for attachments."""
    return conflict(
        "attachments-not-set-up",
        Words("本服务未启用附件", "Attachments are not set up"),
        Words(
            "管理员尚未设置附件的存放处（QINQING_ATTACHMENTS_URL）。",
            "The operator has not said where they are kept: QINQING_ATTACHMENTS_URL.",
        ),
    )


def unavailable() -> Problem:
    """503 while the bytes cannot be had or kept."""
    return Problem(
        503,
        "attachment-store-unavailable",
        Words("附件存放处暂不可用", "The store of attachments is not available"),
        Words("请稍后重试；如持续出现，请将 instance 告知管理员。", "Try again shortly; if it stays, tell the operator the `instance`."),
        headers={"Retry-After": "10"},
    )
