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

    @cached_property
    def queries(self) -> frozenset[str]:
        """The query parameters that there are."""
        return frozenset(_queries_of(self.dependant)) | ({PARAMETER} if self.selection is not None else frozenset())

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with what comes before and after it."""
        endpoint = super().get_route_handler()
        takes_body, needs_body = self.body_field is not None, self.body_field is not None and self.body_field.field_info.is_required()
        of_register = self.path.startswith(_REGISTER)

        async def handle(request: Request) -> Response:
            if needs_body or (takes_body and _is_sent(request)):
                _require_json(request)
            request.state.door = self
            try:
                response = await endpoint(request)
            except Replay as replay:
                return replay.response
            wanted: Wanted | None = getattr(request.state, "wanted", None)
            if wanted is not None and self.selection is not None and is_json(response):
                response = _with_body(response, self.selection.cut(bytes(response.body), wanted))
            if of_register:
                response = settled(request, response)
            keep = getattr(request.state, "keep_answer", None)
            if keep is not None:
                await keep(response)
            return response

        return handle


def asked_well(request: Request) -> None:
    """A dependency behind the one that asks who is calling: nobody unknown learns what is wrong with a query.

    Raises:
        Problem: 422 for a query parameter that there is not, that is given twice, or that names fields that there are not.
    """
    door: Door | None = getattr(request.state, "door", None)
    if door is None or not door.queries_known or not request.url.query:
        return
    _require_known(request.query_params, door.queries)
    if PARAMETER in request.query_params and door.selection is not None:
        request.state.wanted = door.selection.wanted(request.query_params[PARAMETER])


def _with_body(response: Response, body: bytes) -> Response:
    response.body = body
    response.headers["content-length"] = str(len(body))
    return response


def _is_sent(request: Request) -> bool:
    """Whether a request has a body, where none is needed (RFC 9112, section 6.3)."""
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


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
