"""Every fixed term that a table may have to state has words in both languages, and no word stands for two."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import app.imports
from app.counterparties.schemas import CounterpartyIn
from app.declarations.schemas import Filing
from app.imports.cells import CellError
from app.imports.words import first_word, key_of, read_word, words_for
from app.people.schemas import PersonIn, UnitIn
from app.rulebook.chapters.gift.kinds import DispositionAction, GiftOccasion
from app.rulebook.contents import KINDS
from app.rulebook.facts import Rank, StaffClass
from app.rulebook.statement import Relation

TABLE = tomllib.loads(Path(app.imports.__file__).with_name("words.toml").read_text("utf-8"))


def _terms_in(annotation: Any) -> Iterator[type[StrEnum]]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field in annotation.model_fields.values():
            yield from _terms_in(field.annotation)
    else:
        for part in get_args(annotation):
            yield from _terms_in(part)


SHAPES = [UnitIn, PersonIn, CounterpartyIn, Filing, *(chapter.details for chapter in KINDS.values())]
TERMS = sorted({terms for shape in SHAPES for terms in _terms_in(shape)}, key=lambda terms: terms.__name__)


@pytest.mark.parametrize("terms", TERMS)
def test_every_term_has_a_chinese_word(terms: type[StrEnum]) -> None:
    assert set(TABLE[terms.__name__]) == {term.value for term in terms}
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in first_word(term)) for term in terms)


@pytest.mark.parametrize("terms", TERMS)
def test_no_word_stands_for_two_terms(terms: type[StrEnum]) -> None:
    said = [(key_of(word), term) for term, words in TABLE[terms.__name__].items() for word in {*words, term}]
    meant = {key: {term for found, term in said if found == key} for key, _ in said}
    assert not {key: found for key, found in meant.items() if len(found) > 1}
    assert all(words_for(terms)[key_of(term.value)] == term.value for term in terms)


def test_no_class_of_words_is_left_over() -> None:
    assert set(TABLE) == {terms.__name__ for terms in TERMS}


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ("公务员", StaffClass.CIVIL_SERVANT),
        ("Civil  Servant", StaffClass.CIVIL_SERVANT),
        ("正处", Rank.DIVISION_CHIEF),
        ("处级正职", Rank.DIVISION_CHIEF),
        (" 正处级\u200b", Rank.DIVISION_CHIEF),
        ("无", Rank.NONE),
        ("无", GiftOccasion.NONE),
        ("登记/上交", DispositionAction.SURRENDERED),
        ("退回", DispositionAction.RETURNED),
        ("Retained by department", DispositionAction.SURRENDERED),
        ("Donated", DispositionAction.OWN_UNIT_DECIDES),
        ("Declined", DispositionAction.REFUSED),
        ("不详", Relation.UNKNOWN),
    ],
)
def test_a_word_is_read_as_the_term_that_it_stands_for(cell: str, term: StrEnum) -> None:
    assert read_word(cell, type(term)) is term


def test_a_word_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(CellError) as refusal:
        read_word("Purchased", DispositionAction)
    assert refusal.value.code == "word-unknown"
    assert "退回" in refusal.value.message.zh
    assert "surrendered" in refusal.value.message.en
    assert read_word("Purchased", DispositionAction, {"purchased": "kept"}) is DispositionAction.KEPT
    assert read_word("N/A", DispositionAction) is None
