"""Who has looked at one's own records.

What the commission reads while an inquiry is on record and not closed would tell of that inquiry: it is withheld until then, from list, count and
cursor alike. An answer about five officials and more is about none of them: it is shown, as others in it would be shown it, and its absence would
tell. What was read before the inquiry was put on record is shown as well: somebody may have seen it there already.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, exists, func, not_, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.access.models import access, access_person
from app.kit.errors import Problem, Words
from app.kit.pages import Page
from app.ledger.lines import instant
from app.ledger.unit_of_work import Reading
from app.people.actors import Actor, names_of
from app.screening.models import inquiry

Told: TypeAlias = list[dict[str, Any]]

_MANY = 5
"""From so many persons on, an answer is about nobody in particular."""


class MyAccesses:
    """The accesses to the caller's own records of which the caller may know."""

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def list(self, page: Page) -> list[RowMapping]:
        """A page of accesses, one more than asked for."""
        return list((await self.connection.execute(page.of(self._shown(), access_person.c.access_id))).mappings())

    async def count(self) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._shown().subquery())) or 0

    async def told(self, rows: Sequence[RowMapping], words: Mapping[str, Words], *, english: bool) -> Told:
        """The accesses as answers show them: who looked is a person, or a key by its name, each with its unit."""
        names = await names_of(self.connection, map(_actor, rows))
        return [
            {
                "id": row["id"],
                "accessed_at": instant(row["at"]),
                **names[_actor(row)],
                "operation": row["operation"],
                "what": getattr(words[row["operation"]], "en" if english else "zh") if row["operation"] in words else row["operation"],
            }
            for row in rows
        ]

    def _shown(self) -> Select[Any]:
        if self.caller.person is None:
            raise _nobody()
        of_it = access_person.c.access_id == access.c.id
        shown = select(access).join_from(access_person, access, of_it)
        return shown.where(access_person.c.person_id == self.caller.person, not_(_withheld(self.caller.person)))


def _withheld(person_id: UUID) -> ColumnElement[bool]:
    """The commission looked at few, this person among them, into whom there is an inquiry that was on record by then."""
    inquired = exists().where(inquiry.c.person_id == person_id, inquiry.c.closed_on.is_(None), inquiry.c.created_at <= access.c.at)
    return and_(access.c.commission, access.c.persons < _MANY, inquired)


def _actor(row: RowMapping) -> Actor:
    return Actor(row["person_id"], row["actor"])


def _nobody() -> Problem:
    return Problem(
        403,
        "key-with-person-needed",
        Words("此密钥不代表任何人员", "This key speaks for nobody"),
        Words(
            "查阅记录由本人查看，请使用代表本人的密钥或令牌；审计请用 GET /v1/accesses。",
            "Accesses are told to the person whose records were read: use a key or token that speaks for a person; auditors use GET /v1/accesses.",
        ),
    )
