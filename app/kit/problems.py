"""Every error as RFC 9457 problem+json, in Chinese or, for `Accept-Language: en`, in English.

Inputs are never echoed: a wrong value may be somebody's personal data.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from .errors import Fault, Problem, Words, invalid
from .logs import place_of

log = logging.getLogger("qinqing")

_OF_FRAMEWORK = {
    400: Problem(
        400,
        "unreadable-body",
        Words("请求体无法读取", "The body cannot be read"),
        Words("请求体须为 UTF-8 编码的 JSON。", "Send JSON in UTF-8."),
    ),
    404: Problem(404, "no-such-address", Words("没有这个地址", "No such address"), Words("请核对地址，接口说明见 /docs。", "Check the address; /docs names them all.")),
    405: Problem(
        405,
        "method-not-allowed",
        Words("该地址不支持此方法", "This address does not take that method"),
        Words("可用的方法见 Allow 响应头。", "The Allow header names those that it takes."),
    ),
}
"""What the framework itself refuses, in our words."""

_MESSAGES = {
    "missing": Words("必填项缺失。", "This field is required."),
    "extra_forbidden": Words("没有这个字段，请核对拼写或删除。", "No such field; check the spelling or remove it."),
    "json_invalid": Words("不是有效的 JSON。", "Not valid JSON."),
    "string_too_short": Words("内容过短，至少 {min_length} 个字符。", "Too short; at least {min_length} characters."),
    "string_too_long": Words("内容过长，至多 {max_length} 个字符。", "Too long; at most {max_length} characters."),
    "string_type": Words("须为文本。", "Must be text."),
    "string_pattern_mismatch": Words("格式不符，应符合 {pattern}。", "Malformed; must match {pattern}."),
    "bool_type": Words("须为 true 或 false。", "Must be true or false."),
    "bool_parsing": Words("须为 true 或 false。", "Must be true or false."),
    "int_type": Words("须为整数。", "Must be a whole number."),
    "int_parsing": Words("须为整数。", "Must be a whole number."),
    "float_type": Words("须为数字。", "Must be a number."),
    "greater_than_equal": Words("不得小于 {ge}。", "Must be at least {ge}."),
    "greater_than": Words("须大于 {gt}。", "Must be greater than {gt}."),
    "less_than_equal": Words("不得大于 {le}。", "Must be at most {le}."),
    "less_than": Words("须小于 {lt}。", "Must be less than {lt}."),
    "enum": Words("须为以下之一：{expected}。", "Must be one of {expected}."),
    "literal_error": Words("须为以下之一：{expected}。", "Must be one of {expected}."),
    "uuid_parsing": Words("须为 UUID。", "Must be a UUID."),
    "uuid_type": Words("须为 UUID。", "Must be a UUID."),
    "date_from_datetime_parsing": Words("没有这一天，日期写作 YYYY-MM-DD。", "No such day; days are written YYYY-MM-DD."),
    "date_parsing": Words("没有这一天，日期写作 YYYY-MM-DD。", "No such day; days are written YYYY-MM-DD."),
    "date_type": Words("须为日期 YYYY-MM-DD。", "Must be a day, YYYY-MM-DD."),
    "too_short": Words("至少 {min_length} 项。", "At least {min_length} entries."),
    "too_long": Words("至多 {max_length} 项。", "At most {max_length} entries."),
    "model_attributes_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "model_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "dict_type": Words("须为 JSON 对象。", "Must be a JSON object."),
    "list_type": Words("须为数组。", "Must be an array."),
    "union_tag_invalid": Words("kind 须为以下之一：{expected_tags}。", "`kind` must be one of {expected_tags}."),
    "union_tag_not_found": Words("缺少 kind。", "`kind` is missing."),
    "amount_not_text": Words('金额须为十进制字符串，如 "1888.00"。', 'An amount is a decimal string such as "1888.00".'),
    "amount_malformed": Words(
        "金额至多 12 位半角整数、2 位小数，不带正负号与千分位。", "Up to 12 ASCII digits and at most 2 decimals, without sign or separators."
    ),
    "currency_unknown": Words("不是现行 ISO 4217 货币代码。", "Not an ISO 4217 currency in use."),
    "day_malformed": Words("日期写作 YYYY-MM-DD，使用半角数字，如 2024-05-25。", "A day is written YYYY-MM-DD with ASCII digits, such as 2024-05-25."),
    "day_too_early": Words("不接受 1949-10-01 之前的日期。", "A day before 1949-10-01 cannot be declared."),
    "text_unreadable": Words("含有无法显示的字符 {code}，请删除。", "Contains the character {code}, which cannot be shown; remove it."),
    "text_blank": Words("不能为空白。", "Must hold at least one visible character."),
    "reference_needs_id_or_name": Words("id 与 name 须且只能填写其一。", "Give either `id` or `name`, not both and not neither."),
}


def register_message(code: str, zh: str, en: str) -> None:
    """Words for a room's own validation code; fields of the error's context may stand in braces."""
    _MESSAGES[code] = Words(zh, en)


class FaultOut(BaseModel):
    """One field at fault."""

    pointer: str = Field(description="JSON Pointer（RFC 6901）。")
    code: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="稳定的错误代码。Stable, kebab-case.")
    instance: str = Field(description="请求编号。The request id.")
    errors: list[FaultOut] | None = None


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


def problem_response(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as problem+json, with the problem's own headers unless others are given."""
    said = "en" if prefers_english(request) else "zh"
    body = {
        "type": f"urn:qinqing:problem:{problem.code}",
        "title": getattr(problem.title, said),
        "status": problem.status,
        "detail": getattr(problem.detail, said),
        "code": problem.code,
        "instance": getattr(request.state, "request_id", ""),
    }
    if problem.status == 422:
        body["errors"] = [{"pointer": f.pointer, "code": f.code, "message": getattr(f.message, said)} for f in problem.faults]
    return Response(msgspec.json.encode(body), problem.status, headers or problem.headers, "application/problem+json")


def faults_of(errors: Sequence[Any], *, at: str = "") -> list[Fault]:
    """Validation errors of pydantic as faults, without the input."""
    return [Fault(at + _pointer(_location(error)), error["type"].replace("_", "-"), _message(error)) for error in errors]


def _location(error: Any) -> Sequence[str | int]:
    """Where an error is; of a body that is no JSON pydantic gives the character, which a pointer cannot name."""
    where: Sequence[str | int] = error["loc"]
    return where[:1] if error["type"] == "json_invalid" else where


def _pointer(location: Sequence[str | int]) -> str:
    """RFC 6901; the body is the document, other places carry their name, the tag of a union is left out."""
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in location]
    if steps and steps[0] == "body":
        steps = steps[1:]
        if (len(steps) > 1 and steps[1] in ("details", "kind")) or (steps and steps[0] in _tags):
            steps = steps[1:]
    return "".join(f"/{step}" for step in steps)


_tags: set[str] = set()


def register_tags(tags: Sequence[str]) -> None:
    """Discriminator values, which pydantic puts into error locations and a JSON pointer must not hold."""
    _tags.update(tags)


def _message(error: Any) -> Words:
    words = _MESSAGES.get(error["type"])
    if words is None:
        return Words("内容不符合要求，请参阅接口文档。", str(error["msg"]))
    context = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
    return Words(words.zh.format_map(_Gaps(context)), words.en.format_map(_Gaps(context)))


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
        return problem_response(request, invalid(faults_of(error.errors())))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        known = _OF_FRAMEWORK.get(error.status_code) or Problem(error.status_code, "request-failed", Words("请求未能完成", "The request was not carried out"))
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


def _allowed(request: Request) -> str:
    """Every method that the address takes (RFC 9110, section 10.2.1); the router itself names those of one route alone."""
    asked = {"type": "http", "path": request.scope["path"], "root_path": request.scope.get("root_path", ""), "headers": []}
    routes: list[BaseRoute] = request.app.routes
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return ", ".join(name for name in methods if any(route.matches({**asked, "method": name})[0] == Match.FULL for route in routes))
