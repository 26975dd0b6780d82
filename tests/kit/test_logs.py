"""Logs are for operators, who have no business with what is declared."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from app.kit.logs import configure_logs


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines that the service's own log has come to."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in ("qinqing", "uvicorn")}
    monkeypatch.setattr("sys.stderr", stream)
    configure_logs("DEBUG")
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:], root.level = before[:2]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


async def test_a_request_leaves_one_line_with_the_template_of_its_address(
    client: httpx.AsyncClient, as_root: dict[str, str], logged: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = await client.get("/v1/persons/01a20b8c-34c0-7748-8eb7-5e7eab33df1a", headers=as_root)
    [line] = [line for line in logged() if line["event"] == "answered"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/persons/{person_id}", 404)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["milliseconds"] > 0
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


async def test_neither_addresses_nor_bodies_nor_keys_nor_errors_reach_the_log(
    app: FastAPI, as_root: dict[str, str], logged: Callable[[], list[dict[str, Any]]]
) -> None:
    router = APIRouter()

    @router.get("/broken")
    async def break_down() -> Response:
        raise ValueError("张三 11010119800101001X")

    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test") as client:
        await client.get("/v1/declarations?search=张三", headers=as_root)
        await client.get("/v1/张三", headers=as_root)
        await client.post("/v1/api-keys", json={"name": "张三", "scopes": ["张三"]}, headers=as_root)
        await client.post("/v1/api-keys", json={"name": "张三", "scopes": ["admin"]}, headers=as_root)
        await client.get("/broken")
    said = json.dumps(logged(), ensure_ascii=False)
    assert len(logged()) >= 6
    assert "张三" not in said
    assert "%E5%BC%A0" not in said
    assert "11010119800101001X" not in said
    assert as_root["Authorization"].removeprefix("Bearer ") not in said


def test_an_exception_that_a_library_logs_is_told_by_kind_and_place(logged: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        dict[str, int]()["张三"]
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
        structlog.get_logger("qinqing").exception("it broke")
    for line in logged():
        assert line["error"] == "KeyError"
        assert "test_logs.py:" in line["place"]
        assert "张三" not in json.dumps(line, ensure_ascii=False)
