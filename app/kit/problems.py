"""Every error as RFC 9457 problem+json, in Chinese or, for `Accept-Language: en`, in English.

Inputs are never echoed: a wrong value may be somebody's personal data.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, get_args

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from .conflicts import ConflictOut
from .errors import Fault, Problem, Words, invalid
from .logs import place_of
from .wording import FORMS, MESSAGES, UNFORESEEN

log = logging.getLogger("qinqing")

_OF_FRAMEWORK = {
    400: Problem(
        400,
        "unreadable-body",
        Words("请求体无法读取", "The body cannot be read"),
        Words(
            "请求体须为 UTF-8 编码的 JSON，嵌套不宜过深，数字不宜过长。",
            "Send JSON in UTF-8, without excessive nesting or endless numbers.",
        ),
    ),
    404: Problem(
        404,
        "no-such-address",
        Words("没有这个地址", "No such address"),
        Words("请核对地址，接口说明见 /docs。", "Check the address; /docs names them all."),
    ),
    405: Problem(
        405,
        "method-not-allowed",
        Words("该地址不支持此方法", "This address does not take that method"),
        Words("可用的方法见 Allow 响应头。", "The Allow header names those that it takes."),
    ),
}
"""What the framework itself refuses, in our words."""


def register_message(code: str, zh: str, en: str) -> None:
    """Words for a room's own validation code; fields of the error's context may stand in braces."""
    MESSAGES[code] = Words(zh, en)


class FaultOut(BaseModel):
    """One field at fault."""

    pointer: str = Field(
        description="出错字段的 JSON Pointer（RFC 6901），以请求体为根；请求体之外以 /query、/path、/header 开头。"
        "Where the fault is, in the body; elsewhere it starts with /query, /path or /header.",
        examples=["/details/items/0/worth/amount"],
    )
    code: str = Field(description="稳定的错误代码。Stable, kebab-case.", examples=["amount-malformed"])
    message: str = Field(description="说明与更正办法。What is wrong and how to put it right.")


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(description="问题类型的 URN。URN of the sort of problem.", json_schema_extra={"format": "uri"})
    title: str = Field(description="问题概要。What the problem is.")
    status: int = Field(ge=400, le=599, description="HTTP 状态码。The status code.", examples=[422])
    detail: str = Field(description="如何处理。What to do about it.")
    code: str = Field(description="稳定的错误代码。Stable, kebab-case.", examples=["invalid-request"])
    instance: str = Field(description="请求编号。The request id.")
    errors: list[FaultOut] | None = Field(default=None, description="仅 422：逐项错误。With 422 alone: each field at fault.")
    conflict: ConflictOut | None = Field(
        default=None,
        description="仅更改申报的 412：所据版本与现行版本逐项比较。With 412 of a declaration alone: where the change started, and what stands, field by field.",
    )


def prefers_english(request: Request) -> bool:
    """Whether English stands before Chinese in Accept-Language; Chinese is the default."""
    best: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        language = tag.strip().lower().partition("-")[0]
        best[language] = max(best.get(language, 0.0), quality)
    return best.get("en", 0.0) > best.get("zh", 0.0)


Dialect: TypeAlias = Callable[[Problem], Response]
"""How a protocol with errors of its own says a problem."""

_DIALECTS: dict[str, Dialect] = {}


def register_dialect(prefix: str, say: Dialect) -> None:
    """Below this address problems are said in a form of its own, whoever refuses."""
    _DIALECTS[prefix] = say


def problem_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as problem+json, with the problem's own headers unless others are given."""
    for prefix, say in _DIALECTS.items():
        if f"{request.scope['path']}/".startswith(f"{prefix}/"):
            response = say(problem)
            response.headers.update(headers or problem.headers)
            return response
    said = "en" if prefers_english(request) else "zh"
    body: dict[str, Any] = {
        "type": f"urn:qinqing:problem:{problem.code}",
        "title": getattr(problem.title, said),
        "status": problem.status,
        "detail": getattr(problem.detail, said),
        "code": problem.code,
        "instance": getattr(request.state, "request_id", ""),
    }
    if problem.status == 422:
        body["errors"] = [{"pointer": f.pointer, "code": f.code, "message": getattr(f.message, said)} for f in problem.faults]
    if problem.conflict is not None:
        body["conflict"] = {name: getattr(value, said) if isinstance(value, Words) else value for name, value in problem.conflict.items()}
    return Response(msgspec.json.encode(body), problem.status, headers or problem.headers, "application/problem+json")


def faults_of(errors: Sequence[Any], *, at: str = "", tagged: bool = False) -> list[Fault]:
    """Validation errors of pydantic as faults, without the input.

    `at` is the pointer of what was validated; `tagged` tells that it is one of several shapes, whose tag pydantic puts
    into the location of an error and a pointer must not hold.
    """
    wrong = [error for error in errors if not _follows_from_another(error, errors)]
    faults = (Fault(at + _pointer(error, tagged=tagged), _code(error), _message(error)) for error in wrong)
    return list(dict.fromkeys(faults))  # what two parts of an endpoint ask for is validated twice


def _follows_from_another(error: Any, errors: Sequence[Any]) -> bool:
    """An array counts as short when entries of it are wrong; that they are is what has to be said."""
    depth = len(error["loc"])
    return error["type"] == "too_short" and any(other["loc"][:depth] == error["loc"] and len(other["loc"]) > depth for other in errors)


def _pointer(error: Any, *, tagged: bool) -> str:
    """RFC 6901; the body is the document, other places carry their name."""
    steps: list[str | int] = list(error["loc"])
    if steps[:1] == ["body"]:
        steps = steps[2 if tagged else 1 :]
    if error["type"] == "json_invalid":  # pydantic gives the character, which a pointer cannot name
        steps = []
    context = error.get("ctx") or {}
    if error["type"] in _OF_TAGS:
        steps.append(context["discriminator"].strip("'"))
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps) + str(context.get("at", ""))


_OF_TAGS = {"union_tag_not_found": "missing", "union_tag_invalid": "enum"}
"""What is wrong with the field that picks one of several shapes, as with any other field."""


def _code(error: Any) -> str:
    sort: str = error["type"]
    return _OF_TAGS.get(sort, sort).replace("_", "-")


def _message(error: Any) -> Words:
    context = error.get("ctx") or {}
    words = FORMS.get(context.get("pattern", "")) or MESSAGES.get(error["type"], UNFORESEEN)
    chinese = {name: _said(value, "、") for name, value in context.items()}
    english = {name: _said(value, ", ") for name, value in context.items()}
    return Words(words.zh.format_map(_Gaps(chinese)), words.en.format_map(_Gaps(english)))


def _said(value: Any, comma: str) -> str:
    """A value of the context as it is read aloud: limits without needless decimals, choices without quotes."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("'", "").replace(" or ", ", ").replace(", ", comma)


class _Gaps(dict[str, str]):
    """Leaves a name without a value as it stands."""

    def __missing__(self, key: str) -> str:
        return key


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        return problem_response(request, problem)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        return problem_response(request, invalid(faults_of(error.errors(), tagged=_is_tagged(request))))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        known = _OF_FRAMEWORK.get(error.status_code) or Problem(
            error.status_code, "request-failed", Words("请求未能完成", "The request was not carried out")
        )
        headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
        return problem_response(request, known, headers)


def unexpected(request: Request, error: Exception) -> Response:
    """A 500 that tells the caller nothing but its number, and the log no more than kind and place of the error."""
    log.error(
        "unexpected error",
        extra={"request_id": getattr(request.state, "request_id", ""), "error": type(error).__name__, "place": place_of(error)},
    )
    detail = Words("请稍后重试；如持续出现，请将 instance 告知管理员。", "Try again; if it stays, tell the operator the `instance`.")
    return problem_response(request, Problem(500, "internal-error", Words("服务内部错误", "Internal error"), detail))


def _is_tagged(request: Request) -> bool:
    """Whether the body of this address is one of several shapes, told apart by one of its fields."""
    body = getattr(request.scope.get("route"), "body_field", None)
    shapes = getattr(body and body.field_info.annotation, "__value__", None)
    return any(getattr(said, "discriminator", None) for said in get_args(shapes))


def _allowed(request: Request) -> str:
    """Every method that the address takes (RFC 9110, section 10.2.1); the router itself names those of one route alone."""
    asked = {"type": "http", "path": request.scope["path"], "root_path": request.scope.get("root_path", ""), "headers": []}
    routes: list[BaseRoute] = request.app.routes
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return ", ".join(name for name in methods if any(route.matches({**asked, "method": name})[0] == Match.FULL for route in routes))
