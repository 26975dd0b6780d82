"""The description of the interface is one that makers of clients can follow: everything named, typed, told in both languages and exemplified.

Each complaint names the schema and the field, and what to write.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from app.main import create_app
from app.samples import SAMPLES
from app.settings import Settings

Schema: TypeAlias = dict[str, Any]
REF = "#/components/schemas/"
CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")


@pytest.fixture(scope="module")
def document() -> Schema:
    """The description, as it is published."""
    described: Schema = create_app(Settings.model_construct()).openapi()
    return described


@pytest.fixture(scope="module")
def schemas(document: Schema) -> Schema:
    """The schemas by name."""
    named: Schema = document["components"]["schemas"]
    return named


def operations(document: Schema) -> Iterator[Schema]:
    """Every operation."""
    for methods in document["paths"].values():
        yield from methods.values()


def parameters(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Every parameter, with where it stands."""
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield f"{operation['operationId']}?{parameter['name']}", parameter


def contents(document: Schema) -> Iterator[tuple[str, Schema]]:
    """What bodies and answers hold, with where it stands."""
    for operation in operations(document):
        parts = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for part, told in parts.items():
            for media, content in told.get("content", {}).items():
                yield f"{operation['operationId']} {part} {media}", content["schema"]


def fields(schemas: Schema) -> Iterator[tuple[str, Schema]]:
    """Every field of every named schema."""
    for name, told in schemas.items():
        yield from ((f"{name}.{field}", value) for field, value in told.get("properties", {}).items())


def below(place: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every schema inside one, itself left out."""
    inside: list[tuple[str, Schema]] = [(f"{place}.{name}", told) for name, told in schema.get("properties", {}).items()]
    inside += [(place, schema[key]) for key in ("items", "additionalProperties", "contentSchema") if isinstance(schema.get(key), dict)]
    inside += [(place, told) for key in ("anyOf", "oneOf", "allOf", "prefixItems") for told in schema.get(key, ())]
    for where, told in inside:
        yield where, told
        yield from below(where, told)


def everything(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Every schema that is not a component of its own."""
    for name, told in document["components"]["schemas"].items():
        yield from below(name, told)
    for place, parameter in parameters(document):
        yield place, parameter["schema"]
        yield from below(place, parameter["schema"])
    for place, told in contents(document):
        yield place, told
        yield from below(place, told)


def types(schema: Schema) -> list[str]:
    """What a value may be."""
    found = schema.get("type", [])
    return [found] if isinstance(found, str) else found


def target(schema: Schema, schemas: Schema) -> Schema:
    """What a reference leads to."""
    found: Schema = schemas[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema
    return found


def shown(schema: Schema, schemas: Schema) -> bool:
    """Whether a value of it is exemplified: here, or field by field in the shape that it refers to."""
    told = target(schema, schemas)
    if "examples" in schema or "examples" in told or "const" in told or "properties" in told or "oneOf" in told:
        return True
    inside = [one for one in told.get("anyOf", ()) if one != {"type": "null"}]
    if "array" in types(told):
        inside = [told["items"]] if "$ref" in told["items"] or "anyOf" in told["items"] else []
    elif isinstance(told.get("additionalProperties"), dict):
        inside = [told["additionalProperties"]]
    return any(shown(one, schemas) for one in inside)


def faults_of(example: Any, schema: Schema, document: Schema) -> Iterator[str]:
    """Why a value is not one of the schema's."""
    whole = {**schema, "components": document["components"]}
    validator: Any = Draft202012Validator(whole, format_checker=FormatChecker())
    yield from (error.message for error in validator.iter_errors(example))


def test_every_field_and_parameter_is_told_in_chinese_and_english(document: Schema, schemas: Schema) -> None:
    silent = [
        f'{place}: write description="中文。English."'
        for place, told in (*fields(schemas), *parameters(document))
        if not (CHINESE.search(told.get("description", "")) and ENGLISH.search(told.get("description", "")))
    ]
    assert not silent


def test_every_field_and_parameter_has_an_example(document: Schema, schemas: Schema) -> None:
    told = [*fields(schemas), *((place, parameter["schema"]) for place, parameter in parameters(document))]
    assert not [f"{place}: write examples=[…], or a sample in app/samples.py" for place, schema in told if not shown(schema, schemas)]


def test_every_example_is_one(document: Schema, schemas: Schema) -> None:
    told = [(place, schema, one) for place, schema in (*schemas.items(), *everything(document)) for one in schema.get("examples", ())]
    assert len(told) > len(schemas)
    assert not [f"{place}: {one!r} is no example: {fault}" for place, schema, one in told for fault in faults_of(one, schema, document)]


def test_no_example_is_nothing(document: Schema, schemas: Schema) -> None:
    """A value shows more than its absence, and linters stumble over it."""
    told = [*schemas.items(), *everything(document)]
    assert not [f"{place}: give an example of a value" for place, schema in told if None in schema.get("examples", ())]


def test_every_example_of_a_body_is_one(document: Schema) -> None:
    bodies = [
        (one["operationId"], media) for one in operations(document) for media in one.get("requestBody", {}).get("content", {}).values()
    ]
    told = [(place, media["schema"], one["value"]) for place, media in bodies for one in media.get("examples", {}).values()]
    assert len(told) > 10
    assert not [f"{place}: {fault}" for place, schema, one in told for fault in faults_of(one, schema, document)]


def test_everything_that_has_a_shape_has_a_name(document: Schema) -> None:
    def wanting(schema: Schema) -> str | None:
        if "enum" in schema:
            return "an enumeration: make it a StrEnum, or a TypeAliasType of a Literal"
        if "properties" in schema:
            return "an object: make it a BaseModel"
        if len([one for one in (schema.get("anyOf") or schema.get("oneOf") or ()) if one != {"type": "null"}]) > 1:
            return "a choice: give it a name with TypeAliasType"
        if isinstance(schema.get("additionalProperties"), dict) and "array" in types(schema["additionalProperties"]):
            return "a dictionary of lists: give it a name with TypeAliasType"
        return None

    assert not [f"{place} holds, without a name, {what}" for place, told in everything(document) if (what := wanting(told))]


def test_no_value_is_of_any_type(document: Schema, schemas: Schema) -> None:
    words = {"title", "description", "default", "examples"}
    told = [*schemas.items(), *everything(document)]
    assert not [f"{place}: say what it holds; free JSON is JsonValue" for place, schema in told if not schema.keys() - words]
    free = [place for place, schema in told if "object" in types(schema) and "properties" not in schema]
    assert not [place for place in free for name, one in told if name == place and one.get("additionalProperties") in (True, {})]


def test_names_are_names_in_every_language(schemas: Schema) -> None:
    odd = [name for name in schemas if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)]
    assert not odd, "two classes have one name, or a shape differs in and out: give them names of their own"


def test_the_members_of_a_union_are_told_apart_by_one_value_each(schemas: Schema) -> None:
    unions = {name: told for name, told in schemas.items() if "oneOf" in told}
    assert {"DeclarationIn", "DeclarationOut", "ExportIn"} <= set(unions)
    for name, told in unions.items():
        tag, mapping = told["discriminator"]["propertyName"], told["discriminator"]["mapping"]
        members = {one["$ref"] for one in told["oneOf"]}
        assert members == set(mapping.values()), name
        assert all(target({"$ref": place}, schemas)["properties"][tag]["const"] == value for value, place in mapping.items()), name


def test_what_is_sent_to_us_is_bounded(document: Schema, schemas: Schema) -> None:
    """Every string has a greatest length, a form or a format, every list a greatest number of items."""
    waiting = [told["$ref"] for operation in operations(document) for told in _taken(operation) if "$ref" in told]
    inward: set[str] = set()
    while waiting:
        name = waiting.pop().removeprefix(REF)
        if name not in inward and not name.startswith(("Json", "Scim")):
            inward.add(name)
            waiting += [told["$ref"] for _, told in below(name, schemas[name]) if "$ref" in told]
    told = [one for name in inward for one in below(name, schemas[name])]
    assert len(told) > len(inward) > len(SAMPLES) // 10
    assert not [f"{place}: give it max_length" for place, schema in told if "array" in types(schema) and "maxItems" not in schema]
    forms = {"maxLength", "pattern", "format", "const", "enum"}
    assert not [f"{place}: give it max_length" for place, schema in told if "string" in types(schema) and not schema.keys() & forms]


def _taken(operation: Schema) -> Iterator[Schema]:
    yield from (content["schema"] for content in operation.get("requestBody", {}).get("content", {}).values())


def test_every_operation_says_who_may_call_and_how_it_refuses(document: Schema) -> None:
    told = list(operations(document))
    assert all("security" in one for one in told)
    guarded = [one for one in told if one["security"]]
    open_ = {"read_health", "read_readiness", "read_calendar"}
    assert {one["operationId"] for one in told} - {one["operationId"] for one in guarded} == open_, (
        "two probes, and what its own secret opens"
    )
    assert not [one["operationId"] for one in guarded if not {"401", "403", "default"} <= one["responses"].keys()]
    assert not [one["operationId"] for one in told if "4" not in {status[0] for status in one["responses"]}]
    tags = {tag["name"] for tag in document["tags"]}
    assert all(set(one["tags"]) <= tags for one in told)


def test_no_sample_is_left_over(document: Schema, schemas: Schema) -> None:
    places = [*(place for place, _ in fields(schemas)), *(place.partition("?")[2] for place, _ in parameters(document))]
    known = {*places, *(place.rpartition(".")[2] for place in places)}
    assert set(SAMPLES) <= known, "app/samples.py tells of fields that nothing has"


def test_the_linters_are_pinned_and_no_registry_is_named() -> None:
    lock = (Path(__file__).parent.parent / "clients" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert "resolved" not in lock
