"""The schemas of the OpenAPI document as makers of clients want them: one way to be null, whole numbers of a known width, an example for every value.

Whatever follows from a type is said here, once, so that rooms write down only what a person has to say. What comes out of a room's shape
without words of its own takes them from the shape that goes in: `UnitOut.name` from `UnitIn.name`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

_REF: Final = "#/components/schemas/"
_INT32: Final = 2**31 - 1
_SAFE: Final = 2**53 - 1
"""The greatest whole number that every JSON reader keeps exactly (RFC 7493, section 2.2)."""

_OF_FORMAT: Final = {
    "uuid": "01990b5c-7f3e-7c1a-8b2d-3f4e5a6b7c8d",
    "date": "2026-11-20",
    "date-time": "2026-11-20T08:30:00Z",
}
_PLAIN: Final = [
    {"type": "boolean"},
    {"type": "number", "format": "double"},
    {"type": "string"},
    {"$ref": f"{_REF}JsonObject"},
    {"type": "null"},
]
_JSON: Final[dict[str, Schema]] = {
    "JsonItem": {"description": "JSON 数组的一项。One item of a JSON array.", "anyOf": _PLAIN, "examples": ["5000.00"]},
    "JsonValue": {
        "description": "JSON 值。A JSON value.",
        "anyOf": [{"type": "array", "items": {"$ref": f"{_REF}JsonItem"}}, *_PLAIN],
        "examples": ["5000.00"],
    },
    "JsonObject": {
        "description": "JSON 对象，其字段依所述事项而定。A JSON object, whose fields depend on what it tells of.",
        "type": "object",
        "additionalProperties": {"$ref": f"{_REF}JsonValue"},
        "examples": [{"limit": "5000.00", "declarations": 2}],
    },
}
"""Free JSON, for what has no shape of its own. Only the object refers to itself, which every maker of clients can follow; a list of lists is not sent."""

_FREE: Final[tuple[Any, ...]] = (True, {}, {"$ref": f"{_REF}JsonValue"})


def shape(document: Schema, samples: Mapping[str, Any]) -> None:
    """Rewrite every schema of the document in place; `samples` holds an example by `Schema.field`, or by `field` for all schemas that have it."""
    schemas = document["components"]["schemas"]
    schemas |= {name: dict(told) for name, told in _JSON.items()}
    names = {tuple(told["enum"]): name for name, told in sorted(schemas.items()) if "enum" in told}
    for name, told in schemas.items():
        told.pop("title", None)
        schemas[name] = _tidy(told, names, top=True)
    for parameter in _parameters(document):
        parameter["schema"] = _asked(_tidy(parameter["schema"], names, top=False))
    for media in _bodies(document):
        media["schema"] = _tidy(media["schema"], names, top=False)
        if "$ref" not in media["schema"]:
            media["schema"].setdefault("description", "内容本身，不是 JSON。The content itself, which is no JSON.")
    for name, told in schemas.items():
        _say(name, told, schemas, samples)
    for parameter in _parameters(document):
        _exemplify(parameter["name"], parameter["schema"], schemas, samples)


def _parameters(document: Schema) -> Iterator[Schema]:
    for methods in document["paths"].values():
        for operation in methods.values():
            yield from operation.get("parameters", ())


def _bodies(document: Schema) -> Iterator[Schema]:
    for methods in document["paths"].values():
        for operation in methods.values():
            for part in (operation.get("requestBody", {}), *operation["responses"].values()):
                yield from (media for media in part.get("content", {}).values() if "schema" in media)


def _tidy(schema: Schema, names: Mapping[tuple[Any, ...], str], *, top: bool) -> Schema:
    """The same with everything below it written in one way."""
    schema = {key: _below(key, value, names) for key, value in schema.items() if (key, value) != ("default", None) and key != "title"}
    schema = _nullable(schema)
    if not top and tuple(schema.get("enum", ())) in names:
        kept = {key: value for key, value in schema.items() if key not in ("enum", "type")}
        return {"$ref": _REF + names[tuple(schema["enum"])], **kept}
    if not top and schema.get("type") == "object" and "properties" not in schema and schema.get("additionalProperties", True) in _FREE:
        kept = {key: value for key, value in schema.items() if key not in ("type", "additionalProperties")}
        return {"$ref": f"{_REF}JsonObject", **kept}
    if schema.get("additionalProperties") is True:
        schema["additionalProperties"] = {"$ref": f"{_REF}JsonValue"}
    if "integer" in _types(schema):
        _measure(schema)
    if "number" in _types(schema):
        schema["format"] = "double"
    return schema


def _below(key: str, value: Any, names: Mapping[tuple[Any, ...], str]) -> Any:
    if key in ("properties", "patternProperties"):
        return {name: _tidy(told, names, top=False) for name, told in value.items()}
    if key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        return [_tidy(told, names, top=False) for told in value]
    if key in ("items", "additionalProperties", "contentSchema") and isinstance(value, dict) and value:
        return _tidy(value, names, top=False)
    return value


def _types(schema: Schema) -> list[str]:
    found = schema.get("type", [])
    return [found] if isinstance(found, str) else found


def _nullable(schema: Schema) -> Schema:
    """`{"type": ["string", "null"]}` for what has one type or null; a choice only where something else can be chosen."""
    choice = schema.get("anyOf", [])
    others = [one for one in choice if one != {"type": "null"}]
    if len(choice) == 1 + len(others) and len(others) == 1 and isinstance(others[0].get("type"), str) and "enum" not in others[0]:
        rest = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**others[0], "type": [others[0]["type"], "null"], **rest}
    return schema


def _asked(schema: Schema) -> Schema:
    """A parameter is there or it is not; null cannot be sent in an address."""
    if "null" in _types(schema):
        return {**schema, "type": next(one for one in schema["type"] if one != "null")}
    others = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    return {**others[0], **{key: value for key, value in schema.items() if key != "anyOf"}} if len(others) == 1 else schema


def _measure(schema: Schema) -> None:
    """Bounds and the width that holds them."""
    for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if bound in schema:
            schema[bound] = int(schema[bound])
    schema["minimum"] = max(schema.get("minimum", -_SAFE), -_SAFE)
    schema["maximum"] = min(schema.get("maximum", _SAFE), _SAFE)
    schema["format"] = "int32" if schema["maximum"] <= _INT32 and schema["minimum"] >= -_INT32 else "int64"


def _say(name: str, told: Schema, schemas: Mapping[str, Schema], samples: Mapping[str, Any]) -> None:
    """Words and examples for each property, the shape's own first, then those of the shape that goes in."""
    if "enum" in told and "examples" not in told:
        told["examples"] = told["enum"][:1]
    inward = schemas.get(name.removesuffix("Out") + "In", {}).get("properties", {}) if name.endswith("Out") else {}
    for field, value in told.get("properties", {}).items():
        like = inward.get(field, {})
        for key in ("description", "examples"):
            if key not in value and key in like:
                value[key] = like[key]
        if "$ref" in value and "description" not in value:
            value["description"] = schemas[value["$ref"].removeprefix(_REF)]["description"]
        _exemplify(f"{name}.{field}", value, schemas, samples)


def _exemplify(place: str, schema: Schema, schemas: Mapping[str, Schema], samples: Mapping[str, Any]) -> None:
    if "examples" in schema:
        return
    if "$ref" in schema or "anyOf" in schema:
        return
    example = _example(schema, schemas)
    if example is None:
        example = samples.get(place, samples.get(place.rpartition(".")[2]))
    if example is not None:
        schema["examples"] = [example]


def _example(schema: Schema, schemas: Mapping[str, Schema]) -> Any:
    """What the type alone shows; None where only a person knows."""
    if "$ref" in schema:
        schema = schemas.get(schema["$ref"].removeprefix(_REF), {})
    if found := schema.get("examples") or schema.get("enum"):
        return found[0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return next((found for one in schema["anyOf"] if (found := _example(one, schemas)) is not None), None)
    kind = next(iter(_types(schema)), None)
    if kind == "array":
        one = _example(schema["items"], schemas)
        return None if one is None else [one]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    return False if kind == "boolean" else _OF_FORMAT.get(schema.get("format", ""))
