"""Every fault that a field can have is said in both languages, in sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.kit.errors import Words
from app.kit.wording import FORMS, MESSAGES
from app.main import create_app
from app.settings import Settings

CODE = sorted((Path(__file__).parents[2] / "app").rglob("*.py"))
AMOUNT = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
"""Shown to clients; checked by a validator with words of its own."""


def _own_codes() -> Iterator[str]:
    """The codes that our own validators raise."""
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
                if node.func.id == "PydanticCustomError" and said and said[0] == getattr(node.args[0], "value", None):
                    yield said[0]
                if node.func.id == "not_before" and len(said) == 2:
                    yield f"{said[1]}_before_{said[0]}"


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for below in node.values():
            yield from _patterns(below)
    elif isinstance(node, list):
        for below in node:
            yield from _patterns(below)


def test_every_fault_of_our_own_has_words() -> None:
    codes = set(_own_codes())
    assert {"day_malformed", "repaid_on_before_from_on", "left_in_part"} <= codes
    assert codes - set(MESSAGES) == set()


def test_no_pattern_is_read_out_to_anybody(tmp_path: Path) -> None:
    schemas = create_app(Settings(database_url=f"sqlite:///{tmp_path}/x.sqlite3")).openapi()["components"]["schemas"]
    inward = {name: shape for name, shape in schemas.items() if not name.endswith(("Out", "-Output", "Made"))}
    assert set(_patterns(inward)) - {AMOUNT} <= set(FORMS)


@pytest.mark.parametrize("code", [*MESSAGES, *FORMS])
def test_words_are_sentences_that_name_the_same_limits(code: str) -> None:
    words: Words = MESSAGES.get(code) or FORMS[code]
    assert words.zh.endswith("。")
    assert words.en.endswith(".")
    assert words.en.isascii()
    assert re.match("[A-Z0-9`]", words.en)
    fields = [{name for _, name, _, _ in Formatter().parse(said) if name} for said in words]
    assert fields[0] == fields[1]
