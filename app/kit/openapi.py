"""The OpenAPI document: every error an operation can answer, as problem+json instead of the framework's own shape."""

from typing import Any

from fastapi import FastAPI

from .problems import ProblemOut

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
_SAID = {
    "401": "身份未验证。Not authenticated.",
    "403": "缺少权限，detail 指明所需权限。A scope is missing; `detail` names it.",
    "404": "不存在或不可见。No such record, or not within reach.",
    "409": "与登记册现状冲突，或同一幂等键的请求正在处理。The register's state does not allow it.",
    "412": "记录已有新版本。The record has changed since it was read.",
    "413": "请求体过大。The body is too large.",
    "415": "请求体须为 JSON。Bodies are JSON.",
    "422": "内容有误，errors 逐项指明。Not valid; `errors` names each field.",
    "428": "缺少 If-Match。The If-Match header is missing.",
    "default": "其他错误。Any other error.",
}


def described(app: FastAPI) -> dict[str, Any]:
    """The document, made once; components in the order of their names."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        schemas = document["components"]["schemas"]
        for path, methods in document["paths"].items():
            if path.startswith("/v1/"):
                for method, operation in methods.items():
                    operation["responses"] |= {status: _problem(status) for status in _errors_of(path, method, operation)}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs"), "ProblemOut": problem}
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        app.openapi_schema = document
    return app.openapi_schema


def _problem(status: str) -> dict[str, Any]:
    return {"description": _SAID[status], "content": _PROBLEM}


def _errors_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    headers = {parameter["name"].lower() for parameter in operation.get("parameters", ()) if parameter["in"] == "header"}
    has_body = "requestBody" in operation
    found = {
        "401": True,
        "403": True,
        "404": "{" in path or has_body,
        "409": method in ("post", "patch", "delete"),
        "412": "if-match" in headers,
        "413": has_body,
        "415": has_body,
        "422": True,
        "428": "if-match" in headers,
        "default": True,
    }
    return [status for status, holds in found.items() if holds]
