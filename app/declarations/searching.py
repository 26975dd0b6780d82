"""How declarations are found by words: their own text, the names of the other side and of the declarant, and identifiers."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.counterparties.searching import meant, nearly_bearing
from app.kit.searching import FEW, How, folded, grams, holds, narrowed, sought, walked
from app.kit.statements import Rows, one_of
from app.ledger.unit_of_work import Reading
from app.people.models import person
from app.rulebook.statement import Details

from .models import declaration, declaration_gram

_SEARCHED = frozenset({"name", "description", "place", "title", "nominee_name"})


def search_text(details: Details, *others: str | None) -> str:
    """The words of one declaration and what stands beside its details, folded, a line each."""
    return folded("\n".join([*_words(details.model_dump(mode="json")), *(other or "" for other in others)]))


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


def index_rows(connection: AsyncConnection, declaration_id: UUID, kept: str) -> Rows:
    """What indexes the text of a declaration; nothing where the database does so itself."""
    own = grams(kept + "\n") if connection.dialect.name == "sqlite" else []
    return declaration_gram, [{"gram": gram, "declaration_id": declaration_id} for gram in own]


async def says(view: Reading, caller: Caller, words: str) -> ColumnElement[bool]:
    """The declaration's words, its other side by any name or reading or by its identifier, or its declarant's name hold the text."""
    kept, row = sought(words), declaration.c
    called = await _few(view, meant(caller, kept))
    named = await _few(view, _declarants(kept, holds))
    ways = [
        *(_among(column, called, lambda: meant(caller, kept, walked)) for column in (row.counterparty_id, row.further_counterparty_id)),
        _among(row.declarant_id, named, lambda: _declarants(kept, walked)),
    ]
    rare = None if called is None or named is None else await narrowed(view.connection, declaration_gram, kept)
    own = holds(row.search_text, kept)
    return or_(*(way for way in ways if way is not None), own if rare is None else row.id.in_(rare) & own)


def _declarants(kept: str, how: How) -> Select[Any]:
    return select(person.c.id).where(how(person.c.search_text, kept))


async def nearly_says(view: Reading, words: str) -> ColumnElement[bool] | None:
    """The other side bears a name that holds the text but for one character; None where no name does."""
    parties = await nearly_bearing(view, sought(words))
    row = declaration.c
    return or_(one_of(row.counterparty_id, parties), one_of(row.further_counterparty_id, parties)) if parties else None


async def _few(view: Reading, ids: Any) -> list[UUID] | None:
    """The ids, so that the database can look each up; None where they are many."""
    found = list(await view.connection.scalars(ids.limit(FEW + 1)))
    return found if len(found) <= FEW else None


def _among(column: ColumnElement[Any], few: list[UUID] | None, all_of_them: Callable[[], Any]) -> ColumnElement[Any] | None:
    if few is None:
        return column.in_(all_of_them())
    return one_of(column, few) if few else None
