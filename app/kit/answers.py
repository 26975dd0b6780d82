"""Answers on the hot paths: encoded once from rows, JSON columns passed through as they are stored."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

_encoder = msgspec.json.Encoder()


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of plain data, structs and raw JSON."""
    return Response(_encoder.encode(content), status, dict(headers or {}), "application/json")


def raw(text: str | None) -> msgspec.Raw | None:
    """Stored JSON text, to stand in an answer unparsed."""
    return None if text is None else msgspec.Raw(text.encode())
