"""How declarations are described to those who write clients: one named type a kind, every field in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.main import create_app
from app.rulebook.contents import KINDS
from app.settings import Settings

Json = dict[str, Any]

BOTH_LANGUAGES = re.compile(r"[\u4e00-\u9fff].*[A-Za-z]", re.DOTALL)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """The OpenAPI document."""
    described: Json = create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('interface')}/x.sqlite3")).openapi()
    return described


@pytest.fixture(scope="module")
def shapes(document: Json) -> dict[str, Json]:
    """The named shapes that declarations and previews go in and out by."""
    paths = {path: operation for path, operation in document["paths"].items() if path.startswith(("/v1/declarations", "/v1/previews"))}
    named: dict[str, Json] = document["components"]["schemas"]
    reached: dict[str, Json] = {}
    waiting = [paths]
    while waiting:
        for name in set(_references(waiting.pop())) - set(reached):
            reached[name] = named[name]
            waiting.append(named[name])
    return reached


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for below in node.values():
            yield from _references(below)
    elif isinstance(node, list):
        for below in node:
            yield from _references(below)


def _anonymous(node: Any, *, named: bool) -> Iterator[Json]:
    """Objects with fields that are not named shapes themselves."""
    if isinstance(node, dict):
        if "properties" in node and not named:
            yield node
        for below in node.values():
            yield from _anonymous(below, named=False)
    elif isinstance(node, list):
        for below in node:
            yield from _anonymous(below, named=False)


@pytest.mark.parametrize("union", ["DeclarationIn", "DeclarationOut"])
def test_a_declaration_is_one_of_the_kinds_told_apart_by_kind(shapes: dict[str, Json], union: str) -> None:
    names = {kind: "".join(part.capitalize() for part in kind.split("_")) + union for kind in KINDS}
    places = {kind: f"#/components/schemas/{name}" for kind, name in names.items()}
    assert shapes[union]["discriminator"] == {"propertyName": "kind", "mapping": places}
    assert [one["$ref"] for one in shapes[union]["oneOf"]] == list(places.values())
    for kind, name in names.items():
        assert shapes[name]["properties"]["kind"]["const"] == kind
        assert "$ref" in str(shapes[name]["properties"]["details"])
        assert BOTH_LANGUAGES.search(shapes[name]["description"])


def test_requests_and_answers_name_their_shape(document: Json) -> None:
    filing = document["paths"]["/v1/declarations"]["post"]
    assert filing["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/DeclarationIn"}
    assert document["paths"]["/v1/previews"]["post"]["requestBody"] == filing["requestBody"]
    answers = [document["paths"]["/v1/declarations"]["post"]["responses"]["201"]]
    for path, method in (("", "get"), ("", "patch"), ("/submission", "post"), ("/withdrawal", "post")):
        answers.append(document["paths"][f"/v1/declarations/{{declaration_id}}{path}"][method]["responses"]["200"])
    assert [answer["content"]["application/json"]["schema"] for answer in answers] == [{"$ref": "#/components/schemas/DeclarationOut"}] * 5


def test_there_is_an_example_of_every_kind(document: Json) -> None:
    examples = document["paths"]["/v1/declarations"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert set(examples) == set(KINDS)
    assert all(example["value"]["kind"] == kind and BOTH_LANGUAGES.search(example["summary"]) for kind, example in examples.items())


def test_no_object_goes_without_a_name(document: Json, shapes: dict[str, Json]) -> None:
    assert not [name for name, shape in shapes.items() for _ in _anonymous(shape, named=True)]
    paths = {path: operation for path, operation in document["paths"].items() if path.startswith(("/v1/declarations", "/v1/previews"))}
    assert not list(_anonymous(paths, named=True))


def test_every_field_is_described_in_both_languages(shapes: dict[str, Json]) -> None:
    undescribed = [
        f"{name}.{field}"
        for name, shape in shapes.items()
        for field, said in shape.get("properties", {}).items()
        if not BOTH_LANGUAGES.search(said.get("description", ""))
    ]
    assert undescribed == []


def test_unknown_fields_are_refused_by_every_shape_that_goes_in(document: Json) -> None:
    named = document["components"]["schemas"]
    inward = [*(shape for name, shape in named.items() if name.endswith(("DeclarationIn", "Details"))), named["DeclarationChange"]]
    assert len(inward) >= 2 * len(KINDS) + 1
    assert all(shape.get("additionalProperties") is False for shape in inward if "properties" in shape)
