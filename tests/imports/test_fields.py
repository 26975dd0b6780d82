"""The columns of declarations follow from what must be stated; nothing is listed twice."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import pytest

from app.imports.fields import COMMON, column_of, fields_of, headings
from app.imports.kinds import KINDS
from app.imports.layout import heading_key
from app.imports.schemas import ImportKind
from app.imports.stating import Form
from app.rulebook import contents

DECLARED = list(contents.KINDS)


@pytest.mark.parametrize("kind", DECLARED)
def test_every_kind_of_declaration_is_a_kind_of_import(kind: str) -> None:
    assert KINDS[ImportKind(kind)].name == kind


@pytest.mark.parametrize("kind", DECLARED)
def test_no_heading_stands_for_two_columns_of_a_kind(kind: str) -> None:
    meant: dict[str, set[str]] = {}
    for column in KINDS[ImportKind(kind)].columns:
        for called in (column.name, column.title.zh, column.title.en, column.heading, *column.aliases):
            meant.setdefault(heading_key(called), set()).add(column.name)
    assert not {called: columns for called, columns in meant.items() if len(columns) > 1}


@pytest.mark.parametrize("kind", DECLARED)
def test_every_column_is_told_of_in_both_languages(kind: str) -> None:
    for column in KINDS[ImportKind(kind)].columns:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in column.title.zh + column.description.zh), column.name
        assert column.title.en.isascii(), column.name
        assert column.description.en, column.name


@pytest.mark.parametrize("kind", DECLARED)
def test_every_pointer_into_a_declaration_is_told_at_a_column(kind: str) -> None:
    form = Form(kind)
    for one in fields_of(contents.KINDS[kind].details):
        pointer = "/details/" + "/".join(one.path)
        assert form.column_of(pointer) == one.name
        assert form.column_of(pointer.replace("/items/", "/items/3/").replace("/worth", "/worth/amount")) == one.name or "worth" in one.name
    assert form.column_of("/declarant") == "declarant.employee_number"


def test_what_else_columns_are_called_is_said_of_columns_that_there_are() -> None:
    known = {kind: {one.name for one in KINDS[ImportKind(kind)].columns} for kind in DECLARED}
    assert set(headings()) == {"every", *DECLARED}
    assert set(headings()["every"]) <= set().union(*known.values())
    assert not {(kind, name) for kind in DECLARED for name in headings()[kind] if name not in known[kind]}


def test_what_every_declaration_carries_is_no_field_of_a_kind() -> None:
    common = {one.name for one in COMMON}
    assert not [(kind, one.name) for kind in DECLARED for one in fields_of(contents.KINDS[kind].details) if one.name in common]


def test_fields_are_read_as_their_types_ask() -> None:
    by_name = {one.name: one for one in fields_of(contents.KINDS["gift"].details)}
    assert by_name["received_on"].read("2023-02-28") == date(2023, 2, 28)
    assert by_name["received_away"].read("是") is True
    assert by_name["items.quantity"].read("两盒") == 2
    assert by_name["giver.id"].read(str(UUID(int=1))) == UUID(int=1)
    assert isinstance(by_name["occasion"].read("端午"), StrEnum)
    assert column_of(by_name["items.worth"], "gift").aliases
