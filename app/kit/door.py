"""The route that every endpoint hangs in: media type at the threshold; on the way out the fields asked for, the entity tag, the idempotency key."""

from collections.abc import Callable, Coroutine, Iterator
from functools import cached_property
from typing import Any, ClassVar

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from .errors import Fault, Problem, Words, invalid
from .idempotency import Replay
from .representation import is_json, settled
from .selecting import PARAMETER, Selection, Wanted

_REGISTER = "/v1/"
"""What stands below is the register's; beside it are other protocols, and what is asked of the service itself."""


class Door(APIRoute):
    """An APIRoute that refuses bodies other than JSON (415) and unknown queries (422), cuts JSON answers to the `fields` asked for, tags them, and replays them by idempotency key.

    The answer is kept while the function-scoped transaction is still open, so both are committed or neither.
    """

    queries_known: ClassVar[bool] = True
    """Whether queries that the endpoint does not take are refused."""

    @cached_property
    def selection(self) -> Selection | None:
        """What `fields` may name, where the answer has a shape."""
        return Selection(self.response_model) if self.response_model is not None and self.path.startswith(_REGISTER) else None

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with what comes before and after it."""
        endpoint = super().get_route_handler()
        takes_body, taken = self.body_field is not None, frozenset(_queries_of(self.dependant))
        selection, of_register = self.selection, self.path.startswith(_REGISTER)

        async def handle(request: Request) -> Response:
            if takes_body:
                _require_json(request)
            wanted: Wanted | None = None
            if self.queries_known and request.url.query:
                asked = request.query_params
                _require_known(asked, taken if selection is None else taken | {PARAMETER})
                wanted = selection.wanted(asked[PARAMETER]) if selection is not None and PARAMETER in asked else None
            try:
                response = await endpoint(request)
            except Replay as replay:
                return replay.response
            if wanted is not None and selection is not None and is_json(response):
                response = _with_body(response, selection.cut(bytes(response.body), wanted))
            if of_register:
                response = settled(request, response)
            keep = getattr(request.state, "keep_answer", None)
            if keep is not None:
                await keep(response)
            return response

        return handle


def _with_body(response: Response, body: bytes) -> Response:
    response.body = body
    response.headers["content-length"] = str(len(body))
    return response


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


def _queries_of(dependant: Dependant) -> Iterator[str]:
    """The query parameters that an endpoint and its dependencies take."""
    yield from (field.alias for field in dependant.query_params)
    for below in dependant.dependencies:
        yield from _queries_of(below)


def _require_known(asked: QueryParams, taken: frozenset[str]) -> None:
    """A filter that is misspelt or given twice would quietly answer another question than was asked.

    Raises:
        Problem: 422 that names each.
    """
    faults = []
    for name in asked:
        pointer = "/query/" + name.replace("~", "~0").replace("/", "~1")
        if name not in taken:
            faults.append(Fault(pointer, "extra-forbidden", _UNKNOWN))
        elif len(asked.getlist(name)) > 1:
            faults.append(Fault(pointer, "query-repeated", _REPEATED))
    if faults:
        raise invalid(faults)


_UNKNOWN = Words("没有这个查询参数，请核对拼写或删除。", "No such query parameter; check the spelling or remove it.")
_REPEATED = Words("该查询参数只能填写一次。", "Give this query parameter once.")
