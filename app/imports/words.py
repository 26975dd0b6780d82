"""Fixed terms of the contract by the words that tables have for them, in Chinese and in English (`words.toml`)."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from app.kit.errors import Words

from .cells import Cell, CellError, folded, is_absent

Term = TypeVar("Term", bound=StrEnum)

_FILE = Path(__file__).with_name("words.toml")


def key_of(cell: Cell) -> str:
    """A word as it is looked up: letters, digits and characters alone."""
    return "".join(sign for sign in folded(cell) if sign.isalnum())


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def words_for(terms: type[StrEnum]) -> Mapping[str, str]:
    """By the key of each word, the term that it stands for."""
    words = {key_of(word): term for term, known in _table().get(terms.__name__, {}).items() for word in known}
    return {**words, **{key_of(term.value): term.value for term in terms}}


def first_word(term: StrEnum) -> str:
    """The Chinese word for a term, as headings and messages show it."""
    return next(iter(_table().get(type(term).__name__, {}).get(term.value, ())), term.value)


def read_word(cell: Cell, terms: type[Term], also: Mapping[str, str] | None = None) -> Term | None:
    """The term that the cell's word stands for; `also` are words of the caller's own, by their keys, which come first.

    A word that stands for a term is that term, even where it might say that there is nothing (无, none, 不详).
    """
    key = key_of(cell)
    found = (also or {}).get(key) or words_for(terms).get(key)
    if found is not None:
        return terms(found)
    if is_absent(cell):
        return None
    zh = "、".join(f"{first_word(term)}（{term.value}）" for term in terms)
    message = Words(f"请填写以下之一：{zh}。", f"Write one of: {', '.join(term.value for term in terms)}.")
    raise CellError("word-unknown", message)
