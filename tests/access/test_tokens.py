"""Tokens of an honest issuer at the door: who the holder is and what they may do."""

import json
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.settings import Settings

from .conftest import CLERK, MAYOR, RETIRED, Register, bearer
from .issuer import AUDIENCE, LoopbackIssuer, SigningKey, trusting

pytestmark = pytest.mark.usefixtures("gate", "register")

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
ED25519 = OKPKey.generate_key("Ed25519", {"kid": "ed"})
P384 = ECKey.generate_key("P-384", {"kid": "p384"})


@pytest.fixture
def settings(database_url: str, issuer: LoopbackIssuer) -> Settings:
    """The service trusts the issuer."""
    return trusting(issuer, database_url)


async def _scopes(client: httpx.AsyncClient, token: str) -> set[str]:
    answer = await client.get("/caller", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    return set(answer.json()["scopes"])


async def test_the_subject_names_the_person(client: httpx.AsyncClient, issuer: LoopbackIssuer, register: Register) -> None:
    answer = await client.get("/caller", headers=bearer(issuer.token(sub=MAYOR)))
    assert answer.json() == {
        "actor": f"oidc:{issuer.url}|{MAYOR}",
        "scopes": ["declarations:write"],
        "person": str(register.mayor),
        "roots": [str(register.city)],
    }


async def test_another_claim_may_name_the_person(
    app: FastAPI, client: httpx.AsyncClient, issuer: LoopbackIssuer, register: Register
) -> None:
    app.state.settings.oidc_person_claim = "employee_number"
    answer = await client.get("/caller", headers=bearer(issuer.token(sub="8f1c", employee_number=CLERK)))
    assert (answer.json()["person"], answer.json()["actor"]) == (str(register.clerk), f"oidc:{issuer.url}|8f1c")
    assert (await client.get("/caller", headers=bearer(issuer.token(sub=CLERK)))).status_code == 401


NOBODY: list[Any] = ["X-999", "", " D-017", "d-017", "None", "\x00", "\ud800", "D-017\n", True, 7, 1.5, ["D-017"], {"D-017": 1}, None]


async def test_a_token_of_somebody_unknown_is_401_and_says_so(
    app: FastAPI, client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests
) -> None:
    app.state.settings.oidc_person_claim = "employee_number"
    for named in NOBODY:
        with subtests.test(ascii(named)):
            headers = bearer(issuer.token(sub="8f1c", employee_number=named))
            refused = await client.get("/caller", headers={**headers, "Accept-Language": "en"})
            assert refused.status_code == 401
            assert "not on record" in refused.json()["detail"]


SCOPES_CLAIMED: list[tuple[dict[str, Any], set[str]]] = [
    ({"scope": "openid profile declarations:read people:read"}, {"declarations:read", "people:read"}),
    ({"scope": None, "scp": ["declarations:read", "offline_access", 5]}, {"declarations:read"}),
    ({"scope": None, "scp": "declarations:read reviews:write"}, {"declarations:read", "reviews:write"}),
    ({"scope": "openid", "scp": ["reviews:write"]}, {"reviews:write"}),
    ({"scope": None}, set()),
    ({"scope": 7, "scp": {"admin": True}}, set()),
    ({"scope": "Admin ADMIN admin2"}, set()),
]


async def test_only_our_scopes_count(client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests) -> None:
    for claims, scopes in SCOPES_CLAIMED:
        with subtests.test(ascii(claims)):
            assert await _scopes(client, issuer.token(**claims)) == scopes


async def test_who_has_left_keeps_their_own_declarations_and_no_power(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    token = issuer.token(sub=RETIRED, scope="declarations:write declarations:read reviews:write admin")
    assert await _scopes(client, token) == {"declarations:write"}


async def test_a_missing_scope_is_403_and_named(client: httpx.AsyncClient, issuer: LoopbackIssuer) -> None:
    refused = await client.get("/v1/api-keys", headers=bearer(issuer.token()))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert "admin" in refused.json()["detail"]


async def test_an_operator_may_sign_in_too_and_reaches_the_own_unit_down(
    client: httpx.AsyncClient, issuer: LoopbackIssuer, register: Register
) -> None:
    headers = bearer(issuer.token(sub=MAYOR, scope="admin"))
    body = {"name": "x", "scopes": ["people:read"], "unit": str(register.district)}
    assert (await client.post("/v1/api-keys", json=body, headers=headers)).status_code == 201
    assert (await client.post("/v1/api-keys", json={**body, "unit": str(register.county)}, headers=headers)).status_code == 422


SUBJECTS = ["s" * 400, "\x00", "\ud800", "工号"]


async def test_any_subject_fits_into_the_ledger(
    app: FastAPI, client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests
) -> None:
    app.state.settings.oidc_person_claim = "employee_number"
    for subject in SUBJECTS:
        with subtests.test(ascii(subject[:5])):
            actors = set()
            for end in "ab":
                headers = bearer(issuer.token(sub=subject + end, employee_number=CLERK))
                assert (await client.post("/notes", json={"text": "x"}, headers={**headers, "Idempotency-Key": "one"})).status_code == 201
                actors.add((await client.get("/caller", headers=headers)).json()["actor"])
            assert len(actors) == 2
            assert max(len(actor) for actor in actors) <= 300


WITHIN_THE_LEEWAY: list[dict[str, Any]] = [
    {"aud": AUDIENCE},
    {"aud": ["canteen", AUDIENCE]},
    {"exp": time.time() + 10**9},
    {"exp": -20},
    {"nbf": +20},
    {"iat": +20},
    {"nbf": None, "iat": None},
]


async def test_a_token_that_is_fine_within_the_leeway_is_taken(
    client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests
) -> None:
    for over in WITHIN_THE_LEEWAY:
        with subtests.test(ascii(over)):
            assert (await client.get("/caller", headers=bearer(issuer.token(**over)))).status_code == 200


SIGNATURES: list[tuple[SigningKey, str]] = [(RSA, "RS256"), (RSA, "PS512"), (P384, "ES384"), (ED25519, "Ed25519")]


async def test_every_common_signature_is_understood(client: httpx.AsyncClient, issuer: LoopbackIssuer, subtests: pytest.Subtests) -> None:
    issuer.keys += [RSA, P384, ED25519]
    for key, algorithm in SIGNATURES:
        with subtests.test(algorithm):
            token = jws.serialize_compact({"alg": algorithm, "kid": key.kid}, json.dumps(issuer.claims()), key, algorithms=[algorithm])
            assert (await client.get("/caller", headers=bearer(token))).status_code == 200
