"""How the keys of an issuer are fetched, followed and survived."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.access import oidc
from app.access.oidc import Issuer
from app.kit.errors import Problem

from .issuer import AUDIENCE, LoopbackIssuer, new_key


@pytest.fixture
async def trusted(issuer: LoopbackIssuer) -> AsyncIterator[Issuer]:
    """Our side of it."""
    async with httpx.AsyncClient(timeout=2) as client:
        yield Issuer(issuer.url, AUDIENCE, client)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the issuer as often as there is a reason to."""
    monkeypatch.setattr(oidc, "ASKED_AT_MOST_EVERY", 0)


async def _status(trusted: Issuer, token: str) -> int:
    try:
        await trusted.claims(token)
    except Problem as problem:
        return problem.status
    return 200


async def test_keys_are_fetched_once_for_many(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    token = issuer.token()
    assert set(await asyncio.gather(*(_status(trusted, token) for _ in range(20)))) == {200}
    assert issuer.asked == ["/.well-known/openid-configuration", "/jwks"]


@pytest.mark.usefixtures("impatient")
async def test_rotated_keys_are_followed_and_the_old_ones_end(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    before = issuer.token()
    assert await _status(trusted, before) == 200
    issuer.rotate()
    after = issuer.token()
    assert set(await asyncio.gather(*(_status(trusted, after) for _ in range(10)))) == {200}
    assert await _status(trusted, before) == 401


@pytest.mark.usefixtures("impatient")
async def test_a_new_key_under_an_old_name_is_followed_too(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    assert await _status(trusted, issuer.token()) == 200
    issuer.keys = [new_key("first")]
    assert await _status(trusted, issuer.token()) == 200


@pytest.mark.usefixtures("impatient")
async def test_one_key_needs_no_name(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    for _ in range(2):
        assert await _status(trusted, issuer.token(header={"kid": None})) == 200
        issuer.rotate()


async def test_made_up_tokens_do_not_turn_us_against_the_issuer(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    assert await _status(trusted, issuer.token()) == 200
    made_up = [issuer.token(key=new_key()) for _ in range(20)]
    assert set(await asyncio.gather(*(_status(trusted, token) for token in made_up))) == {401}
    assert issuer.asked.count("/jwks") <= 2


async def test_what_is_no_token_of_ours_does_not_even_reach_the_issuer(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    for token in ("letmein", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"):
        assert await _status(trusted, token) == 401
    assert issuer.asked == []


@pytest.mark.usefixtures("impatient")
async def test_an_issuer_that_is_down_at_first_is_503_and_then_found(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    token = issuer.token()
    issuer.stop()
    with pytest.raises(Problem) as unreachable:
        await trusted.claims(token)
    assert (unreachable.value.status, unreachable.value.code) == (503, "issuer-unreachable")
    assert int(unreachable.value.headers["Retry-After"]) > 0
    issuer.start()
    assert await _status(trusted, token) == 200


async def test_many_who_wait_for_an_issuer_that_is_down_ask_it_once(issuer: LoopbackIssuer) -> None:
    asked = []

    def hang_up(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        raise httpx.ConnectError("down")

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang_up)) as client:
        trusted, token = Issuer(issuer.url, AUDIENCE, client), issuer.token()
        assert set(await asyncio.gather(*(_status(trusted, token) for _ in range(20)))) == {503}
    assert len(asked) == 1


@pytest.mark.usefixtures("impatient")
async def test_an_issuer_that_goes_down_later_does_not_lock_anybody_out(
    trusted: Issuer, issuer: LoopbackIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.token()
    assert await _status(trusted, token) == 200
    issuer.stop()
    monkeypatch.setattr(oidc, "KEYS_GOOD_FOR", 0)
    assert await _status(trusted, token) == 200
    assert await _status(trusted, issuer.token(key=new_key())) == 401


@pytest.mark.usefixtures("impatient")
async def test_a_key_that_the_issuer_withdrew_ends_when_the_keys_age(
    trusted: Issuer, issuer: LoopbackIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.token()
    assert await _status(trusted, token) == 200
    issuer.rotate()
    assert await _status(trusted, token) == 200
    monkeypatch.setattr(oidc, "KEYS_GOOD_FOR", 0)
    assert await _status(trusted, token) == 401


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"issuer": None},
        {"jwks_uri": None},
        {"jwks_uri": "http://127.0.0.1:bad/"},
        {"jwks_uri": "/jwks"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
async def test_an_issuer_that_says_it_is_another_is_refused(trusted: Issuer, issuer: LoopbackIssuer, metadata: dict[str, Any]) -> None:
    issuer.metadata = metadata
    assert await _status(trusted, issuer.token()) == 503


async def test_the_keys_of_a_protected_issuer_are_not_fetched_in_the_clear(issuer: LoopbackIssuer) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        return httpx.Response(200, json={"issuer": "https://id.example", "jwks_uri": "http://id.example/jwks"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await _status(Issuer("https://id.example", AUDIENCE, client), issuer.token()) == 503


@pytest.mark.parametrize(
    "strange",
    [
        {"kty": "EC", "crv": "SM2", "x": "AA", "y": "AA", "kid": "sm2"},
        {"kty": "AKP", "alg": "ML-DSA-44"},
        {"kty": "RSA", "n": "!"},
        {},
        {"kty": ["EC"]},
    ],
    ids=str,
)
async def test_keys_that_we_do_not_understand_do_not_harm_the_others(
    trusted: Issuer, issuer: LoopbackIssuer, strange: dict[str, Any]
) -> None:
    issuer.further_keys = [strange]
    assert await _status(trusted, issuer.token()) == 200


@pytest.mark.parametrize("published", [{"keys": []}, {"keys": "none"}, {}, []])
async def test_an_issuer_without_keys_is_as_good_as_down(published: Any, issuer: LoopbackIssuer) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        metadata = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/jwks"}
        return httpx.Response(200, json=published if request.url.path == "/jwks" else metadata)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await _status(Issuer(issuer.url, AUDIENCE, client), issuer.token()) == 503


async def test_a_waiting_question_does_not_hold_up_those_whose_keys_are_at_hand(trusted: Issuer, issuer: LoopbackIssuer) -> None:
    token = issuer.token()
    assert await _status(trusted, token) == 200
    async with trusted._asking:
        assert await asyncio.wait_for(_status(trusted, token), 1) == 200
