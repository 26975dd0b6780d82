"""Who has looked at one's own records.

What the commission reads while an inquiry is on record and not closed would tell of that inquiry: it is withheld until then, from list, count and
cursor alike. An answer about five officials and more is about none of them: it is shown, as others in it would be shown it, and its absence would
tell. What was read before the inquiry was put on record is shown as well: somebody may have seen it there already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, exists, func, not_, select
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.access.models import access, access_person, api_key
from app.kit.errors import Problem, Words
from app.kit.pages import Page
from app.ledger.lines import instant
from app.ledger.unit_of_work import Reading
from app.people.models import person, unit
from app.screening.models import inquiry

Told: TypeAlias = list[dict[str, Any]]

_MANY = 5
"""From so many persons on, an answer is about nobody in particular."""

_KEY = "key:"


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
        names = await self._names(rows)
        return [
            {
                "id": row["id"],
                "accessed_at": instant(row["at"]),
                **names.get(row["person_id"] or _key_of(row["actor"]), {"name": None, "unit": None}),
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

    async def _names(self, rows: Sequence[RowMapping]) -> dict[UUID | None, dict[str, str | None]]:
        people = select(person.c.id, person.c.name, unit.c.name.label("unit")).join(unit, unit.c.id == person.c.unit_id)
        keys = select(api_key.c.id, api_key.c.name, unit.c.name.label("unit")).join(unit, unit.c.id == api_key.c.unit_id, isouter=True)
        asked = (
            people.where(person.c.id.in_(_some(row["person_id"] for row in rows))),
            keys.where(api_key.c.id.in_(_some(_key_of(row["actor"]) for row in rows))),
        )
        found = [row for one in asked for row in (await self.connection.execute(one)).mappings()]
        return {row["id"]: {"name": row["name"], "unit": row["unit"]} for row in found}


def _withheld(person_id: UUID) -> ColumnElement[bool]:
    """The commission looked at few, this person among them, into whom there is an inquiry that was on record by then."""
    inquired = exists().where(inquiry.c.person_id == person_id, inquiry.c.closed_on.is_(None), inquiry.c.created_at <= access.c.at)
    return and_(access.c.commission, access.c.persons < _MANY, inquired)


def _key_of(actor: str) -> UUID | None:
    """The id of the key that an actor is, if it is one."""
    return UUID(actor.removeprefix(_KEY)) if actor.startswith(_KEY) else None


def _some(ids: Iterable[UUID | None]) -> set[UUID]:
    return {one for one in ids if one is not None}


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
