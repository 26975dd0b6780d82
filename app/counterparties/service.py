"""Counterparties (往来对象): registered, changed, and taken off while nothing refers to them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.access.caller import Caller
from app.kit import clock
from app.kit.errors import Problem, Words, conflict, not_found
from app.kit.etags import require_match, stale
from app.kit.ids import new_id
from app.kit.pages import Page
from app.kit.patches import merged
from app.kit.searching import sought
from app.kit.statements import among, one_of
from app.ledger.lines import digest
from app.ledger.unit_of_work import Reading, Work

from .checks import require_valid
from .identifiers import INDIVIDUALS
from .models import counterparty, counterparty_name, counterparty_owner, counterparty_relation
from .owners import lock_owners, set_owners
from .records import record
from .references import lock_names
from .registering import columns_of, enter_names, entered_before, keys_of, standing, with_former_name
from .relations import related_elsewhere, relations_of, replace_relations
from .schemas import CounterpartyChange, CounterpartyIn, CounterpartyOut
from .searching import meant, nearly_bearing
from .visibility import READERS, visible

Shown = list[CounterpartyOut]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterpartyFilter:
    """Which counterparties a list shows; `q` looks into aliases, readings and identifiers too."""

    q: str | None = None
    identifier: str | None = None
    registered: bool | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement for these counterparties alone, whatever they are called."""
        if self.identifier is not None:
            statement = statement.where(counterparty.c.identifier == self.identifier)
        if self.registered is not None:
            statement = statement.where(counterparty.c.registered.is_(self.registered))
        return statement


class Counterparties:
    """The counterparties that a caller sees."""

    def __init__(self, reading: Reading, caller: Caller) -> None:
        self.view = reading
        self.connection = reading.connection
        self.caller = caller

    async def get(self, counterparty_id: UUID) -> RowMapping:
        """One counterparty.

        Raises:
            Problem: 404.
        """
        row: RowMapping | None = (
            (await self.connection.execute(self._seen().where(counterparty.c.id == counterparty_id))).mappings().first()
        )
        if row is None:
            raise not_found(Words("往来对象", "counterparty"))
        return row

    async def list(self, page: Page, asked: CounterpartyFilter) -> list[RowMapping]:
        """A page of counterparties, one more than asked for."""
        return list((await self.connection.execute(page.of(await self._chosen(asked), counterparty.c.id))).mappings())

    async def count(self, asked: CounterpartyFilter) -> int:
        """How many there are in all."""
        return await self.connection.scalar(select(func.count()).select_from((await self._chosen(asked)).subquery())) or 0

    async def shown(self, row: RowMapping) -> CounterpartyOut:
        """A row as the caller may see it."""
        return (await self.all_shown([row]))[0]

    async def all_shown(self, rows: Sequence[RowMapping]) -> Shown:
        """Rows as the caller may see them: relations within reach, and no citizen's number for those who merely pick."""
        relations = await relations_of(self.connection, self.caller, [row["id"] for row in rows])
        reads = self.caller.may(*READERS)
        return [
            CounterpartyOut.of(
                row, relations.get(row["id"], []), identifier=row["identifier"] if reads or row["type"] not in INDIVIDUALS else None
            )
            for row in rows
        ]

    async def add(self, work: Work, body: CounterpartyIn) -> RowMapping:
        """Register a counterparty; a row that declarations have entered under this identifier or name is taken over.

        Raises:
            Problem: 409 for an identifier that is registered; 422.
        """
        await lock_owners(self.connection)
        await require_valid(self.connection, self.caller, body)
        return await self.register(work, body)

    async def register(self, work: Work, body: CounterpartyIn) -> RowMapping:
        """The same for a statement that was found valid; ownership is locked.

        Raises:
            Problem: 409 for an identifier that is registered.
        """
        await lock_names(work, keys_of(body))
        entered = await entered_before(self.connection, body)
        stated = with_former_name(body, entered) if entered else body
        known = await self._take_over(entered, stated) if entered else await self._insert(stated)
        await enter_names(self.connection, known, stated)
        await set_owners(self.connection, known, stated.parents or [])
        await replace_relations(self.connection, self.caller, known, stated.relations or [])
        told = {"taken_over": entered is not None, "digest": digest(stated.model_dump(mode="json"))}
        await record(work, "counterparty.registered", known, told)
        return await self.get(known)

    async def change(self, work: Work, counterparty_id: UUID, if_match: str, change: CounterpartyChange) -> RowMapping:
        """Change the fields that were sent.

        Raises:
            Problem: 404, 412, 422; 409 for an identifier that is registered or a counterparty that is not.
        """
        if "parents" in change.model_fields_set:
            await lock_owners(self.connection)
        row = await self.get(counterparty_id)
        require_match(if_match, row["version"])
        if not row["registered"]:
            raise _not_registered()
        body = merged(CounterpartyIn, standing(row), change)
        await require_valid(self.connection, self.caller, body, before=row)
        await self.restate(work, row, body, change.model_fields_set)
        return await self.get(counterparty_id)

    async def restate(self, work: Work, row: RowMapping, body: CounterpartyIn, fields: AbstractSet[str]) -> None:
        """Put these fields of a valid statement in place of those on record; ownership is locked if its owners are among them.

        Raises:
            Problem: 409 for an identifier that is registered, 412.
        """
        counterparty_id: UUID = row["id"]
        await self._update(row, columns_of(body))
        if {"name", "aliases"} & fields:
            await enter_names(self.connection, counterparty_id, body)
        if "parents" in fields:
            await set_owners(self.connection, counterparty_id, body.parents or [])
        if "relations" in fields:
            await replace_relations(self.connection, self.caller, counterparty_id, body.relations or [])
        told = {"fields": sorted(fields), "digest": digest(body.model_dump(mode="json"))}
        await record(work, "counterparty.changed", counterparty_id, told)

    async def remove(self, work: Work, counterparty_id: UUID, if_match: str) -> None:
        """Take a counterparty off the register that nothing refers to.

        Raises:
            Problem: 404, 412; 409 while declarations, other counterparties or units elsewhere refer to it.
        """
        await lock_owners(self.connection)
        row = await self.get(counterparty_id)
        require_match(if_match, row["version"])
        if await related_elsewhere(self.connection, self.caller, counterparty_id):
            raise _in_use()
        same = (counterparty.c.id == counterparty_id) & (counterparty.c.version == row["version"])
        try:
            for part in (counterparty_name, counterparty_owner, counterparty_relation):
                await self.connection.execute(delete(part).where(part.c.counterparty_id == counterparty_id))
            removed = await self.connection.execute(delete(counterparty).where(same))
        except IntegrityError as error:
            raise _in_use() from error
        if not removed.rowcount:
            raise stale()
        work.record("counterparty.removed", counterparty_id, {})

    def _seen(self) -> Select[Any]:
        return select(counterparty).where(visible(self.caller))

    async def _chosen(self, asked: CounterpartyFilter) -> Select[Any]:
        """Those asked for; where the caller sees none that is called so, those whose name differs by one character."""
        chosen = asked.narrow(self._seen())
        if asked.q is None:
            return chosen
        called = chosen.where(among(counterparty.c.id, meant(self.caller, sought(asked.q))))
        if await self.connection.scalar(select(called.exists())):
            return called
        near = await nearly_bearing(self.view, sought(asked.q))
        return chosen.where(one_of(counterparty.c.id, near)) if near else called

    async def _insert(self, body: CounterpartyIn) -> UUID:
        known = new_id()
        row = {"id": known, **columns_of(body), "registered": True, "created_at": clock.now(), "version": 1}
        try:
            await self.connection.execute(insert(counterparty).values(row))
        except IntegrityError as error:
            raise _identifier_taken() from error
        return known

    async def _take_over(self, entered: RowMapping, body: CounterpartyIn) -> UUID:
        """Same id, so that what was declared stays with it."""
        await self._update(entered, {**columns_of(body), "registered": True})
        known: UUID = entered["id"]
        return known

    async def _update(self, row: RowMapping, columns: dict[str, Any]) -> None:
        same = (counterparty.c.id == row["id"]) & (counterparty.c.version == row["version"])
        try:
            changed = await self.connection.execute(update(counterparty).where(same).values(**columns, version=row["version"] + 1))
        except IntegrityError as error:
            raise _identifier_taken() from error
        if not changed.rowcount:
            raise stale()


def _identifier_taken() -> Problem:
    return conflict(
        "identifier-taken",
        Words("证照号码已登记", "The identifier is registered"),
        Words(
            "已有往来对象登记了该号码，请按号码查询并更新该对象。",
            "A counterparty is registered with it; look it up by identifier and change that one.",
        ),
    )


def _not_registered() -> Problem:
    return conflict(
        "counterparty-not-registered",
        Words("该往来对象尚未登记", "The counterparty is not registered"),
        Words(
            "其名称仅见于申报。请以同一名称新建登记，编号将予沿用。",
            "It is known from declarations alone. POST it under the same name; it keeps its id.",
        ),
    )


def _in_use() -> Problem:
    return conflict(
        "counterparty-in-use",
        Words("往来对象仍被引用，不能删除", "The counterparty is referred to"),
        Words(
            "仍有申报、所属对象或其他单位的关系引用该对象，须予保留。",
            "Declarations, counterparties that it owns or relations of other units refer to it; it stays.",
        ),
    )
