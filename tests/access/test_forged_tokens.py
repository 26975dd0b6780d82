"""Every bad token that we could think of, refused in the same words whatever was wrong with it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwe, jws
from joserfc.jwk import OctKey

from app.settings import Settings

from .conftest import MAYOR, bearer
from .issuer import LoopbackIssuer, new_key, trusting

pytestmark = pytest.mark.usefixtures("gate", "register")


@pytest.fixture
def settings(database_url: str, issuer: LoopbackIssuer) -> Settings:
    """The service trusts the issuer."""
    return trusting(issuer, database_url)


async def _assert_refused(client: httpx.AsyncClient, token: str | bytes) -> None:
    """401, in the same words whatever was wrong."""
    given = token.encode() if isinstance(token, str) else token
    refused = await client.get("/caller", headers={b"Authorization": b"Bearer " + given, b"Accept-Language": b"en"})
    assert refused.status_code == 401, refused.text
    assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    body = refused.json()
    assert body.pop("instance")
    assert body == {
        "type": "urn:qinqing:problem:unauthenticated",
        "title": "Not authenticated",
        "status": 401,
        "detail": "The token is invalid, expired, or not meant for this service; sign in again.",
        "code": "unauthenticated",
    }


FALSE_CLAIMS: list[dict[str, Any]] = [
    {"exp": -60},
    {"exp": 0.0},
    {"exp": None},
    {"exp": "tomorrow"},
    {"exp": True},
    {"exp": float("inf")},
    {"exp": float("nan")},
    {"nbf": +60},
    {"nbf": "now"},
    {"iat": +60},
    {"aud": None},
    {"aud": "canteen"},
    {"aud": ["canteen", "qinqing2"]},
    {"aud": []},
    {"aud": ""},
    {"aud": {"qinqing": 1}},
    {"aud": [["qinqing"]]},
    {"aud": "Qinqing"},
    {"iss": None},
    {"iss": "http://127.0.0.1:1"},
    {"iss": ["http://127.0.0.1:1"]},
    {"sub": None},
    {"sub": ""},
    {"sub": 17},
]


async def test_claims_that_do_not_hold_are_refused(client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests) -> None:
    for over in FALSE_CLAIMS:
        with subtests.test(str(over)):
            await _assert_refused(client, issuer.token(**over))


async def test_a_trailing_slash_makes_another_issuer(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    await _assert_refused(client, issuer.token(iss=issuer.url + "/"))


async def test_headers_that_we_do_not_know_do_no_harm(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    header = {"typ": "at+jwt", "nonce": "abc", "x-vendor": 1}
    token = _signed(issuer, {**header, "alg": "ES256", "kid": "first"}, json.dumps(issuer.claims()).encode())
    assert (await client.get("/caller", headers=bearer(token))).status_code == 200


def _part(content: Any) -> str:
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def _signed(issuer: LoopbackIssuer, header: Any, payload: bytes) -> str:
    """Signed by the issuer's own key, whatever the header says."""
    body = f"{_part(header)}.{_part(payload)}"
    algorithm = jws.JWSRegistry.algorithms["ES256"]
    return f"{body}.{_part(algorithm.sign(body.encode(), issuer.keys[0]))}"


def _unsigned(issuer: LoopbackIssuer, algorithm: str) -> str:
    return f"{_part({'alg': algorithm, 'kid': 'first'})}.{_part(issuer.claims())}."


def _shared_secret(issuer: LoopbackIssuer, secret: bytes) -> str:
    body = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(issuer.claims())}"
    return f"{body}.{_part(hmac.digest(secret, body.encode(), hashlib.sha256))}"


def _with_own_key(issuer: LoopbackIssuer) -> str:
    key = new_key()
    return issuer.token(key=key, header={"jwk": key.as_dict(private=False), "kid": "first"})


def _with_foreign_address(issuer: LoopbackIssuer) -> str:
    return issuer.token(key=new_key("theirs"), header={"jku": "http://127.0.0.1:9/jwks", "x5u": "http://127.0.0.1:9/cert"})


def _changed_payload(issuer: LoopbackIssuer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{_part(issuer.claims(sub=MAYOR))}.{signature}"


def _changed_header(issuer: LoopbackIssuer) -> str:
    _, payload, signature = issuer.token().split(".")
    return f"{_part({'alg': 'ES256', 'kid': 'first', 'typ': 'other'})}.{payload}.{signature}"


def _encrypted(issuer: LoopbackIssuer) -> str:
    key = OctKey.generate_key(256)
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, json.dumps(issuer.claims()), key)


def _other_signature(signature: bytes) -> Callable[[LoopbackIssuer], str]:
    return lambda issuer: f"{issuer.token().rpartition('.')[0]}.{_part(signature)}"


def _other_header(**header: Any) -> Callable[[LoopbackIssuer], str]:
    return lambda issuer: _signed(issuer, {"alg": "ES256", "kid": "first", **header}, json.dumps(issuer.claims()).encode())


def _other_payload(payload: bytes) -> Callable[[LoopbackIssuer], str]:
    return lambda issuer: _signed(issuer, {"alg": "ES256", "kid": "first"}, payload)


ATTACKS: dict[str, Callable[[LoopbackIssuer], str | bytes]] = {
    "signed by another key under the same name": lambda issuer: issuer.token(key=new_key("first")),
    "signed by a key that nobody published": lambda issuer: issuer.token(key=new_key("unheard-of")),
    "alg none": lambda issuer: _unsigned(issuer, "none"),
    "alg None": lambda issuer: _unsigned(issuer, "None"),
    "alg nOnE": lambda issuer: _unsigned(issuer, "nOnE"),
    "no signature": lambda issuer: _unsigned(issuer, "ES256"),
    "HS256 with the public key as the secret": lambda issuer: _shared_secret(
        issuer, json.dumps(issuer.keys[0].as_dict(private=False)).encode()
    ),
    "HS256 with the public key in PEM as the secret": lambda issuer: _shared_secret(issuer, issuer.keys[0].as_bytes("PEM", private=False)),
    "HS256 with an empty secret": lambda issuer: _shared_secret(issuer, b""),
    "its own key in the header": _with_own_key,
    "the address of its own keys in the header": _with_foreign_address,
    "another payload": _changed_payload,
    "another header": _changed_header,
    "encrypted": _encrypted,
    "a signature of zeros": _other_signature(bytes(64)),
    "a short signature": _other_signature(b"\x01"),
    "a long signature": _other_signature(bytes(2_000)),
    "an algorithm of another family": _other_header(alg="RS256"),
    "an algorithm that is no text": _other_header(alg=["ES256"]),
    "no algorithm": _other_header(alg=None),
    "a key name that is a number": _other_header(kid=1),
    "a key name that is a list": _other_header(kid=["first"]),
    "a critical header that we do not know": _other_header(crit=["exp-soon"], **{"exp-soon": 1}),
    "an unencoded payload": _other_header(crit=["b64"], b64=False),
    "a header that is a list": lambda issuer: _signed(issuer, ["ES256"], b"{}"),
    "a header that is a text": lambda issuer: _signed(issuer, "alg", b"{}"),
    "a header of brackets": lambda issuer: _signed(issuer, b'{"alg":' + b"[" * 300, b"{}"),
    "a huge header": _other_header(x="x" * 9_000),
    "a payload that is a list": _other_payload(b"[]"),
    "a payload that is no JSON": _other_payload(b"sub=D-017"),
    "a payload that is no text": _other_payload(b"\xff\xfe\x00"),
    "a payload of brackets": _other_payload(b"[" * 9_000),
    "an empty payload": _other_payload(b""),
    "cut off": lambda issuer: issuer.token()[:-10],
    "two parts": lambda issuer: issuer.token().rpartition(".")[0],
    "four parts": lambda issuer: issuer.token() + ".e30",
    "not a token": lambda _: "letmein",
    "dots": lambda _: "...",
    "bytes": lambda _: b"\xff.\xfe.\xfd",
    "Chinese": lambda _: "令牌.令牌.令牌",
    "JSON": lambda issuer: json.dumps(issuer.claims()),
}


async def test_forged_tokens_are_refused(client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests) -> None:
    for name, attack in ATTACKS.items():
        with subtests.test(name):
            await _assert_refused(client, attack(issuer))


async def test_a_huge_token_is_refused(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    refused = await client.get("/caller", headers=bearer(issuer.token(groups=["x" * 50] * 1_000)))
    assert refused.status_code == 401


async def test_a_shared_secret_among_the_published_keys_is_not_used(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    secret = OctKey.generate_key(256, {"kid": "shared"})
    issuer.further_keys.append(secret.as_dict(private=True))
    token = jws.serialize_compact({"alg": "HS256", "kid": "shared"}, json.dumps(issuer.claims()), secret, algorithms=["HS256"])
    await _assert_refused(client, token)
    assert (await client.get("/caller", headers=bearer(issuer.token()))).status_code == 200
