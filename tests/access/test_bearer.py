"""The Authorization header: what is taken, what is refused, and in which words."""

import httpx
import pytest

from .conftest import MakeKey

pytestmark = pytest.mark.usefixtures("gate")

SCHEMES = ["Bearer", "bearer", "BEARER", "bEaReR"]


async def test_the_scheme_may_be_written_in_any_case(client: httpx.AsyncClient, make_key: MakeKey, subtests: pytest.Subtests) -> None:
    secret = await make_key("people:read")
    for scheme in SCHEMES:
        with subtests.test(scheme):
            for header in (f"{scheme} {secret}", f"{scheme}   {secret} "):
                assert (await client.get("/caller", headers={"Authorization": header})).status_code == 200


NO_TOKEN: list[str | None] = [None, "", "Bearer", "Bearer ", "Basic cXE6cXE=", "qq_alone", "Token qq_x"]


async def test_without_a_bearer_token_the_answer_asks_for_one(client: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    for header in NO_TOKEN:
        with subtests.test(ascii(header)):
            refused = await client.get("/caller", headers={} if header is None else {"Authorization": header})
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["code"] == "unauthenticated"
            assert "Authorization" in refused.json()["detail"]


BAD_TOKENS = [
    b"qq_",
    b"qq_x",
    b"QQ_x",
    b"qq_' OR '1'='1",
    b"qq_\xe5\xaf\x86",
    b"\xff\xfe",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"qq_" + b"x" * 20_000,
    b"x" * 20_000,
]


async def test_any_other_token_is_401_and_not_told_back(client: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    for token in BAD_TOKENS:
        with subtests.test(repr(token[:30])):
            refused = await client.get("/caller", headers={b"Authorization": b"Bearer " + token})
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
            assert token not in refused.content


async def test_where_no_issuer_is_configured_the_answer_says_what_to_use(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": "Bearer eyJhbGciOiJFUzI1NiJ9.e30.AAAA", "Accept-Language": "en"}
    refused = await client.get("/caller", headers=headers)
    assert refused.status_code == 401
    assert "qq_" in refused.json()["detail"]


async def test_a_refused_caller_leaves_nothing(client: httpx.AsyncClient, make_key: MakeKey) -> None:
    secret = await make_key("people:read")
    assert (await client.post("/notes", json={"text": "x"})).status_code == 401
    refused = await client.post("/notes", json={"text": "x"}, headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"})
    assert refused.status_code == 403
    assert "declarations:write" in refused.json()["detail"]
