"""Inquiries (核查) into persons, confidential to the commission; none of them moves anything that the declarant sees."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.access.caller import Caller
from app.kit import clock
from app.kit.database import held
from app.kit.errors import Words, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading
from app.people.models import person
from app.people.visibility import in_reach, of_others

from .models import inquiry
from .schemas import InquiryChange, InquiryFacts, InquiryIn
from .service import Screening

_STATED = tuple(InquiryFacts.model_fields)


class Inquiries:
    """Inquiries within the reach of the commission's caller, those into the caller's own person excepted.

    The ledger is told their digests alone, since more people read it than may know of them.
    """

    def __init__(self, view: Reading, caller: Caller) -> None:
        self.connection = view.connection
        self.caller = caller

    async def get(self, inquiry_id: UUID) -> RowMapping:
        """One inquiry.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (await self.connection.execute(self._seen().where(inquiry.c.id == inquiry_id))).mappings().first()
        if row is None:
            raise not_found(Words("核查", "inquiry"))
        return row

    async def list(self, page: Page, person_id: UUID | None) -> list[RowMapping]:
        """A page of inquiries, one more than asked for."""
        return list((await self.connection.execute(page.of(self._seen(person_id), inquiry.c.id))).mappings())

    async def count(self, person_id: UUID | None) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from(self._seen(person_id).subquery())) or 0

    async def open(self, screening: Screening, body: InquiryIn) -> RowMapping:
        """Put an inquiry on record; what the person has filed is judged anew in its light.

        Raises:
            Problem: 404 for a person out of reach.
        """
        known = select(person.c.id).where(person.c.id == body.person, *self._of_others())
        if await self.connection.scalar(held(known)) is None:
            raise not_found(Words("人员", "person"))
        row: dict[str, Any] = {
            **body.model_dump(include=set(_STATED)),
            "id": new_id(),
            "person_id": body.person,
            "created_at": clock.now(),
            "created_by": screening.work.actor,
            "version": 1,
        }
        await self.connection.execute(insert(inquiry).values(row))
        await self._tell(screening, "inquiry.opened", row)
        return await self.get(row["id"])

    async def change(self, screening: Screening, inquiry_id: UUID, if_match: str, change: InquiryChange) -> RowMapping:
        """Close an inquiry, or correct what was put on record of it.

        Raises:
            Problem: 404, 412; 422 when it would close before it opens.
        """
        row = await self.get(inquiry_id)
        require_match(if_match, row["version"])
        facts = merged(InquiryFacts, {name: row[name] for name in _STATED}, change).model_dump()
        same = (inquiry.c.id == inquiry_id) & (inquiry.c.version == row["version"])
        changed = await self.connection.execute(update(inquiry).where(same).values(**facts, version=row["version"] + 1))
        if not changed.rowcount:
            raise stale()
        await self._tell(screening, "inquiry.changed", {**row, **facts})
        return await self.get(inquiry_id)

    async def remove(self, screening: Screening, inquiry_id: UUID, if_match: str) -> None:
        """Take an inquiry off the register that was entered by mistake; the ledger keeps that it stood there.

        Raises:
            Problem: 404, 412.
        """
        row = await self.get(inquiry_id)
        require_match(if_match, row["version"])
        same = (inquiry.c.id == inquiry_id) & (inquiry.c.version == row["version"])
        removed = await self.connection.execute(delete(inquiry).where(same))
        if not removed.rowcount:
            raise stale()
        await self._tell(screening, "inquiry.removed", row)

    async def _tell(self, screening: Screening, action: str, row: Any) -> None:
        screening.work.record(action, row["id"], {"digest": digest({name: row[name] for name in ("person_id", *_STATED)})})
        await screening.screen_in_confidence(row["person_id"])

    def _seen(self, person_id: UUID | None = None) -> Select[Any]:
        seen = select(inquiry).join(person, person.c.id == inquiry.c.person_id).where(*self._of_others())
        return seen if person_id is None else seen.where(inquiry.c.person_id == person_id)

    def _of_others(self) -> tuple[ColumnElement[bool], ...]:
        """Persons within reach, never oneself."""
        return in_reach(self.caller, person.c.unit_id), of_others(self.caller, person.c.id)
