"""What holds for every request, whatever it asks for."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from app.settings import Settings


@pytest.fixture
def settings(database_url: str) -> Settings:
    """A service that takes small bodies."""
    return Settings(database_url=database_url, database_pool=2, key_cache_seconds=0, body_limit=2000)


def body_of(size: int) -> bytes:
    frame = b'{"name": "", "scopes": ["admin"]}'
    return frame.replace(b'""', b'"' + b"x" * (size - len(frame)) + b'"')


async def in_parts(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


async def test_a_body_over_the_limit_is_413_whether_it_says_its_length_or_not(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    headers = {**as_root, "Content-Type": "application/json"}
    for body in (body_of(2001), in_parts(body_of(2001)), in_parts(body_of(50_000))):
        answer = await client.post("/v1/api-keys", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
        assert answer.json()["detail"] == "请求体不得超过 0.002 MB。"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-request-id"] == answer.json()["instance"]
    assert (await client.get("/v1/api-keys?count=true", headers=as_root)).json()["count"] == 1


async def test_a_body_at_the_limit_is_read(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    for body in (body_of(2000), in_parts(body_of(2000))):
        answer = await client.post("/v1/api-keys", content=body, headers={**as_root, "Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")


async def test_a_length_beyond_reason_is_413(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    answer = await client.post(
        "/v1/api-keys", content=b"{}", headers={**as_root, "Content-Type": "application/json", "Content-Length": "9" * 5000}
    )
    assert answer.status_code == 413


async def test_too_much_without_a_key_is_refused_as_well(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/api-keys", content=in_parts(body_of(5000)), headers={"Content-Type": "application/json"})
    assert answer.status_code in (401, 413)


async def test_every_answer_carries_the_id_of_its_request(client: httpx.AsyncClient) -> None:
    made = [(await client.get(path)).headers["x-request-id"] for path in ("/healthz", "/healthz", "/nothing", "/v1/api-keys", "/docs")]
    assert len(set(made)) == 5
    assert all(UUID(number).version == 7 for number in made)


@pytest.mark.parametrize("given", ["trace-0001", "01a20b8c-34c0-7748-8eb7-5e7eab33df1a"])
async def test_a_sensible_request_id_is_taken_over(client: httpx.AsyncClient, given: str) -> None:
    assert (await client.get("/nothing", headers={"X-Request-Id": given})).json()["instance"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 129, "with space inside", '"><script>alert(1)</script>', "张三张三张三张三".encode()])
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str | bytes) -> None:
    answer = await client.get("/nothing", headers=[(b"X-Request-Id", given if isinstance(given, bytes) else given.encode())])
    assert UUID(answer.json()["instance"]).version == 7
    assert answer.headers["x-request-id"] == answer.json()["instance"]


async def test_no_answer_may_be_sniffed_framed_or_kept(client: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/nothing", "/v1/api-keys"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
