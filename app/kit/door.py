"""The route that every endpoint hangs in: media type at the threshold, the answer kept for its idempotency key."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from .errors import Problem, Words
from .idempotency import Replay


class Door(APIRoute):
    """An APIRoute that refuses bodies other than JSON (415) and replays answers by idempotency key.

    The answer is kept while the function-scoped transaction is still open, so both are committed or neither.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with what comes before and after it."""
        endpoint = super().get_route_handler()
        takes_body = self.body_field is not None

        async def handle(request: Request) -> Response:
            if takes_body:
                _require_json(request)
            try:
                response = await endpoint(request)
            except Replay as replay:
                return replay.response
            keep = getattr(request.state, "keep_answer", None)
            if keep is not None:
                await keep(response)
            return response

        return handle


def _require_json(request: Request) -> None:
    """Bodies are JSON.

    Raises:
        Problem: 415 for any other media type.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        raise Problem(
            415,
            "unsupported-media-type",
            Words("不支持的内容类型", "Unsupported media type"),
            Words("请求体须为 JSON，请求头应为 Content-Type: application/json。", "Send JSON with Content-Type: application/json."),
            headers={"Accept": "application/json"},
        )
