"""A page of leads, the names in them, and the words that say what a lead is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

from app.access.disclosure import Disclosure
from app.counterparties.models import counterparty
from app.kit.errors import Words
from app.people.models import person

from ..telling import names_in
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
        named = await names_in(view.connection, person, persons)
        view.disclose((official, False) for official in named)
        return cls(named, await names_in(view.connection, counterparty, parties))

    def official(self, key: UUID) -> dict[str, Any]:
        """An official as answers show one."""
        return {"person": key, "name": self.persons[key]}

    def party(self, key: UUID) -> dict[str, Any]:
        """A counterparty as answers show one."""
        return {"id": key, "name": self.parties[key]}


def said(words: Words, *, english: bool) -> str:
    """What was seen, and that it is a lead and no verdict."""
    return f"{words.en} {NO_VERDICT.en}" if english else f"{words.zh}{NO_VERDICT.zh}"
