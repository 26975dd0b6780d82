"""What stands before every request: its id, the limit on its body, its log line and its metrics; pure ASGI."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request

from .errors import Problem, Words
from .ids import new_id
from .problems import problem_response, unexpected
from .representation import encoded

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]

log = structlog.get_logger("qinqing.access")


class _TooLargeError(Exception):
    """The body has outgrown the limit while it streamed in."""


class _Exchange:
    """The messages of one request in both directions: counts what comes in, marks what goes out."""

    def __init__(self, request: Request, receive: Receive, send: Send, body_limit: int) -> None:
        self.status = 500
        self.started = False
        self._request_id: str = request.state.request_id
        self._receive = receive
        self._send = send
        self.limit = body_limit
        self._read = 0
        declared = request.headers.get("content-length", "")
        self.too_large = declared.isdecimal() and (len(declared) > 15 or int(declared) > body_limit)

    async def receive(self) -> Message:
        """The next part of the body."""
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self._read > self.limit:
            self.too_large = True
            raise _TooLargeError
        return message

    async def send(self, message: Message) -> None:
        """What the application says; unheard once the body is too large, because FastAPI makes a 400 of that."""
        if self.started or not self.too_large:
            await self.answer(message)

    async def answer(self, message: Message) -> None:
        """What leaves, with the headers that every answer carries."""
        if message["type"] == "http.response.start":
            self.status, self.started = message["status"], True
            headers = [*_coded(message["headers"]), (b"x-request-id", self._request_id.encode()), *_SECURITY_HEADERS]
            if not any(name.lower() == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message["headers"] = headers
        await self._send(message)


class Front:
    """ASGI middleware around the application; `roomier` are the addresses whose bodies may be larger, as they are read piece by piece."""

    def __init__(self, app: Asgi, *, body_limit: int, registry: CollectorRegistry, roomier: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.body_limit = body_limit
        self.roomier = roomier or {}
        labels = ("method", "route", "status")
        self.requests = Counter("qinqing_requests", "Requests answered", labels, registry=registry)
        self.seconds = Histogram("qinqing_request_seconds", "Time to answer", ("method", "route"), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, begun = Request(scope), time.perf_counter()
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if _REQUEST_ID.fullmatch(given) else str(new_id())
        limit = self.roomier.get(scope["path"], self.body_limit)
        exchange = _Exchange(request, receive, send, limit)
        try:
            await self._serve(request, exchange)
        except Exception as error:
            if not exchange.started:
                await unexpected(request, error)(scope, receive, exchange.answer)
            raise
        finally:
            self._note(request, exchange.status, time.perf_counter() - begun)

    async def _serve(self, request: Request, exchange: _Exchange) -> None:
        if not exchange.too_large:
            with suppress(_TooLargeError):
                await self.app(request.scope, exchange.receive, exchange.send)
        if exchange.too_large and not exchange.started:
            refusal = problem_response(request, _too_large(exchange.limit))
            await refusal(request.scope, exchange.receive, exchange.answer)

    def _note(self, request: Request, status: int, seconds: float) -> None:
        """Count and log by route template, never by path or query: those name people and search terms."""
        route = getattr(request.scope.get("route"), "path_format", "unmatched")
        method = request.method if request.method in _METHODS else "other"
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)
        log.info(
            "answered",
            request_id=request.state.request_id,
            method=method,
            route=route,
            status=status,
            milliseconds=round(1000 * seconds, 1),
        )


def _coded(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Under a content coding a strong tag must be another one (RFC 9110, section 8.8.3.3)."""
    if not any(name.lower() == b"content-encoding" for name, _ in headers):
        return headers
    return [(name, encoded(value.decode()).encode()) if name.lower() == b"etag" else (name, value) for name, value in headers]


def _too_large(limit: int) -> Problem:
    megabytes = limit / 1_000_000
    return Problem(
        413,
        "body-too-large",
        Words("请求体过大", "The body is too large"),
        Words(f"请求体不得超过 {megabytes:g} MB。", f"A body may have at most {megabytes:g} MB."),
        headers={"Connection": "close"},
    )
