"""What a person has filed is judged again when the record of the person changes: a change of post changes which rules bind, and leaving starts cooling-off."""

from collections.abc import Collection
from uuid import UUID

from app.kit.statements import one_of
from app.ledger.unit_of_work import Work
from app.people.models import person
from app.rulebook.book import Book

from .passes import Persons, rescreen
from .service import Screening


async def judge_after_change(unit: Work, book: Book, persons: Collection[UUID]) -> None:
    """Judge all that these persons have filed anew; nothing is recorded where the change touches nothing."""
    if persons:
        await rescreen(Screening(unit, book), Persons(who=one_of(person.c.id, list(persons))))
