"""One POST to an endpoint that may do whatever it likes: it costs some seconds and some kilobytes at most, and nobody else anything.

No redirect is followed, no cookie kept, no proxy of the environment asked, nothing unpacked; the connection goes to an address that was looked at.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from typing import Any

import httpcore

from .addresses import AddressError, Egress, Target, target_of
from .outcomes import AT_ONCE, Answer, Outcome

TOTAL_SECONDS = 15.0
"""From the look-up of the name to the end of the answer's head, by the clock on the wall, however it trickles."""

CONNECT_SECONDS = 5.0
BODY_SECONDS = 1.0
BODY_BYTES = 4096
"""What is read of an answer's body, so that its connection can serve again; it is looked at by nobody."""

ANSWER_BYTES = 32_768
"""What is read of an answer in all: its head, interim ones before it, and the beginning of its body."""

IDLE_SECONDS = 1.5
"""How long a connection is kept for the next message; shorter than servers usually do, so that it is not closed under us."""

_ADDRESSES_TRIED = 3
_RESOLVERS = 2
"""Threads that look up the name of one endpoint: one whose name server hangs holds up its own alone."""


log = logging.getLogger("qinqing.webhooks")


class Postman:
    """Connections to one endpoint, for as long as it is held."""

    def __init__(self, url: str, egress: Egress, tls: ssl.SSLContext) -> None:
        self.url = url
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="webhook-resolver")
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=AT_ONCE,
            max_keepalive_connections=AT_ONCE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Checked(url, egress, self._resolvers),
        )

    async def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a message; whatever goes wrong is an outcome."""
        begun = time.monotonic()
        outcome, status, retry_after = Outcome.TIMED_OUT, None, 0
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                status, retry_after = await self._exchange(headers, body)
            outcome = _outcome_of(status)
        except TimeoutError:
            pass
        except AddressError as error:
            outcome = Outcome.NOT_RESOLVED if error.code == "url-not-resolved" else Outcome.ADDRESS_REFUSED
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            outcome = _failure(error)
        except Exception:  # one message that cannot be sent is no reason to stop
            log.exception("message not sent")
            outcome = Outcome.UNSENT
        return Answer(outcome, round((time.monotonic() - begun) * 1000), status, retry_after)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.aclose()
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def _exchange(self, headers: Mapping[str, str], body: bytes) -> tuple[int, int]:
        target = target_of(self.url)
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        sent = {
            "Host": target.authority,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "User-Agent": "Qinqing-Webhooks/1",
            **headers,
        }
        async with self._pool.stream("POST", url, headers=list(sent.items()), content=body) as response:
            with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
                async with asyncio.timeout(BODY_SECONDS):
                    await _drain(response)
            return response.status, _seconds(response.headers)


async def _drain(response: httpcore.Response) -> None:
    """Read a short body to its end; of a long one enough is enough, and its connection is closed."""
    read = 0
    async with aclosing(response.aiter_stream()) as chunks:  # type: ignore[type-var]  # it is a generator, whatever its annotation
        async for chunk in chunks:
            read += len(chunk)
            if read > BODY_BYTES:
                return


def _seconds(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """Retry-After in seconds (RFC 9110, section 10.2.3); a day, or anything else, counts as none."""
    said = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return int(said) if said.isdigit() and len(said) < 10 else 0


def _outcome_of(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.DELIVERED
    if 300 <= status < 400:
        return Outcome.REDIRECTED
    return Outcome.GONE if status == 410 else Outcome.REFUSED


def _failure(error: Exception) -> Outcome:
    if isinstance(error, httpcore.TimeoutException):
        return Outcome.TIMED_OUT
    if isinstance(error, httpcore.ConnectError):
        return Outcome.TLS_FAILED if _caused_by_tls(error) else Outcome.NOT_CONNECTED
    if isinstance(error, httpcore.NetworkError) or "disconnected" in str(error):
        return Outcome.BROKEN_OFF
    return Outcome.MALFORMED


def _caused_by_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were looked at; the name stays what TLS asks the certificate for."""

    def __init__(self, url: str, egress: Egress, resolvers: ThreadPoolExecutor) -> None:
        self._target: Target = target_of(url)
        self._egress = egress
        self._resolvers = resolvers
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first of the addresses that answers."""
        del host, timeout
        failed: Exception | None = None
        for address in (await self._egress.addresses_of(self._target, self._resolvers))[:_ADDRESSES_TRIED]:
            try:
                return _Stream(await self._plain.connect_tcp(address, port, CONNECT_SECONDS, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        """As the plain one does."""
        await self._plain.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that gives little to read after each request, so that nobody keeps us busy with what never becomes an answer.

    It is closed when its TLS handshake is given up, for whatever reason; httpcore would leave it open when cancelled.
    """

    def __init__(self, plain: httpcore.AsyncNetworkStream) -> None:
        self._plain = plain
        self._left = ANSWER_BYTES

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # the interface is httpcore's
        """Some bytes of the answer.

        Raises:
            RemoteProtocolError: there were too many.
        """
        if self._left <= 0:
            raise httpcore.RemoteProtocolError("the answer does not end")
        read = await self._plain.read(min(max_bytes, self._left), timeout)
        self._left -= len(read)
        return read

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # as above
        """Part of a request."""
        self._left = ANSWER_BYTES
        await self._plain.write(buffer, timeout)

    async def aclose(self) -> None:
        """As the plain one does."""
        await self._plain.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # as above
    ) -> httpcore.AsyncNetworkStream:
        """The handshake, under the name that the certificate must bear."""
        del timeout
        try:
            return _Stream(await self._plain.start_tls(ssl_context, server_hostname, CONNECT_SECONDS))
        except BaseException:
            await self._plain.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        """As the plain one does."""
        return self._plain.get_extra_info(info)
