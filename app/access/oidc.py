"""Tokens of an OpenID Connect issuer: signature, issuer, audience, expiry and not-before, checked against its published keys."""

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from app.kit.errors import Problem, Words

from .caller import unauthenticated

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Asymmetric signatures alone: `none` and shared secrets are never accepted (RFC 8725, section 3.1)."""

LEEWAY_SECONDS = 30
"""How far the issuer's clock and ours may differ."""

ASKED_AT_MOST_EVERY = 1.0
"""Seconds between two questions to the issuer, so that made-up tokens cannot turn us against it."""

KEYS_GOOD_FOR = 300.0
"""Seconds after which keys are fetched again, so that one that the issuer withdrew ends here too."""

log = structlog.get_logger("qinqing.oidc")

_registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

_MALFORMED = (JoseError, ValueError, TypeError, LookupError, RecursionError)
"""What parsers raise at input made to break them."""


class _Discovery(msgspec.Struct):
    """What we read of the issuer's metadata (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    jwks_uri: str


@dataclass(slots=True)
class Issuer:
    """One configured issuer. Its keys are fetched when first needed, when they age, and when a token fits none of them."""

    issuer: str
    audience: str
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=5.0))
    _keys: KeySet | None = None
    _fetched_at: float = -math.inf
    _asked_at: float = -math.inf
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def claims(self, token: str) -> Mapping[str, Any]:
        """The claims of a valid token.

        Raises:
            Problem: 401 when anything is wrong with the token; 503 while there are no keys to check it with.
        """
        if not _may_be_ours(token):
            raise _refused()
        keys = await self._current_keys()
        claims = _signed_claims(token, keys)
        if claims is None:
            newer = await self._keys_after(keys)
            claims = _signed_claims(token, newer) if newer is not keys else None
        if claims is None or not self._holds(claims):
            raise _refused()
        return claims

    def _holds(self, claims: dict[str, Any]) -> bool:
        """Whether the claims name this issuer, this service and the present moment (RFC 7519, section 4.1)."""
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(claims)
        except _MALFORMED:
            return False
        return True

    async def _current_keys(self) -> KeySet:
        """The keys at hand, fetched if there are none; aged ones serve on while another request asks for newer ones.

        Raises:
            Problem: 503 as long as the issuer has never answered.
        """
        keys: KeySet | None = self._keys
        aged = time.monotonic() - self._fetched_at > KEYS_GOOD_FOR
        if keys is None or (aged and not self._asking.locked()):
            keys = await self._keys_after(keys)
        if keys is None:
            raise Problem(
                503,
                "issuer-unreachable",
                Words("身份认证服务不可用", "The identity provider cannot be reached"),
                Words("请稍后重试；如持续出现，请联系管理员。", "Try again in a moment; if it stays, tell the operator."),
                headers={"Retry-After": "2"},
            )
        return keys

    async def _keys_after(self, seen: KeySet | None) -> KeySet | None:
        """Newer keys than those seen, else the same: requests that wait here together cost the issuer one question."""
        async with self._asking:
            if self._keys is seen and time.monotonic() - self._asked_at > ASKED_AT_MOST_EVERY:
                fetched = await self._fetch()
                self._asked_at = time.monotonic()
                if fetched is not None:
                    self._keys, self._fetched_at = fetched, self._asked_at
            return self._keys

    async def _fetch(self) -> KeySet | None:
        """The issuer's keys; None when it cannot be reached or is not who it was configured to be."""
        try:
            metadata = await self.client.get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            discovered = msgspec.json.decode(metadata.raise_for_status().content, type=_Discovery)
            if discovered.issuer != self.issuer or _is_weaker(discovered.jwks_uri, self.issuer):
                log.error("issuer refused", configured=self.issuer, reason="its metadata name another issuer or unprotected keys")
                return None
            published = await self.client.get(discovered.jwks_uri)
            keys = _usable(msgspec.json.decode(published.raise_for_status().content, type=dict[str, Any]).get("keys"))
        except (httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError) as error:
            log.warning("issuer unreachable", configured=self.issuer, error=type(error).__name__)
            return None
        return KeySet(keys) if keys else None


def _is_weaker(address: str, issuer: str) -> bool:
    """Whether keys would travel in the clear though the issuer is protected."""
    return issuer.startswith("https://") and not address.startswith("https://")


def _usable(published: Any) -> list[Key]:
    """The public keys that we understand; others, such as those on curve SM2, stand beside them unharmed (RFC 7517, section 5)."""
    keys: list[Key] = []
    for data in published if isinstance(published, list) else []:
        if not isinstance(data, dict) or data.get("kty") == "oct":
            continue
        try:
            keys.append(JWKRegistry.import_key(data))
        except _MALFORMED:
            log.warning("issuer key not understood")
    return keys


def _may_be_ours(token: str) -> bool:
    """Whether this is a JWT with a signature that we accept at all; others do not cost the issuer a question."""
    try:
        header = jws.extract_compact(token.encode(), registry=_registry).headers()
        _registry.check_header(header)
        return header["alg"] in ALGORITHMS
    except _MALFORMED:
        return False


def _signed_claims(token: str, keys: KeySet | None) -> dict[str, Any] | None:
    """The claims of the token if one of the keys has signed them."""
    if keys is None:
        return None
    try:
        return jwt.decode(token, keys, registry=_registry).claims
    except _MALFORMED:
        return None


def _refused() -> Problem:
    """One answer to every bad token: which check failed is nobody's business, what to do is everybody's."""
    return unauthenticated(
        Words(
            "令牌无效、已过期，或并非签发给本服务；请重新登录后再试。",
            "The token is invalid, expired, or not meant for this service; sign in again.",
        )
    )
