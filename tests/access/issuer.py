"""A tiny OpenID provider on loopback that can be made to misbehave: it rotates keys, lies about its name, and goes down."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.settings import Settings

AUDIENCE = "qinqing"
SigningKey = ECKey | OKPKey | RSAKey


def new_key(kid: str | None = None) -> ECKey:
    """A signing key on curve P-256."""
    return ECKey.generate_key("P-256", {"kid": kid} if kid else None, auto_kid=kid is None)


@dataclass(slots=True)
class LoopbackIssuer:
    """What it publishes is public and may be changed by a test between two requests."""

    port: int = 0
    keys: list[SigningKey] = field(default_factory=lambda: [new_key("first")])
    further_keys: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _thread: Thread | None = None

    @property
    def url(self) -> str:
        """Its name and address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; after the first time, where it listened before."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        """Go down."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = self._thread = None

    def rotate(self) -> None:
        """A new key, and the old one is gone."""
        self.keys = [new_key()]

    def claims(self, **over: Any) -> dict[str, Any]:
        """What a good token says. What is given as None is left out; whole numbers in `iat`, `nbf` and `exp` are seconds from now."""
        usual = {"iss": self.url, "aud": AUDIENCE, "sub": "D-017", "iat": 0, "nbf": 0, "exp": 300, "scope": "openid declarations:write"}
        said = {name: value for name, value in {**usual, **over}.items() if value is not None}
        return said | {name: int(time.time()) + said[name] for name in ("iat", "nbf", "exp") if type(said.get(name)) is int}

    def token(self, *, key: SigningKey | None = None, header: dict[str, Any] | None = None, **over: Any) -> str:
        """A token as this issuer signs it."""
        signing = key or self.keys[0]
        named = {"typ": "JWT", "alg": "ES256", "kid": signing.kid, **(header or {})}
        kept = {name: value for name, value in named.items() if value is not None}
        return jws.serialize_compact(kept, json.dumps(self.claims(**over)), signing)

    def answer(self, path: str) -> dict[str, Any] | None:
        """The document at an address."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", **self.metadata}
        if path == "/jwks":
            return {"keys": [*self.further_keys, *(key.as_dict(private=False) for key in self.keys)]}
        return None


def _handler(issuer: LoopbackIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document = issuer.answer(self.path)
            body = json.dumps(document).encode()
            self.send_response(404 if document is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    return Handler


def trusting(issuer: LoopbackIssuer, database_url: str) -> Settings:
    """Settings of a service that trusts the issuer."""
    return Settings(database_url=database_url, database_pool=4, key_cache_seconds=0, oidc_issuer=issuer.url, oidc_audience=AUDIENCE)


@contextmanager
def loopback_issuer() -> Iterator[LoopbackIssuer]:
    """An issuer for as long as the block runs."""
    issuer = LoopbackIssuer()
    issuer.start()
    try:
        yield issuer
    finally:
        issuer.stop()
