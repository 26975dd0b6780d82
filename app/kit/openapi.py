"""The OpenAPI document: besides what the framework says, every error as problem+json, and the headers that answers carry."""

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from .problems import ProblemOut
from .selecting import LONGEST, PARAMETER
from .shapes import shape

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}
_PAGE = re.compile(r"PageOut[_[]([A-Za-z]+)Out[\]_]")
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
_FOR_DIRECTORIES = {"x-api-id": "qinqing-register", "x-audience": "external-partner"}
"""What directories of interfaces ask for: a name that stays, and that others than the operator's own house are meant to call."""

_PATH_ID = "路径所指记录的编号。Id of the record that the path leads to."
_HEADERS = {
    "Location": "新记录的地址。Where the new record is read.",
    "ETag": "所答内容的标识；更改该记录时放入 If-Match，再次读取时放入 If-None-Match。"
    "Tag of what is answered; sent in If-Match when the record is changed, in If-None-Match when it is read again.",
    "Link": '另有下一页时：其地址，rel="next"（RFC 8288）。The next page, if another follows.',
    "Idempotent-Replayed": "为 true 时，此为同一幂等键首次请求的答复。`true` when this is the first answer to the same key, given again.",
}

_SHOWN = {
    "Location": "/v1/declarations/01990b5c-7f3e-7c1a-8b2d-3f4e5a6b7c8d",
    "ETag": '"3"',
    "Link": '</v1/declarations?after=MDE5OTBiNWM>; rel="next"',
    "Idempotent-Replayed": "true",
}

_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "上次的 ETag；未变则答 304。The ETag that was read last; 304 if it stands.",
    "schema": {"type": "string", "examples": ['"3-9f86d081884c7d65"']},
}
_NOT_MODIFIED = {
    "description": "自上次读取未变。Nothing has changed since it was read.",
    "headers": {"ETag": {"description": _HEADERS["ETag"], "schema": {"type": "string"}}},
}


def described(app: FastAPI, samples: Mapping[str, Any]) -> dict[str, Any]:
    """The document, made once; components in the order of their names."""
    if app.openapi_schema is None:
        document = _named(FastAPI.openapi(app))
        schemas = document["components"]["schemas"]
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _forget_idempotency(method, operation)
                _introduce_parameters(operation)
                if path.startswith("/v1/"):
                    _add_reading(method, operation, schemas)
                    _add_headers(path, method, document["paths"])
                    operation["responses"] |= {status: _problem(status) for status in _errors_of(path, method, operation)}
                else:
                    operation["responses"].pop("422", None)
                    if "if-match" not in _parameters(operation):
                        operation["responses"].pop("412", None)
                if "security" not in operation:
                    operation["security"] = []
                    operation["responses"] |= {status: _problem(status) for status in ("422", "default")}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**problem.pop("$defs"), "ProblemOut": problem}
        document["info"] |= _FOR_DIRECTORIES
        shape(document, samples)
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        app.openapi_schema = document
    return app.openapi_schema


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """Names that clients can make types of: UnitPageOut where the framework says PageOut_UnitOut_."""
    named: dict[str, Any] = json.loads(_PAGE.sub(r"\1PageOut", json.dumps(document)))
    return named


def _forget_idempotency(method: str, operation: dict[str, Any]) -> None:
    """Units of work read the key whatever the method is; it means something for POST alone."""
    if method != "post" and "parameters" in operation:
        operation["parameters"] = [one for one in operation["parameters"] if one["name"].lower() != "idempotency-key"]


def _introduce_parameters(operation: dict[str, Any]) -> None:
    """Headers as standards write them, in text as they travel, and words for ids in the path, which mean the same everywhere."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            parameter["name"] = "-".join(part.capitalize() for part in parameter["name"].split("-"))
            for schema in (parameter["schema"], *parameter["schema"].get("anyOf", ())):
                schema.pop("format", None)  # makers of clients write instants into headers as they please
        if parameter["in"] == "path" and parameter["name"].endswith("_id"):
            parameter.setdefault("description", _PATH_ID)


def _add_headers(path: str, method: str, paths: dict[str, Any]) -> None:
    """The headers of the answer that is a success."""
    operation = paths[path][method]
    taken = _parameters(operation)
    status, success = next((status, told) for status, told in operation["responses"].items() if status.startswith("2"))
    carried = {
        "Location": status in ("201", "202"),
        "ETag": status in ("201", "202") or (status == "200" and not taken.isdisjoint({"if-match", "if-none-match"})),
        "Link": "after" in taken,
        "Idempotent-Replayed": "idempotency-key" in taken,
    }
    headers = {
        name: {"description": _HEADERS[name], "schema": {"type": "string", "examples": [_SHOWN[name]]}}
        for name, holds in carried.items()
        if holds
    }
    if headers:
        success["headers"] = headers


def _add_reading(method: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """What every door does with its JSON answers: cut them to some fields, and say 304 to a reader who has them."""
    told = [answer.get("content", {}) for status, answer in operation["responses"].items() if status in ("200", "201", "202")]
    shapes = [content["application/json"]["schema"] for content in told if "schema" in content.get("application/json", {})]
    if not shapes:
        return
    operation.setdefault("parameters", []).append(_fields(shapes[0], schemas))
    if method == "get":
        operation["parameters"].append(_IF_NONE_MATCH)
        operation["responses"]["304"] = _NOT_MODIFIED


def _fields(answer: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The parameter that cuts an answer, exemplified with the first of the fields that there are."""
    names = _names(answer, schemas)
    if {"items", "next"} <= names.keys():
        names = _names(names["items"]["items"], schemas)
    return {
        "name": PARAMETER,
        "in": "query",
        "required": False,
        "description": "只返回所列字段，以逗号分隔，下级字段用点号；列表则就各项而言。"
        "Only these fields, with commas between and dots to go down; in a list those of its items.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "examples": [",".join([*names][:2])]},
    }


def _names(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The fields of a shape; of the first of a union."""
    while "properties" not in schema:
        schema = (
            schemas[schema["$ref"].rpartition("/")[2]]
            if "$ref" in schema
            else next(iter(schema[key][0] for key in ("oneOf", "anyOf") if key in schema))
        )
    fields: dict[str, Any] = schema["properties"]
    return fields


def _parameters(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"].lower() for parameter in operation.get("parameters", ())}


def _problem(status: str) -> dict[str, Any]:
    return {"description": _SAID[status], "content": _PROBLEM}


def _errors_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    headers = _parameters(operation)
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
