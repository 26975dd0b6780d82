"""What a caller is told when something is wrong: the field, the reason, the remedy, in the caller's language, and nothing of the input."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from app.kit.door import Door

Make = Callable[..., Coroutine[Any, Any, str]]


async def test_an_unknown_address_is_a_problem_in_chinese(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:qinqing:problem:no-such-address",
        "title": "没有这个地址",
        "status": 404,
        "detail": "请核对地址，接口说明见 /docs。",
        "code": "no-such-address",
        "instance": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("en", "No such address"),
        ("en-GB,en;q=0.9,zh;q=0.1", "No such address"),
        ("fr, en;q=0.5", "No such address"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "没有这个地址"),
        ("fr", "没有这个地址"),
        ("en;q=nonsense", "没有这个地址"),
        ("*", "没有这个地址"),
    ],
)
async def test_english_comes_only_when_it_is_preferred(client: httpx.AsyncClient, asked: str, title: str) -> None:
    answer = await client.get("/v1/nothing", headers={"Accept-Language": asked})
    assert answer.json()["title"] == title


async def test_a_method_that_an_address_does_not_take_names_all_that_it_does(client: httpx.AsyncClient) -> None:
    for path, allowed in (
        ("/v1/api-keys", "GET, POST"),
        ("/v1/api-keys/1", "GET, DELETE"),
        ("/v1/persons/1", "GET, PATCH, DELETE"),
        ("/healthz", "GET"),
    ):
        answer = await client.put(path, json={})
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
        assert answer.headers["allow"] == allowed


async def test_every_wrong_field_is_named_by_pointer_and_no_input_comes_back(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    body = {"name": "", "scopes": ["no-such-scope-of-zhang"], "unit": "zhang-san", "surprise": "zhang-san"}
    answer = await client.post("/v1/api-keys", json=body, headers=as_root)
    assert answer.status_code == 422
    said = answer.json()
    assert {error["pointer"] for error in said["errors"]} == {"/name", "/scopes/0", "/unit", "/surprise"}
    assert all(error["message"] and error["code"] == error["code"].lower() for error in said["errors"])
    assert "zhang" not in answer.text


async def test_a_wrong_query_says_where_and_why_in_both_languages(client: httpx.AsyncClient, as_root: dict[str, str]) -> None:
    chinese = await client.get("/v1/api-keys?limit=201", headers=as_root)
    english = await client.get("/v1/api-keys?limit=201", headers={**as_root, "Accept-Language": "en"})
    assert chinese.json()["errors"] == [{"pointer": "/query/limit", "code": "less-than-equal", "message": "不得大于 200。"}]
    assert english.json()["errors"] == [{"pointer": "/query/limit", "code": "less-than-equal", "message": "Must be at most 200."}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "invalid-request"),
        (b"", 422, "invalid-request"),
        (b"[]", 422, "invalid-request"),
        (b"null", 422, "invalid-request"),
        (b'{"name": "\xff"}', 400, "unreadable-body"),
        (b"[" * 100_000, 400, "unreadable-body"),
        (b'{"name": ' + b"9" * 10_000 + b"}", 400, "unreadable-body"),
        (b'{"name": "\\ud800", "scopes": ["admin"]}', 422, "invalid-request"),
        (b'{"name": "\\u0000", "scopes": ["admin"]}', 422, "invalid-request"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused_and_never_a_500(
    client: httpx.AsyncClient, as_root: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = await client.post("/v1/api-keys", content=body, headers={**as_root, "Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert all(not error["pointer"] or error["pointer"].startswith("/") for error in answer.json().get("errors", []))


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_a_body_of_another_media_type_is_415(client: httpx.AsyncClient, as_root: dict[str, str], media: str) -> None:
    answer = await client.post("/v1/api-keys", content=b"{}", headers={**as_root, "Content-Type": media})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "media", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json", "APPLICATION/JSON"]
)
async def test_json_by_any_of_its_names_is_taken(client: httpx.AsyncClient, as_root: dict[str, str], media: str) -> None:
    answer = await client.post(
        "/v1/api-keys", content='{"name": "人事", "scopes": ["admin"]}'.encode(), headers={**as_root, "Content-Type": media}
    )
    assert answer.status_code == 201


async def test_what_nobody_foresaw_is_a_500_that_says_nothing_of_it(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    router = APIRouter(route_class=Door)

    @router.get("/broken")
    async def break_down() -> None:
        raise RuntimeError("张三的身份证号")

    app.include_router(router)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/broken", headers={"X-Request-Id": "request-0001"})
    assert (answer.status_code, answer.json()["code"], answer.json()["instance"]) == (500, "internal-error", "request-0001")
    assert answer.headers["x-request-id"] == "request-0001"
    assert "张三" not in answer.text
    told = next(record for record in caplog.records if record.message == "unexpected error")
    assert (vars(told)["error"], vars(told)["request_id"]) == ("RuntimeError", "request-0001")
    assert "test_problems.py:" in vars(told)["place"]
    assert "张三" not in str(vars(told))
