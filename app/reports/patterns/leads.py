"""A page of leads, the names in them, and the words that say what a lead is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.access.disclosure import Disclosure
from app.counterparties.models import counterparty
from app.kit.errors import Words
from app.kit.statements import one_of
from app.people.models import person
from app.rulebook.money import yuan

from .window import Window

NO_VERDICT = Words("此为供人核实的线索，不是结论。", "This is a lead for a person to look into, and no verdict.")


class Leads(NamedTuple):
    """One page of what was found; `truncated` where more was declared than is laid side by side."""

    window: Window
    items: list[dict[str, Any]]
    following: str | None
    total: int | None
    truncated: bool = False

    def shown(self) -> dict[str, Any]:
        """The page as answers show it."""
        days = {"occurred_from": self.window.first, "occurred_until": self.window.last}
        return {**days, "truncated": self.truncated, "items": self.items, "next": self.following, "count": self.total}


@dataclass(frozen=True, slots=True)
class Names:
    """Officials and counterparties by id."""

    persons: dict[UUID, str]
    parties: dict[UUID, str]

    @classmethod
    async def read(cls, view: Disclosure, *, persons: Iterable[UUID], parties: Iterable[UUID]) -> Self:
        """The names of these; officials may not know of the commission's leads."""
        named = await _names(view.connection, person, persons)
        view.disclose((official, False) for official in named)
        return cls(named, await _names(view.connection, counterparty, parties))

    def official(self, key: UUID) -> dict[str, Any]:
        """An official as answers show one."""
        return {"person": key, "name": self.persons[key]}

    def party(self, key: UUID) -> dict[str, Any]:
        """A counterparty as answers show one."""
        return {"id": key, "name": self.parties[key]}


async def _names(connection: AsyncConnection, table: Table, ids: Iterable[UUID]) -> dict[UUID, str]:
    asked = select(table.c.id, table.c.name).where(one_of(table.c.id, sorted(set(ids))))
    return {row.id: row.name for row in await connection.execute(asked)}


def said(words: Words, *, english: bool) -> str:
    """What was seen, and that it is a lead and no verdict."""
    return f"{words.en} {NO_VERDICT.en}" if english else f"{words.zh}{NO_VERDICT.zh}"


def in_yuan(cents: int | None) -> str | None:
    """A worth as answers show it; None where it is not known."""
    return None if cents is None else yuan(Decimal(cents) / 100)
