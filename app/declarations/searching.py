"""The text by which declarations are found: names, descriptions, places and notes, folded so that widths and case do not matter."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.counterparties.models import counterparty_name
from app.people.models import person
from app.rulebook.statement import Details

from .models import declaration

_SEARCHED = frozenset({"name", "description", "place", "title", "nominee_name"})


def folded(text: str) -> str:
    """Full-width forms made narrow (NFKC), case removed: what two people would call the same text."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_text(details: Details, note: str | None) -> str:
    """The words of one declaration, folded, a line each."""
    return folded("\n".join([*_words(details.model_dump(mode="json")), note or ""]))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _SEARCHED and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def says(wanted: str) -> ColumnElement[bool]:
    """The declaration's words, its other side by any name, or its declarant's name hold the text."""
    text = folded(wanted.strip())
    called = select(counterparty_name.c.counterparty_id).where(counterparty_name.c.name_key.icontains(text, autoescape=True))
    declarants = select(person.c.id).where(person.c.name.icontains(text, autoescape=True))
    return or_(
        declaration.c.search_text.contains(text, autoescape=True),
        declaration.c.counterparty_id.in_(called),
        declaration.c.further_counterparty_id.in_(called),
        declaration.c.declarant_id.in_(declarants),
    )
